#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# gdb, unchanged, attaches to a program that has regions mapped, reads them and
# writes to them; registers of a device, too.
# oriel-test: machine=clients timeout=180

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 14

# Maps the regions and tells where; touches none of them.
cat >/tmp/mapper.py <<'END'
import ctypes, mmap, os, time

def sysfs(region, what):
    with open(f"/sys/class/oriel/testdev/regions/{region}/{what}") as file:
        return int(file.read(), 0)

fd = os.open("/dev/oriel/testdev", os.O_RDWR)
maps = []
for region in "contig8k", "scattered4m", "revocable":
    maps.append(mmap.mmap(fd, sysfs(region, "size"), offset=sysfs(region, "offset")))
    start = ctypes.addressof(ctypes.c_char.from_buffer(maps[-1]))
    print(f"{region}={start:#x}", flush=True)
edu = os.open("/dev/oriel/pci-0000-00-11.0", os.O_RDWR)
maps.append(mmap.mmap(edu, 1 << 20))
print(f"edu={ctypes.addressof(ctypes.c_char.from_buffer(maps[-1])):#x}", flush=True)
print(f"pid={os.getpid()}", flush=True)
time.sleep(60)
END

debug()
{
	client gdb -nx -batch -iex 'set auto-load off' -p "$pid" "$@" </dev/null 2>&1
}

# node REGION OFFSET: a word of the region, through the node.
node()
{
	client od -A n -t x8 -N 8 \
		-j $(($(cat "/sys/class/oriel/testdev/regions/$1/offset") + $2)) \
		/dev/oriel/testdev | tr -d ' '
}

mapped()
{
	grep -q pid= /tmp/mapper.out
}

try "the tree is there" client_mount
load oriel-testdev
load oriel-pci
client python3 /tmp/mapper.py >/tmp/mapper.out 2>&1 &
try "a program maps three regions" wait_for 20 mapped
pid=$(sed -n 's/^pid=//p' /tmp/mapper.out)

# One session for all three; a line "REGION: WORD WORD" of what it read, each.
set --
for region in contig8k scattered4m revocable; do
	address=$(sed -n "s/^$region=//p" /tmp/mapper.out)
	node $region 4096 >/tmp/$region.before
	set -- "$@" -ex "printf \"$region: %#lx\", {long}($address + 4096)" \
		-ex "set {long}($address + 4096) = 0x6f7269656c" \
		-ex "printf \" %#lx\\n\", {long}($address + 4096)" \
		-ex "dump binary memory /tmp/$region.dump $address ($address + 8192)"
done
# The identification, and a register that inverts what is written to it
edu=$(sed -n 's/^edu=//p' /tmp/mapper.out)
set -- "$@" -ex "printf \"edu: %#x\", {unsigned int}$edu" \
	-ex "set {unsigned int}($edu + 4) = 0x12345678" \
	-ex "printf \" %#x\\n\", {unsigned int}($edu + 4)"
debug "$@" >/tmp/gdb.out
is "$(grep '^edu: ' /tmp/gdb.out)" "edu: 0x10000ed 0xedcba987" "gdb reads and writes registers"

for region in contig8k scattered4m revocable; do
	before=$(cat /tmp/$region.before)
	is "$(grep "^$region: " /tmp/gdb.out)" "$region: 0x${before#000} 0x6f7269656c" \
		"$region: gdb reads, writes, reads again"
	is "$(node $region 4096)" 0000006f7269656c "$region: what it wrote is in the region"
	is "$(client od -A n -t x8 -j 8184 -N 8 /tmp/$region.dump | tr -d ' ')" \
		"$(node $region 8184)" "$region: what it dumped is what the region holds"
done
kill "$pid"
wait
try "nothing holds the device" unload oriel-testdev
try "nothing holds the PCI devices" unload oriel-pci
done_testing
