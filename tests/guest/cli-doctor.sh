#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oriel doctor, oriel alloc: each limit that stops a buffer is named, with what helps,
# and a buffer is there for as long as it is held.
# oriel-test: timeout=120 machine=pc

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 23
edu=00:11.0
testdev=00:13.0
limit=/sys/module/oriel/parameters/max_buffer_bytes

# says STATUS OUT ERR DESCRIPTION COMMAND...: with that status, and these words in
# what it prints, and in its complaint; "" for none.
says()
{
	wanted=$1 words=$2 complaint=$3 what=$4
	shift 4
	"$@" >out 2>err
	status=$?
	[ "$complaint" ] || complaint='^$'
	[ -s err ] || echo >err
	[ -s out ] || echo >out
	if [ $status = "$wanted" ] && grep -q -e "$words" out && grep -q -e "$complaint" err; then
		ok "$what"
	else
		not_ok "$what"
		diag "status $status (wanted $wanted): $(cat out err)"
	fi
}

# shellcheck disable=SC2317 # called through wait_for
is_held()
{
	grep -q '^0x' held
}

load oriel-pci
try "a device" oriel bind $testdev

for kind in scattered contig coherent writecombine; do
	says 0 "tried: it can be had" "" "$kind" oriel doctor 64K $kind
done
says 0 "buffers of one user .*enough" "" "the limit is told" oriel doctor 64K
says 0 "tried: it can be had" "" "for a device" oriel doctor 1M contig $edu
says 0 "tried: it can be had" "" "... write-combined" oriel doctor 1M writecombine $edu
says 1 "available memory .*too little" "the kernel says" "more than there is" oriel doctor 1024G
says 1 "largest free block" "the kernel says" "in one piece" oriel doctor 1024G contig

echo 8192 >$limit
says 0 "tried: it can be had" "" "as much as is allowed" oriel doctor 8K
says 1 "buffers of one user .*8192 .*too little.*$limit" "the kernel says" "more than is allowed" \
	oriel doctor 8193
says 1 "too little" "max_buffer_bytes" "... for a device" oriel doctor 12K scattered $edu

oriel alloc $edu 8K writecombine >held &
holder=$!
wait_for 30 is_held
is "$(sed -n 1p held | tr -s ' ') $(sed -n '2s/0x[0-9a-f]*  *//p' held)" "BUS ADDRESS BYTES 8192" \
	"where it is"
says 1 "buffers of one user .*enough" "max_buffer_bytes" "it counts while it is held" \
	oriel doctor 4K scattered $edu
kill -TERM $holder
wait $holder
is $? 0 "it ends well"
says 0 "tried: it can be had" "" "and no longer" oriel doctor 8K scattered $edu
echo 0 >$limit

says 1 "" "does not reach memory by itself" "a device without DMA" oriel alloc 00:10.0 4K
says 0 "reading and writing" "" "a region" oriel doctor $edu bar0
says 1 "" "cannot be mapped" "ports" oriel doctor $testdev bar1

if grep -q '^memory' /proc/cgroups 2>/dev/null; then
	mount -t cgroup2 none /sys/fs/cgroup
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir -p /sys/fs/cgroup/a/b
	echo 64M >/sys/fs/cgroup/a/memory.max
	says 0 "tried: it can be had" "" "no cgroup limits it" oriel doctor 64K
	(echo 0 >/sys/fs/cgroup/a/cgroup.procs && oriel doctor 64K) >out
	room=$(sed -n 's/^room in the memory cgroup *\([0-9]*\)  *enough$/\1/p' out)
	try "room in the cgroup around it" \
		test "${room:-0}" -gt 1000000 -a "${room:-0}" -le 67108864
	rmdir /sys/fs/cgroup/a/b /sys/fs/cgroup/a
	umount /sys/fs/cgroup
else
	skip "no cgroup limits it" "the debug kernel has none"
	skip "room in the cgroup around it" "the debug kernel has none"
fi

try "the device goes" oriel unbind $testdev
unload oriel-pci
done_testing
