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
#include <linux/slab.h>

#include "core/device.h"
#include "core/huge.h"
#include "core/mmap.h"
#include "core/region.h"
#include "interfaces/chardev.h"
#include "interfaces/names.h"

struct oriel_mapped {
	u64 bytes;
	bool huge;
};

static void oriel_mapped_add(struct oriel_mapped *mapped, const struct oriel_device *dev,
			     const struct vm_area_struct *vma)
{
	const struct oriel_mapping *mapping = oriel_mapping_of(vma);
	const struct oriel_slot *slot;

	if (!mapping)
		return;
	slot = oriel_device_find(dev, (u64)mapping->base_pgoff << PAGE_SHIFT);
	if (!slot)
		return;
	mapped += slot - dev->slots;
	mapped->bytes += vma->vm_end - vma->vm_start;
	mapped->huge |= oriel_huge_has_room(vma);
}

/* One walk for all regions: it keeps others from mapping and unmapping. */
static void oriel_mapped_count(struct oriel_mapped *mapped, const struct oriel_device *dev,
			       struct file *file)
{
	struct address_space *space = file->f_mapping;
	struct rb_node *node;

	i_mmap_lock_read(space);
	for (node = rb_first_cached(&space->i_mmap); node; node = rb_next(node)) {
		const struct vm_area_struct *vma =
			rb_entry(node, struct vm_area_struct, shared.rb);

		if (vma->vm_file == file)
			oriel_mapped_add(mapped, dev, vma);
		cond_resched();
	}
	i_mmap_unlock_read(space);
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
	const struct oriel_device *dev = ofile->client.device;
	struct oriel_mapped *mapped;
	unsigned int i;

	seq_printf(m, "oriel-device:\t%s\n", oriel_device_name(dev));
	seq_printf(m, "oriel-revoked:\t%d\n", oriel_device_is_revoked(dev));

	mapped = kcalloc(dev->nr_slots, sizeof(*mapped), GFP_KERNEL_ACCOUNT);
	if (!mapped)
		return;
	oriel_mapped_count(mapped, dev, file);
	for (i = 0; i < dev->nr_slots; i++) {
		const struct oriel_region *region = dev->slots[i].region;

		if (mapped[i].bytes)
			seq_printf(m, "oriel-mapped:\t%s bytes=%llu cache=%s huge=%d\n",
				   region->name, mapped[i].bytes, oriel_cache_name(region->cache),
				   mapped[i].huge);
	}
	kfree(mapped);
}
