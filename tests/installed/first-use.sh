#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Somebody with a card: the README's commands as it prints them, on a Debian
# root file system with udevd; what udev makes of the node; binding for every
# boot. The first command, make && sudo make install, has run outside.
# oriel-test: machine=installed timeout=600

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 47

node=/dev/oriel/pci-0000-00-11.0
testdev=0000:00:13.0

settle()
{
	system udevadm settle --timeout=60
}

# What udevd finds at boot: every device is announced once more.
coldplug()
{
	system udevadm trigger --type=subsystems --action=add
	system udevadm trigger --type=devices --action=add
	settle
}

about()
{
	stat -c '%a %g' "$1"
}

try "the system is there" system_mount
# The host's user has built it; make install is root's.
chown 0:0 /system /system/usr /system/usr/local /system/usr/local/bin /system/usr/local/bin/oriel
try "what install says to a running system" system sh /activate /usr/local/lib/sysusers.d/oriel.conf
group=$(sed -n 's/^oriel:x:\([0-9]*\):.*/\1/p' /system/etc/group)
try "there is a group oriel" test "${group:-0}" -gt 0
fails "no module of ours is in" loaded oriel
printf '#!/bin/sh\nexec "$@"\n' >/system/usr/local/bin/sudo
chmod +x /system/usr/local/bin/sudo

# Before udev looks at the devices, so that nothing was loaded for them.
try "udevd runs" system /usr/lib/systemd/systemd-udevd --daemon
settle

# --- the README's second and third command, for a card that is here
sed -e 's/0000:03:00\.0/0000:00:11.0/; s/03:00\.0/00:11.0/' /run/ours/first-use >commands
is "$(wc -l <commands)" 2 "the README has two more commands"
is "$(sed -n 1p commands)" "sudo oriel bind 0000:00:11.0" "... bind"
is "$(sed -n 2p commands)" "sudo oriel read 00:11.0 bar0 0x0" "... and read"
is "$(system sh -c "$(sed -n 1p commands)" 2>&1)" $node "bind prints the node"
is "$(system sh -c "$(sed -n 2p commands)" 2>&1)" 0x010000ed "read gives the register"
try "modprobe has loaded the driver" loaded oriel-pci
try "... and what it needs" loaded configfs

# --- udev
settle
is "$(about $node)" "660 $group" "the node is the group's"
is "$(about /dev/dma_heap/oriel-scattered)" "660 $group" "so are the allocators"
is "$(readlink -f /dev/oriel/by-id/1234-11e8-0)" $node "by-id leads to it"
is "$(system oriel read /dev/oriel/by-id/1234-11e8-0 bar0 0)" 0x010000ed "... and works"
is "$(readlink -f /dev/oriel/by-id/1af4-1110-0)" /dev/oriel/pci-0000-00-10.0 \
	"another device has a name of its own"
system udevadm test "/sys/class/oriel/pci-0000-00-11.0" >udev.out 2>&1
try "udevadm test says the same" grep -q "by-id/1234-11e8-0" udev.out
fails "... and complains of nothing of ours" grep -iE 'oriel.*(invalid|unknown|fail)' udev.out

# --- a second card of the sort, and the first one goes
host device_add edu edu1 bus=port0 >/dev/null
try "a second card" wait_for 30 test -e /dev/oriel/by-id/1234-11e8-1
is "$(readlink -f /dev/oriel/by-id/1234-11e8-1)" /dev/oriel/pci-0000-01-00.0 "... is number 1"
is "$(readlink -f /dev/oriel/by-id/1234-11e8-0)" $node "... and the first is number 0"
try "unbind the first by its name" system oriel unbind 1234-11e8-0
settle
fails "its link is gone" test -L /dev/oriel/by-id/1234-11e8-0
is "$(readlink -f /dev/oriel/by-id/1234-11e8-1)" /dev/oriel/pci-0000-01-00.0 "the second is still number 1"
is "$(system oriel bind 1234-11e8-0)" $node "bind it by its name"
settle
is "$(readlink -f /dev/oriel/by-id/1234-11e8-0)" $node "it is number 0 again"
host device_del edu1 >/dev/null
gone()
{
	[ ! -e /sys/bus/pci/devices/0000:01:00.0 ]
}
wait_for 30 gone
settle
fails "a card that was pulled has no link" test -L /dev/oriel/by-id/1234-11e8-1

# --- a window: the group's at first, then whose root says
mount -t configfs configfs /sys/kernel/config
window=/sys/kernel/config/oriel/windows/regs
make_window()
{
	mkdir $window && echo pci-0000-00-11.0 >$window/device && echo bar0 >$window/region &&
		echo 4096 >$window/size && echo 1 >$window/live
}
try "a window" make_window
settle
is "$(about /dev/oriel/regs)" "660 $group" "it is the group's"
fails "it has no name by id" sh -c 'readlink /dev/oriel/by-id/* | grep regs'
chown 65534:65534 /dev/oriel/regs
chmod 600 /dev/oriel/regs
settle
is "$(stat -c '%a %u %g' /dev/oriel/regs)" "600 65534 65534" "somebody else's if root says so"
is "$(system oriel read regs bar0 0)" 0x010000ed "it shows the register"
try "it goes" rmdir $window
umount /sys/kernel/config

# --- bound at every boot: a device that no driver of ours knows
fails "nobody has the test device" test -e /sys/bus/pci/devices/$testdev/driver
system oriel bind 00:13.0 --persist >bind.out 2>bind.err
is "$(cat bind.out)" /dev/oriel/pci-0000-00-13.0 "bind --persist prints the node"
try "... and says what it wrote" \
	grep -q /etc/udev/rules.d/60-oriel-bind-0000-00-13.0.rules bind.err

# As after a reboot: no module, no override, devices announced by a udevd that
# has read the rules of now (a running one looks again after 3 s at the soonest).
reboot_alike()
{
	for module in oriel_pci oriel; do
		rmmod $module || return 1
	done
	echo >/sys/bus/pci/devices/$testdev/driver_override
	system udevadm control --reload || return 1
	coldplug
}
try "boot" reboot_alike
fails "no driver takes the screen unasked" loaded oriel-pcifb
is "$(basename "$(readlink /sys/bus/pci/devices/$testdev/driver)")" oriel-pci \
	"it is bound after a boot"
is "$(readlink -f /dev/oriel/by-id/1b36-0005-0)" /dev/oriel/pci-0000-00-13.0 "... with its link"
is "$(readlink -f /dev/oriel/by-id/1234-11e8-0)" $node "... as is what the driver knows by itself"
try "unbind --persist" system oriel unbind pci-0000-00-13.0 --persist
fails "its rule is gone" test -e /system/etc/udev/rules.d/60-oriel-bind-0000-00-13.0.rules
try "boot again" reboot_alike
fails "it is left alone" test -e /sys/bus/pci/devices/$testdev/driver
is "$(about $node)" "660 $group" "the other node is as it was"

rmmod oriel_pci
rmmod oriel
rmmod configfs
killall systemd-udevd
done_testing
