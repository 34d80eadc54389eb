# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The machine "virt-lockdown": virt, for tests that lock the kernel down, which
# lasts until the guest ends. Sourced by vm/run.sh; it only describes.

# shellcheck source=vm/machines/virt.sh
. "$ORIEL_TOP/vm/machines/virt.sh"
