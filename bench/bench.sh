#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bench/bench.sh SERIES...: measures mapping in a guest that counts
# instructions, copying against mapping in an ordinary one, and writes
# build/bench/{map,copy}-SERIES.json and build/bench/report.md.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../vm/common.sh"

[ $# -gt 0 ] || die "usage: bench/bench.sh SERIES..."
cd "$ORIEL_TOP"
out=$ORIEL_BUILD/bench
mkdir -p "$out"

# measure NAME SCRIPT SERIES: lines of JSON into one array.
measure()
{
	local file=$out/$1-$3.json
	vm/run.sh "$3" --script "$2" --logs "$out/logs-$1-$3" >"$file.lines"
	grep '^{.*}$' "$file.lines" >"$file.rows" || die "$1 measured nothing on $3"
	{
		echo '['
		sed '$!s/$/,/' "$file.rows"
		echo ']'
	} >"$file"
	rm "$file.lines" "$file.rows"
}

vm/packages.sh build fetch vm
for series; do
	say BENCH "mapping on $series, counting instructions (2 minutes)"
	ORIEL_MACHINE=counting ORIEL_TIMEOUT=1800 measure map bench/guest-map.sh "$series"
	say BENCH "copying against mapping on $series"
	measure copy bench/guest-copy.sh "$series"
done
for series; do
	awk -v series="$series" -f bench/rows.awk -f bench/report.awk "$out/map-$series.json" "$out/copy-$series.json"
done >"$out/report.md"
cat "$out/report.md"
for series; do
	awk -v series="$series" -f bench/rows.awk -f bench/bounds.awk "$out/map-$series.json" ||
		die "mapping costs more than it may on $series"
done
say BENCH "kept: build/bench/report.md and the JSON beside it"
