# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sums over parts that each end with a line "N passed, M failed[, K skipped]".
# Sourced after common.sh. A part that fails, or says nothing, is a failure
# even if its numbers do not say so; the parts after it run all the same.
# Output of a part: the terminal and build/logs/PART.log.

tally_passed=0 tally_failed=0 tally_skipped=0

# tally PART COMMAND...: runs and counts it.
tally()
{
	printf '== %s\n' "$1"
	tally_run "$@"
	tally_count "$1"
}

# tally_side_by_side PART COMMAND ARGUMENT...: "COMMAND ARGUMENT" for each, at
# the same time, as the parts PART-ARGUMENT.
tally_side_by_side()
{
	local part=$1 command=$2 argument jobs=()
	shift 2
	printf '== %s on %s\n' "${part//-/ }" "$*"
	for argument; do
		tally_run "$part-$argument" "$command" "$argument" &
		jobs+=($!)
	done
	wait "${jobs[@]}"
	for argument; do
		tally_count "$part-$argument"
	done
}

tally_run()
{
	local log=$ORIEL_BUILD/logs/$1.log status
	mkdir -p "$ORIEL_BUILD/logs"
	rm -f "$log.status"
	set +e
	"${@:2}" 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	set -e
	echo "$status" >"$log.status"
}

tally_count()
{
	local log=$ORIEL_BUILD/logs/$1.log status line p f s
	status=$(cat "$log.status" || echo none)
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1) || true
	if [ -z "$line" ]; then
		printf '%s: gave no result (status %s)\n' "$1" "$status"
		line="0 passed, 1 failed"
	fi
	read -r p _ f _ s _ <<<"${line//,/}"
	if [ "$status" != 0 ] && [ "$f" = 0 ]; then
		printf '%s: ended with status %s though nothing failed\n' "$1" "$status"
		f=1
	fi
	printf '== %s: %s\n' "$1" "$line"
	tally_passed=$((tally_passed + p))
	tally_failed=$((tally_failed + f))
	tally_skipped=$((tally_skipped + ${s:-0}))
}

# The last line, and the status: non-zero when anything failed or nothing ran.
tally_end()
{
	printf '%d passed, %d failed%s\n' $tally_passed $tally_failed \
		"$([ $tally_skipped = 0 ] || printf ', %d skipped' $tally_skipped)"
	[ $tally_failed = 0 ] && [ $tally_passed -gt 0 ]
}
