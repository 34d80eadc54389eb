#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/build.sh SERIES: the modules for one kernel, built in a copy of the
# sources, so that kernels do not disturb each other's objects or the tree.
#
# Prints the copy's directory, such as build/vm/KERNELRELEASE; modules in kernel/,
# examples/*/, tests/guest/kmod/ and bench/kmod/. Incremental: only files that changed are
# copied, files that vanished from the tree vanish from the copy.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/arch.sh
. "$ORIEL_TOP/vm/arch.sh"

[ $# = 1 ] || die "usage: vm/build.sh SERIES"
arch_of "$1"
# shellcheck disable=SC2086 # words
"$ORIEL_TOP/vm/packages.sh" build $ARCH_PURPOSES
env=$("$ORIEL_TOP/vm/fetch.sh" "$1")
eval "$env"
arch_user_make
copy=$ORIEL_BUILD/vm/$KREL${ARCH_PROGRAMS:+-$ARCH_PROGRAMS}
manifest=$copy/.sources

# "SIZE MTIME PATH" of every source; never of what a build leaves behind.
sources()
{
	local roots=() root
	for root in Makefile kernel examples tests/guest/kmod bench/kmod; do
		[ ! -e "$root" ] || roots+=("$root")
	done
	find "${roots[@]}" \
		\( -name '.*.cmd' -o -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		   -o -name '*.mod.c' -o -name '.tmp*' -o -name Module.symvers \
		   -o -name modules.order -o -name '.module-common*' \
		   -o -name probed.h \
		   -o -name '*.o.d' -o -name '*-user' \) -prune \
		-o -type f -printf '%s %T@ %p\n' | sort
}

sync_copy()
{
	local changed gone
	mkdir -p "$copy"
	touch "$manifest"
	sources >"$manifest.new"
	changed=$(comm -13 "$manifest" "$manifest.new" | cut -d' ' -f3-)
	gone=$(comm -23 <(cut -d' ' -f3- "$manifest" | sort) \
			<(cut -d' ' -f3- "$manifest.new" | sort))
	if [ -n "$gone" ]; then
		# Objects of a vanished source would be linked again: start over.
		(cd "$copy" && rm -rf kernel examples tests bench Makefile)
		changed=$(cut -d' ' -f3- "$manifest.new")
	fi
	[ -z "$changed" ] ||
		tr '\n' '\0' <<<"$changed" | xargs -0 cp --parents -t "$copy"
	mv "$manifest.new" "$manifest"
}

# What the modules outside kernel/ are made of: the kernel, their sources, and
# the headers and symbols that they see of ours.
outside()
{
	echo "$KDIR"
	grep -v ' kernel/' "$manifest" || true
	grep ' kernel/include/' "$manifest" || true
	cat "$copy/kernel/Module.symvers"
}

build()
{
	local make=(make -C "$copy" --no-print-directory -j"$(nproc)" KDIR="$KDIR")
	[ -z "$ARCH_CROSS" ] || make+=("ARCH=$ARCH_KERNEL" "CROSS_COMPILE=$ARCH_CROSS")
	"${make[@]}" modules || return 1 # no -e here, where a status is asked for
	outside >"$copy/.outside.new"
	! cmp -s "$copy/.outside.new" "$copy/.outside" || return 0
	rm -f "$copy/.outside"
	# First, or else they are found missing and made with the kernel's compiler.
	[ ! -d "$copy/examples" ] || "${make[@]}" "${user_make[@]}" user-programs || return 1
	[ ! -d "$copy/examples" ] || "${make[@]}" examples || return 1
	[ ! -d "$copy/tests/guest/kmod" ] || "${make[@]}" kmod || return 1
	mv "$copy/.outside.new" "$copy/.outside"
}

cd "$ORIEL_TOP"
say BUILD "modules for $KREL"
sync_copy
quietly "$ORIEL_BUILD/logs/$(basename "$copy")/build.log" build
echo "$copy"
