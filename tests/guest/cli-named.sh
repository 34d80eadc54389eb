#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oriel create, oriel remove: what they make, print and leave behind.
# oriel-test: timeout=120 machine=pc

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 22
buffers=/sys/kernel/config/oriel/buffers
edu=00:11.0

# one_line WANTED-STATUS WORDS DESCRIPTION COMMAND...: exactly one line on
# standard error, with the words in it, nothing on standard output, and nothing made.
one_line()
{
	wanted=$1 words=$2 what=$3
	shift 3
	"$@" >out 2>err
	status=$?
	lines=$(wc -l <err)
	if [ $status = "$wanted" ] && [ "$lines" = 1 ] && [ ! -s out ] &&
		grep -q -e "$words" err && [ ! -e $buffers/refused ]; then
		ok "$what"
	else
		not_ok "$what"
		diag "status $status (wanted $wanted), $lines lines: $(cat err)"
	fi
}

load oriel-pci
is "$(oriel create log 64K)" "/dev/oriel/log" "create prints the node"
try "it is there" test -c /dev/oriel/log
is "$(cat $buffers/log/size) $(cat $buffers/log/kind)" "65536 scattered" "as large as asked for"
oriel write log buffer 0x10 0x12345678
is "$(oriel read log buffer 0x10)" "0x12345678" "it is memory"
one_line 1 "there is a buffer of that name" "twice" oriel create log 64K
is "$(oriel read log buffer 0x10)" "0x12345678" "the first is still there"

is "$(oriel create ring 4K coherent $edu --json | sed 's/0x[0-9a-f]*/ADDRESS/')" \
	'{"name": "ring", "size_bytes": 4096, "kind": "coherent", "device": "pci-0000-00-11.0", "bus_address": "ADDRESS"}' \
	"for a device, as JSON"
is "$(oriel create any 4K coherent | sed -n 's/0x[0-9a-f]*/ADDRESS/; 2p')" \
	"bus address ADDRESS, for devices that no IOMMU translates" "for any device"
is "$(oriel create none 4K contig --json)" \
	'{"name": "none", "size_bytes": 4096, "kind": "contig", "device": null, "bus_address": null}' \
	"for no device"

is "$(oriel create wc 4K writecombine --json)" \
	'{"name": "wc", "size_bytes": 4096, "kind": "writecombine", "device": null, "bus_address": "'"$(cat $buffers/wc/bus_address)"'"}' \
	"write-combined"
is "$(cat $buffers/wc/kind) $(cat $buffers/wc/cache)" "coherent write-combined" "two values for the kernel"

one_line 1 "the length is 0" "no size" oriel create refused 0
one_line 1 "max_buffer_bytes" "more than the limit" oriel create refused 1024G
one_line 1 "no value of that file" "no such kind" oriel create refused 4K mmio
one_line 1 "does not reach memory by itself" "a device without DMA" \
	oriel create refused 4K contig 00:10.0
one_line 1 "" "no such device" oriel create refused 4K contig nothing
one_line 1 "reserved" "a name of hardware" oriel create pci-0000-00-99.0 4K
one_line 2 "is no name" "a way out" oriel create ../windows/refused 4K
one_line 2 "is no name" "a way out" oriel remove ../buffers/log

try "remove" oriel remove log
oriel remove ring && oriel remove any && oriel remove none && oriel remove wc
one_line 1 "no such named buffer" "remove what is gone" oriel remove log
is "$(ls $buffers)$(find /dev/oriel -type c ! -name 'pci-*')" "" "nothing is left"
unload oriel-pci
done_testing
