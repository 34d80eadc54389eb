#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 0 2
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 3
ok "first"
skip "second" "not here"
echo "not ok 3 # SKIP as cmocka says it"
