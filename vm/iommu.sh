#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/iommu.sh SERIES [TEST...]: the guest tests that say machine=iommu, on that
# machine. Options as those of vm/run.sh, which does all of it.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

[ $# -gt 0 ] || die "usage: vm/iommu.sh SERIES [TEST...]"
cd "$ORIEL_TOP"
export ORIEL_MACHINE=iommu
exec vm/run.sh "$1" --logs "$ORIEL_BUILD/logs/iommu-$1" "${@:2}"
