# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "bounce": the pc, where all DMA goes through bounce buffers, so that
# a device and the processor see each other's writes only when they are told to.
# All memory lies within the 28 bits of address that edu has.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

export ORIEL_APPEND="${ORIEL_APPEND:-} swiotlb=4096,force"
machine_memory=256M
