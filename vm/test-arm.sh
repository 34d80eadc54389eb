#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/test-arm.sh [SERIES...]: the guest tests on Arm boards (6.1-arm64: QEMU's virt,
# with PCI), cross-built, side by side. Last line: "N passed, M failed" over all
# of them.
#
# TEST="name..." runs only these. The longest tests do one round in five: a
# board is emulated at half the speed of a pc, which does all of them.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/tally.sh
. "$ORIEL_TOP/vm/tally.sh"

cd "$ORIEL_TOP"
[ $# -gt 0 ] || set -- 6.1-arm64
export ORIEL_APPEND="oriel_one_in=5 ${ORIEL_APPEND:-}"

vm/packages.sh build fetch arm64
for series; do
	vm/fetch.sh "$series" >/dev/null
done
tally_side_by_side guest-tests vm/run.sh "$@"
tally_end
