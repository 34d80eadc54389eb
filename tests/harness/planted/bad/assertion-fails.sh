#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 not ok 2 - second
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 2
ok "first"
is 1 2 "second"
done_testing
