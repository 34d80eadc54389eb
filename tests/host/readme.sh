#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the README points to is there: files behind links, make's targets, the
# command's subcommands, the tests of the feature table. Prints TAP.
#
# usage: readme.sh TOP BUILD

# shellcheck disable=SC2317 # called through check

set -u
top=$1 build=$2
readme=$top/README.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# check NAME COMMAND...
check()
{
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $number - readme: $name"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $number - readme: $name"
		failed=1
	fi
}

# each COMMAND: of every word on stdin; there has to be one.
each()
{
	status=0
	count=0
	while read -r word; do
		count=$((count + 1))
		"$@" "$word" || { echo "not so: $word"; status=1; }
	done
	[ "$count" -gt 0 ] && return "$status"
}

# What is shown as code: indented by four, or between backquotes.
# shellcheck disable=SC2016 # backquotes are meant
code()
{
	sed -n 's/^    //p' "$readme"
	grep -v '^    ' "$readme" | grep -o '`[^`]*`' | tr -d '`'
}

is_file()
{
	[ -e "$top/$1" ]
}

links()
{
	grep -o '](\([^)]*\))' "$readme" | sed 's/^](//; s/)$//; s/#.*//' | grep -v '^https\{0,1\}:' |
		grep . | each is_file
}

is_target()
{
	grep -q "^[a-z _-]*\<$1\>[a-z _-]*:" "$top/Makefile"
}

targets()
{
	code | tr '&' '\n' | sed -n 's/^ *\(sudo \)\{0,1\}make \([a-z_-]\{1,\}\).*/\2/p' | each is_target
}

is_command()
{
	LD_LIBRARY_PATH=$build/lib "$build/cli/oriel" "$1" --help >/dev/null
}

commands()
{
	make --no-print-directory -C "$top/cli" BUILD="$build" >/dev/null || return 1
	code | sed -n 's/^\(sudo \)\{0,1\}oriel \([a-z-]*\).*/\2/p' | each is_command
}

is_declared()
{
	grep -rqw -- "$1" "$top/kernel/include" "$top/lib/oriel.h"
}

names()
{
	code | grep -o 'ORIEL_[A-Z_]*[A-Z]\|oriel_[a-z_]*()' | tr -d '()' | each is_declared
}

# The last column of the feature table, and what stands above it
is_test()
{
	for place in guest/$1.c guest/$1.sh clients/$1.c clients/$1.sh installed/$1.sh host/$1_test.c host/$1.sh; do
		[ ! -e "$top/tests/$place" ] || return 0
	done
	return 1
}

tests()
{
	sed -n 's/^| M[0-9].*| \([^|]*\) |$/\1/p' "$readme" | sed 's/[,;]/\n/g' |
		grep -v '`\|\[' | tr -d ' ' | grep . | each is_test
}

rows()
{
	sed -n 's/^| M\([0-9]*\) .*/\1/p' "$readme" >"$work/rows"
	seq 30 | diff - "$work/rows"
}

echo 1..6
check "files behind links are there" links
check "make has the targets" targets
check "the command has the subcommands" commands
check "functions and constants are declared" names
check "the tests of the feature table are there" tests
check "the feature table has all rows" rows
exit $failed
