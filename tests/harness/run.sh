#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/harness/run.sh [SERIES]: the runner tests itself. Every test under
# planted/ says in a line "expect: PASSED FAILED SKIPPED [REASON]" what the
# runner must make of it; each directory is one boot. Prints TAP, and
# "N passed, M failed" at the end. No module of ours is needed.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../../vm/common.sh"

series=${1:-6.1}
planted=$ORIEL_TOP/tests/harness/planted
logs=$ORIEL_BUILD/logs/harness
count=0 failed=0

result()
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
		return
	fi
	failed=$((failed + 1))
	printf 'not ok %d - %s\n' $count "$2"
	printf '# %s\n' "${3//$'\n'/$'\n'# }"
}

boot()
{
	local status=0
	mkdir -p "$logs/$1"
	ORIEL_GRACE=8 "$ORIEL_TOP/vm/run.sh" "$series" --bare --tests "$planted/$1" \
		--logs "$logs/$1" >"$logs/$1.out" 2>&1 || status=$?
	echo "$status" >"$logs/$1.status"
}

# What the runner printed of one test.
said_of()
{
	awk -v name="$2" '/^[0-9]/ { on = ($2 == name) } on' "$logs/$1.out"
}

check_test()
{
	local group=$1 source=$2 name p f s reason got said
	name=$(basename "$source" .sh)
	read -r p f s reason < <(sed -n 's/^# expect: //p' "$source")
	got=$(awk -v name="$name" '$1 == name { print $2, $3, $4; n++ } END { if (n > 1) print n " times" }' \
		"$logs/$group/summary" 2>/dev/null || true)
	said=$(said_of "$group" "$name")
	[ "$got" = "$p $f $s" ] && grep -q -- "$reason" <<<"$said"
	result $? "$group/$name is counted as $p passed, $f failed, $s skipped${reason:+: $reason}" \
		"counted: ${got:-not at all}"$'\n'"$said"
}

# check_run GROUP TOTAL STATUS
check_run()
{
	local last status
	last=$(tail -n 1 "$logs/$1.out")
	status=$(cat "$logs/$1.status")
	[ "$last" = "$2" ] && { [ "$status" = "$3" ] || { [ "$3" != 0 ] && [ "$status" != 0 ]; }; }
	result $? "a run of $1 ends with '$2' and status $3" "$(tail -n 5 "$logs/$1.out")"$'\n'"status $status"
}

check_unknown_name()
{
	local status=0
	TEST=no-such-test "$ORIEL_TOP/vm/run.sh" "$series" --bare --tests "$planted/good" \
		--logs "$logs/unknown" >"$logs/unknown.out" 2>&1 || status=$?
	[ $status != 0 ] && grep -q "no test 'no-such-test'" "$logs/unknown.out"
	result $? "an unknown test name is an error" "$(cat "$logs/unknown.out")"
}

groups=(hang bad good panic poweroff reboot)
echo "1..$(($(find "$planted" -name '*.sh' | wc -l) + ${#groups[@]} + 2))"
rm -rf "$logs"
mkdir -p "$logs"
# Two at a time: a guest that starts keeps one processor busy.
export planted logs series ORIEL_TOP
export -f boot
printf '%s\n' "${groups[@]}" | xargs -P 2 -I '{}' bash -c 'set -euo pipefail; boot {}'

set +e # from here on statuses are looked at
for group in "${groups[@]}"; do
	for source in "$planted/$group"/*.sh; do
		check_test "$group" "$source"
	done
done
check_run good "8 passed, 0 failed, 3 skipped" 0
check_run bad "14 passed, 13 failed" 1
for group in hang panic poweroff reboot; do
	check_run $group "3 passed, 3 failed" 1
done
grep -q 'on the console, during hides-a-splat: .*WARNING: hidden' "$logs/bad.out"
result $? "a splat that only the console still has is counted" "$(tail -n 4 "$logs/bad.out")"
check_unknown_name
printf '%d passed, %d failed\n' $((count - failed)) $failed
[ $failed = 0 ]
