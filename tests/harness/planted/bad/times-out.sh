#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 timed out after 2 s
# oriel-test: timeout=2
echo 1..1
echo "ok 1 - first"
sleep 60
