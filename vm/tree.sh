#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/tree.sh NAME PACKAGE...: a directory with packages of Debian bookworm and
# all that they depend on, unpacked and not installed (no maintainer script
# runs): a root file system for guests that want real programs.
#
# Prints its path, cache/trees/NAME-KEY; KEY stands for the list of packages
# and the architecture (ORIEL_ARCH, default amd64). Complete or not there.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/apt.sh
. "$ORIEL_TOP/vm/apt.sh"

[ $# -ge 2 ] || die "usage: vm/tree.sh NAME PACKAGE..."
name=$1
shift
release=bookworm
arch=${ORIEL_ARCH:-amd64}
list=$(printf '%s\n' "$@" | sort -u)
key=$(printf '%s\n' "$release" "$arch" "$list" | sha256sum | cut -c1-12)
trees=$ORIEL_CACHE/trees
home=$trees/$name-$key

if [ -e "$home/.complete" ]; then
	echo "$home"
	exit 0
fi

"$ORIEL_TOP/vm/packages.sh" fetch
apt_private "$release" "$arch"
take_lock "tree-$name"
apt_refresh || die "the mirror cannot be reached, and the tree '$name' is not in the cache"

mkdir -p "$trees"
rm -rf "$trees/.new-$name".*
new=$(mktemp -d "$trees/.new-$name.XXXXXX")
trap 'rm -rf "$new"' EXIT

# /bin, /sbin and /lib are links before anything is unpacked through them.
for dir in bin sbin lib lib64; do
	mkdir -p "$new/usr/$dir"
	ln -s "usr/$dir" "$new/$dir"
done

say RESOLVE "$name: $*"
plan=$APT_DIR/tree-$name.plan
quietly "$plan" private_apt apt-get -s -y install "$@"
count=$(grep -c '^Inst ' "$plan" || true)
say FETCH "$count packages"
mkdir -p "$new/debs"
mapfile -t exact < <(sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p' "$plan")
private_download "$new/debs" "${exact[@]}"
say UNPACK "$count packages"
for deb in "$new"/debs/*.deb; do
	# Through tar, which keeps the links above where dpkg -x would not.
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --keep-directory-symlink
done
rm -r "$new/debs"
printf '%s\n' "${exact[@]}" >"$new/.complete"
chmod 755 "$new"
rm -rf "$home"
mv -T "$new" "$home"
trap - EXIT
say TREE "$home"
echo "$home"
