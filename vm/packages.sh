#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm/packages.sh PURPOSE...: the packages that a purpose needs on this host.
#
# Says what is missing, then installs it: as root directly, otherwise through
# sudo. ORIEL_NO_INSTALL=1 lists it and stops with status 3. Nothing else of
# the project changes the host.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/common.sh"

# One line a purpose: what it is for, and the packages by name.
packages_of()
{
	case $1 in
	build)	echo gcc make libc6-dev libcmocka-dev libelf1 xz-utils kmod binutils ;;
	fetch)	echo debian-archive-keyring xz-utils kmod ca-certificates ;;
	vm)	echo qemu-system-x86 busybox-static cpio ;;
	arm64)	echo gcc-aarch64-linux-gnu qemu-system-arm cpio ;;
	armhf)	echo gcc-arm-linux-gnueabihf qemu-system-arm cpio ;;
	debug)	echo gcc make libc6-dev flex bison bc lz4 libelf-dev cpio perl kmod ;;
	mutants) echo patch git diffutils ;;
	lint)	echo sparse shellcheck perl python3 ;;
	*)	die "unknown purpose '$1' (build fetch vm arm64 armhf debug mutants lint)" ;;
	esac
}

installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
		provided "$1"
}

# libelf1 is libelf1t64 from trixie on: ask for any installed provider.
provided()
{
	dpkg-query -W -f '${db:Status-Status} ${Provides}\n' 2>/dev/null |
		grep -Eq "^installed (.*[ ,])?$1([ ,(]|\$)"
}

missing_for()
{
	local purpose package
	for purpose; do
		for package in $(packages_of "$purpose"); do
			installed "$package" || echo "$package"
		done
	done | sort -u
}

install()
{
	local run=()
	[ "$(id -u)" = 0 ] || run=(sudo)
	[ ${#run[@]} = 0 ] || command -v sudo >/dev/null ||
		die "not root and no sudo: install these as root: $*"

	local apt=("${run[@]}" env DEBIAN_FRONTEND=noninteractive
		   apt-get -o DPkg::Lock::Timeout=300)
	local log=$ORIEL_CACHE/packages.log
	# The lists of a fresh machine are empty or stale: refresh only then.
	if ! "${apt[@]}" -s install --no-install-recommends "$@" >/dev/null 2>&1; then
		say APT "update"
		quietly "$log" "${apt[@]}" update
	fi
	say APT "install $* (and what they depend on)"
	if ! quietly "$log" "${apt[@]}" install -y --no-install-recommends "$@"; then
		say APT "update, and once more"
		quietly "$log" "${apt[@]}" update
		quietly "$log" "${apt[@]}" install -y --no-install-recommends "$@"
	fi
}

[ $# -gt 0 ] || die "usage: vm/packages.sh build|fetch|vm|arm64|armhf|debug|mutants|lint..."
command -v dpkg-query >/dev/null ||
	die "not a Debian-like machine; install by hand: $(packages_of build) $(packages_of vm)"

for purpose; do
	packages_of "$purpose" >/dev/null
done
missing=$(missing_for "$@" | tr '\n' ' ')
[ -n "${missing// /}" ] || exit 0

printf 'Missing on this machine, needed for %s:\n    %s\n' "$*" "$missing" >&2
if [ "${ORIEL_NO_INSTALL:-0}" != 0 ]; then
	echo "ORIEL_NO_INSTALL is set: nothing was installed." >&2
	exit 3
fi
echo "Installing them now." >&2
# shellcheck disable=SC2086 # a list of names
install $missing
