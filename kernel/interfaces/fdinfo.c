// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/PID/fdinfo/N of an open file: the device, and what is mapped through
 * this file by whichever process.
 *
 * Counts the VMAs themselves, in the device's address_space, under its
 * i_mmap_rwsem: a counter kept by open and close could not follow a split.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/rbtree.h>
#include <linux/seq_file.h>

#include "core/device.h"
#include "core/mmap.h"
#include "core/region.h"
#include "interfaces/chardev.h"
#include "interfaces/names.h"

struct oriel_mapped {
	u64 bytes;
	bool huge;
};

static struct oriel_mapped oriel_mapped_count(struct file *file, const struct oriel_region *region)
{
	struct address_space *space = file->f_mapping;
	struct oriel_mapped mapped = {};
	struct rb_node *node;

	i_mmap_lock_read(space);
	for (node = rb_first_cached(&space->i_mmap); node; node = rb_next(node)) {
		const struct vm_area_struct *vma =
			rb_entry(node, struct vm_area_struct, shared.rb);
		const struct oriel_mapping *mapping = oriel_mapping_of(vma);

		if (vma->vm_file != file || !mapping || mapping->region != region)
			continue;
		mapped.bytes += vma->vm_end - vma->vm_start;
		mapped.huge |= mapping->huge;
	}
	i_mmap_unlock_read(space);
	return mapped;
}

/**
 * oriel_show_fdinfo() - file_operations.show_fdinfo of the nodes
 * @m:    where to write
 * @file: the open file
 *
 * One "oriel-mapped" line for each region of which something is mapped:
 * its name, then bytes=, cache= and huge=.
 */
void oriel_show_fdinfo(struct seq_file *m, struct file *file)
{
	const struct oriel_file *ofile = file->private_data;
	const struct oriel_device *dev = ofile->device;
	unsigned int i;

	seq_printf(m, "oriel-device:\t%s\n", oriel_device_name(dev));
	seq_printf(m, "oriel-revoked:\t%d\n", oriel_device_is_revoked(dev));
	for (i = 0; i < dev->nr_slots; i++) {
		const struct oriel_region *region = dev->slots[i].region;
		struct oriel_mapped mapped = oriel_mapped_count(file, region);

		if (mapped.bytes)
			seq_printf(m, "oriel-mapped:\t%s bytes=%llu cache=%s huge=%d\n",
				   region->name, mapped.bytes, oriel_cache_name(region->cache),
				   mapped.huge);
	}
}
