#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fio, unchanged, with its buffers in a node: O_DIRECT to and from the scratch
# disk, each direction checked by another fio whose buffers are ordinary memory.
# oriel-test: machine=clients timeout=180

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

node=/dev/oriel/scattered

# job MEMORY OPTION...: one pass over 4 MiB of the disk, which hold $text.
job()
{
	memory=$1
	shift
	client fio --name=job --filename=/dev/vda --size=4m --direct=1 --mem="$memory" \
		--verify=pattern --verify_pattern="\"$text\"" --verify_fatal=1 \
		--minimal --disk_util=0 "$@" >/tmp/fio.out 2>&1
	status=$?
	cut -c 1-120 /tmp/fio.out | head -n 5
	return $status
}

# Does the node hold what fio has moved? If fio had not used it, no.
node_has_text()
{
	head -c 65536 $node | grep -q "$text"
}

# exchange WHAT OPTION...: written from the node and read into ordinary memory,
# then written from ordinary memory and read into the node.
exchange()
{
	what=$1
	shift
	text="from the node, $what"
	try "$what: written from the node" \
		job mmapshared:$node --rw=write --do_verify=0 "$@"
	try "$what: the node was the buffer" node_has_text
	try "$what: what was written is on the disk" job malloc --rw=read "$@"
	text="from elsewhere, $what"
	try "$what: another program writes" job malloc --rw=write --do_verify=0 "$@"
	try "$what: read into the node" job mmapshared:$node --rw=read "$@"
	try "$what: the node was the buffer" node_has_text
}

refused()
{
	text=unseen
	job mmapshared:$node --rw=read --do_verify=0 "$@" && return 1
	grep -q "Operation not supported" /tmp/fio.out
}

# try_fixed_buffers WHAT OPTION...
try_fixed_buffers()
{
	what=$1
	shift
	set -- --ioengine=io_uring --fixedbufs "$@"
	case $(uname -r) in
	6.1.*) try "$what: this kernel fixes no buffers there, and fio says so" refused "$@" ;;
	*) exchange "$what, fixed buffers" "$@" ;;
	esac
}

case $(uname -r) in
6.1.*) plan 19 ;;
*) plan 29 ;;
esac

try "the tree is there" client_mount
# 2 MiB blocks, and single pages.
for size in 8388608 1581056; do
	try "a region of $size bytes" load scattered size=$size
	# fio would make an ordinary file of what is not there.
	try "its node is a device" test -c $node
	if [ $size = 8388608 ]; then
		exchange "$size, libaio" --ioengine=libaio --bs=512k --iodepth=8
		try_fixed_buffers "$size" --bs=512k --iodepth=8
	else
		exchange "$size, io_uring" --ioengine=io_uring --bs=128k --iodepth=8
		try_fixed_buffers "$size" --bs=128k --iodepth=8
	fi
	unload scattered
done
done_testing
