# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Boots directories of planted failures and looks at what the runner makes of
# them. Sourced after vm/common.sh. Every test says near its top
#
#   # expect: PASSED FAILED SKIPPED [REASON]
#   # console: PATTERN
#
# REASON is a pattern of what the runner prints of the test; the console's line
# is optional. A file shutdown.expect in the directory says the same of the
# runner's own check at the end.
#
# In: planted (where the directories are), logs, series. Prints TAP.

planted_count=0 planted_failed=0

# result STATUS DESCRIPTION DIAGNOSTICS
result()
{
	planted_count=$((planted_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $planted_count - $2"
		return
	fi
	planted_failed=$((planted_failed + 1))
	printf 'not ok %d - %s\n' $planted_count "$2"
	printf '# %s\n' "${3//$'\n'/$'\n'# }"
}

# planted_boot GROUP [OPTION...]: one boot; options are vm/run.sh's.
planted_boot()
{
	local status=0 group=$1
	shift
	mkdir -p "$logs/$group"
	ORIEL_GRACE=${ORIEL_GRACE:-8} "$ORIEL_TOP/vm/run.sh" "$series" "$@" \
		--tests "$planted/$group" --logs "$logs/$group" >"$logs/$group.out" 2>&1 || status=$?
	echo "$status" >"$logs/$group.status"
}

# What the runner printed of one test.
planted_said_of()
{
	awk -v name="$2" '/^[0-9]/ { on = ($2 == name) } on' "$logs/$1.out"
}

# planted_check GROUP SOURCE: was it counted as it should be?
planted_check()
{
	local group=$1 source=$2 name p f s reason got said console
	name=$(basename "${source%.*}")
	read -r p f s reason < <(sed -n 's/^# expect: //p' "$source")
	console=$(sed -n 's/^# console: //p' "$source")
	got=$(awk -v name="$name" '$1 == name { print $2, $3, $4; n++ } END { if (n > 1) print n " times" }' \
		"$logs/$group/summary" 2>/dev/null || true)
	said=$(planted_said_of "$group" "$name")
	[ "$got" = "$p $f $s" ] && grep -q -- "$reason" <<<"$said"
	result $? "$group/$name is counted as $p passed, $f failed, $s skipped${reason:+: $reason}" \
		"counted: ${got:-not at all}"$'\n'"$said"
	[ -n "$console" ] || return 0
	grep -q -a -- "$console" "$logs/$group/console.log"
	result $? "$group/$name: the console says $console" "$(tail -n 20 "$logs/$group/console.log")"
}

# planted_run GROUP TOTAL STATUS: how the whole boot ended.
planted_run()
{
	local last status
	last=$(tail -n 1 "$logs/$1.out")
	status=$(cat "$logs/$1.status")
	[ "$last" = "$2" ] && { [ "$status" = "$3" ] || { [ "$3" != 0 ] && [ "$status" != 0 ]; }; }
	result $? "a run of $1 ends with '$2' and status $3" "$(tail -n 5 "$logs/$1.out")"$'\n'"status $status"
}

planted_end()
{
	printf '1..%d\n%d passed, %d failed\n' $planted_count \
		$((planted_count - planted_failed)) $planted_failed
	[ $planted_failed = 0 ] && [ $planted_count -gt 0 ]
}
