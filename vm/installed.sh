#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/installed.sh SERIES [TEST...]: the tests of tests/installed, in a guest
# that has Oriel as `make install` leaves it, under a udevd, and nothing
# inserted. Options as those of vm/run.sh, which does the rest.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

[ $# -gt 0 ] || die "usage: vm/installed.sh SERIES [TEST...]"
cd "$ORIEL_TOP"
# shellcheck source=vm/machines/installed.sh
. vm/machines/installed.sh
"$ORIEL_TOP/vm/packages.sh" build fetch vm
vm/tree.sh plain "${machine_tree[@]}" >/dev/null
export ORIEL_INSTALLED=$ORIEL_BUILD/installed-$1
vm/install.sh "$1" "$ORIEL_INSTALLED"
export ORIEL_MACHINE=installed
exec vm/run.sh "$1" --bare --tests tests/installed --logs "$ORIEL_BUILD/logs/installed-$1" "${@:2}"
