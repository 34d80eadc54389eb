#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/test-debug.sh [SERIES]: the tests on a debug kernel (6.1 by default, built
# into the cache on first use). Last line: "N passed, M failed" over all parts:
#
#   planted    each detector reports the mistake that is planted for it
#   fail-nth   every allocation of our calls fails once
#   leaks      kmemleak watches what makes and ends things (LEAK_TESTS)
#   lifetime   the longest guest test (LONG_TEST)
#   guest      all the other guest tests; any report of the kernel fails them
#   hotplug, iommu, ...  those that want another machine (MACHINES)
#   clients    programs that nobody here wrote, on a frame buffer (CLIENT_TESTS)
#
# The last at the same time as the others: two guests for two processors.
# TEST="name..." runs only the part guest, with only these tests.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/tally.sh
. "$ORIEL_TOP/vm/tally.sh"

series=${1:-6.1}-dbg
logs=$ORIEL_BUILD/logs/$series
LEAK_TESTS="drivers gup ioctl mmap-bounds mmap-lifetime module-refs prefault read-write
	revoke storm"
LONG_TEST=lifetime
# Lockdown is not among them: the debug kernel has no security modules.
MACHINES="hotplug iommu doorbell"
CLIENT_TESTS="fbdev directfb"

# The tests named in LEAK_TESTS with kmemleak on: it costs a lot, and its scans
# more, so it has a boot of its own.
leaks()
{
	ORIEL_APPEND="kmemleak=on ${ORIEL_APPEND:-}" TEST=$LEAK_TESTS \
		vm/run.sh "$series" --logs "$logs/leaks"
}

# The tests that TEST names or all.
guest()
{
	tally_run "guest-tests-$series" vm/run.sh "$series" --logs "$logs/guest"
}

machines()
{
	local machine
	for machine in $MACHINES; do
		TEST='' ORIEL_MACHINE=$machine tally_run "$machine-$series" vm/run.sh "$series" \
			--logs "$logs/$machine"
	done
	# shellcheck disable=SC2086 # a list of names
	TEST='' tally_run "clients-$series" vm/clients.sh "$series" $CLIENT_TESTS \
		--logs "$logs/clients"
}

all_but_long()
{
	vm/run.sh "$series" --list | cut -d' ' -f1 | grep -vx "$LONG_TEST" | tr '\n' ' '
}

others()
{
	tally_run "planted-$series" tests/debug/planted/run.sh "$series"
	tally_run "fail-nth-$series" vm/run.sh "$series" --tests tests/debug \
		--logs "$logs/fail-nth"
	tally_run "leaks-$series" leaks
	TEST=$LONG_TEST tally_run "$LONG_TEST-$series" vm/run.sh "$series" \
		--logs "$logs/$LONG_TEST"
}

cd "$ORIEL_TOP"
vm/packages.sh build fetch vm debug
vm/fetch.sh "$series" >/dev/null

if [ -n "${TEST:-}" ]; then
	guest
else
	for part in planted fail-nth leaks "$LONG_TEST" guest-tests $MACHINES clients; do
		rm -f "$ORIEL_BUILD/logs/$part-$series".log*
	done
	others &
	TEST=$(all_but_long) guest
	machines
	wait
	for part in planted fail-nth leaks "$LONG_TEST" $MACHINES clients; do
		tally_count "$part-$series"
	done
fi
tally_count "guest-tests-$series"
tally_end
