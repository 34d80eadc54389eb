#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/debug/planted/run.sh [SERIES]: are the debug kernel's detectors alive?
# Every test under planted/ has a mistake made (tests/guest/kmod/oriel-planted.c)
# and says how the runner must report it; each directory is one boot. Prints
# TAP, and "N passed, M failed" at the end.
#
# The order within reports/ matters: lockdep goes off at its own first report
# and at any of KASAN's.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../../../vm/common.sh"
# shellcheck source=tests/harness/planted.sh
. "$ORIEL_TOP/tests/harness/planted.sh"

series=${1:-6.1-dbg}
planted=$ORIEL_TOP/tests/debug/planted
logs=$ORIEL_BUILD/logs/planted

rm -rf "$logs"
mkdir -p "$logs"
planted_boot reports
# The page is freed under a process that cannot end any more.
ORIEL_APPEND=oops=panic planted_boot page-table
ORIEL_APPEND=kmemleak=on planted_boot leak

set +e # from here on statuses are looked at
for group in reports page-table leak; do
	for source in "$planted/$group"/*; do
		planted_check "$group" "$source"
	done
done
planted_end
