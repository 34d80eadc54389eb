// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind coherent: RAM that a device and the processors see alike without any
 * maintenance.
 *
 * On a platform whose caches follow DMA that is any memory of ours that the
 * device reaches by itself; core/buffer.c sees to it that it does. One piece if
 * possible, since most users want one address; with an IOMMU in between any
 * pages are one piece for the device.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "core/region.h"
#include "memory/blocks.h"
#include "memory/kinds.h"

/* Return: a complete list, or NULL. */
static struct oriel_blocks *
oriel_coherent_take(u64 nr_pages, const struct oriel_supply *supply,
		    int (*fill)(struct oriel_blocks *, const struct oriel_supply *))
{
	struct oriel_blocks *blocks = oriel_blocks_create(nr_pages);

	if (!blocks || !fill(blocks, supply))
		return blocks;
	oriel_blocks_destroy(blocks);
	return NULL;
}

static int oriel_coherent_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	struct oriel_blocks *blocks = NULL;

	if (!supply->for_device)
		return -EOPNOTSUPP;
	if (!supply->translated)
		blocks = oriel_coherent_take(region->nr_pages, supply, oriel_blocks_fill_contig);
	if (!blocks)
		blocks = oriel_coherent_take(region->nr_pages, supply,
					     oriel_blocks_fill_scattered);
	if (!blocks)
		return -ENOMEM;
	if (!oriel_blocks_have_compound(blocks))
		region->flags &= ~ORIEL_REGION_HUGE;
	region->memory = blocks;
	return 0;
}

static void oriel_coherent_destroy(struct oriel_region *region)
{
	oriel_blocks_destroy(region->memory);
}

static struct oriel_frame oriel_coherent_frame(const struct oriel_region *region, u64 index)
{
	return oriel_blocks_frame(region->memory, index);
}

static struct page **oriel_coherent_pages(const struct oriel_region *region, u64 index,
					  unsigned long *count, struct page **scratch)
{
	return oriel_blocks_pages(region->memory, index, count, scratch);
}

static void *oriel_coherent_vmap(struct oriel_region *region)
{
	return oriel_blocks_vmap(region->memory);
}

static void oriel_coherent_vunmap(struct oriel_region *region, void *address)
{
	vunmap(address);
}

const struct oriel_kind oriel_kind_coherent = {
	.id	 = ORIEL_KIND_COHERENT,
	.name	 = "coherent",
	.flags	 = ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE,
	.create	 = oriel_coherent_create,
	.destroy = oriel_coherent_destroy,
	.frame	 = oriel_coherent_frame,
	.pages	 = oriel_coherent_pages,
	.vmap	 = oriel_coherent_vmap,
	.vunmap	 = oriel_coherent_vunmap,
};
