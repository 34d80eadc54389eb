#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oriel irq: waits, prints, ends; what it may do and what it says if not.
# oriel-test: timeout=120 needs=pci

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 9
edu=00:11.0
raise=0x60
quiet=0x64

# Is somebody waiting? Until then nothing is raised.
is_waiting()
{
	tries=0
	until grep -q oriel-pci /proc/interrupts; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.1
	done
}

load oriel-pci
oriel write $edu bar0 $quiet 0xffffffff
oriel irq $edu 0 1 >out &
try "somebody waits for INTx" is_waiting
oriel write $edu bar0 $raise 1
wait $!
is $? 0 "irq ends when the interrupt came"
is "$(cat out)" "vector 0: 1" "irq prints it"
oriel write $edu bar0 $quiet 1

oriel irq $edu 0 1 --force --json >out &
try "somebody waits for MSI" is_waiting
oriel write $edu bar0 $raise 1
wait $!
is $? 0 "irq ends when the message came"
is "$(cat out)" '{"vector": 0, "interrupts": 1}' "irq prints it as JSON"
oriel write $edu bar0 $quiet 1

try "a vector that is not there" sh -c "oriel irq $edu 7 2>&1 | grep -q 'there is no vector 7'"
try "a device without interrupts" sh -c "oriel irq 00:10.0 0 2>&1 | grep -q 'the device has 0'"

oriel irq $edu 0 >out 2>err &
is_waiting
echo 0000:00:11.0 >/sys/bus/pci/drivers/oriel-pci/unbind
wait $!
try "a device that goes" grep -q removed err
unload oriel-pci
done_testing
