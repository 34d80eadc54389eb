#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Inside the guest that counts instructions: what mapping costs, one line of
# JSON each. Run by bench.sh.

set -e
# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

offset_of()
{
	cat "/sys/class/oriel/bench/regions/$1/offset"
}

without_blocks()
{
	load oriel-bench scattered=67108864 contig=65536
	if grep huge /sys/class/oriel/bench/regions/scattered/flags; then
		exit 1
	fi
	for bytes in 4194304 67108864; do
		map-bench oriel-scattered-no-blocks "$bytes" "file:/dev/oriel/bench@$(offset_of scattered)"
	done
	rmmod oriel_bench
}

# A dma-buf of ours, and of the kernel's own heap where it has one.
dmabufs()
{
	for heap in oriel-scattered system; do
		[ -e "/dev/dma_heap/$heap" ] || continue
		for bytes in 4096 4194304 67108864; do
			map-bench "dmabuf-$heap" "$bytes" "heap:/dev/dma_heap/$heap"
		done
	done
}

# A large BAR, as the kernel's own file and as ours.
device_memory()
{
	device=0000:00:13.0
	bar=/sys/bus/pci/devices/$device/resource2
	echo 1 >"/sys/bus/pci/devices/$device/enable"
	for bytes in 4096 4194304 67108864; do
		map-bench sysfs-bar "$bytes" "file:$bar"
	done
	load oriel-pci
	oriel bind "$device" >&2
	region=/sys/class/oriel/pci-0000-00-13.0/regions/bar2
	for bytes in 4096 4194304 67108864; do
		map-bench oriel-bar "$bytes" "file:/dev/oriel/pci-0000-00-13.0@$(cat "$region/offset")"
	done
	oriel unbind "$device" >&2
	rmmod oriel_pci
}

# Called again by fragmented-bench, as the program that it runs.
if [ "$1" = without-blocks ]; then
	without_blocks
	exit
fi

load oriel-bench
load pattern-remap-vmalloc-range size=268435456
echo 160 >/proc/sys/vm/nr_hugepages

for bytes in 4096 4194304 67108864 268435456; do
	[ "$bytes" -gt 67108864 ] ||
		map-bench oriel-contig "$bytes" "file:/dev/oriel/bench@$(offset_of contig)"
	map-bench oriel-scattered "$bytes" "file:/dev/oriel/bench@$(offset_of scattered)"
	map-bench oriel-scattered-unaligned "$bytes" "skewed:/dev/oriel/bench@$(offset_of scattered)"
	map-bench remap_vmalloc_range "$bytes" file:/dev/pattern-remap-vmalloc-range
	map-bench memfd "$bytes" memfd
	[ "$bytes" = 4096 ] || [ "$bytes" = 268435456 ] || map-bench hugetlb-memfd "$bytes" hugetlb
done
dmabufs
rmmod oriel_bench pattern_remap_vmalloc_range
device_memory
echo 0 >/proc/sys/vm/nr_hugepages
fragmented-bench sh /oriel/script without-blocks
echo 0 >/proc/sys/vm/nr_hugepages
