#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 left modules inserted: uio
echo 1..1
touch /oriel/modules/uio.ko
modprobe uio && echo "ok 1 - first"
