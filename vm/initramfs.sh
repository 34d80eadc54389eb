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
# shellcheck source=vm/arch.sh
. "$ORIEL_TOP/vm/arch.sh"

[ $# = 2 ] || die "usage: vm/initramfs.sh SERIES OUT"
arch_of "$1"
env=$("$ORIEL_TOP/vm/fetch.sh" "$1")
eval "$env"
sysroot=$(arch_sysroot)
out=$2
guest=$ORIEL_TOP/vm/guest
# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/${ORIEL_MACHINE:-$ARCH_MACHINE}.sh"

root=$(mktemp -d "${TMPDIR:-/tmp}/oriel-root.XXXXXX")
trap 'rm -rf "$root"' EXIT

put_base()
{
	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,usr/lib,lib/modules,dev,proc,sys,tmp,run,root} \
		"$root"/etc/oriel "$root"/oriel/{bin,modules,tests}
	# The guest's init makes links of its other names.
	cp "$sysroot/bin/busybox" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
	cp "$guest/init" "$root/init"
	cp "$guest/oriel-host" "$root/bin/oriel-host"
	cp "$guest/oriel-test.sh" "$root/lib/oriel-test.sh"
	cp "$guest/splats" "$guest/tolerated.sed" "$root/etc/oriel/"
	machine_guest >"$root/etc/oriel/machine.sh"
	put_parameters
}

# Of machine_parameters, "MODULE PARAMETER=VALUE..." a line.
put_parameters()
{
	local module words
	mkdir "$root/etc/oriel/parameters"
	while read -r module words; do
		[ -z "$module" ] || echo "$words" >"$root/etc/oriel/parameters/$module"
	done <<<"${machine_parameters:-}"
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
			for (i = 1; i <= n; i++) {
				optional = sub(/\?$/, "", list[i])
				want[name(list[i])] = !optional
			}
		}
		{ path = $1; sub(/:$/, "", path); known[name(path)] = 1 }
		{ all[path] = $0 }
		name(path) in want {
			take[path] = 1
			for (i = 2; i <= NF; i++) take[$i] = 1
		}
		END {
			for (w in want) if (want[w] && !(w in known)) print "missing " w
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
		"${ARCH_CROSS}strip" --strip-debug -o "$root/oriel/modules/$name.ko" "$ORIEL_COPY/$ko"
		echo "$ko" >"$root/oriel/modules/$name.path"
		# /proc/modules spells it with underscores; find it both ways.
		[ "${name//-/_}" = "$name" ] || ln -s "$name.ko" "$root/oriel/modules/${name//-/_}.ko"
	done
}

put_programs()
{
	local file
	for file in "${ORIEL_COPY:-/nonexistent}"/examples/*/*-user \
			"$ARCH_BUILD/cli/oriel" "$ARCH_BUILD"/bench/*-bench; do
		[ ! -x "$file" ] || cp "$file" "$root/oriel/bin/"
	done
	for file in "$ARCH_BUILD"/lib/liboriel.so.*; do
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

# needs FILE: the names of the libraries that an ELF file asks for, and the path
# of its loader.
needs()
{
	readelf -ld "$1" 2>/dev/null |
		sed -nE 's/.*\(NEEDED\).*\[(.*)\]$/\1/p; s/.*program interpreter: (.*)\]$/\1/p'
}

# put_library NAME-OR-PATH: at the path where it is looked for.
put_library()
{
	local dir
	case $1 in
	/*) set -- "${1#/}" '' ;;
	*) set -- "$1" "lib/$ARCH_TRIPLET usr/lib/$ARCH_TRIPLET lib usr/lib" ;;
	esac
	for dir in ${2:-.}; do
		[ ! -e "$root/$dir/$1" ] || return 0
		[ -e "$sysroot/$dir/$1" ] || continue
		install -D "$sysroot/$dir/$1" "$root/$dir/$1"
		put_libraries "$root/$dir/$1"
		return
	done
	die "no $1 in $sysroot, and a guest program needs it"
}

# The shared libraries of programs, and those that these need.
put_libraries()
{
	local file library
	for file; do
		for library in $(needs "$file"); do
			put_library "$library"
		done
	done
}

put_base
put_stock_modules "$machine_modules $machine_modules_on_demand ${ORIEL_STOCK:-}"
printf '%s\n' "$machine_modules" >"$root/etc/oriel/stock"
put_our_modules
put_programs
put_plan
mapfile -d '' programs < <(find "$root/oriel" "$root/usr/lib" -type f ! -name '*.ko' -print0)
put_libraries "${programs[@]}"
chmod 755 "$root" "$root/init"
(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$out.new"
mv "$out.new" "$out"
