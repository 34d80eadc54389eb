# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# What the name of a series says, and what an architecture needs. Sourced after
# common.sh. A series is VERSION[-ARCH[-VARIANT]][-dbg]: 6.1, 6.12-arm64-16k. The
# variant 32 is a 64-bit kernel with nothing but 32-bit programs.

ARCH_SERIES="6.1 6.12 6.1-arm64 6.1-arm64-32 6.12-arm64 6.12-arm64-16k 6.1-armhf, ending in -dbg: debug kernels"

# arch_of SERIES: sets
#   SERIES_VERSION  the part before the first dash
#   ARCH            of the kernel, as Debian calls it
#   ARCH_FLAVOUR    of its kernels
#   ARCH_KERNEL     as the kernel's makefiles call it
#   ARCH_CROSS      prefix of the tools that build modules; empty: this machine's
#   ARCH_MACHINE    the machine of vm/machines that its guests get
#   ARCH_PURPOSES   what vm/packages.sh calls its packages
#   ARCH_GDB        as gdb calls it
#   ARCH_PROGRAMS   architecture of its programs, if it is another, or empty
#   ARCH_TRIPLET    directory of their libraries
#   ARCH_BUILD      where they are built
arch_of()
{
	local rest=${1%-dbg}
	SERIES_VERSION=${rest%%-*}
	ARCH=amd64 ARCH_FLAVOUR=amd64 ARCH_KERNEL=x86 ARCH_CROSS='' ARCH_PROGRAMS=''
	ARCH_TRIPLET=x86_64-linux-gnu ARCH_MACHINE=pc ARCH_PURPOSES=vm
	ARCH_GDB=i386:x86-64 ARCH_BUILD=$ORIEL_BUILD
	case ${rest#"$SERIES_VERSION"} in
	'') ;;
	-arm64|-arm64-16k|-arm64-32)
		ARCH=arm64 ARCH_FLAVOUR=${rest#*-} ARCH_KERNEL=arm64
		ARCH_TRIPLET=aarch64-linux-gnu ARCH_MACHINE=virt ARCH_PURPOSES=arm64
		ARCH_GDB=aarch64 ARCH_BUILD=$ORIEL_BUILD/$ARCH ARCH_CROSS=$ARCH_TRIPLET- ;;
	-armhf)
		ARCH=armhf ARCH_FLAVOUR=armmp ARCH_KERNEL=arm
		ARCH_TRIPLET=arm-linux-gnueabihf ARCH_MACHINE=vexpress-a15 ARCH_PURPOSES=armhf
		ARCH_GDB=arm ARCH_BUILD=$ORIEL_BUILD/$ARCH ARCH_CROSS=$ARCH_TRIPLET- ;;
	*)	die "unknown kernel series '$1' ($ARCH_SERIES)" ;;
	esac
	case $rest in
	*-32)	ARCH_FLAVOUR=$ARCH ARCH_PROGRAMS=armhf ARCH_PURPOSES="$ARCH_PURPOSES armhf"
		ARCH_TRIPLET=arm-linux-gnueabihf ARCH_BUILD=$ORIEL_BUILD/$ARCH_PROGRAMS ;;
	esac
}

# Prints where the programs and libraries of the guest's architecture are: /,
# or a tree of Debian packages in the cache.
arch_sysroot()
{
	[ -n "$ARCH_CROSS" ] || { echo /; return; }
	ORIEL_ARCH=${ARCH_PROGRAMS:-$ARCH} "$ORIEL_TOP/vm/tree.sh" sysroot \
		libc6-dev libcmocka-dev busybox-static
}

# Fills the array user_make: what make has to be told to build programs for it.
arch_user_make()
{
	local sysroot
	user_make=("BUILD=$ARCH_BUILD")
	[ -n "$ARCH_CROSS" ] || return 0
	sysroot=$(arch_sysroot) || return 1
	user_make+=("CC=$ARCH_TRIPLET-gcc --sysroot=$sysroot" "AR=$ARCH_TRIPLET-ar")
}
