#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 0 1 0 never begun
echo 1..1
echo "ok 1 - first"
