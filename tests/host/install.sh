#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What install puts where, that it works there, and that uninstall takes all of
# it away. Modules need a kernel: vm/installed.sh. Prints TAP.
#
# usage: install.sh TOP BUILD

# shellcheck disable=SC2317 # called through check

set -u
top=$1 build=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# check NAME COMMAND...
check()
{
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $number - install: $name"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $number - install: $name"
		failed=1
	fi
}

# each TARGET VARIABLE=VALUE...: in every directory that has something
each()
{
	for dir in lib cli docs dist; do
		make --no-print-directory -C "$top/$dir" BUILD="$build" "$@" || return 1
	done
}

same()
{
	[ "$1" = "$2" ] && return
	printf 'got:\n%s\nwanted:\n%s\n' "$1" "$2"
	return 1
}

files()
{
	(cd "$1" && find . ! -type d | grep -v /man/ | sort)
}

wanted='./usr/bin/oriel
./usr/include/linux/oriel.h
./usr/include/oriel.h
./usr/lib/liboriel.a
./usr/lib/liboriel.so
./usr/lib/liboriel.so.1
./usr/lib/liboriel.so.1.0.0
./usr/lib/pkgconfig/liboriel.pc
./usr/lib/sysusers.d/oriel.conf
./usr/lib/udev/rules.d/60-oriel.rules
./usr/share/bash-completion/completions/oriel'

run_installed()
{
	LD_LIBRARY_PATH=$work/root/usr/lib "$work/root/usr/bin/oriel" "$@"
}

no_path_into_the_build()
{
	! readelf -d "$work/root/usr/bin/oriel" | grep -E 'RPATH|RUNPATH'
}

# With what the .pc file says and nothing else.
build_with_it()
{
	cat >"$work/p.c" <<-'END'
		#include <oriel.h>
		#include <stdio.h>
		int main(void) { return puts(oriel_version_string()) < 0; }
	END
	flags=$(PKG_CONFIG_LIBDIR=$work/root/usr/lib/pkgconfig \
		PKG_CONFIG_SYSROOT_DIR=$work/root pkg-config --cflags --libs liboriel) || return 1
	# shellcheck disable=SC2086 # words are wanted
	${CC:-cc} -o "$work/p" "$work/p.c" -I"$work/root/usr/include" -L"$work/root/usr/lib" $flags &&
		LD_LIBRARY_PATH=$work/root/usr/lib "$work/p"
}

# offered WORD...: what bash would offer for the last
offered()
{
	# shellcheck disable=SC2016 # for the bash inside
	bash -c '. "$0"; COMP_WORDS=(oriel "$@"); COMP_CWORD=$#; _oriel; echo "${COMPREPLY[@]}"' \
		"$work/root/usr/share/bash-completion/completions/oriel" "$@"
}

completes_all_commands()
{
	commands=$(run_installed --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
	[ -n "$commands" ] || return 1
	for command in $commands; do
		offered "$command" | grep -qw -- "$command" || { echo "not $command"; return 1; }
	done
}

completes_options()
{
	same "$(offered load hello buffer --p)" --progress &&
		same "$(offered read hello buffer 0 --width 3)" 32
}

# The first thing that somebody on a fresh system meets
tells_of_headers()
{
	! make --no-print-directory -C "$top" modules KDIR="$work/nowhere" >"$work/make.log" 2>&1 &&
		grep -q 'nowhere is not there: install the headers' "$work/make.log" &&
		grep -qF "linux-headers-\$(uname -r)" "$work/make.log"
}

echo 1..10
check "as any user" each install DESTDIR="$work/root" PREFIX=/usr
check "the files that there should be" same "$(files "$work/root")" "$wanted"
check "the command finds its library" run_installed --version
check "... but not in the build directory" no_path_into_the_build
check "the rule knows where the command is" \
	grep -q '"/usr/bin/oriel by-id ' "$work/root/usr/lib/udev/rules.d/60-oriel.rules"
if command -v pkg-config >/dev/null; then
	check "a program builds against it" build_with_it
else
	number=$((number + 1))
	echo "ok $number - install: a program builds against it # SKIP no pkg-config"
fi
check "every command is completed" completes_all_commands
check "options and widths are completed" completes_options
check "make says what is missing for modules" tells_of_headers
each uninstall DESTDIR="$work/root" PREFIX=/usr >"$work/uninstall.log" 2>&1
check "uninstall leaves nothing" same "$(find "$work/root" ! -type d)" ""
exit $failed
