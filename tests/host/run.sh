#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs TAP programs and counts. A program that dies, hangs, or runs fewer tests
# than it planned has failed, whatever it printed. The last line is
# "N passed, M failed"; the exit status is 0 only if nothing failed and
# something passed. Skipped tests are shown, and count as neither.
#
# usage: run.sh "COMMAND ARGUMENTS"...

set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

for command in "$@"; do
	# shellcheck disable=SC2086 # words are wanted
	timeout 120 $command > "$work/out" 2>&1
	status=$?
	cat "$work/out"

	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$work/out" | head -n 1)
	good=$(grep -c '^ok ' "$work/out")
	skipped=$(grep -c '^ok .* # SKIP' "$work/out")
	bad=$(grep -c '^not ok ' "$work/out")
	missing=$((${planned:-1} - good - bad))
	if [ "$missing" -gt 0 ]; then
		echo "# $command: $missing of ${planned:-?} tests never ended (status $status)"
		bad=$((bad + missing))
	elif [ "$missing" -lt 0 ]; then
		echo "# $command: more tests than planned"
		bad=$((bad + 1))
	elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		echo "# $command: status $status though no test failed"
		bad=1
	fi
	passed=$((passed + good - skipped))
	failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
