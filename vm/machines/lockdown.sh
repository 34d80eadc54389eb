# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "lockdown": the pc, for tests that lock the kernel down, which lasts
# until the guest ends. Sourced by vm/run.sh; it only describes, it does not do.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

# /dev/port, which ends the machine, cannot be opened any more then.
eval "pc_$(declare -f machine_guest)"
machine_guest()
{
	pc_machine_guest
	cat <<-'END'
		exec 8>/dev/port
		machine_finish()
		{
			printf '\052' | dd bs=1 seek=244 conv=notrunc 2>/dev/null >&8
		}
	END
}
