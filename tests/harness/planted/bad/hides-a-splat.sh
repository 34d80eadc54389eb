#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 0 0
# The guest's own look finds nothing; the console on the host still has it.
echo 1..1
echo "<4>WARNING: hidden" >/dev/kmsg
dmesg -c >/dev/null
echo "ok 1 - first"
