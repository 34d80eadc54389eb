# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "hotplug": the pc with one processor, for tests that move devices
# in the address space while others use them. With more, QEMU before 8.1 may send
# a register access of one processor to the wrong device while another changes
# what is where: a write to the interrupt controller gets lost, and that
# processor's timer with it.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

machine_processors=(-accel tcg -cpu max -smp 1)
