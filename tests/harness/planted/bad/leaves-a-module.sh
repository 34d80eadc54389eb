#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 left modules inserted: configfs
echo 1..1
touch /oriel/modules/configfs.ko
modprobe configfs && echo "ok 1 - first"
