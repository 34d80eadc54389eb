# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# One boot of one guest: the directory of the run, QEMU's command line, the
# process. Sourced by vm/run.sh after common.sh. It knows nothing of tests.
#
# In: VMLINUZ, ORIEL_MACHINE. Out: RUN (directory of this boot), LOGS,
# GUEST_OUT and GUEST_IN (the results channel), BOOT_PID, GUEST_STATUS.

boot_prepare()
{
	RUN=$(mktemp -d "${TMPDIR:-/tmp}/oriel-run.XXXXXX")
	boot_files "$RUN"
	BOOT_PID=
	GUEST_STATUS=
	# What a machine needs beside it while it runs.
	! declare -F machine_start >/dev/null || machine_start "$RUN"
}

# boot_files DIRECTORY: what every machine finds there.
boot_files()
{
	mkfifo "$1/qmp.in" "$1/qmp.out"
	truncate -s 4M "$1/shm"
	truncate -s 64M "$1/scratch"
}

# boot_command CONSOLE RESULTS [EXTRA...]: fills the array GUEST_COMMAND. RESULTS
# is what the results channel is connected with, as -chardev wants it.
boot_command()
{
	local append="console=$machine_console panic=-1 quiet loglevel=5"
	# Debian's kernels zero what is allocated: who forgets to would not be seen.
	append="$append init_on_alloc=0 ${ORIEL_APPEND:-}"
	mapfile -t GUEST_COMMAND < <(machine_args "$RUN")
	GUEST_COMMAND=("$machine_qemu" "${GUEST_COMMAND[@]}"
		-kernel "$VMLINUZ" -initrd "$RUN/initramfs" -append "$append"
		-chardev "pipe,id=qmp,path=$RUN/qmp" -mon "chardev=qmp,mode=control"
		-chardev "$2,id=results" -serial "$1" "${machine_results[@]}" "${@:3}")
	printf '%q ' "${GUEST_COMMAND[@]}" >"$LOGS/qemu.cmd"
	echo >>"$LOGS/qemu.cmd"
}

# The guest dies with this shell, however that ends.
boot_start()
{
	coproc GUEST { exec setpriv --pdeathsig KILL "${GUEST_COMMAND[@]}" 2>"$LOGS/qemu.err"; }
	exec {GUEST_OUT}<&"${GUEST[0]}" {GUEST_IN}>&"${GUEST[1]}"
	BOOT_PID=$!
}

boot_kill()
{
	[ -z "$BOOT_PID" ] || kill -KILL "$BOOT_PID" 2>/dev/null || true
}

boot_wait()
{
	GUEST_STATUS=0
	wait "$BOOT_PID" 2>/dev/null || GUEST_STATUS=$?
	BOOT_PID=
}

boot_clean()
{
	boot_kill
	[ -z "${RUN:-}" ] || rm -rf "$RUN"
}
