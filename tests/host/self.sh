#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The counter of tests counts what goes wrong: failures, deaths, missing tests,
# missing plans. Prints TAP.
#
# usage: self.sh RUN.SH

set -u
run=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# counts NAME RESULT STATUS PROGRAM...: the last line and status of run.sh
counts()
{
	name=$1 result=$2 status=$3
	shift 3
	number=$((number + 1))
	count=0
	programs=
	for text in "$@"; do
		count=$((count + 1))
		printf '#!/bin/sh\n%s\n' "$text" > "$work/p$count"
		chmod +x "$work/p$count"
		programs="$programs $work/p$count"
	done
	# shellcheck disable=SC2086 # words are wanted
	"$run" $programs > "$work/log"
	got_status=$?
	got=$(tail -n 1 "$work/log")
	if [ "$got" = "$result" ] && [ "$got_status" -eq "$status" ]; then
		echo "ok $number - self: $name"
	else
		echo "# got \"$got\", status $got_status"
		echo "not ok $number - self: $name"
		failed=1
	fi
}

echo 1..9
counts "all passed" "3 passed, 0 failed" 0 \
	"echo 1..2; echo ok 1; echo ok 2" "echo 1..1; echo ok 1"
counts "one failed" "1 passed, 1 failed" 1 "echo 1..2; echo ok 1; echo not ok 2; exit 1"
counts "a failure with status 0" "0 passed, 1 failed" 1 "echo 1..1; echo not ok 1"
counts "death in the middle" "1 passed, 2 failed" 1 "echo 1..3; echo ok 1; kill -9 \$\$"
counts "death after the last test" "1 passed, 1 failed" 1 "echo 1..1; echo ok 1; exit 1"
counts "no plan and no test" "0 passed, 1 failed" 1 "exit 0"
counts "more tests than planned" "2 passed, 1 failed" 1 "echo 1..1; echo ok 1; echo ok 2"
counts "skipped tests did not pass" "1 passed, 0 failed" 0 \
	"echo 1..2; echo ok 1; echo 'ok 2 - x # SKIP y'"
counts "nothing ran" "0 passed, 0 failed" 1
exit $failed
