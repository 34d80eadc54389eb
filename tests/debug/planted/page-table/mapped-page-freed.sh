#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 0 1 0 did not end: the guest went away
# console: page_table_check_zero
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 1
try "the mistake is made" load oriel-planted bug=mapped-page-freed
unload oriel-planted
done_testing
