#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# perftest, unchanged, over RDMA in software (rdma_rxe): both ends register our
# memory for it, and what one of them writes arrives in that of the other.
# oriel-test: machine=clients timeout=300 modules=rdma_rxe,ib_uverbs,dummy,crc32_generic

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 7

address=10.9.8.7
bytes=65536

link()
{
	modprobe -a crc32_generic rdma_rxe ib_uverbs dummy || return 1
	client ip link set lo up || return 1
	client ip link add fabric type dummy || return 1
	client ip link set fabric up || return 1
	client ip address add $address/24 dev fabric || return 1
	client rdma link add rxe0 type rxe netdev fabric
}

# bandwidth TEST SERVER-FILE CLIENT-FILE: the two ends of a program of perftest.
bandwidth()
{
	options="-d rxe0 -x 1 -F -s $bytes -n 50 -p 18515"
	# shellcheck disable=SC2086 # several words
	client "$1" $options --mmap="$2" >/tmp/rdma.server 2>&1 &
	server=$!
	tries=0
	# shellcheck disable=SC2086
	until client "$1" $options --mmap="$3" $address >/tmp/rdma.client 2>&1; do
		tries=$((tries + 1))
		if [ $tries = 60 ] || ! kill -0 $server 2>/dev/null; then
			cat /tmp/rdma.server /tmp/rdma.client
			return 1
		fi
		sleep 1
	done
	wait $server || { cat /tmp/rdma.server; return 1; }
	grep -q "^ *$bytes *50 " /tmp/rdma.client
}

# arrived: what the one's first buffer has is in the other's.
arrived()
{
	oriel save scattered buffer /tmp/from 0 $bytes --quiet &&
		oriel save brief buffer /tmp/to 0 4194304 --quiet || return 1
	tr -d "\0" </tmp/from | grep -q . || return 1
	cmp -n $bytes /tmp/from /tmp/to
}

try "the tree is there" client_mount
load scattered size=4194304
load oriel-brief kind=2 bytes=4194304
try "RDMA in software" link
try "write" bandwidth ib_write_bw /dev/oriel/brief /dev/oriel/scattered
try "arrived" arrived
try "read" bandwidth ib_read_bw /dev/oriel/brief /dev/oriel/scattered
try "send" bandwidth ib_send_bw /dev/oriel/brief /dev/oriel/scattered
client rdma link delete rxe0
client ip link delete fabric
unload scattered
unload oriel-brief kind=2 bytes=4194304
try "modules go" modprobe -r rdma_rxe
done_testing
