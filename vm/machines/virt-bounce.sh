# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "virt-bounce": virt, where all DMA that is not coherent anyway goes
# through bounce buffers.

# shellcheck source=vm/machines/virt.sh
. "$ORIEL_TOP/vm/machines/virt.sh"

export ORIEL_APPEND="${ORIEL_APPEND:-} swiotlb=4096,force"
