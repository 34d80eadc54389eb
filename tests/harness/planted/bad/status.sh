#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 ended with status 3
echo 1..1
echo "ok 1 - first"
exit 3
