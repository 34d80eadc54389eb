#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 no plan
echo "ok 1 - first"
