#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/test.sh SERIES...: everything from nothing. Host packages, kernels, host
# tests, the runner's self-test, on each kernel the guest tests, each on the
# machines that it names, those with other people's programs and those of an
# installed system. TEST="name..." runs only these of the last three.
# Last line: "N passed, M failed" over all.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/tally.sh
. "$ORIEL_TOP/vm/tally.sh"

# The other machines that tests want, beside the pc.
MACHINES="lockdown doorbell hotplug iommu bounce vga"

# on_machine NAME SERIES...: the guest tests that want this machine, if any.
on_machine()
{
	local machine=$1 part=guest-tests tests
	shift
	[ "$machine" = pc ] || part=$machine-tests
	# What cannot be listed fails when it is run.
	if tests=$(ORIEL_MACHINE=$machine vm/run.sh "$1" --list) && [ -z "$tests" ]; then
		return 0
	fi
	ORIEL_MACHINE=$machine tally_side_by_side "$part" vm/run.sh "$@"
}

[ $# -gt 0 ] || die "usage: vm/test.sh SERIES..."
cd "$ORIEL_TOP"

vm/packages.sh build fetch vm
for series; do
	vm/fetch.sh "$series" >/dev/null
done

if [ -z "${TEST:-}" ]; then
	tally host-tests make --no-print-directory check
	tally runner-self-test tests/harness/run.sh "$1"
fi
guest='' clients='' installed=''
for name in ${TEST:-}; do
	if [ -e "tests/clients/$name.sh" ] || [ -e "tests/clients/$name.c" ]; then
		clients+=" $name"
	elif [ -e "tests/installed/$name.sh" ]; then
		installed+=" $name"
	else
		guest+=" $name"
	fi
done
# The kernels side by side: a third less time on two processors.
if [ -n "$guest" ] || [ -z "${TEST:-}" ]; then
	export TEST=$guest
	# Each machine takes what is for it.
	export ORIEL_SIFT=1
	for machine in pc $MACHINES; do
		on_machine "$machine" "$@"
	done
fi
if [ -n "$clients" ] || [ -z "${TEST:-}" ]; then
	TEST=$clients tally_side_by_side client-tests vm/clients.sh "$@"
fi
if [ -n "$installed" ] || [ -z "${TEST:-}" ]; then
	TEST=$installed tally_side_by_side installed-tests vm/installed.sh "$@"
fi
tally_end
