// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind scattered: RAM from wherever it is free, contiguous only virtually, of
 * any size. Taken in the largest blocks to be had.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "core/block.h"
#include "core/region.h"
#include "memory/blocks.h"
#include "memory/kinds.h"
#include "memory/ram.h"

static int oriel_scattered_fill_single(struct oriel_blocks *blocks, unsigned long number,
				       const struct oriel_supply *supply)
{
	unsigned long i, count = oriel_blocks_pages_in(blocks, number);
	struct page **pages;

	if (oriel_blocks_make_array(blocks, number))
		return -ENOMEM;
	pages = blocks->block[number].pages;
	for (i = 0; i < count; i++) {
		pages[i] = oriel_blocks_alloc(supply, ORIEL_GFP_RAM | __GFP_HIGHMEM, 0);
		if (!pages[i])
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/*
 * Whole blocks as long as memory has them without much searching: single pages
 * do as well, only slower.
 */
static struct page *oriel_scattered_alloc_block(const struct oriel_supply *supply)
{
	if (!IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		return NULL;
	return oriel_blocks_alloc(supply,
				  (ORIEL_GFP_RAM & ~__GFP_RETRY_MAYFAIL) | __GFP_NORETRY |
				  __GFP_HIGHMEM | __GFP_COMP, ORIEL_BLOCK_ORDER);
}

/**
 * oriel_blocks_fill_scattered() - fill a list with memory from anywhere
 * @blocks: an empty list
 * @supply: where from
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM; the list is for the caller to destroy either way.
 */
int oriel_blocks_fill_scattered(struct oriel_blocks *blocks, const struct oriel_supply *supply)
{
	bool whole_blocks = true;
	unsigned long number;
	struct page *head;

	for (number = 0; number < blocks->nr_blocks; number++) {
		if (oriel_blocks_pages_in(blocks, number) < ORIEL_BLOCK_PAGES)
			whole_blocks = false;
		head = whole_blocks ? oriel_scattered_alloc_block(supply) : NULL;
		if (head) {
			oriel_blocks_set_compound(blocks, number, head);
			continue;
		}
		whole_blocks = false;
		if (oriel_scattered_fill_single(blocks, number, supply))
			return -ENOMEM;
	}
	return 0;
}

static int oriel_scattered_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	return oriel_ram_create(region, supply, oriel_blocks_fill_scattered);
}

const struct oriel_kind oriel_kind_scattered = {
	.id	 = ORIEL_KIND_SCATTERED,
	.name	 = "scattered",
	.flags	 = ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE,
	.create	 = oriel_scattered_create,
	.destroy = oriel_ram_destroy,
	.frame	 = oriel_ram_frame,
	.pages	 = oriel_ram_pages,
	.vmap	 = oriel_ram_vmap,
	.vunmap	 = oriel_ram_vunmap,
};
