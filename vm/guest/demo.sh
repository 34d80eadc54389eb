#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the demo does inside the guest. Each step is a caption, the command as a
# person would type it, and what it printed; a step that fails ends the demo.

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

step()
{
	printf '\n== %s\n' "$1"
}

run()
{
	printf '$ %s\n' "$*"
	"$@" || { echo "FAILED with status $?: $*"; exit 1; }
}

# refused COMMAND...: has to fail.
refused()
{
	printf '$ %s\n' "$*"
	! "$@" 2>&1 || { echo "FAILED to be refused: $*"; exit 1; }
}

numbers()
{
	awk -F'[:,}]' '
	BEGIN { printf "%10s %18s %18s\n", "bytes", "look: copy / map", "make: copy / map" }
	{ printf "%10d %17.1fx %17.1fx\n", $2, $12, $14 }'
}

# Somebody waits; until then nothing is raised.
interrupt()
{
	echo '$ oriel irq 00:11.0 0 1 &'
	oriel irq 00:11.0 0 1 >/tmp/interrupt &
	wait_for 30 grep -q oriel-pci /proc/interrupts || { echo "FAILED: nobody waits"; return 1; }
	run oriel write 00:11.0 bar0 0x60 0x1
	wait $! || { echo "FAILED: nobody was woken"; return 1; }
	cat /tmp/interrupt
	run oriel write 00:11.0 bar0 0x64 0x1
	run cat /sys/class/oriel/pci-0000-00-11.0/irqs
}

# The kernel's console draws on displays too, until it is told to leave them.
console_off()
{
	for console in /sys/class/vtconsole/*; do
		! grep -q 'frame buffer' "$console/name" || echo 0 >"$console/bind"
	done
}

step "A driver of 90 lines offers 8 KiB of contiguous memory: /dev/oriel/hello"
run load hello
run oriel list

step "A program maps it; the driver works on the same bytes through its own address"
run hello-user

step "64 MiB from wherever memory was free, contiguous for program and kernel alike"
run load scattered size=67108864
run scattered-user
run oriel info scattered

step "A word of it, read and written by the command: one access each"
run oriel write hello buffer 0x10 0x1234
run oriel read hello buffer 0x10

step "What is not there is refused, with the reason"
refused oriel read hello buffer 0x2000

step "The driver is unloaded while its node is open: the file says so, nobody is harmed"
(
	exec 3<>/dev/oriel/scattered
	run rmmod scattered
	refused dd bs=8 count=1 of=/dev/null <&3
) || exit 1

step "PCI devices: oriel-pci binds ivshmem and edu; each BAR is a region"
run load oriel-pci
run oriel list
run oriel info 00:10.0

step "A register of edu: it answers with the bits inverted"
run oriel write 00:11.0 bar0 0x4 0x12345678
run oriel read 00:11.0 bar0 0x4

step "An interrupt: edu raises it, a program that waits for it wakes up"
interrupt || exit 1

step "ivshmem: memory that this machine shares with the host"
run oriel-host shm_write 0x100 "written by the host"
run oriel dump 00:10.0 bar2 0x100 32 --width 8
run oriel write 00:10.0 bar2 0x200 0x21216948
run oriel-host shm_read 0x200 4

step "Any other device, taken from nobody"
run oriel bind 00:12.0
run oriel read 00:12.0 bar0-wc 0x0

step "The same display as /dev/fb0: a program maps it, and draws a window"
run oriel unbind 00:12.0
run load oriel-pcifb mode=640x480-32
console_off
run window-user -m -n 120
run oriel-host screendump window

step "Copying (pread, pwrite) against mapping: how many times dearer a copy is, in this emulated machine"
run load oriel-bench
copy-bench /dev/oriel/bench >/tmp/numbers || { echo "FAILED: copy-bench"; exit 1; }
numbers </tmp/numbers
cat /tmp/numbers

step "Everything is unloaded again"
run rmmod oriel_bench
echo 0000:00:12.0 >/sys/bus/pci/drivers/oriel-pcifb/unbind
run rmmod oriel_pcifb
run rmmod oriel_pci
run rmmod hello
