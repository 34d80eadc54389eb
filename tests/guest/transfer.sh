#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oriel load, save and fill on memory that is there: RAM, registers, a frame
# buffer of 16 MiB, memory shared with the host, a device with an MSI-X table.
# oriel-test: timeout=120 needs=pci

# shellcheck disable=SC2317 # called through try
# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 30

display=0000:00:12.0
edu=00:11.0
shm=00:10.0

# refused WORDS DESCRIPTION COMMAND...: status 1, and one line with the words.
refused()
{
	words=$1 what=$2
	shift 2
	"$@" >out 2>err
	status=$?
	if [ $status = 1 ] && [ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q "$words" err; then
		ok "$what"
	else
		not_ok "$what"
		diag "status $status: $(cat err)"
	fi
}

load hello
load oriel-testdev
load oriel-pci

# --- RAM
head -c 8192 /dev/urandom >random
try "load into RAM" oriel load hello buffer random
try "save from RAM" oriel save hello buffer saved
try "... the same bytes" cmp random saved
try "the node has them too" cmp random /dev/oriel/hello
head -c 77 random >part
try "an odd part, from a pipe" sh -c 'cat part | oriel load hello buffer - 1001'
try "... the same bytes" sh -c 'oriel save hello buffer - 1001 77 | cmp - part'
head -c 8193 /dev/urandom >large
oriel save hello buffer before
refused "ends at byte 8193, the region at byte 8192" "a file too large" \
	oriel load hello buffer large
refused "ends at byte 8193" "a pipe too large" sh -c 'cat large | oriel load hello buffer -'
refused "the region is read-only" "a read-only region" \
	oriel load testdev read-only random
refused "ends at byte" "fill beyond the end" oriel fill hello buffer 1 8000 200
try "nothing of this was written" oriel save hello buffer after
try "... the same bytes" cmp before after

# --- registers: edu inverts what is written to 4; 8 is its factorial
try "fill a register" oriel fill $edu bar0 0x0f0f0f0f 4 4
is "$(oriel save $edu bar0 - 0 8 | od -A n -t x4 | tr -d ' ')" 010000edf0f0f0f0 \
	"save two registers, each by one access"
is "$(oriel save $edu bar0 - 4 4 --width 32 | od -A n -t x4 | tr -d ' ')" f0f0f0f0 \
	"save with the width"
refused "" "beyond the BAR" oriel save $edu bar0 out 0xfffff0 0x100

# --- shared memory
try "text for the host" sh -c "echo -n 'load by guest' | oriel load $shm bar2 - 0x3000 -w 8"
is "$(host shm_read 0x3000 13)" "load by guest" "the host reads it"
host shm_write 0x4000 "save in guest"
is "$(oriel save $shm bar2 - 0x4000 13 -w 8)" "save in guest" "what the host wrote is saved"

# --- a frame buffer of 16 MiB
oriel bind $display >/dev/null
head -c 16777216 /dev/urandom >frame
try "load 16 MiB" oriel load $display bar0 frame
try "save 16 MiB write-combined" oriel save $display bar0-wc frame2
try "... the same bytes" cmp frame frame2
oriel fill $display bar0 0x00112233 --progress 2>bar
is "$(tr '\r' '\n' <bar | tail -n 1 | cut -c 1-56)" \
	"100 % [##############################] 16.0 of 16.0 MiB," "fill shows how far it got"
is "$(oriel read $display bar0 0xfffffc)" 0x00112233 "... and reached the end"
rm -f frame frame2
oriel unbind $display

# --- a device with an MSI-X table in the page at 0x3000 of its BAR
host device_add qemu-xhci xhci bus=port0 >/dev/null
# It may be there before the kernel lets drivers have it.
bind_xhci()
{
	xhci=$(grep -l 0x0c0330 /sys/bus/pci/devices/*/class | head -n 1 | cut -d / -f 6)
	[ -n "$xhci" ] && node=$(oriel bind "$xhci")
}
wait_for 20 bind_xhci
try "a device with an MSI-X table" test -e "$node"
# Which begins where the page is larger: then nobody may write any of them.
page=$(page_bytes)
table=$(printf '0x%x' $((0x3000 / page * page)))
# 0x70 is a register that keeps what is written.
refused "nobody may write, $page bytes from $table" "fill over the table" \
	oriel fill "$node" bar0 0x11111100 0x70 0x2fa0
head -c 16384 /dev/zero | tr '\000' '\100' >image
refused "nobody may write" "load over the table" oriel load "$node" bar0 image
is "$(oriel read "$node" bar0 0x70)" 0x00000000 "neither wrote the register before it"
if [ "$table" = 0x0 ]; then
	refused "nobody may write" "beside the table" oriel fill "$node" bar0 0x11111100 0x70 4
	is "$(oriel read "$node" bar0 0x70)" 0x00000000 "... nor is that written"
else
	try "up to the table it may" oriel fill "$node" bar0 0x11111100 0x70 4
	is "$(oriel read "$node" bar0 0x70)" 0x11111100 "... and that is written"
fi
oriel unbind "$xhci"
host device_del xhci >/dev/null

unload oriel-pci
unload oriel-testdev
unload hello
done_testing
