#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/checkpatch.sh: the kernel's checkpatch.pl, out of Debian's source package
# (no other package has it), into the cache. Prints its path.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=vm/apt.sh
. "$ORIEL_TOP/vm/apt.sh"

home=$ORIEL_CACHE/checkpatch
package=linux-source-6.1

if [ ! -e "$home/scripts/checkpatch.pl" ]; then
	"$ORIEL_TOP/vm/packages.sh" fetch
	apt_private bookworm amd64
	take_lock checkpatch
	apt_refresh || die "the mirror cannot be reached, and checkpatch.pl is not in the cache"
	rm -rf "$ORIEL_CACHE"/.new-checkpatch.*
	new=$(mktemp -d "$ORIEL_CACHE/.new-checkpatch.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	say FETCH "$package, for checkpatch.pl (about 135 MB, once)"
	private_download "$new" "$package"
	say UNPACK "$package"
	dpkg-deb --fsys-tarfile "$new"/*.deb | tar -x -O --wildcards '*/linux-source-*.tar.xz' |
		tar -xJ -C "$new" --strip-components=1 --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch'
	rm "$new"/*.deb
	chmod 755 "$new"
	rm -rf "$home"
	mv -T "$new" "$home"
	trap - EXIT
fi
echo "$home/scripts/checkpatch.pl"
