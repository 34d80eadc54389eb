#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 kernel: .*UBSAN: shift-out-of-bounds
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 1
try "the mistake is made" load oriel-planted bug=shift
unload oriel-planted
done_testing
