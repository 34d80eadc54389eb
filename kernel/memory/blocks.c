// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of blocks: the RAM behind contig, scattered and coherent regions.
 *
 * A block is either one compound page, which the core can map with one huge
 * entry, or an array of single pages. Each page has a reference count that a
 * pin may raise: what is pinned outlives the list. Not locked: a list is
 * complete before anybody sees it and does not change.
 */
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat/cachemode.h"
#include "core/block.h"
#include "core/region.h"
#include "core/span.h"
#include "memory/blocks.h"

/**
 * oriel_blocks_create() - an empty list for so many pages
 * @nr_pages: not 0
 *
 * Return: the list, with no memory in it yet, or NULL if that is more than the
 * machine can have free, or there is no memory for the list.
 */
struct oriel_blocks *oriel_blocks_create(u64 nr_pages)
{
	struct oriel_blocks *blocks;
	unsigned long nr_blocks;
	long available = si_mem_available();

	/* Don't squeeze everybody else before finding out. */
	if (available <= 0 || nr_pages > available)
		return NULL;
	nr_blocks = oriel_span_pages(nr_pages, ORIEL_BLOCK_ORDER);
	blocks = kvzalloc(struct_size(blocks, block, nr_blocks), GFP_KERNEL_ACCOUNT);
	if (!blocks)
		return NULL;
	blocks->nr_pages = nr_pages;
	blocks->nr_blocks = nr_blocks;
	return blocks;
}

/**
 * oriel_blocks_alloc() - allocate pages for a list
 * @supply: where from
 * @gfp:    how
 * @order:  how many
 *
 * Return: the first page, or NULL.
 */
struct page *oriel_blocks_alloc(const struct oriel_supply *supply, gfp_t gfp,
				unsigned int order)
{
	/*
	 * A zone that somebody asks for is below high memory; and the kernel maps
	 * high memory as it likes.
	 */
	if (supply->gfp & (__GFP_DMA | __GFP_DMA32) ||
	    supply->cache == ORIEL_CACHE_WRITE_COMBINED)
		gfp &= ~__GFP_HIGHMEM;
	gfp |= supply->gfp;
	if (supply->node == NUMA_NO_NODE)
		return alloc_pages(gfp, order);
	return alloc_pages_node(supply->node, gfp, order);
}

static void oriel_block_destroy(struct oriel_block *block, unsigned long nr_pages)
{
	unsigned long i;

	if (block->head)
		put_page(block->head);
	if (!block->pages)
		return;
	for (i = 0; i < nr_pages && block->pages[i]; i++)
		put_page(block->pages[i]);
	kvfree(block->pages);
}

static int oriel_block_write_combine(const struct oriel_block *block, unsigned long nr_pages)
{
	int err = block->head ? oriel_run_write_combine(block->head, ORIEL_BLOCK_PAGES) :
				oriel_pages_write_combine(block->pages, nr_pages);

	/* Also where there was no page table to be had, it says EINVAL. */
	return err ? -ENOMEM : 0;
}

/*
 * It was in no page table as a page, so it could not be pinned. What does not become
 * cached again cannot be given back.
 */
static void oriel_block_cache(struct oriel_block *block, unsigned long nr_pages)
{
	int err = block->head ? oriel_run_cache(block->head, ORIEL_BLOCK_PAGES) :
				oriel_pages_cache(block->pages, nr_pages);

	if (!err)
		return;
	pr_warn_once("oriel: write-combined memory is lost: it cannot be made cached again\n");
	block->head = NULL;
	kvfree(block->pages);
	block->pages = NULL;
}

/**
 * oriel_blocks_write_combine() - have no processor cache a list's memory
 * @blocks: complete; nobody else has seen it
 *
 * The kernel's own map of it changes, until the list is destroyed.
 *
 * Context: May sleep.
 * Return: 0, -ENOMEM, or -EINTR if the caller is being killed; the list is for the
 * caller to destroy either way.
 */
int oriel_blocks_write_combine(struct oriel_blocks *blocks)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < blocks->nr_blocks && !err; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = oriel_block_write_combine(&blocks->block[i],
						oriel_blocks_pages_in(blocks, i));
		/* Also if it failed half-way. */
		blocks->nr_write_combined++;
		cond_resched();
	}
	return err;
}

/**
 * oriel_blocks_destroy() - give up a list and its references of the pages
 * @blocks: complete, or filled from the front as far as memory went
 */
void oriel_blocks_destroy(struct oriel_blocks *blocks)
{
	unsigned long i;

	for (i = 0; i < blocks->nr_blocks; i++) {
		if (i < blocks->nr_write_combined)
			oriel_block_cache(&blocks->block[i], oriel_blocks_pages_in(blocks, i));
		oriel_block_destroy(&blocks->block[i], oriel_blocks_pages_in(blocks, i));
		cond_resched();
	}
	kvfree(blocks);
}

/**
 * oriel_blocks_pages_in() - how many pages of the region are in a block?
 * @blocks: the list
 * @number: which block
 *
 * Return: ORIEL_BLOCK_PAGES, or what is left for the last one.
 */
unsigned long oriel_blocks_pages_in(const struct oriel_blocks *blocks, unsigned long number)
{
	return oriel_span_clamp((u64)number << ORIEL_BLOCK_ORDER, ORIEL_BLOCK_PAGES,
				blocks->nr_pages);
}

/**
 * oriel_blocks_set_compound() - put a compound page into the list
 * @blocks: the list
 * @number: which block
 * @head:   a compound page of ORIEL_BLOCK_ORDER; the list takes over the
 *          caller's reference
 */
void oriel_blocks_set_compound(struct oriel_blocks *blocks, unsigned long number,
			       struct page *head)
{
	/* The core compares this with the file's end before it maps huge. */
	page_folio(head)->index = number << ORIEL_BLOCK_ORDER;
	blocks->block[number].head = head;
}

/**
 * oriel_blocks_make_array() - make room for single pages in a block
 * @blocks: the list
 * @number: which block; the caller fills its pages[] from the front
 *
 * Return: 0 or -ENOMEM.
 */
int oriel_blocks_make_array(struct oriel_blocks *blocks, unsigned long number)
{
	struct page **pages = kvcalloc(oriel_blocks_pages_in(blocks, number), sizeof(*pages),
				       GFP_KERNEL_ACCOUNT);

	if (!pages)
		return -ENOMEM;
	blocks->block[number].pages = pages;
	return 0;
}

/* The index was checked, but comes from a user: not even speculatively beyond. */
static const struct oriel_block *oriel_blocks_at(const struct oriel_blocks *blocks, u64 index)
{
	unsigned long number = index >> ORIEL_BLOCK_ORDER;

	return &blocks->block[array_index_nospec(number, blocks->nr_blocks)];
}

/**
 * oriel_blocks_frame() - which page is page i?
 * @blocks: a complete list
 * @index:  less than its nr_pages
 *
 * Return: the page and the order of what it is part of.
 */
struct oriel_frame oriel_blocks_frame(const struct oriel_blocks *blocks, u64 index)
{
	const struct oriel_block *block = oriel_blocks_at(blocks, index);
	unsigned long in_block = index & (ORIEL_BLOCK_PAGES - 1);

	if (block->head)
		return (struct oriel_frame){ block->head + in_block, ORIEL_BLOCK_ORDER };
	return (struct oriel_frame){ block->pages[in_block], 0 };
}

/**
 * oriel_blocks_pages() - which pages are pages i, i + 1, ...?
 * @blocks:  a complete list
 * @index:   the first
 * @count:   in: how many at most, none of them beyond the list's nr_pages; out:
 *           how many are in the array
 * @scratch: room for ORIEL_KIND_SCRATCH of them
 *
 * Return: the array: the block's own, or @scratch.
 */
struct page **oriel_blocks_pages(const struct oriel_blocks *blocks, u64 index,
				 unsigned long *count, struct page **scratch)
{
	const struct oriel_block *block = oriel_blocks_at(blocks, index);
	unsigned long in_block = index & (ORIEL_BLOCK_PAGES - 1);
	unsigned long i, n = min(*count, ORIEL_BLOCK_PAGES - in_block);

	if (block->pages) {
		*count = n;
		return block->pages + in_block;
	}
	n = min_t(unsigned long, n, ORIEL_KIND_SCRATCH);
	for (i = 0; i < n; i++)
		scratch[i] = block->head + in_block + i;
	*count = n;
	return scratch;
}

/**
 * oriel_blocks_have_compound() - can the core map a part of it huge?
 * @blocks: a complete list
 *
 * Return: whether a block is a compound page; if one is, the first is.
 */
bool oriel_blocks_have_compound(const struct oriel_blocks *blocks)
{
	return blocks->block[0].head;
}

/**
 * oriel_blocks_vmap() - make a list contiguous for the kernel
 * @blocks: a complete list
 *
 * Context: May sleep.
 * Return: an address, given up with vunmap(), or NULL.
 */
void *oriel_blocks_vmap(const struct oriel_blocks *blocks)
{
	struct page **pages;
	unsigned long i;
	void *address;

	pages = kvmalloc_array(blocks->nr_pages, sizeof(*pages), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!pages)
		return NULL;
	for (i = 0; i < blocks->nr_pages; i++)
		pages[i] = oriel_blocks_frame(blocks, i).page;
	address = vmap(pages, blocks->nr_pages, VM_MAP, blocks->nr_write_combined ?
		       pgprot_writecombine(PAGE_KERNEL) : PAGE_KERNEL);
	kvfree(pages);
	return address;
}
