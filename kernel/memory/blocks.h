/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of blocks: the RAM behind contig and scattered regions. */
#ifndef ORIEL_MEMORY_BLOCKS_H
#define ORIEL_MEMORY_BLOCKS_H

#include <linux/gfp.h>
#include <linux/types.h>

#include "core/kind.h"

/* Zeroed; may fail, but neither splats nor kills. What a driver asks for, no cgroup pays. */
#define ORIEL_GFP_RAM	(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/**
 * struct oriel_block - ORIEL_BLOCK_PAGES pages of a region, fewer in the last
 * @head:  one compound page of ORIEL_BLOCK_ORDER, or NULL
 * @pages: if @head is NULL: pages with a reference count each
 */
struct oriel_block {
	struct page *head;
	struct page **pages;
};

/**
 * struct oriel_blocks - all pages of a region
 * @nr_pages:  of the region
 * @nr_blocks: in @block
 * @nr_write_combined: the first so many of them, which the kernel itself has
 *             mapped write-combined
 * @block:     page i of the region is in block i / ORIEL_BLOCK_PAGES
 */
struct oriel_blocks {
	unsigned long nr_pages;
	unsigned long nr_blocks;
	unsigned long nr_write_combined;
	struct oriel_block block[];
};

struct oriel_blocks *oriel_blocks_create(u64 nr_pages);
void oriel_blocks_destroy(struct oriel_blocks *blocks);
int oriel_blocks_write_combine(struct oriel_blocks *blocks);
struct page *oriel_blocks_alloc(const struct oriel_supply *supply, gfp_t gfp,
				unsigned int order);
unsigned long oriel_blocks_pages_in(const struct oriel_blocks *blocks, unsigned long number);
void oriel_blocks_set_compound(struct oriel_blocks *blocks, unsigned long number,
			       struct page *head);
int oriel_blocks_make_array(struct oriel_blocks *blocks, unsigned long number);
struct oriel_frame oriel_blocks_frame(const struct oriel_blocks *blocks, u64 index);
struct page **oriel_blocks_pages(const struct oriel_blocks *blocks, u64 index,
				 unsigned long *count, struct page **scratch);
void *oriel_blocks_vmap(const struct oriel_blocks *blocks);
bool oriel_blocks_have_compound(const struct oriel_blocks *blocks);

/* memory/contig.c, memory/scattered.c: into an empty list. Return: 0 or -ENOMEM. */
int oriel_blocks_fill_contig(struct oriel_blocks *blocks, const struct oriel_supply *supply);
int oriel_blocks_fill_scattered(struct oriel_blocks *blocks, const struct oriel_supply *supply);

#endif /* ORIEL_MEMORY_BLOCKS_H */
