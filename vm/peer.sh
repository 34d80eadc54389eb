# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A second guest beside the one that runs the tests: the same machine, kernel and
# file system, told by oriel_peer=TEST to run that test's program only, with the
# argument "peer". Sourced by vm/run.sh after boot.sh; host.sh asks for it.
#
# Logs: peer/ in the logs of the run.

# Sets PEER_PID, and PEER_TEST.
peer_start()
{
	PEER_TEST=$1
	mkdir -p "$RUN/peer" "$LOGS/peer"
	rm -rf "$LOGS/peer"/* "$RUN/peer"/*
	boot_files "$RUN/peer"
	ln -s ../initramfs ../bell "$RUN/peer/"
	peer_boot "$RUN/peer" "$LOGS/peer" </dev/null >"$LOGS/peer/qemu.err" 2>&1 &
	PEER_PID=$!
}

# The process becomes QEMU, which ends with the shell that runs the tests.
peer_boot()
{
	local RUN=$1 LOGS=$2
	ORIEL_APPEND="oriel_peer=$PEER_TEST ${ORIEL_APPEND:-}"
	boot_command "file:$LOGS/console.log" "file,path=$LOGS/results.tap"
	exec setpriv --pdeathsig KILL "${GUEST_COMMAND[@]}"
}

# Prints "running", or what became of it: status 0 only if its test passed, the
# kernel did not complain, and the machine came to its proper end.
peer_state()
{
	local status=0 p f s seconds
	[ -n "${PEER_PID:-}" ] || { echo "there is no peer"; return 1; }
	! kill -0 "$PEER_PID" 2>/dev/null || { echo running; return 0; }
	wait "$PEER_PID" || status=$?
	PEER_PID=
	sed -n "/^@begin $PEER_TEST /,/^@end $PEER_TEST /p" "$LOGS/peer/results.tap" |
		awk -v name="$PEER_TEST" -v fate="status $status" -f "$ORIEL_TOP/vm/results.awk" \
			>"$LOGS/peer/verdict"
	read -r p f s seconds <"$LOGS/peer/verdict"
	echo "ended: $p passed, $f failed, $s skipped, $seconds s, status $status"
	[ "$p" -gt 0 ] && [ "$f" = 0 ] && [ "$status" = "$machine_finished_status" ]
}
