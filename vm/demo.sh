#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/demo.sh: everything from nothing, then a guest that shows what Oriel does,
# step by step. Leaves build/demo/ with what it printed, a picture of the screen and
# the numbers. Ends with status 0 only if every step did what it says.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

series=${1:-6.1}
demo=$ORIEL_BUILD/demo
mkdir -p "$demo"
rm -rf "${demo:?}"/*

cd "$ORIEL_TOP"
vm/packages.sh build fetch vm
say BOOT "a virtual machine, emulated"
status=0
vm/run.sh "$series" --script vm/guest/demo.sh --logs "$demo/logs" |
	tee >(grep '^{.*}$' >"$demo/copy-or-map.json") |
	grep --line-buffered -v '^{.*}$' | tee "$demo/output.txt" || status=$?
[ -s "$demo/copy-or-map.json" ] || status=1
mv "$demo/logs/window.png" "$demo/" || status=1
[ $status = 0 ] || die "a step of the demo failed (logs: ${demo#"$ORIEL_TOP/"}/logs)"
printf '\nKept: %s/output.txt, window.png, copy-or-map.json, logs/\n' "${demo#"$ORIEL_TOP/"}"
