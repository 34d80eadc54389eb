// SPDX-License-Identifier: GPL-2.0-only
/*
 * What kinds of RAM have in common: region->memory is a list of blocks, and the
 * kind is how that is filled.
 */
#include <linux/vmalloc.h>

#include "core/region.h"
#include "memory/blocks.h"
#include "memory/ram.h"

/**
 * oriel_ram_create() - put a list of blocks behind a region
 * @region: being created; nothing is changed on error
 * @supply: where the memory is to come from
 * @fill:   fills an empty list; returns 0 or a negative errno
 *
 * Context: May sleep.
 * Return: 0, -ENOMEM, or what @fill returns.
 */
int oriel_ram_create(struct oriel_region *region, const struct oriel_supply *supply,
		     int (*fill)(struct oriel_blocks *blocks, const struct oriel_supply *supply))
{
	struct oriel_blocks *blocks = oriel_blocks_create(region->nr_pages);
	int err;

	if (!blocks)
		return -ENOMEM;
	err = fill(blocks, supply);
	if (!err && supply->cache == ORIEL_CACHE_WRITE_COMBINED)
		err = oriel_blocks_write_combine(blocks);
	if (err) {
		oriel_blocks_destroy(blocks);
		return err;
	}
	if (!oriel_blocks_have_compound(blocks))
		region->flags &= ~ORIEL_REGION_HUGE;
	region->memory = blocks;
	return 0;
}

/* oriel_kind.destroy */
void oriel_ram_destroy(struct oriel_region *region)
{
	oriel_blocks_destroy(region->memory);
}

/* oriel_kind.frame */
struct oriel_frame oriel_ram_frame(const struct oriel_region *region, u64 index)
{
	return oriel_blocks_frame(region->memory, index);
}

/* oriel_kind.pages */
struct page **oriel_ram_pages(const struct oriel_region *region, u64 index,
			      unsigned long *count, struct page **scratch)
{
	return oriel_blocks_pages(region->memory, index, count, scratch);
}

/* oriel_kind.vmap, for pages that are not neighbours */
void *oriel_ram_vmap(struct oriel_region *region)
{
	return oriel_blocks_vmap(region->memory);
}

/* oriel_kind.vunmap that goes with oriel_ram_vmap() */
void oriel_ram_vunmap(struct oriel_region *region, void *address)
{
	vunmap(address);
}
