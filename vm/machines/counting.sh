# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "counting": the pc with one processor and clocks that count
# instructions (1 ns is 1 instruction), so that a measurement repeats to the
# last digit. String instructions count one per iteration: copies look dearer
# than they are.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

export ORIEL_APPEND="${ORIEL_APPEND:-} nokaslr"
machine_processors=(-accel tcg -cpu max -smp 1 -icount "shift=0,sleep=off" -seed 42
	-rtc "base=2024-01-01T00:00:00,clock=vm")
