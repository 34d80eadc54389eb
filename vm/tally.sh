# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sums over parts that each end with a line "N passed, M failed[, K skipped]".
# Sourced after common.sh. A part that fails, or says nothing, is a failure
# even if its numbers do not say so; the parts after it run all the same.

tally_passed=0 tally_failed=0 tally_skipped=0

# tally PART COMMAND...: runs it, its output to the terminal and build/logs.
tally()
{
	local part=$1 status=0 log=$ORIEL_BUILD/logs/$1.log line
	shift
	mkdir -p "$ORIEL_BUILD/logs"
	printf '== %s\n' "$part"
	set +e
	"$@" 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	set -e
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1)
	if [ -z "$line" ]; then
		printf '%s: gave no result (status %s)\n' "$part" "$status"
		line="0 passed, 1 failed"
	fi
	read -r p _ f _ s _ <<<"${line//,/}"
	if [ "$status" != 0 ] && [ "$f" = 0 ]; then
		printf '%s: ended with status %s though nothing failed\n' "$part" "$status"
		f=1
	fi
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
