#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/run.sh SERIES [OPTION...] [TEST...]: builds for a kernel, boots a guest,
# runs tests in it and judges them. Last line: "N passed, M failed".
#
#   --shell          a prompt in the guest, modules inserted
#   --gdb            QEMU waits for a debugger; the guest then gives a prompt
#   --script FILE    runs FILE in the guest, its output to stdout, and ends
#                    with its status ($HOST_HOOK: see vm/host.sh)
#   --list           the tests that would run
#   --tests DIR      takes the tests from DIR instead of tests/guest
#   --bare           without modules of ours
#   --logs DIR       instead of build/logs/KERNELRELEASE
#   --prepare DIR    only builds, and leaves in DIR what a guest needs
#   --prepared DIR   only boots what was left there; names no tests
#
# A SERIES is 6.1 or 6.12 (x86-64), 6.1-arm64, 6.1-arm64-32 (with 32-bit programs),
# 6.12-arm64, 6.12-arm64-16k (pages of 16 KiB), 6.1-armhf (32 bit). One that ends
# in -dbg is the debug kernel (vm/debug-kernel.sh): limits are stretched, it
# reports more than the first bad access of a boot, and the longest tests do one
# round in five (ORIEL_APPEND=oriel_one_in=1: all).
# TEST=name... in the environment names tests as well. A test says what it
# needs near its top:  oriel-test: timeout=SECONDS kernels=6.1,6.12 machine=pc
# needs=pci,disk modules=stock,modules (NAME?: if the kernel has it).
# ORIEL_MACHINE is one of vm/machines; without it, the first test that is named
# says which (on Arm: the board of the series). A test that is named but not for
# the machine or the kernel is an error; with ORIEL_SIFT=1 it is left out.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/boot.sh
. "$ORIEL_TOP/vm/boot.sh"
# shellcheck source=vm/arch.sh
. "$ORIEL_TOP/vm/arch.sh"
# shellcheck source=vm/host.sh
. "$ORIEL_TOP/vm/host.sh"
# shellcheck source=vm/peer.sh
. "$ORIEL_TOP/vm/peer.sh"
# shellcheck source=vm/plan.sh
. "$ORIEL_TOP/vm/plan.sh"
# shellcheck source=vm/judge.sh
. "$ORIEL_TOP/vm/judge.sh"

usage()
{
	sed -n '/^# vm\/run.sh/,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

[ $# -gt 0 ] || usage
series=$1
shift
mode=test gdb='' bare='' script='' logs='' prepare='' prepared='' names=()
tests_dir=$ORIEL_TOP/tests/guest
while [ $# -gt 0 ]; do
	case $1 in
	--shell) mode=shell ;;
	--gdb) gdb=1 mode=shell ;;
	--script) mode=script script=$(realpath "$2"); shift ;;
	--list) mode=list ;;
	--tests) tests_dir=$(realpath "$2"); shift ;;
	--bare) bare=1 ;;
	--logs) logs=$2; shift ;;
	--prepare) prepare=$2; shift ;;
	--prepared) prepared=$2; shift ;;
	-*) usage ;;
	*) names+=("$1") ;;
	esac
	shift
done
# shellcheck disable=SC2206 # a list of names
names+=(${TEST:-})

case $series in
*-dbg) export ORIEL_APPEND="kasan_multi_shot page_owner=on oriel_one_in=5 ${ORIEL_APPEND:-}" ;;
esac
arch_of "$series"
if [ -z "${ORIEL_MACHINE:-}" ]; then
	ORIEL_MACHINE=$ARCH_MACHINE
	[ -n "$ARCH_CROSS" ] ||
		ORIEL_MACHINE=$(plan_machine "$ARCH_MACHINE" "$tests_dir" "${names[@]}")
fi
export ORIEL_MACHINE
# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/$ORIEL_MACHINE.sh"

# build_all RUN: RUN/initramfs, of the tree as it is now.
build_all()
{
	local run=$1
	ORIEL_COPY=
	[ -n "$bare" ] || ORIEL_COPY=$("$ORIEL_TOP/vm/build.sh" "$series") || return 1
	if [ -z "$bare" ]; then
		say BUILD "library, command, guest tests"
		quietly "$LOGS/build-user.log" make -C "$ORIEL_TOP" --no-print-directory \
			-j"$(nproc)" "${user_make[@]}" cli guest-tests bench-programs || return 1
	fi
	ORIEL_PLAN=
	[ "$mode" = script ] || {
		ORIEL_PLAN=$run/plan
		plan_programs "$LOGS/plan" >"$ORIEL_PLAN" || return 1
	}
	ORIEL_MODE=$mode ORIEL_SCRIPT=$script ORIEL_STOCK=$(plan_modules "$LOGS/plan") \
		ORIEL_COPY=$ORIEL_COPY ORIEL_PLAN=$ORIEL_PLAN \
		"$ORIEL_TOP/vm/initramfs.sh" "$series" "$run/initramfs"
}

# One build at a time in a tree: kernels share what is built for the user's side.
build_or_fail()
{
	exec {build_fd}>"$ORIEL_CACHE/build${ORIEL_TOP//\//_}.lock"
	flock "$build_fd"
	if ! build_all "$1"; then
		printf 'not ok - the build for %s\n0 passed, 1 failed\n' "$KREL"
		exit 1
	fi
	exec {build_fd}>&-
}

make_plan()
{
	: >"$LOGS/plan"
	[ "$mode" = script ] || plan_make "$tests_dir" "${names[@]}" >"$LOGS/plan" ||
		die "nothing was run; vm/run.sh $series --list shows the tests that could be"
}

run_shell()
{
	local extra=()
	if [ -n "$gdb" ]; then
		export ORIEL_APPEND="${ORIEL_APPEND:-} nokaslr"
		extra=(-gdb tcp::"${ORIEL_GDB_PORT:-1234}" -S)
		printf '\nQEMU waits. In another terminal:\n\n    gdb %s -ex "target remote :%s" -ex continue\n\n' \
			"-ex 'set architecture $ARCH_GDB'" "${ORIEL_GDB_PORT:-1234}"
		printf 'The objects with symbols are in %s;\nthe add-symbol-file lines are printed before the prompt.\n\n' \
			"${ORIEL_COPY:-nowhere}"
	fi
	boot_command mon:stdio "file,path=$LOGS/results.tap" "${extra[@]}"
	"${GUEST_COMMAND[@]}" || [ $? = "$machine_finished_status" ]
}

# Everything a guest script prints goes to stdout; marks do not.
run_script()
{
	local line status=125
	boot_command "file:$LOGS/console.log" stdio,signal=off
	boot_start
	deadline=$((SECONDS + ${ORIEL_TIMEOUT:-600}))
	while next_line; do
		case $line in
		'@host '*) host_answer "${line#@host }" ;;
		'@end script '*) read -r _ _ status _ <<<"$line" ;;
		'@end '*|'@begin '*|'@finished'|'') ;;
		'@splat '*) printf '%s\n' "$line" >&2; splat=1 ;;
		*) [ -z "$started" ] || printf '%s\n' "$line" ;;
		esac
		[ "$line" != "${line#@begin script}" ] && started=1
	done
	boot_kill
	boot_wait
	[ -z "$splat" ] || die "the kernel complained (see $LOGS/console.log)"
	[ "$status" != 125 ] || die "the guest did not come to an end (see $LOGS/console.log)"
	return "$status"
}

run_tests()
{
	boot_command "file:$LOGS/console.log" stdio,signal=off
	boot_start
	judge_follow
	boot_wait
	judge_rest
}

# Read as a whole: bash goes on at the same offset of a file that was edited.
{
env=$("$ORIEL_TOP/vm/fetch.sh" "$series")
eval "$env"
export ORIEL_KERNEL_ENV="$series|$env"
LOGS=$ORIEL_BUILD/logs/$KREL${ARCH_PROGRAMS:+-$ARCH_PROGRAMS}
[ "$ORIEL_MACHINE" = "$ARCH_MACHINE" ] || LOGS+=-$ORIEL_MACHINE
LOGS=${logs:-$LOGS}
[ "$mode" = test ] || [ -n "$logs" ] || LOGS=$LOGS-$mode
mkdir -p "$LOGS"
LOGS=$(realpath "$LOGS")

if [ "$mode" = list ]; then
	plan_make "$tests_dir" "${names[@]}"
	exit
fi
# shellcheck disable=SC2086 # words
"$ORIEL_TOP/vm/packages.sh" build $ARCH_PURPOSES
arch_user_make
take_lock "run-${LOGS//\//_}"
rm -rf "$LOGS"/{console.log,results.tap,summary,plan,tests,*.png}
if [ -n "$prepare" ]; then
	make_plan
	mkdir -p "$prepare"
	build_or_fail "$prepare"
	cp "$LOGS/plan" "$prepare/tests"
	exit
fi
boot_prepare
trap boot_clean EXIT
if [ -n "$prepared" ]; then
	cp "$prepared/tests" "$LOGS/plan"
	ln "$prepared/initramfs" "$RUN/" 2>/dev/null || cp "$prepared/initramfs" "$RUN/"
else
	make_plan
	build_or_fail "$RUN"
fi

started='' splat='' partial=''
case $mode in
shell) run_shell ;;
script) run_script ;;
test) run_tests ;;
esac
exit
}
