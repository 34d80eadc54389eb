#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The headers that users include compile alone, as C and as C++, and the user
# ABI has the same layout for 32 and 64 bit. Prints TAP.
#
# usage: uapi.sh INCLUDE_DIRECTORY LIBRARY_DIRECTORY
# A compiler that is not there is no failure: its tests are skipped, by name.

set -u
include=$1
library=$2
here=$(dirname "$0")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
failed=0
strict="-Wall -Wextra -Werror -pedantic-errors -fsyntax-only"

echo '#include <linux/oriel.h>' > "$work/uapi.h"
echo '#include <oriel.h>' > "$work/library.h"
cp "$here/uapi_layout.h" "$work/layout.h"

# compile NAME HEADER COMPILER OPTIONS...
compile()
{
	name=$1 header=$2 compiler=$3
	shift 3
	number=$((number + 1))
	if ! command -v "$compiler" > /dev/null; then
		echo "ok $number - uapi: $name # SKIP no $compiler"
		return
	fi
	case " $* " in
	*" c++ "*) file=$work/$header.cc ;;
	*) file=$work/$header.c ;;
	esac
	echo "#include \"$header.h\"" > "$file"
	# shellcheck disable=SC2086 # a list of options
	if "$compiler" $strict -I"$work" -I"$include" -I"$library" "$@" \
		"$file" > "$work/log" 2>&1; then
		echo "ok $number - uapi: $name"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $number - uapi: $name"
		failed=1
	fi
}

# Constants must be distinct within their set, and never a number twice.
distinct()
{
	number=$((number + 1))
	twice=$(awk -v set="^ORIEL_$1" '$1 == "#define" && $2 ~ set { print $3 }' \
		"$include/linux/oriel.h" | sort | uniq -d)
	if [ -z "$twice" ]; then
		echo "ok $number - uapi: ORIEL_$1* numbers are distinct"
	else
		echo "# twice: $twice" | tr "\n" " "; echo
		echo "not ok $number - uapi: ORIEL_$1* numbers are distinct"
		failed=1
	fi
}

# The kernel's headers for 32 bit are those of this machine; no libc is needed.
multiarch=$(gcc -print-multiarch 2> /dev/null)
m32="-m32 -ffreestanding -isystem /usr/include/$multiarch"

echo 1..20
compile "header alone, gcc C99" uapi gcc -std=c99
compile "header alone, gcc C11" uapi gcc -std=c11
compile "header alone, gcc C++98" uapi g++ -x c++ -std=c++98
compile "header alone, gcc C++17" uapi g++ -x c++ -std=c++17
compile "header alone, clang C99" uapi clang -std=c99
compile "header alone, clang C++11" uapi clang++ -x c++ -std=c++11
compile "layout, gcc 64 bit" layout gcc -std=c99
compile "layout, gcc C++" layout g++ -x c++ -std=c++98 -Wno-invalid-offsetof
compile "layout, clang 64 bit" layout clang -std=c99
# shellcheck disable=SC2086 # a list of options
compile "layout, gcc 32 bit" layout gcc -std=c99 $m32
# shellcheck disable=SC2086
compile "layout, clang 32 bit" layout clang -std=c99 $m32
# shellcheck disable=SC2086
compile "header alone, gcc 32 bit" uapi gcc -std=c99 $m32
compile "library header, gcc C99" library gcc -std=c99
compile "library header, gcc C++11" library g++ -x c++ -std=c++11
compile "library header, clang C11" library clang -std=c11
compile "library header, clang C++17" library clang++ -x c++ -std=c++17
distinct REASON_
distinct CALL_
distinct KIND_
distinct CACHE_
exit $failed
