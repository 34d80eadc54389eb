// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind scattered: RAM from wherever it is free, contiguous only virtually, of
 * any size. Taken in the largest blocks to be had.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "core/block.h"
#include "core/region.h"
#include "memory/blocks.h"
#include "memory/kinds.h"

static int oriel_scattered_fill_single(struct oriel_blocks *blocks, unsigned long number)
{
	unsigned long i, count = oriel_blocks_pages_in(blocks, number);
	struct page **pages;

	if (oriel_blocks_make_array(blocks, number))
		return -ENOMEM;
	pages = blocks->block[number].pages;
	for (i = 0; i < count; i++) {
		pages[i] = alloc_page(ORIEL_GFP_RAM | __GFP_HIGHMEM);
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
static struct page *oriel_scattered_alloc_block(void)
{
	if (!IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		return NULL;
	return alloc_pages((ORIEL_GFP_RAM & ~__GFP_RETRY_MAYFAIL) | __GFP_NORETRY |
			   __GFP_HIGHMEM | __GFP_COMP, ORIEL_BLOCK_ORDER);
}

static int oriel_scattered_create(struct oriel_region *region)
{
	struct oriel_blocks *blocks = oriel_blocks_create(region->nr_pages);
	bool whole_blocks = true, huge = false;
	unsigned long number;
	struct page *head;

	if (!blocks)
		return -ENOMEM;
	for (number = 0; number < blocks->nr_blocks; number++) {
		if (oriel_blocks_pages_in(blocks, number) < ORIEL_BLOCK_PAGES)
			whole_blocks = false;
		head = whole_blocks ? oriel_scattered_alloc_block() : NULL;
		if (head) {
			oriel_blocks_set_compound(blocks, number, head);
			huge = true;
			continue;
		}
		whole_blocks = false;
		if (oriel_scattered_fill_single(blocks, number)) {
			oriel_blocks_destroy(blocks);
			return -ENOMEM;
		}
	}
	if (!huge)
		region->flags &= ~ORIEL_REGION_HUGE;
	region->memory = blocks;
	return 0;
}

static void oriel_scattered_destroy(struct oriel_region *region)
{
	oriel_blocks_destroy(region->memory);
}

static struct oriel_frame oriel_scattered_frame(const struct oriel_region *region, u64 index)
{
	return oriel_blocks_frame(region->memory, index);
}

static struct page **oriel_scattered_pages(const struct oriel_region *region, u64 index,
					   unsigned long *count, struct page **scratch)
{
	return oriel_blocks_pages(region->memory, index, count, scratch);
}

static void *oriel_scattered_vmap(struct oriel_region *region)
{
	struct page **pages;
	unsigned long i;
	void *address;

	pages = kvmalloc_array(region->nr_pages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < region->nr_pages; i++)
		pages[i] = oriel_blocks_frame(region->memory, i).page;
	address = vmap(pages, region->nr_pages, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return address;
}

static void oriel_scattered_vunmap(struct oriel_region *region, void *address)
{
	vunmap(address);
}

const struct oriel_kind oriel_kind_scattered = {
	.id	 = ORIEL_KIND_SCATTERED,
	.name	 = "scattered",
	.flags	 = ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE,
	.create	 = oriel_scattered_create,
	.destroy = oriel_scattered_destroy,
	.frame	 = oriel_scattered_frame,
	.pages	 = oriel_scattered_pages,
	.vmap	 = oriel_scattered_vmap,
	.vunmap	 = oriel_scattered_vunmap,
};
