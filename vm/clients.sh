#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/clients.sh SERIES [TEST...]: the tests of tests/clients, with programs that
# nobody here wrote. Options as those of vm/run.sh, which does all of it.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

[ $# -gt 0 ] || die "usage: vm/clients.sh SERIES [TEST...]"
cd "$ORIEL_TOP"
# shellcheck source=vm/arch.sh
. vm/arch.sh
arch_of "$1"
# shellcheck source=vm/machines/clients.sh
. vm/machines/clients.sh
# Now, not when the guest is about to start.
machine_tree_path >/dev/null
export ORIEL_MACHINE=clients
exec vm/run.sh "$1" --tests tests/clients --logs "$ORIEL_BUILD/logs/clients-$1" "${@:2}"
