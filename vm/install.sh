#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/install.sh SERIES DIR: installs what the tree builds for a kernel below
# DIR, with the first command that the README gives to somebody with a card.
# DIR/first-use gets the commands that follow. Built in a copy of the tree.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

[ $# = 2 ] || die "usage: vm/install.sh SERIES DIR"
env=$("$ORIEL_TOP/vm/fetch.sh" "$1")
eval "$env"
to=$2
copy=$ORIEL_BUILD/install/$KREL

# The commands under "Have a card?", one a line.
readme_commands()
{
	awk '/^\*\*Have a card\?\*\*/ { inside = 1; next } /^\*\*/ { inside = 0 }
	     inside && /^    / { sub(/^    /, ""); print }' "$ORIEL_TOP/README.md"
}

copy_sources()
{
	mkdir -p "$copy"
	(cd "$ORIEL_TOP" && find Makefile README.md kernel lib cli dist docs examples \
		-type f ! -name '.*' ! -name '*.o' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' \
		! -name Module.symvers ! -name modules.order ! -name probed.h ! -name '*-user' -print0 |
		xargs -0 cp -u --parents --preserve=timestamps -t "$copy")
}

# /lib of the guest is a link, as on any Debian.
prepare()
{
	rm -rf "$to"
	mkdir -p "$to/usr/lib" "$to/bin.host"
	ln -s usr/lib "$to/lib"
	# The one module of the kernel's that ours need.
	mkdir -p "$to/lib/modules/$KREL/kernel/fs"
	cp -r "$MODULES/kernel/fs/configfs" "$to/lib/modules/$KREL/kernel/fs/"
	cp "$MODULES/modules.order" "$MODULES/modules.builtin" "$to/lib/modules/$KREL/"
	printf '#!/bin/sh\nexec "$@"\n' >"$to/bin.host/sudo"
	chmod +x "$to/bin.host/sudo"
}

first_command()
{
	cd "$copy"
	PATH=$to/bin.host:$PATH KDIR=$KDIR DESTDIR=$to MAKEFLAGS="-j$(nproc)" \
		sh -ec "$(readme_commands | head -n 1)"
}

case $(readme_commands | head -n 1) in
*'make install'*) ;;
*) die "README.md does not begin with make install" ;;
esac
say INSTALL "for $KREL, as the README says"
copy_sources
prepare
quietly "$ORIEL_BUILD/logs/$KREL/install.log" first_command
rm -r "$to/bin.host"
cp "$ORIEL_TOP/dist/activate.sh" "$to/activate"
readme_commands | tail -n +2 >"$to/first-use"
