#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/debug-kernel.sh SERIES: a kernel of the series with KASAN, lockdep, UBSAN
# and the rest of debug-kernel.config, built from Debian's source package into
# the cache (some 6 minutes on two cores, once).
#
# Prints the environment file of the kernel, like vm/fetch.sh. What is in the
# cache is used as long as source version, configuration, compiler and this
# script are the same; it becomes visible by one rename, when it is complete.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/apt.sh
. "$ORIEL_TOP/vm/apt.sh"

[ $# = 1 ] || die "usage: vm/debug-kernel.sh SERIES   (6.1 or 6.12)"
series=$1
fragment=$ORIEL_TOP/vm/debug-kernel.config
pointer=$ORIEL_CACHE/kernels/series-$series-dbg
package=linux-source-$series

case $series in
6.1|6.12) ;;
*) die "unknown kernel series '$series' (6.1 or 6.12)" ;;
esac

use_cached()
{
	[ -e "$pointer/kernel.env" ] || die "$1, and no $series debug kernel is in the cache"
	say KERNEL "$series debug: $1; using the cached $(basename "$(readlink "$pointer")")"
	cat "$pointer/kernel.env"
	exit 0
}

unpack_source()
{
	local new=$1 version=$2
	say FETCH "$package $version (about 145 MB)"
	private_download "$new/debs" "$package=$version"
	dpkg -x "$new"/debs/*.deb "$new/package"
	say UNPACK "$package"
	mkdir "$new/kernel"
	tar -C "$new/kernel" --strip-components=1 -xf "$new/package/usr/src/$package.tar.xz"
	rm -rf "$new/debs" "$new/package"
}

# Options that this series does not know are dropped silently by kconfig; that
# the detectors are alive is shown by the planted bugs of the tests.
build_kernel()
{
	scripts/kconfig/merge_config.sh -n "$fragment"
	make -j"$(nproc)" KBUILD_BUILD_TIMESTAMP='' bzImage modules
}

# What building modules needs, and nothing else: 54 MB instead of 2 GB.
prune_tree()
{
	local dir
	for dir in block certs crypto drivers fs init io_uring ipc kernel lib mm net rust \
			samples security sound usr virt LICENSES; do
		rm -rf "${dir:?}"
	done
	find arch -mindepth 1 -maxdepth 1 ! -name x86 -exec rm -rf {} +
	find tools -mindepth 1 -maxdepth 1 ! -name objtool -exec rm -rf {} +
	find . \( -name '*.o' -o -name '*.a' -o -name '.*.cmd' -o -name 'vmlinux*' \) \
		! -path './scripts/*' ! -path './tools/objtool/*' -type f -delete
}

install_kernel()
{
	local home=$1 version=$2 new krel
	rm -rf "$ORIEL_CACHE"/kernels/.new-"$series"-dbg.*
	mkdir -p "$ORIEL_CACHE/kernels"
	new=$(mktemp -d "$ORIEL_CACHE/kernels/.new-$series-dbg.XXXXXX")
	unpack_source "$new" "$version"
	cd "$new/kernel"
	say BUILD "debug kernel $series ($version), some minutes"
	quietly "$ORIEL_BUILD/logs/debug-kernel-$series.log" build_kernel
	krel=$(cat include/config/kernel.release)
	cp arch/x86/boot/bzImage "$new/vmlinuz"
	mkdir -p "$new/lib/modules/$krel"
	cp modules.builtin modules.order "$new/lib/modules/$krel/"
	depmod -b "$new" "$krel"
	prune_tree
	cd "$ORIEL_TOP"
	cat >"$new/kernel.env" <<-END
		KREL=$krel
		VERSION=$version
		KDIR=$home/kernel
		VMLINUZ=$home/vmlinuz
		MODULES=$home/lib/modules/$krel
	END
	chmod 755 "$new"
	rm -rf "$home"
	mv -T "$new" "$home"
}

"$ORIEL_TOP/vm/packages.sh" fetch debug
apt_private bookworm amd64
take_lock "debug-kernel-$series"
apt_refresh || use_cached "the mirror cannot be reached"
version=$(private_apt apt-cache madison "$package" |
	awk -F'|' '{ gsub(/ /, ""); print $2 }' | sort -V | tail -n 1)
[ -n "$version" ] || use_cached "the mirror has no $package"

key=$(cat "$fragment" "$0" <(gcc --version) <(echo "$version") | sha256sum | cut -c1-12)
home=$ORIEL_CACHE/kernels/$series-dbg_${version}_$key
if [ ! -e "$home/kernel.env" ]; then
	set +e # or else -e would be off inside the parentheses
	(set -e; install_kernel "$home" "$version")
	status=$?
	set -e
	[ $status = 0 ] || die "the debug kernel could not be built"
fi
ln -sfn "$(basename "$home")" "$pointer.new"
mv -T "$pointer.new" "$pointer"
say KERNEL "$series debug: $(sed -n 's/^KREL=//p' "$home/kernel.env") ($version)"
cat "$home/kernel.env"
