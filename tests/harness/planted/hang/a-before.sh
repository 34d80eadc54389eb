#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 0 0
echo 1..1
echo "ok 1 - first"
