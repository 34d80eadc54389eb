# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "iommu": the pc with an IOMMU that translates what its devices put
# on the bus, so that bus addresses are not physical ones. The virtio disk goes
# past it, as virtio does unless asked otherwise.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

export ORIEL_APPEND="${ORIEL_APPEND:-} intel_iommu=on"
# Interrupt remapping wants the interrupt controller split when KVM runs the machine.
machine_further+=(-device "intel-iommu,intremap=on")
[ "${ORIEL_ACCEL:-}" != kvm ] || machine_further+=(-machine kernel-irqchip=split)
