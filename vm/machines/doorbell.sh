# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "doorbell": the pc with an ivshmem-doorbell device, whose server
# (vm/ivshmem-server.c) runs beside it, and room for a second guest on it
# (vm/peer.sh). Sourced by vm/run.sh.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

machine_memory=${ORIEL_MEMORY:-768M}
machine_vectors=2

# The server ends with the shell that started it.
machine_start()
{
	local run=$1 tries=100
	truncate -s 1M "$run/bell-memory"
	quietly "$LOGS/build-server.log" cc -Wall -Wextra -O2 -o "$run/ivshmem-server" \
		"$ORIEL_TOP/vm/ivshmem-server.c" || return 1
	setpriv --pdeathsig KILL "$run/ivshmem-server" "$run/bell" "$run/bell-memory" \
		"$machine_vectors" >"$run/bell-ready" 2>"$LOGS/ivshmem-server.log" </dev/null &
	until [ -s "$run/bell-ready" ]; do
		[ $((tries--)) -gt 0 ] || die "ivshmem-server: $(cat "$LOGS/ivshmem-server.log")"
		sleep 0.1
	done
}

eval "pc_$(declare -f machine_args)"
machine_args()
{
	pc_machine_args "$1"
	printf '%s\n' -chardev "socket,id=bell,path=$1/bell" \
		-device "ivshmem-doorbell,id=bell0,chardev=bell,vectors=$machine_vectors,addr=0x17"
}
