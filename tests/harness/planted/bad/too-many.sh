#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 2 1 0 planned 1 results, gave 2
echo 1..1
echo "ok 1 - first"
echo "ok 2 - second"
