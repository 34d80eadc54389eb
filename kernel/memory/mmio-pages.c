// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind mmio with struct pages: device memory that is RAM, such as ivshmem's, to
 * and from which direct I/O goes as with any other RAM.
 *
 * The pages are ZONE_DEVICE pages, which the kernel makes and maps cached for as
 * long as the device is there. Each has one reference of the kernel's; who has one
 * more is in the middle of I/O, and the device cannot go before that is over.
 */
#include <linux/err.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/pfn.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat/directmap.h"
#include "core/claim.h"
#include "core/region.h"
#include "memory/kinds.h"
#include "memory/mmio-pages.h"

/* How often to look whether I/O is over, and when to say that it is awaited. */
#define ORIEL_PIN_POLL		(HZ / 50)
#define ORIEL_PIN_POLLS_QUIET	100

/**
 * struct oriel_mmio_pages - region->memory
 * @pgmap: the pages
 * @claim: no other mapping has another cache mode meanwhile
 * @gone:  the pages are given up
 */
struct oriel_mmio_pages {
	struct dev_pagemap pgmap;
	struct oriel_claim *claim;
	bool gone;
};

static struct page *oriel_mmio_page(const struct oriel_region *region, u64 index)
{
	const struct oriel_mmio_pages *memory = region->memory;

	return pfn_to_page(PHYS_PFN(memory->pgmap.range.start) + index);
}

static struct oriel_frame oriel_mmio_pages_frame(const struct oriel_region *region, u64 index)
{
	return (struct oriel_frame){ oriel_mmio_page(region, index), 0 };
}

static struct page **oriel_mmio_pages_pages(const struct oriel_region *region, u64 index,
					    unsigned long *count, struct page **scratch)
{
	unsigned long i;

	*count = min_t(unsigned long, *count, ORIEL_KIND_SCRATCH);
	for (i = 0; i < *count; i++)
		scratch[i] = oriel_mmio_page(region, index + i);
	return scratch;
}

static bool oriel_mmio_pages_are_pinned(const struct oriel_region *region)
{
	u64 i;

	for (i = 0; i < region->nr_pages; i++) {
		if (page_ref_count(oriel_mmio_page(region, i)) > 1)
			return true;
		cond_resched();
	}
	return false;
}

static void oriel_mmio_pages_withdraw(struct oriel_region *region)
{
	struct oriel_mmio_pages *memory = region->memory;
	unsigned int polls = 0;

	if (memory->gone)
		return;
	/* Who found an entry before it was removed has its reference after this. */
	synchronize_rcu();
	while (oriel_mmio_pages_are_pinned(region)) {
		if (polls++ == ORIEL_PIN_POLLS_QUIET)
			pr_notice("oriel: %s: waiting for I/O to the memory of a device that goes\n",
				  region->name);
		schedule_timeout_idle(ORIEL_PIN_POLL);
	}
	memunmap_pages(&memory->pgmap);
	oriel_claim_destroy(memory->claim);
	memory->gone = true;
}

/* A region that no device ever had may still have its pages. */
static void oriel_mmio_pages_destroy(struct oriel_region *region)
{
	oriel_mmio_pages_withdraw(region);
	kfree(region->memory);
}

static const struct oriel_kind oriel_kind_mmio_pages = {
	.id	  = ORIEL_KIND_MMIO,
	.name	  = "mmio",
	.destroy  = oriel_mmio_pages_destroy,
	.withdraw = oriel_mmio_pages_withdraw,
	.frame	  = oriel_mmio_pages_frame,
	.pages	  = oriel_mmio_pages_pages,
};

static int oriel_mmio_pages_make(struct oriel_mmio_pages *memory, phys_addr_t start,
				 u64 size_bytes)
{
	void *address;

	memory->claim = oriel_claim_create(memory, PHYS_PFN(start), size_bytes >> PAGE_SHIFT,
					   ORIEL_CACHE_CACHED);
	if (IS_ERR(memory->claim))
		return PTR_ERR(memory->claim);
	memory->pgmap.type = MEMORY_DEVICE_GENERIC;
	memory->pgmap.range.start = start;
	memory->pgmap.range.end = start + size_bytes - 1;
	memory->pgmap.nr_range = 1;
	address = memremap_pages(&memory->pgmap, NUMA_NO_NODE);
	if (!IS_ERR(address))
		return 0;
	oriel_claim_destroy(memory->claim);
	return PTR_ERR(address);
}

/**
 * oriel_mmio_give_pages() - put struct pages behind a region that is being created
 * @region:     of kind mmio, cached; nothing is changed on failure
 * @start:      physical address
 * @size_bytes: not 0
 *
 * Context: May sleep.
 * Return: whether it has them now. Not if range or machine is not made for that:
 * where the kernel adds memory by larger units than the range consists of, or
 * cannot reach it in its map of all memory.
 */
bool oriel_mmio_give_pages(struct oriel_region *region, phys_addr_t start, u64 size_bytes)
{
	struct oriel_mmio_pages *memory;

	if (!IS_ALIGNED(start | size_bytes, memremap_compat_align()) ||
	    !oriel_direct_map_reaches(start + size_bytes - 1))
		return false;
	memory = kzalloc(sizeof(*memory), GFP_KERNEL);
	if (!memory)
		return false;
	if (oriel_mmio_pages_make(memory, start, size_bytes)) {
		kfree(memory);
		return false;
	}
	region->kind = &oriel_kind_mmio_pages;
	region->memory = memory;
	region->flags |= ORIEL_REGION_DIRECT_IO;
	return true;
}
