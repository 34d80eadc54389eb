#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/test-arm.sh [SERIES...]: the guest tests on Arm boards (6.1-arm64: QEMU's virt,
# with PCI; 6.1-armhf: Versatile Express, 32 bit, without PCI; 6.1-arm64-32: some
# of them as 32-bit programs on the arm64 kernel; 6.12-arm64-16k: with pages of
# 16 KiB), cross-built, side by side.
# Last line: "N passed, M failed" over all of them.
#
# Then on Arm's LCD controllers: programs that nobody here wrote (tests/clients), and
# the older tile; and what wants another arm64 board than virt as it comes.
#
# TEST="name..." runs only these. The longest tests do one round in five: a
# board is emulated at half the speed of a pc, which does all of them. One of 32
# bit is slower still: one in twenty. One in ten with larger pages, where only the
# size of a page is new.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/tally.sh
. "$ORIEL_TOP/vm/tally.sh"

cd "$ORIEL_TOP"
if [ $# = 0 ]; then
	set -- 6.1-arm64 6.1-armhf 6.1-arm64-32 6.12-arm64-16k
fi

# Those that give the kernel structures, offsets or addresses of their own.
short_words="ioctl mmap-bounds prefault far-region read-write gup sysfs mapping-info irq
	dma export import heap windows window-view cli"

client_tests="fbdev directfb"
# The older tile has an LCD controller of its own, and no memory for it alone.
a9_tests="clcd fb fb-window"

run_board()
{
	local one_in=5 names=()
	# shellcheck disable=SC2206 # a list of names
	case $1 in
	*-armhf) one_in=20 ;;
	*-16k) one_in=10 ;;
	*-32) [ -n "${TEST:-}" ] || names=($short_words) ;;
	esac
	ORIEL_APPEND="oriel_one_in=$one_in ${ORIEL_APPEND:-}" vm/run.sh "$1" "${names[@]}"
}

# displays TESTS: with clients, beside them the older tile.
displays()
{
	local parts=() part
	if [ -n "$1" ]; then
		parts+=(client-tests-6.1-armhf)
		# shellcheck disable=SC2086 # a list of names
		TEST='' tally_run client-tests-6.1-armhf vm/clients.sh 6.1-armhf $1 &
	fi
	case " ${TEST:-clcd} " in
	*' clcd '*)
		parts+=(a9-tests)
		ORIEL_MACHINE=vexpress-a9 TEST=$a9_tests tally_run a9-tests run_board 6.1-armhf & ;;
	esac
	wait
	for part in "${parts[@]}"; do
		tally_count "$part"
	done
}

# Each board takes what is for it.
export ORIEL_SIFT=1
vm/packages.sh build fetch arm64 armhf
for series; do
	vm/fetch.sh "$series" >/dev/null
done
# Those that TEST names, or all.
guest='' clients=''
for name in ${TEST:-}; do
	if [ -e "tests/clients/$name.c" ]; then
		clients+=" $name"
	else
		guest+=" $name"
	fi
done
[ -n "${TEST:-}" ] || clients=$client_tests
if [ -n "$guest" ] || [ -z "${TEST:-}" ]; then
	TEST=$guest tally_side_by_side guest-tests run_board "$@"
fi
case " $* " in
*' 6.1-armhf '*) displays "$clients" ;;
esac
for pair in lockdown:platform-lockdown bounce:named-bounce; do
	machine=${pair%:*} name=${pair#*:}
	case " $* / ${TEST:-$name} " in
	*' 6.1-arm64 '*" $name "*)
		ORIEL_MACHINE=virt-$machine TEST=$name tally "$machine-tests" run_board 6.1-arm64 ;;
	esac
done
tally_end
