#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stress-ng, unchanged, does to a node whatever can be done to a file: several
# processes and threads open, map, read, poll, seek, lock, ioctl.
# oriel-test: machine=clients timeout=90

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 8

stressed()
{
	client stress-ng --dev-file "$1" --dev 2 --timeout 2 >/tmp/stress.out 2>&1
	status=$?
	if [ "$status" != 0 ] || ! grep -q 'successful run completed' /tmp/stress.out ||
	   ! grep -q '1 of 1 devices opened and exercised' /tmp/stress.out; then
		cat /tmp/stress.out
		return 1
	fi
}

number()
{
	client od -A n -t d8 -j "$1" -N 8 /dev/oriel/scattered | tr -d ' '
}

try "the tree is there" client_mount
load hello
load scattered size=4194304
load oriel-testdev
for name in hello scattered testdev; do
	try "$name stands it" stressed /dev/oriel/$name
done
is "$(number 4190208)" 1023 "the last page of scattered says so"
for name in hello scattered oriel-testdev; do
	try "nothing holds $name" unload $name
done
done_testing
