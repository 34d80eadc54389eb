#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# memtester, unchanged, on regions: each bit keeps what is written to it.
# oriel-test: machine=clients timeout=60

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 8

# tested NODE OFFSET SIZE: every pattern came out well, and there were many.
tested()
{
	client memtester -p "$2" -d "$1" "$3" 1 >/tmp/memtester.raw 2>&1
	status=$?
	# Without the progress that it prints and takes back.
	tr -d '\010' </tmp/memtester.raw >/tmp/memtester.out
	if [ "$status" != 0 ] || grep -q FAILURE /tmp/memtester.out ||
	   [ "$(grep -c ': .*ok' /tmp/memtester.out)" -lt 15 ]; then
		cut -c 1-100 /tmp/memtester.out
		return 1
	fi
}

# region NAME: its offset, as memtester wants it, from sysfs.
region()
{
	printf '0x%x' "$(cat "/sys/class/oriel/testdev/regions/$1/offset")"
}

try "the tree is there" client_mount
load hello
load scattered size=4194304
load oriel-testdev
try "hello, 8 KiB" tested /dev/oriel/hello 0 8K
try "scattered, 64 KiB of 4 MiB" tested /dev/oriel/scattered 0 64K
try "contig4m, from its offset" tested /dev/oriel/testdev "$(region contig4m)" 32K
try "revocable, from its offset" tested /dev/oriel/testdev "$(region revocable)" 32K
fails "more than there is is refused" tested /dev/oriel/hello 0 16K
fails "a read-only region is refused" tested /dev/oriel/testdev "$(region read-only)" 16K
try "hello still answers" tested /dev/oriel/hello 0 8K
unload hello
unload scattered
unload oriel-testdev
done_testing
