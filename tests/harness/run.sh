#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/harness/run.sh [SERIES]: the runner tests itself. Every test under
# planted/ says what the runner must make of it; each directory is one boot.
# Prints TAP, and "N passed, M failed" at the end. No module of ours is needed.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../../vm/common.sh"
# shellcheck source=tests/harness/planted.sh
. "$ORIEL_TOP/tests/harness/planted.sh"

series=${1:-6.1}
planted=$ORIEL_TOP/tests/harness/planted
logs=$ORIEL_BUILD/logs/harness

check_unknown_name()
{
	local status=0
	TEST=no-such-test "$ORIEL_TOP/vm/run.sh" "$series" --bare --tests "$planted/good" \
		--logs "$logs/unknown" >"$logs/unknown.out" 2>&1 || status=$?
	[ $status != 0 ] && grep -q "no test 'no-such-test'" "$logs/unknown.out"
	result $? "an unknown test name is an error" "$(cat "$logs/unknown.out")"
}

# elsewhere WORDS COMMAND...: a plan with a test for another machine or kernel
elsewhere()
{
	local words=$1 status=0 said
	shift
	said=$("$@" --tests "$planted/elsewhere" --list 2>&1) || status=$?
	[ $status != 0 ] && grep -qF -- "$words" <<<"$said"
	result $? "an error: $words" "$said"$'\n'"status $status"
}

check_elsewhere()
{
	local run=("$ORIEL_TOP/vm/run.sh" "$series") sifted
	# The first that is named says which machine, the other has to be for it.
	elsewhere "test 'on-hotplug' does not run on pc with $series, but here:" \
		"${run[@]}" on-pc on-hotplug
	elsewhere "  ORIEL_MACHINE=hotplug vm/run.sh $series on-hotplug" "${run[@]}" on-pc on-hotplug
	elsewhere "test 'on-pc' does not run on vga" env ORIEL_MACHINE=vga "${run[@]}" on-pc
	elsewhere "  ORIEL_MACHINE=vexpress-a9 vm/run.sh $series-armhf with-clcd" "${run[@]}" with-clcd
	elsewhere "  ORIEL_MACHINE=pc vm/run.sh 1.0 of-old" env TEST="on-pc of-old" "${run[@]}"
	elsewhere "test 'with-nothing' does not run on pc with $series" "${run[@]}" with-nothing
	sifted=$(ORIEL_SIFT=1 "${run[@]}" --tests "$planted/elsewhere" --list on-pc on-hotplug of-old |
		cut -d' ' -f1)
	[ "$sifted" = on-pc ]
	result $? "ORIEL_SIFT leaves out what is for others" "$sifted"
	sifted=$("${run[@]}" --tests "$planted/elsewhere" --list | cut -d' ' -f1)
	[ "$sifted" = on-pc ]
	result $? "no name is no error" "$sifted"
}

groups=(hang bad good panic poweroff reboot)
rm -rf "$logs"
mkdir -p "$logs"
# Two at a time: a guest that starts keeps one processor busy.
export planted logs series ORIEL_TOP
export -f planted_boot
printf '%s\n' "${groups[@]}" |
	xargs -P 2 -I '{}' bash -c 'set -euo pipefail; planted_boot {} --bare'

set +e # from here on statuses are looked at
for group in "${groups[@]}"; do
	for source in "$planted/$group"/*.sh; do
		planted_check "$group" "$source"
	done
done
planted_run good "8 passed, 0 failed, 3 skipped" 0
planted_run bad "14 passed, 13 failed" 1
for group in hang panic poweroff reboot; do
	planted_run $group "3 passed, 3 failed" 1
done
grep -q 'on the console, during hides-a-splat: .*WARNING: hidden' "$logs/bad.out"
result $? "a splat that only the console still has is counted" "$(tail -n 4 "$logs/bad.out")"
check_unknown_name
check_elsewhere
planted_end
