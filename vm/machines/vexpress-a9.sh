# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "vexpress-a9": the Versatile Express with the older Cortex-A9
# tile: short page-table entries, 1 GiB of memory at most.

# shellcheck source=vm/machines/vexpress-a15.sh
. "$ORIEL_TOP/vm/machines/vexpress-a15.sh"

machine_board=vexpress-a9
machine_tree_blob=vexpress-v2p-ca9.dtb
