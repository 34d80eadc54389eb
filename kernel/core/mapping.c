// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is mapped at an address: ORIEL_MAPPING_INFO.
 *
 * Only tells; changes and touches nothing. Lock: mmap_lock, for reading.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "core/huge.h"
#include "core/mmap.h"
#include "core/pagetable.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"

static void oriel_vma_describe(const struct vm_area_struct *vma, unsigned long address,
			       struct oriel_mapping_info *info)
{
	const struct oriel_mapping *mapping = vma->vm_private_data;

	info->flags = oriel_huge_has_room(vma) ? ORIEL_MAPPING_HUGE : 0;
	info->offset_bytes = (oriel_mapping_index(vma, address) << PAGE_SHIFT) +
			     offset_in_page(address);
	info->length_bytes = vma->vm_end - address;
	info->entry_bytes = PAGE_SIZE << oriel_pagetable_order(vma->vm_mm, address);
	info->cache = oriel_vma_cache(vma, mapping);
}

/**
 * oriel_mapping_describe() - what is mapped at an address of the caller
 * @file: the open file of which it must be a mapping
 * @info: ->address says where; filled in but for ->index
 * @base: result: the page offset in @file at which the region begins
 * @why:  where to say why it was refused
 *
 * Context: process context, no lock held.
 * Return: 0, -EINVAL if it is no mapping of @file, or -EINTR if the caller was
 * killed.
 */
int oriel_mapping_describe(struct file *file, struct oriel_mapping_info *info, pgoff_t *base,
			   struct oriel_explain *why)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = NULL;
	int err = 0;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	if (!oriel_span_check(info->address, 1, TASK_SIZE))
		vma = vma_lookup(mm, info->address);
	if (vma && vma->vm_file == file && oriel_mapping_of(vma)) {
		oriel_vma_describe(vma, info->address, info);
		*base = oriel_mapping_of(vma)->base_pgoff;
	} else {
		err = oriel_refuse(why, -EINVAL, ORIEL_REASON_FOREIGN, info->address, 0);
	}
	mmap_read_unlock(mm);
	return err;
}
