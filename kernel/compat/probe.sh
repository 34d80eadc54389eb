#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh HEADER PROBES SYMVERS NM COMPILER...: try which PROBES/*.c compile and
# would link: all that they call is in the kernel's list of exported symbols
# SYMVERS (a kernel tree without one leaves that to modpost). Write HEADER
# accordingly. The probe "baseline" has to succeed; if it does not, the compiler
# or the kernel headers are broken, and nothing can be concluded.
set -eu

header=$1
probes=$2
symvers=$3
nm=$4
shift 4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# links OBJECT LOG: names in the log what is not exported.
links() {
	[ -e "$symvers" ] || return 0
	"$nm" -u "$1" | awk '
		NR == FNR { exported[$2] = 1; next }
		$NF !~ /^(_GLOBAL_OFFSET_TABLE_|\.TOC\.)$/ && !($NF in exported) {
			print "not exported: " $NF
			bad = 1
		}
		END { exit bad }' "$symvers" - >>"$2"
}

probe() {
	name=$(basename "$1" .c)
	out=$work/$name
	shift
	if "$@" -Werror -c -o "$out.o" "$probes/$name.c" >"$out.log" 2>&1 &&
			links "$out.o" "$out.log"; then
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
