# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Follows a guest's results channel while it runs and says what became of each
# test. Sourced by vm/run.sh. vm/results.awk judges one test; this file sees to
# it that every test on the plan is judged exactly once, whatever the guest
# does. Logs: results.tap (the channel), tests/NAME.tap, summary.

# How long the guest may be silent on the channel, beside a test's own limit.
JUDGE_BOOT_S=${ORIEL_BOOT_TIMEOUT:-120}
JUDGE_GRACE_S=${ORIEL_GRACE:-20}

passed=0 failed=0 skipped=0

# next_line: the next line into $line; status 1 at the end of the channel or
# when $deadline (of SECONDS) has passed, which sets $late.
next_line()
{
	local status=0 left
	left=$((deadline - SECONDS))
	late=
	[ $left -gt 0 ] || { late=1; return 1; }
	IFS= read -r -t "$left" -u "$GUEST_OUT" line || status=$?
	line=${partial:-}${line%$'\r'}
	partial=
	[ $status != 0 ] || return 0
	[ $status -le 128 ] || late=1
	[ -n "$line" ] || return 1
	# The last words of a guest that died in the middle of a line.
	printf '%s\n' "$line" >>"$LOGS/results.tap"
	[ -z "$current" ] || printf '%s\n' "$line" >>"$LOGS/tests/$current.tap"
	return 1
}

# judge NAME [FATE]: counts it and prints its line and its failures.
judge()
{
	local verdict text p f s seconds word
	verdict=$(awk -v name="$1" -v fate="${2:-}" -f "$ORIEL_TOP/vm/results.awk" \
		"$LOGS/tests/$1.tap")
	read -r p f s seconds <<<"$verdict"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	word=ok
	[ "$f" = 0 ] || word=FAILED
	[ "$p$f" != 00 ] || word=skipped
	text=$(
		printf '%-5s %-24s %-7s %3d passed%s%s  %s s\n' "$series" "$1" "$word" "$p" \
			"$([ "$f" = 0 ] || printf ', %d failed' "$f")" \
			"$([ "$s" = 0 ] || printf ', %d skipped' "$s")" "$seconds"
		tail -n +2 <<<"$verdict" | sed "s|^.|      &|"
	)
	printf '%s\n' "$text"
	printf '%s %s %s %s %s\n' "$1" "$p" "$f" "$s" "$seconds" >>"$LOGS/summary"
}

judge_follow()
{
	local line='' name limit
	current='' finished='' deadline=$((SECONDS + JUDGE_BOOT_S))
	mkdir -p "$LOGS/tests"
	: >"$LOGS/results.tap"
	while next_line; do
		printf '%s\n' "$line" >>"$LOGS/results.tap"
		case $line in
		'@begin '*)
			read -r _ name limit <<<"$line"
			current=$name
			printf '%s\n' "$line" >"$LOGS/tests/$name.tap"
			deadline=$((SECONDS + limit + JUDGE_GRACE_S)) ;;
		'@end '*)
			printf '%s\n' "$line" >>"$LOGS/tests/$current.tap"
			judge "$current"
			current=
			deadline=$((SECONDS + JUDGE_GRACE_S)) ;;
		'@host '*)
			host_answer "${line#@host }" ;;
		'@finished')
			finished=1
			deadline=$((SECONDS + JUDGE_GRACE_S)) ;;
		*)
			[ -z "$current" ] || printf '%s\n' "$line" >>"$LOGS/tests/$current.tap" ;;
		esac
	done
	[ -z "$late" ] || boot_kill
}

# Why the guest is no longer there, in one line.
judge_fate()
{
	local last
	if [ -n "$late" ]; then
		echo "the guest hung (nothing for too long)"
		return
	fi
	last=$(grep -a -E -m 1 'Kernel panic' "$LOGS/console.log" ||
		grep -a -E -m 1 -f "$ORIEL_TOP/vm/guest/splats" "$LOGS/console.log" || true)
	last=$(tr -d '\r' <<<"$last")
	if [ -s "$LOGS/qemu.err" ] && [ ! -s "$LOGS/console.log" ]; then
		last=$(head -n 1 "$LOGS/qemu.err")
	fi
	echo "the guest went away (QEMU status $GUEST_STATUS)${last:+: $last}"
}

# What was planned and has not been judged, and what only the console knows.
judge_rest()
{
	local fate='' name ended=1
	touch "$LOGS/summary"
	if [ -z "$finished" ] || [ "$GUEST_STATUS" != "$machine_finished_status" ]; then
		ended=
		fate=$(judge_fate)
	fi
	for name in boot $(cut -d' ' -f1 "$LOGS/plan") shutdown; do
		! grep -q "^$name " "$LOGS/summary" || continue
		touch "$LOGS/tests/$name.tap"
		judge "$name" "$fate"
	done
	if [ -z "$ended" ] && ! awk '$3 > 0 { bad = 1 } END { exit !bad }' "$LOGS/summary"; then
		failed=$((failed + 1))
		printf '      every test ended, but not the run: %s\n' "$fate"
	fi
	judge_console
	if [ $((passed + failed + skipped)) = 0 ]; then
		failed=1
		echo "      nothing ran"
	fi
	[ $failed = 0 ] || printf '      logs: %s\n' "${LOGS#"$ORIEL_TOP"/}"
	printf '%d passed, %d failed%s\n' "$passed" "$failed" \
		"$([ $skipped = 0 ] || printf ', %d skipped' $skipped)"
	[ $failed = 0 ]
}

# Complaints on the console that no test was charged with: before the first
# test, or taken from the ring buffer before the guest's init looked.
judge_console()
{
	local name splat
	while read -r name splat; do
		awk -v name="$name" '$1 == name && $3 > 0 { exit 1 }' "$LOGS/summary" || continue
		failed=$((failed + 1))
		printf '      kernel, on the console, during %s: %s\n' "$name" "$splat"
	done < <(tr -d '\r' <"$LOGS/console.log" | sed -f "$ORIEL_TOP/vm/guest/tolerated.sed" |
		awk -v patterns="$ORIEL_TOP/vm/guest/splats" '
		BEGIN {
			while ((getline line < patterns) > 0)
				any = any (any == "" ? "" : "|") line
			name = "start-up"
		}
		/oriel-test: begin / { name = $NF; next }
		$0 ~ any && !(name in told) { told[name] = 1; print name, $0 }')
}
