// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places: at which address a mapping goes, so that huge entries fit.
 *
 * Only an address is proposed here; whether the request is a good one is for
 * core/mmap.c to say.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>

#include "compat/compat.h"
#include "core/huge.h"
#include "core/region.h"
#include "core/span.h"

/* A hint that can be had is taken; an aligned one is the caller's business. */
static bool oriel_place_is_settled(unsigned long found, unsigned long hint, unsigned long flags)
{
	return flags & MAP_FIXED || IS_ERR_VALUE(found) || (hint && found == PAGE_ALIGN(hint));
}

/**
 * oriel_region_place() - propose an address for a mapping
 * @region:     what is to be mapped
 * @file:       the file
 * @address:    where the user would like it, or 0
 * @length:     in bytes, whole pages
 * @pgoff:      page offset in the file
 * @base_pgoff: the page offset at which the region begins
 * @flags:      MAP_*
 *
 * Return: an address, or a negative errno, as file_operations.get_unmapped_area.
 */
unsigned long oriel_region_place(const struct oriel_region *region, struct file *file,
				 unsigned long address, unsigned long length,
				 unsigned long pgoff, pgoff_t base_pgoff, unsigned long flags)
{
	u64 index = (u64)pgoff - base_pgoff, count = length >> PAGE_SHIFT, anchor = pgoff;
	unsigned long found, bytes;
	unsigned int order;

	found = oriel_get_unmapped_area(file, address, length, pgoff, flags);
	if (oriel_place_is_settled(found, address, flags) ||
	    oriel_span_check(index, count, region->nr_pages))
		return found;
	order = oriel_huge_order(region, index, count);
	bytes = PAGE_SIZE << order;
	if (!order || oriel_span_check(length, bytes, TASK_SIZE))
		return found;
	if (!oriel_region_is_ram(region))
		anchor = region->kind->pfn(region, index);
	address = oriel_get_unmapped_area(file, 0, length + bytes, pgoff, flags);
	if (IS_ERR_VALUE(address))
		return found;
	return oriel_span_congruent(address, anchor << PAGE_SHIFT, bytes);
}
