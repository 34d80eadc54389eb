#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The oriel command on real devices: what it prints, and that each error is one
# line, with a status of its own.
# oriel-test: timeout=60

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 25

# one_line WANTED-STATUS WORDS DESCRIPTION COMMAND...: exactly one line on
# standard error, with the words in it, and nothing on standard output.
one_line()
{
	wanted=$1 words=$2 what=$3
	shift 3
	"$@" >out 2>err
	status=$?
	lines=$(wc -l <err)
	if [ $status = "$wanted" ] && [ "$lines" = 1 ] && [ ! -s out ] && grep -q "$words" err; then
		ok "$what"
	else
		not_ok "$what"
		diag "status $status (wanted $wanted), $lines lines: $(cat err)"
	fi
}

is "$(oriel list --json | tr -d ' \n')" '{"devices":[]}' "no device, no entry"
load oriel-testdev
load hello

try "list shows hello" sh -c 'oriel list | grep -q "^hello "'
try "list shows testdev" sh -c 'oriel list | grep -q "^testdev "'
try "list prints JSON" sh -c 'oriel list --json | grep -q "\"hello\""'
try "info shows a region" sh -c 'oriel info hello | grep -q buffer'
try "info prints JSON" sh -c 'oriel info hello --json | grep -q "8192"'
try "info takes a path" oriel info /dev/oriel/hello
try "write" oriel write hello buffer 0x10 0x12345678
is "$(oriel read hello buffer 0x10)" "0x12345678" "read gives what was written"
is "$(oriel read hello 0 0x10 --width 8)" "0x78" "read of a byte, region by index"
is "$(oriel read hello buffer 0x10 --width 64)" "0x0000000012345678" "read of 64 bits"
echo 0xff >/sys/class/oriel/hello/xor
is "$(oriel read hello buffer 0x10)" "0xedcba987" "the driver changed it in place"
is "$(oriel read testdev small39 8 --width 64)" "0x0033000000000008" "the last of many regions"
try "dump" sh -c 'oriel dump hello buffer 0 32 | grep -q "^00000010 "'
is "$(oriel dump testdev odd 4992 8 --width 64 | head -n 1 | cut -d' ' -f1-3)" \
	"00001380  0002000000001380" "dump up to the end"

one_line 1 "none" "no such device" oriel info none
one_line 1 "nothere" "no such region" oriel read hello nothere 0
one_line 1 "" "beyond the end" oriel read hello buffer 8192
one_line 1 "" "dump beyond the end" oriel dump hello buffer 8000 1000
one_line 2 "multiple" "misaligned" oriel read hello buffer 2
one_line 1 "" "write to a read-only region" oriel write testdev read-only 0 1
one_line 2 "does not fit" "a value too large" oriel write hello buffer 0 256 --width 8
one_line 2 "command" "no such command" oriel frobnicate
one_line 2 "" "a number that is none" oriel read hello buffer zero

unload hello
one_line 1 "hello" "a device that went" oriel read hello buffer 0
unload oriel-testdev
done_testing
