#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Header, symbol map and shared library name the same functions, and each of
# them is documented. Prints TAP.
#
# usage: map.sh HEADER MAP LIBRARY INCLUDE_DIRECTORY

set -u
header=$1 map=$2 library=$3 include=$4
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# Functions that are declared, not defined inline, without what is in comments
${CC:-cc} -E -I"$include" "$header" |
	awk '/visibility push/ { on = 1 } /visibility pop/ { on = 0 } on' |
	grep -oE '\boriel_[a-z0-9_]+\(' | tr -d '(' | sort > "$work/header"
sed -n 's/^[[:space:]]*\(oriel_[a-z0-9_]*\);$/\1/p' "$map" | sort > "$work/map"
nm -D --defined-only "$library" | awk '$2 == "T" { print $3 }' |
	sed 's/@.*//' | sort > "$work/library"
nm -D --defined-only "$library" | awk '$2 != "T" && $2 != "A" { print $3 }' \
	> "$work/data"
sed -n 's/^ \* \(oriel_[a-z0-9_]*\)() - .*/\1/p' "$header" | sort > "$work/documented"

# empty NAME COMMAND...: the command must print nothing
empty()
{
	number=$((number + 1))
	name=$1
	shift
	"$@" > "$work/out"
	if [ -s "$work/out" ]; then
		sed 's/^/# /' "$work/out"
		echo "not ok $number - map: $name"
		failed=1
	else
		echo "ok $number - map: $name"
	fi
}

# A list that is empty agrees with everything: that must not pass.
# shellcheck disable=SC2317 # called through empty
too_short()
{
	wc -l < "$work/header" | awk '$1 < 10 { print "only", $1, "functions found" }'
}

echo 1..7
empty "functions are found at all" too_short
empty "what the header declares is in the map" comm -23 "$work/header" "$work/map"
empty "what is in the map is in the header" comm -13 "$work/header" "$work/map"
empty "the map exports what it names" comm -13 "$work/library" "$work/map"
empty "nothing else is exported" comm -23 "$work/library" "$work/map"
empty "no data is exported" cat "$work/data"
empty "each function is documented" comm -23 "$work/header" "$work/documented"
exit $failed
