#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/initramfs.sh SERIES OUT: the guest's file system as an uncompressed cpio
# archive (unpacking costs an emulated machine more than reading).
#
# Environment: ORIEL_COPY (a copy made by vm/build.sh; empty: no modules of
# ours), ORIEL_MACHINE, ORIEL_MODE (test, shell or script), ORIEL_SCRIPT,
# ORIEL_PLAN (file: "NAME SECONDS PROGRAM" a line), ORIEL_STOCK (further stock
# modules to carry along).

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

[ $# = 2 ] || die "usage: vm/initramfs.sh SERIES OUT"
env=$("$ORIEL_TOP/vm/fetch.sh" "$1")
eval "$env"
out=$2
guest=$ORIEL_TOP/vm/guest
# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/${ORIEL_MACHINE:-pc}.sh"

root=$(mktemp -d "${TMPDIR:-/tmp}/oriel-root.XXXXXX")
trap 'rm -rf "$root"' EXIT

put_base()
{
	local applet
	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,usr/lib,lib/modules,dev,proc,sys,tmp,run,root} \
		"$root"/etc/oriel "$root"/oriel/{bin,modules,tests}
	cp /bin/busybox "$root/bin/busybox"
	for applet in $(/bin/busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
	cp "$guest/init" "$root/init"
	cp "$guest/oriel-host" "$root/bin/oriel-host"
	cp "$guest/oriel-test.sh" "$root/lib/oriel-test.sh"
	cp "$guest/splats" "$guest/tolerated.sed" "$root/etc/oriel/"
	machine_guest >"$root/etc/oriel/machine.sh"
}

# Stock modules with all that they depend on, unpacked, and a modules.dep
# that knows only these.
put_stock_modules()
{
	local wanted=$1 to=$root/lib/modules/$KREL file
	mkdir -p "$to"
	awk -v wanted="$wanted" -v builtin="$MODULES/modules.builtin" '
		function name(path) {
			sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path)
			return path
		}
		BEGIN {
			while ((getline line < builtin) > 0)
				known[name(line)] = 1
			n = split(wanted, list, " ")
			for (i = 1; i <= n; i++)
				want[name(list[i])] = 1
		}
		{ path = $1; sub(/:$/, "", path); known[name(path)] = 1 }
		{ all[path] = $0 }
		name(path) in want {
			take[path] = 1
			for (i = 2; i <= NF; i++) take[$i] = 1
		}
		END {
			for (w in want) if (!(w in known)) print "missing " w
			for (path in take) print "line " all[path]
		}' "$MODULES/modules.dep" >"$root/stock.list"
	if grep -q ^missing "$root/stock.list"; then
		die "the kernel $KREL has no module: $(sed -n 's/^missing //p' "$root/stock.list" | tr '\n' ' ')"
	fi
	sed -n 's/^line //p' "$root/stock.list" | sed -E 's/\.ko\.(xz|zst|gz)/.ko/g' >"$to/modules.dep"
	sed -n 's/^line \([^:]*\):.*/\1/p' "$root/stock.list" | while read -r file; do
		mkdir -p "$to/$(dirname "$file")"
		case $file in
		*.xz) xz -dc "$MODULES/$file" >"$to/${file%.xz}" ;;
		*.zst) zstd -qdc "$MODULES/$file" >"$to/${file%.zst}" ;;
		*) cp "$MODULES/$file" "$to/$file" ;;
		esac
	done
	rm "$root/stock.list"
	: >"$to/modules.alias"
	: >"$to/modules.symbols"
	cp "$MODULES/modules.builtin" "$to/"
}

put_our_modules()
{
	local ko name
	: >"$root/etc/oriel/insert"
	[ -n "${ORIEL_COPY:-}" ] || return 0
	[ -e "$ORIEL_COPY/kernel/oriel.ko" ] || die "kernel/oriel.ko was not built"
	echo oriel >"$root/etc/oriel/insert"
	echo "$ORIEL_COPY" >"$root/etc/oriel/objects"
	find "$ORIEL_COPY" -name '*.ko' -printf '%P\n' | while read -r ko; do
		name=$(basename "$ko" .ko)
		# What debuggers want stays outside.
		strip --strip-debug -o "$root/oriel/modules/$name.ko" "$ORIEL_COPY/$ko"
		echo "$ko" >"$root/oriel/modules/$name.path"
		# /proc/modules spells it with underscores; find it both ways.
		[ "${name//-/_}" = "$name" ] || ln -s "$name.ko" "$root/oriel/modules/${name//-/_}.ko"
	done
}

put_programs()
{
	local file
	for file in "${ORIEL_COPY:-/nonexistent}"/examples/*/*-user \
			"$ORIEL_BUILD/cli/oriel" "$ORIEL_BUILD"/bench/*-bench; do
		[ ! -x "$file" ] || cp "$file" "$root/oriel/bin/"
	done
	for file in "$ORIEL_BUILD"/lib/liboriel.so.*; do
		[ ! -e "$file" ] || cp -P "$file" "$root/usr/lib/"
	done
}

put_plan()
{
	local name limit program
	echo "${ORIEL_MODE:-test}" >"$root/etc/oriel/mode"
	: >"$root/etc/oriel/plan"
	[ -z "${ORIEL_SCRIPT:-}" ] || cp "$ORIEL_SCRIPT" "$root/oriel/script"
	printf 'Oriel on %s: modules in /oriel/modules, tests in /oriel/tests; "poweroff -f" or Ctrl-A X ends.\n' \
		"$KREL" >"$root/etc/oriel/greeting"
	[ -n "${ORIEL_PLAN:-}" ] || return 0
	while read -r name limit program; do
		cp "$program" "$root/oriel/tests/$name"
		chmod +x "$root/oriel/tests/$name"
		echo "$name $limit" >>"$root/etc/oriel/plan"
	done <"$ORIEL_PLAN"
}

# The shared libraries of every program, at the paths they are looked for.
put_libraries()
{
	find "$root/oriel" "$root/usr/lib" -type f -print0 |
	while IFS= read -r -d '' file; do
		[ "$(head -c 4 "$file" | tr -d '\0')" = $'\177ELF' ] || continue
		LD_LIBRARY_PATH=$root/usr/lib ldd "$file" 2>/dev/null || true
	done |
	awk '$2 == "=>" && $3 == "not" { print "missing", $1 }
	     $2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }' |
	sort -u | while read -r lib; do
		case $lib in
		"missing "*) die "no ${lib#missing } on this host, and a guest program needs it" ;;
		"$root"/*) continue ;;
		esac
		[ -e "$root$lib" ] || install -D "$lib" "$root$lib"
	done
}

put_base
put_stock_modules "$machine_modules $machine_modules_on_demand ${ORIEL_STOCK:-}"
printf '%s\n' "$machine_modules" >"$root/etc/oriel/stock"
put_our_modules
put_programs
put_plan
put_libraries
chmod 755 "$root" "$root/init"
(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$out.new"
mv "$out.new" "$out"
