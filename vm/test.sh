#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/test.sh SERIES...: everything from nothing. Host packages, kernels, host
# tests, the runner's self-test, the guest tests on each kernel. TEST="name..."
# runs only these guest tests. Last line: "N passed, M failed" over all.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/tally.sh
. "$ORIEL_TOP/vm/tally.sh"

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
# The kernels side by side: a third less time on two processors.
tally_side_by_side vm/run.sh "$@"
tally_end
