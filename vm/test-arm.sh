#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/test-arm.sh [SERIES...]: the guest tests on Arm boards (6.1-arm64: QEMU's virt,
# with PCI; 6.1-armhf: Versatile Express, 32 bit, without PCI; 6.1-arm64-32: some
# of them as 32-bit programs on the arm64 kernel), cross-built, side by side.
# Last line: "N passed, M failed" over all of them.
#
# TEST="name..." runs only these. The longest tests do one round in five: a
# board is emulated at half the speed of a pc, which does all of them. One of 32
# bit is slower still: one in twenty.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/tally.sh
. "$ORIEL_TOP/vm/tally.sh"

cd "$ORIEL_TOP"
[ $# -gt 0 ] || set -- 6.1-arm64 6.1-armhf 6.1-arm64-32

# Those that give the kernel structures, offsets or addresses of their own.
short_words="ioctl mmap-bounds prefault far-region read-write gup sysfs mapping-info irq
	dma export import heap windows window-view cli"

run_board()
{
	local one_in=5 names=()
	# shellcheck disable=SC2206 # a list of names
	case $1 in
	*-armhf) one_in=20 ;;
	*-32) [ -n "${TEST:-}" ] || names=($short_words) ;;
	esac
	ORIEL_APPEND="oriel_one_in=$one_in ${ORIEL_APPEND:-}" vm/run.sh "$1" "${names[@]}"
}

vm/packages.sh build fetch arm64 armhf
for series; do
	vm/fetch.sh "$series" >/dev/null
done
tally_side_by_side guest-tests run_board "$@"
# The older tile has an LCD controller of its own, and no memory for it alone.
case " $* / ${TEST:-clcd} " in
*" 6.1-armhf "*" clcd "*)
	ORIEL_MACHINE=vexpress-a9 TEST="clcd fb fb-window" tally a9-tests run_board 6.1-armhf ;;
esac
tally_end
