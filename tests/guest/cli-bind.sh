#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oriel bind and unbind of devices of the tree: a clock (AMBA), which has a driver, and
# a slot of virtio-mmio (platform bus), which has none. PCI: see bind-busy.
# oriel-test: timeout=120 needs=tree

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 23

amba=/sys/bus/amba
platform=/sys/bus/platform
rules=/etc/udev/rules.d

# The first of these without a driver
free_one()
{
	for device; do
		[ -e "$device/driver" ] || { basename "$device"; return; }
	done
}

# Of the tree, without registers, and without a driver
without_registers()
{
	for device in "$platform"/devices/*; do
		[ -e "$device/of_node" ] && [ ! -e "$device/of_node/reg" ] &&
			[ ! -e "$device/driver" ] && basename "$device"
	done | head -n 1
}

driver_of()
{
	[ ! -e "$1/driver" ] || basename "$(readlink "$1/driver")"
}

for clock in "$amba"/devices/*.pl031 "$amba"/devices/*.rtc; do
	[ ! -e "$clock" ] || break
done
clock=$(basename "$clock")
slot=$(free_one $platform/devices/*virtio_mmio*)
load oriel-platform

is "$(oriel bind "$slot")" "/dev/oriel/platform-$slot" "a slot on the platform bus, by its name"
is "$(driver_of $platform/devices/"$slot")" oriel-platform "is had by oriel-platform"
is "$(oriel read "platform-$slot" reg0 0)" 0x74726976 "and answers"
is "$(oriel bind "platform-$slot")" "/dev/oriel/platform-$slot" "again, by its node"
try "it is let go" oriel unbind "platform-$slot"
is "$(driver_of $platform/devices/"$slot")" "" "nobody has it"
is "$(cat $platform/devices/"$slot"/driver_override)" "(null)" "nor is it meant for anybody"
fails "it is let go once" oriel unbind "$slot"

fails "the clock, on AMBA, stays with its driver" oriel bind "$clock"
oriel bind "$clock" 2>err
try "which is named" grep -q "^oriel: $clock is in use by the driver rtc-pl031\. " err
is "$(oriel bind --force "platform-$clock")" "/dev/oriel/platform-$clock" "and is taken by force"
is "$(driver_of $amba/devices/"$clock")" oriel-platform "by oriel-platform"
is "$(oriel read "platform-$clock" reg0 0xfe0)" 0x00000031 "and answers"
try "it is let go" oriel unbind "$clock"
echo "$clock" >$amba/drivers_probe
is "$(driver_of $amba/devices/"$clock")" rtc-pl031 "its own driver has it again"

# What udev would do at boot
mkdir -p /etc/udev
try "a rule for every boot" oriel bind --force --persist "$clock"
rule=$rules/60-oriel-bind-platform-$clock.rules
try "which is for this device" grep -q "SUBSYSTEM==\"amba\", KERNEL==\"$clock\"" "$rule"
oriel unbind "$clock"
echo "$clock" >$amba/drivers_probe
sh -c "$(sed -n 's/.*RUN+="\(.*\)"$/\1/p' "$rule")" >out
is "$(cat out)" "/dev/oriel/platform-$clock" "what it runs binds it"
try "and no longer" oriel unbind --persist "platform-$clock"
fails "the rule is gone" test -e "$rule"

none=$(without_registers)
oriel bind "$none" 2>err
is "$?-$(cat err)" "1-oriel: $none was not taken by oriel-platform. The kernel's log says why." \
	"what has no registers is not taken"
try "and the log says so" sh -c "dmesg | grep -q '$none: error -ENODEV: has no registers'"
oriel bind "../devices/$slot" 2>/dev/null
is $? 2 "what leads elsewhere is no name"
unload oriel-platform
done_testing
