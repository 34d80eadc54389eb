#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 kernel: .*BUG: KASAN: vmalloc-out-of-bounds in planted
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 1
try "the mistake is made" load oriel-planted bug=vmalloc-out-of-bounds
unload oriel-planted
done_testing
