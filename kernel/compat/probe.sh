#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh HEADER PROBES COMPILER...: try which PROBES/*.c compile, and write
# HEADER accordingly. The probe "baseline" has to compile; if it does not, the
# compiler or the kernel headers are broken, and nothing can be concluded.
set -eu

header=$1
probes=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

probe() {
	name=$(basename "$1" .c)
	out=$work/$name
	shift
	if "$@" -Werror -c -o "$out.o" "$probes/$name.c" >"$out.log" 2>&1; then
		macro=$(echo "$name" | tr '[:lower:]' '[:upper:]')
		echo "#define ORIEL_HAVE_$macro 1" >"$out.h"
	fi
}

for file in "$probes"/*.c; do
	probe "$file" "$@" &
done
wait

if ! [ -e "$work/baseline.h" ]; then
	echo "oriel: nothing compiles against these kernel headers:" >&2
	cat "$work/baseline.log" >&2
	exit 1
fi

mkdir -p "$(dirname "$header")"
{
	echo "/* Made by compat/probe.sh. */"
	cat "$work"/*.h
} >"$header.tmp"
mv "$header.tmp" "$header"
