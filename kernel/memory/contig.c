// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind contig: RAM that is physically contiguous.
 *
 * Up to less than a block: pages of a higher order, split, so that each has its
 * own reference count. From a block on: compound blocks that happen to be
 * neighbours, found by taking some more than needed and giving the rest back.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "core/block.h"
#include "core/region.h"
#include "core/span.h"
#include "memory/blocks.h"
#include "memory/kinds.h"
#include "memory/ram.h"

/* Blocks; the list of them is searched one by one. */
#define ORIEL_CONTIG_MOST 512

/*
 * How many blocks may be held while looking for @wanted neighbours. Not few: the
 * allocator gives away all single blocks before it splits a larger piece. Nor
 * too many: don't squeeze everybody else.
 */
static unsigned long oriel_contig_most(unsigned long wanted)
{
	unsigned long available = max(si_mem_available(), 0L) >> ORIEL_BLOCK_ORDER;
	unsigned long more = min_t(unsigned long, available / 4, ORIEL_CONTIG_MOST);

	return min(wanted * 2 + 8 + more, available);
}

static int oriel_contig_fill_split(struct oriel_blocks *blocks,
				   const struct oriel_supply *supply)
{
	unsigned int order = get_order(blocks->nr_pages << PAGE_SHIFT);
	unsigned long i, number;
	struct page *first;

	for (number = 0; number < blocks->nr_blocks; number++)
		if (oriel_blocks_make_array(blocks, number))
			return -ENOMEM;
	first = oriel_blocks_alloc(supply, ORIEL_GFP_RAM, order);
	if (!first)
		return -ENOMEM;
	split_page(first, order);
	for (i = 0; i < blocks->nr_pages; i++)
		blocks->block[i >> ORIEL_BLOCK_ORDER].pages[i & (ORIEL_BLOCK_PAGES - 1)] =
			first + i;
	for (; i < 1UL << order; i++)
		__free_page(first + i);
	return 0;
}

/* Keeps the list sorted by address. Return: the run of neighbours with @page. */
static unsigned long oriel_contig_add(struct list_head *found, struct page *page,
				      struct page **first)
{
	unsigned long run = 1, pfn = page_to_pfn(page);
	struct list_head *at = found;
	struct page *other;

	list_for_each_entry(other, found, lru) {
		if (page_to_pfn(other) > pfn)
			break;
		at = &other->lru;
	}
	list_add(&page->lru, at);

	*first = page;
	other = page;
	list_for_each_entry_continue_reverse(other, found, lru) {
		if (page_to_pfn(other) + ORIEL_BLOCK_PAGES != page_to_pfn(*first))
			break;
		*first = other;
		run++;
	}
	other = page;
	list_for_each_entry_continue(other, found, lru) {
		pfn += ORIEL_BLOCK_PAGES;
		if (page_to_pfn(other) != pfn)
			break;
		run++;
	}
	return run;
}

/* Return: the first of @wanted neighbours on @found, or NULL. */
static struct page *oriel_contig_search(struct list_head *found, unsigned long wanted,
					const struct oriel_supply *supply)
{
	unsigned long most = oriel_contig_most(wanted);
	struct page *page, *first;

	while (most-- && !fatal_signal_pending(current)) {
		page = oriel_blocks_alloc(supply, ORIEL_GFP_RAM | __GFP_COMP, ORIEL_BLOCK_ORDER);
		if (!page)
			return NULL;
		if (oriel_contig_add(found, page, &first) >= wanted)
			return first;
		cond_resched();
	}
	return NULL;
}

static int oriel_contig_fill_blocks(struct oriel_blocks *blocks,
				    const struct oriel_supply *supply)
{
	struct page *page, *next, *first;
	unsigned long number = 0;
	LIST_HEAD(found);

	first = oriel_contig_search(&found, blocks->nr_blocks, supply);
	list_for_each_entry_safe(page, next, &found, lru) {
		list_del(&page->lru);
		if (first && page_to_pfn(page) >= page_to_pfn(first) &&
		    number < blocks->nr_blocks)
			oriel_blocks_set_compound(blocks, number++, page);
		else
			put_page(page);
	}
	return first ? 0 : -ENOMEM;
}

/**
 * oriel_blocks_fill_contig() - fill a list with memory that is contiguous
 * @blocks: an empty list
 * @supply: where from
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM; the list is for the caller to destroy either way.
 */
int oriel_blocks_fill_contig(struct oriel_blocks *blocks, const struct oriel_supply *supply)
{
	if (IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE) && blocks->nr_pages >= ORIEL_BLOCK_PAGES)
		return oriel_contig_fill_blocks(blocks, supply);
	return oriel_contig_fill_split(blocks, supply);
}

static int oriel_contig_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	return oriel_ram_create(region, supply, oriel_blocks_fill_contig);
}

/* Low memory, which the kernel has mapped for good. */
static void *oriel_contig_vmap(struct oriel_region *region)
{
	return page_address(oriel_blocks_frame(region->memory, 0).page);
}

static void oriel_contig_vunmap(struct oriel_region *region, void *address)
{
}

const struct oriel_kind oriel_kind_contig = {
	.id	 = ORIEL_KIND_CONTIG,
	.name	 = "contig",
	.flags	 = ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE,
	.create	 = oriel_contig_create,
	.destroy = oriel_ram_destroy,
	.frame	 = oriel_ram_frame,
	.pages	 = oriel_ram_pages,
	.vmap	 = oriel_contig_vmap,
	.vunmap	 = oriel_contig_vunmap,
};
