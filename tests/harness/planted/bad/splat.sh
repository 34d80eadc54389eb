#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 kernel: .*WARNING: planted
echo 1..1
echo "<4>WARNING: planted" >/dev/kmsg
echo "ok 1 - first"
