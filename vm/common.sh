# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every script of vm/ shares: where things are and how they speak.
# Sourced, never run. It must not do any work of its own.

set -euo pipefail

ORIEL_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ORIEL_CACHE=${ORIEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/oriel}
ORIEL_BUILD=$ORIEL_TOP/build
export ORIEL_TOP ORIEL_CACHE ORIEL_BUILD

# depmod and friends are in sbin, which an ordinary user may not have.
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C

# Progress goes to stderr, so that stdout of a script can be its answer.
say()
{
	printf '  %-8s %s\n' "$1" "$2" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# quietly LOG COMMAND...: the command's output goes to LOG, and to the
# terminal only when it fails or V=1 asks for it.
quietly()
{
	local log=$1
	shift
	mkdir -p "$(dirname "$log")"
	if [ "${V:-0}" != 0 ]; then
		"$@" 2>&1 | tee "$log" >&2
		return "${PIPESTATUS[0]}"
	fi
	if ! "$@" >"$log" 2>&1; then
		tail -n 60 "$log" >&2
		printf '(all of it: %s)\n' "$log" >&2
		return 1
	fi
}

# take_lock NAME: one at a time, across processes, until this shell ends.
take_lock()
{
	mkdir -p "$ORIEL_CACHE"
	exec {ORIEL_LOCK}>"$ORIEL_CACHE/$1.lock"
	if ! flock -n "$ORIEL_LOCK"; then
		say WAIT "for another run that holds $ORIEL_CACHE/$1.lock"
		flock "$ORIEL_LOCK"
	fi
}
