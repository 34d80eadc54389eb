# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a guest may ask of the machine outside, by `oriel-host VERB ...` or the
# shell library's `host`, and what a demo script may call itself. It owns the
# conversation with QEMU's monitor (QMP, over a pair of pipes in $RUN).
#
#   screendump NAME              the display as build/logs/.../NAME.png
#   screen_share NAME            the same, and as a PPM at the start of the memory
#                                shared through ivshmem
#   screen_disk NAME             ... at the start of the disk
#   device_del ID / device_add DRIVER ID [KEY=VALUE...]
#   shm_write OFFSET TEXT        into the memory shared through ivshmem
#   shm_read OFFSET BYTES        from it, printable
#   accesses start / stop NAME   counts accesses to registers by QEMU's name for
#                                them (edu-mmio, ...), "nothing" for addresses that
#                                are decoded but have nothing behind them
#   hmp COMMAND                  any command of the human monitor
#   qmp JSON                     any QMP command
#   peer_start TEST / peer_state a second guest (vm/peer.sh)
#
# $HOST_HOOK, if set, is a program that is asked for verbs unknown here.

# qmp JSON: prints what the command returned; status 1 on an error.
qmp()
{
	local line
	if [ -z "${QMP_OUT:-}" ]; then
		exec {QMP_IN}<>"$RUN/qmp.in" {QMP_OUT}<>"$RUN/qmp.out"
		printf '{"execute":"qmp_capabilities"}\n' >&"$QMP_IN"
		while IFS= read -r -t 10 -u "$QMP_OUT" line; do
			case $line in *'"return"'*) break ;; esac
		done
	fi
	printf '%s\n' "$1" >&"$QMP_IN"
	while IFS= read -r -t 20 -u "$QMP_OUT" line; do
		case $line in
		*'"return"'*) echo "${line%$'\r'}"; return 0 ;;
		*'"error"'*) echo "${line%$'\r'}"; return 1 ;;
		esac
	done
	echo "the monitor does not answer"
	return 1
}

host_device_add()
{
	local pairs="\"driver\":\"$1\",\"id\":\"$2\"" pair
	shift 2
	for pair; do
		pairs+=",\"${pair%%=*}\":\"${pair#*=}\""
	done
	qmp "{\"execute\":\"device_add\",\"arguments\":{$pairs}}"
}

hmp()
{
	qmp "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"$*\"}}"
}

# QEMU writes them into $RUN/trace, behind what is there from the last time.
host_accesses()
{
	local pattern=" name '${2:-}'"
	# The PCI bridge of arm64 virt answers there by itself.
	[ "${2:-}" != nothing ] || pattern="^Invalid [a-z]* at addr\\| name 'gpex_mmio_window'"
	case $1 in
	start)
		trace_seen=$(wc -l <"$RUN/trace")
		hmp log guest_errors >/dev/null && hmp trace-event 'memory_region_ops_*' on >/dev/null ;;
	stop)
		hmp trace-event 'memory_region_ops_*' off >/dev/null && hmp log none >/dev/null || return
		tail -n "+$((trace_seen + 1))" "$RUN/trace" | grep -c "$pattern" || true ;;
	esac
}

# host_screen_to FILE NAME: the display at the start of a file of $RUN, too.
host_screen_to()
{
	host_verb screendump "$2" &&
		qmp "{\"execute\":\"screendump\",\"arguments\":{\"filename\":\"$RUN/screen.ppm\"}}" &&
		dd if="$RUN/screen.ppm" of="$RUN/$1" conv=notrunc status=none
}

# host_verb VERB ARGUMENTS: one line of answer at most, and a status.
host_verb()
{
	local verb=$1
	shift
	case $verb in
	screendump)
		qmp "{\"execute\":\"screendump\",\"arguments\":{\"filename\":\"$LOGS/$(basename "$1").png\",\"format\":\"png\"}}" ;;
	screen_share)
		host_screen_to shm "$1" ;;
	screen_disk)
		host_screen_to scratch "$1" ;;
	device_del)
		qmp "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"$1\"}}" ;;
	device_add)
		host_device_add "$@" ;;
	shm_write)
		local offset=$1
		shift
		printf '%s' "$*" | dd of="$RUN/shm" bs=1 seek="$((offset))" conv=notrunc status=none ;;
	shm_read)
		dd if="$RUN/shm" bs=1 skip="$(($1))" count="$(($2))" status=none | tr -c '[:print:]' . ;;
	accesses)
		host_accesses "$@" ;;
	hmp)
		hmp "$@" ;;
	qmp)
		qmp "$*" ;;
	peer_start|peer_state)
		"$verb" "$@" ;;
	*)
		[ -n "${HOST_HOOK:-}" ] || { echo "the host knows no '$verb'"; return 2; }
		RUN=$RUN LOGS=$LOGS "$HOST_HOOK" "$verb" "$@" ;;
	esac
}

# Answers one @host line on the results channel.
host_answer()
{
	local answer status=0
	# shellcheck disable=SC2086 # words, as the guest gave them
	host_verb $1 >"$RUN/answer" 2>&1 || status=$?
	answer=$(head -n 1 "$RUN/answer" | tr -d '\r')
	printf '%s %s\n' "$status" "$answer" >&"$GUEST_IN"
}
