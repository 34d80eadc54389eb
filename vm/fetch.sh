#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/fetch.sh SERIES: Debian's newest kernel of a series (6.1, 6.1-arm64; see
# vm/arch.sh) into the cache, unpacked and never installed: image, modules,
# headers to build against.
#
# Prints the environment file of the kernel, which says
#   KREL VERSION KDIR VMLINUZ MODULES, and DTBS where it has device trees
# A kernel becomes visible by one rename, when it is complete. Without a
# network the newest one in the cache is used, and said.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/apt.sh
. "$ORIEL_TOP/vm/apt.sh"
# shellcheck source=vm/arch.sh
. "$ORIEL_TOP/vm/arch.sh"

[ $# = 1 ] || die "usage: vm/fetch.sh SERIES   ($ARCH_SERIES)"
series=$1
arch_of "$series"

# Who already asked hands the answer down to what it calls.
if [ -n "${ORIEL_KERNEL_ENV:-}" ] && [ "${ORIEL_KERNEL_ENV%%|*}" = "$series" ]; then
	printf '%s\n' "${ORIEL_KERNEL_ENV#*|}"
	exit 0
fi
kernels=$ORIEL_CACHE/kernels
pointer=$kernels/series-$series

case $series in
*-dbg) exec "$ORIEL_TOP/vm/debug-kernel.sh" "${series%-dbg}" ;;
6.1|6.1-*|6.12|6.12-*) release=bookworm ;;
*) die "unknown kernel series '$series' ($ARCH_SERIES)" ;;
esac

# Newest full image (not cloud, not rt) of the series: "PACKAGE VERSION".
newest_image()
{
	local names
	names=$(private_apt apt-cache pkgnames "linux-image-$SERIES_VERSION." |
		grep -E "^linux-image-[0-9.]+(-[0-9]+)?(\+deb[0-9.]+)?-$ARCH_FLAVOUR\$") || return 1
	# shellcheck disable=SC2086 # a list of names
	private_apt apt-cache madison $names |
		awk -F'|' '{ gsub(/ /, ""); print $2, $1 }' |
		sort -V | tail -n 1 | awk '{ print $2, $1 }'
}

# What PACKAGE=VERSION depends on, by names that match a pattern.
depends_on()
{
	private_apt apt-cache show "$1" | sed -n 's/^Depends: //p' | head -n 1 |
		sed 's/[,|]/\n/g' | sed 's/(.*//; s/ //g' | grep -E "$2"
}

use_cached()
{
	[ -e "$pointer/kernel.env" ] || die "$1, and no $series kernel is in the cache"
	say KERNEL "$series: $1; using the cached $(basename "$(readlink "$pointer")")"
	cat "$pointer/kernel.env"
	exit 0
}

# The headers' makefile includes the common one by its path when installed.
relocate_headers()
{
	sed -i -E "s#([ =])/usr/src/#\\1$2/usr/src/#g" "$1/Makefile"
}

# Which architectures the packages come from that are run here.
tool_archs()
{
	case $ARCH in
	amd64) ;;
	armhf) echo amd64 i386 ;;
	*) echo amd64 ;;
	esac
}

apt_refresh_tools()
{
	local arch
	for arch in $(tool_archs); do
		(apt_private "$release" "$arch" && apt_refresh) || return 1
	done
}

# The modpost of amd64 takes the device tables of a 32-bit module for 64-bit
# ones and gives up. That of i386 does not; it brings its own C library, so that
# this machine needs none.
use_modpost_32()
{
	local kbuild=$1 version=$2 home=$3 new=$4 tools=$4/i386 deb mod
	(apt_private "$release" i386 &&
		private_download "$tools/debs" "$kbuild=$version" libc6)
	for deb in "$tools"/debs/*.deb; do
		say UNPACK "$(basename "$deb")"
		dpkg -x "$deb" "$tools"
	done
	rm -r "$tools/debs"
	mod=usr/lib/$kbuild/scripts/mod
	cat >"$new/$mod/modpost.real-lsb-32" <<-END
		#!/bin/sh
		tools=$home/i386
		exec "\$tools/lib/ld-linux.so.2" --library-path "\$tools/lib/i386-linux-gnu" \
			"\$tools/$mod/modpost.real-lsb-32" "\$@"
	END
	chmod 755 "$new/$mod/modpost.real-lsb-32"
}

unpack_kernel()
{
	local image=$1 version=$2 krel=$3 home=$4 new=$5 headers common kbuild deb
	headers=linux-headers-$krel
	common=$(depends_on "$headers=$version" '^linux-headers-.*-common$')
	kbuild=$(depends_on "$headers=$version" '^linux-kbuild-' | head -n 1)

	say FETCH "$image $version, $headers, $common, $kbuild (about 110 MB)"
	private_download "$new/debs" "$image=$version" "$headers=$version" "$common=$version"
	(apt_private "$release" amd64 && private_download "$new/debs" "$kbuild=$version")
	for deb in "$new"/debs/*.deb; do
		say UNPACK "$(basename "$deb")"
		dpkg -x "$deb" "$new"
	done
	rm -r "$new/debs"
	# One place for modules, wherever the release keeps them.
	[ -d "$new/lib/modules" ] || { mkdir -p "$new/lib"; ln -s ../usr/lib/modules "$new/lib/modules"; }
	relocate_headers "$new/usr/src/$headers" "$home"
	[ "$ARCH" != armhf ] || use_modpost_32 "$kbuild" "$version" "$home" "$new"
	# Not part of the package: its post-install script would make it.
	depmod -b "$new" "$krel"
	cat >"$new/kernel.env" <<-END
		KREL=$krel
		VERSION=$version
		KDIR=$home/usr/src/$headers
		VMLINUZ=$home/boot/vmlinuz-$krel
		MODULES=$home/lib/modules/$krel
		DTBS=$home/usr/lib/$image
	END
}

# Downloads IMAGE if the cache has not got it, and makes it the series' newest.
install_kernel()
{
	local image=$1 version=$2 krel=${1#linux-image-} home new
	home=$kernels/${krel}_$version
	if [ ! -e "$home/kernel.env" ]; then
		rm -rf "$kernels"/.new-"$series".*
		mkdir -p "$kernels"
		new=$(mktemp -d "$kernels/.new-$series.XXXXXX")
		unpack_kernel "$image" "$version" "$krel" "$home" "$new"
		chmod 755 "$new"
		rm -rf "$home"
		mv -T "$new" "$home"
	fi
	ln -sfn "$(basename "$home")" "$pointer.new"
	mv -T "$pointer.new" "$pointer"
	touch "$pointer.checked"
	say KERNEL "$series: $krel ($version)"
	cat "$home/kernel.env"
}

apt_private "$release" "$ARCH"

# Nothing was refreshed since this series was last looked up: no need to ask.
if [ -e "$pointer/kernel.env" ] && [ "$pointer.checked" -nt "$APT_DIR/fresh" ] && apt_is_fresh; then
	cat "$pointer/kernel.env"
	exit 0
fi

"$ORIEL_TOP/vm/packages.sh" fetch
take_lock "fetch-$series"
for attempt in "the lists in the cache" "fresh lists"; do
	if ! apt_refresh || ! apt_refresh_tools; then
		use_cached "the mirror cannot be reached"
	fi
	read -r image version < <(newest_image) ||
		use_cached "the mirror has no such kernel"
	set +e # or else -e would be off inside the parentheses
	(set -e; install_kernel "$image" "$version")
	status=$?
	set -e
	[ $status != 0 ] || exit 0
	# The mirror may have moved on since the lists were read.
	say RETRY "that did not succeed with $attempt"
	rm -f "$APT_DIR/fresh"
done
use_cached "the download did not succeed"
