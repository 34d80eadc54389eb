#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A register access through the library is one instruction: each accessor of the
# public header, compiled for speed and disassembled, is a load or a store and
# the return. Prints TAP.
#
# usage: loads.sh INCLUDE_DIRECTORY LIBRARY_DIRECTORY
# A compiler that is not there is no failure: its tests are skipped, by name.

set -u
include=$1
library=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
failed=0

cat > "$work/loads.c" <<'END'
#include <oriel.h>

#define REGISTER(map) ((char *)(map) + 0x40)

uint8_t load8(void *map);
uint16_t load16(void *map);
uint32_t load32(void *map);
uint64_t load64(void *map);
void store8(void *map, uint8_t value);
void store16(void *map, uint16_t value);
void store32(void *map, uint32_t value);
void store64(void *map, uint64_t value);

uint8_t load8(void *map) { return oriel_read8(REGISTER(map)); }
uint16_t load16(void *map) { return oriel_read16(REGISTER(map)); }
uint32_t load32(void *map) { return oriel_read32(REGISTER(map)); }
void store8(void *map, uint8_t value) { oriel_write8(REGISTER(map), value); }
void store16(void *map, uint16_t value) { oriel_write16(REGISTER(map), value); }
void store32(void *map, uint32_t value) { oriel_write32(REGISTER(map), value); }
#if ORIEL_HAVE_ACCESS64
uint64_t load64(void *map) { return oriel_read64(REGISTER(map)); }
void store64(void *map, uint64_t value) { oriel_write64(REGISTER(map), value); }
#endif
END

# What a function does, an instruction a line, without what marks its entry.
body_of()
{
	objdump -d --no-show-raw-insn "$work/loads.o" |
		awk -v start="<$1>:" '
			index($0, start) { on = 1; next }
			!NF { on = 0 }
			on { sub(/^[^:]*:[[:space:]]*/, ""); print }' |
		grep -vE '^(endbr(32|64)|bti|nop|xchg +%ax,%ax|data16|cs nop)'
}

# one_access COMPILER FUNCTION MNEMONIC-PATTERN
one_access()
{
	number=$((number + 1))
	what="$2, by $1"
	if ! command -v "$1" > /dev/null; then
		echo "ok $number - loads: $what # SKIP no $1"
		return
	fi
	body_of "$2" > "$work/body"
	if [ "$(grep -c . "$work/body")" = 2 ] &&
	   sed -n 1p "$work/body" | grep -qE "$3" &&
	   sed -n 2p "$work/body" | grep -qE '^retq?[[:space:]]*$'; then
		echo "ok $number - loads: $what"
	else
		sed 's/^/# /' "$work/body"
		echo "not ok $number - loads: $what"
		failed=1
	fi
}

case $(uname -m) in
x86_64)
	load='^mov[a-z]* +0x40\(%rdi\),%[a-z]+[[:space:]]*$'
	store='^mov[a-z]* +%[a-z]+,0x40\(%rdi\)[[:space:]]*$' ;;
aarch64)
	load='^ldr[bh]?[[:space:]]+[wx]0, \[x0, #64\]'
	store='^str[bh]?[[:space:]]+[wx]1, \[x0, #64\]' ;;
*)
	echo "1..0 # SKIP no pattern for $(uname -m)"
	exit 0 ;;
esac

echo 1..16
for compiler in gcc clang; do
	if command -v $compiler > /dev/null && ! $compiler -std=c99 -O2 -Wall -Wextra -Werror \
			-I"$include" -I"$library" -c -o "$work/loads.o" "$work/loads.c"; then
		echo "Bail out! $compiler does not compile it"
		exit 1
	fi
	for width in 8 16 32 64; do
		one_access $compiler load$width "$load"
		one_access $compiler store$width "$store"
	done
done
exit $failed
