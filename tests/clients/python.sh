#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Python's mmap and numpy's memmap on a node.
# oriel-test: machine=clients timeout=60

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 7

try "the tree is there" client_mount
load scattered size=4194304

cat >/tmp/maps.py <<'END'
import mmap, os
fd = os.open("/dev/oriel/scattered", os.O_RDWR)
buffer = mmap.mmap(fd, 4194304)
pages = memoryview(buffer).cast("Q")[::512]
print(sum(pages))
buffer[100:104] = b"four"
print(os.pread(fd, 4, 100).decode())
END
is "$(client python3 /tmp/maps.py 2>&1 | tr '\n' ' ')" "523776 four " "mmap reads and writes"

cat >/tmp/array.py <<'END'
import numpy
array = numpy.memmap("/dev/oriel/scattered", dtype="u8", mode="r+", shape=(1024, 512))
print(array[:, 0].sum())
array[:, 1] = numpy.arange(1024) * 3
array[5].tofile("/tmp/row")
array.fill(7)
END
try "numpy runs" sh -c '. /etc/oriel/machine.sh; client python3 /tmp/array.py >/tmp/array.out 2>&1 ||
	{ cat /tmp/array.out; exit 1; }'
is "$(cat /tmp/array.out)" 523776 "numpy adds up a column of the node"
is "$(client od -A n -t d8 -N 16 /tmp/row | tr -s ' ')" " 5 15" "numpy writes a row of it to a file"
is "$(client od -A n -t d8 -v -w8 /dev/oriel/scattered | sort -u | tr -d ' ')" 7 \
	"numpy has filled the node"
try "nothing holds the device" unload scattered
done_testing
