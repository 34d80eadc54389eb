#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A node is a file to dd, od, xxd, hexdump, cmp, tail, head: they find its
# content, its end, and what they write.
# oriel-test: machine=clients timeout=60

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 18

node=/dev/oriel/scattered
size=4194304

try "the tree is there" client_mount
load scattered size=$size
load hello

is "$(client xxd -s 4096 -l 8 -p $node)" 0100000000000000 "xxd finds page 1"
is "$(client xxd -s -4096 -l 8 -p $node)" ff03000000000000 "xxd finds the last page from the end"
is "$(client od -A d -t d8 -j 12288 -N 8 $node | head -n 1)" "0012288                    3" \
	"od finds page 3"
is "$(client hexdump -s 8192 -n 4 -e '"%d"' $node)" 2 "hexdump finds page 2"
is "$(client hexdump -v -e '1/8 "%d" "\n"' $node | wc -l)" \
	$((size / 8)) "hexdump reads to the end"
is "$(client cat $node | wc -c)" $size "cat reads to the end"
is "$(client tail -c 4096 $node | client od -A n -t d8 -N 8 | tr -d ' ')" 1023 "tail finds the end"

try "dd reads all in blocks of 1 MiB" \
	client dd if=$node of=/tmp/all bs=1M status=none
is "$(stat -c %s /tmp/all)" $size "... as many bytes as there are"
try "cmp finds no difference" client cmp /tmp/all $node
try "dd reads all in odd blocks" client dd if=$node of=/tmp/odd bs=7001 status=none
try "... the same" cmp /tmp/all /tmp/odd

client head -c $size /dev/urandom >/tmp/new
try "dd writes all in odd blocks" \
	client dd if=/tmp/new of=$node bs=7001 conv=notrunc status=none
try "... which is then there" client cmp /tmp/new $node
fails "dd cannot write beyond the end" \
	client dd if=/dev/zero of=$node bs=4096 seek=1023 count=2 status=none
is "$(client dd if=$node bs=4096 skip=1023 status=none | tr -d '\000' | wc -c)" 0 \
	"... but up to it"
printf 'seen by all' | client dd of=/dev/oriel/hello bs=1 seek=100 conv=notrunc status=none
is "$(client dd if=/dev/oriel/hello bs=1 skip=100 count=11 status=none)" "seen by all" \
	"dd byte by byte"
unload scattered
unload hello
done_testing
