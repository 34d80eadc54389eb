/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kind of memory: the ops table through which the core reaches what backs a
 * region. A kind answers one question: which frame is page i?
 */
#ifndef ORIEL_CORE_KIND_H
#define ORIEL_CORE_KIND_H

#include <linux/gfp.h>
#include <linux/types.h>

struct device;
struct oriel_dmamap;
struct oriel_region;
struct page;

#define ORIEL_KIND_SCRATCH 128 /* pointers: 1 KiB of stack */

/**
 * struct oriel_frame - what backs one page of a region
 * @page:  the page; the region holds a reference
 * @order: log2 of the pages in the compound page that @page is part of, 0 for a
 *         page of its own
 */
struct oriel_frame {
	struct page *page;
	unsigned int order;
};

/**
 * struct oriel_supply - where the memory of a new region is to come from
 * @cache:      ORIEL_CACHE_WRITE_COMBINED if it is to be so for everybody, the
 *              kernel included; otherwise cached
 * @gfp:        further flags of each allocation: the zone, who pays
 * @node:       the NUMA node that is preferred, or NUMA_NO_NODE
 * @for_device: a device is going to reach it by DMA
 * @translated: ... through an IOMMU, which makes neighbours of any pages
 * @dma_device: for kind coherent: a device that stays as long as the module, for
 *              which our own pages are not coherent; the DMA API has others
 * @user_address: for kind import: the calling process has it there, whole pages
 * @foreign: or it is this region: somebody else's memory
 */
struct oriel_supply {
	u32 cache;
	gfp_t gfp;
	int node;
	bool for_device;
	bool translated;
	struct device *dma_device;
	unsigned long user_address;
	struct oriel_region *foreign;
};

/**
 * struct oriel_kind - the operations of a kind
 * @id:      ORIEL_KIND_*
 * @name:    as users read and write it
 * @flags:   ORIEL_REGION_* that hold for every region of this kind
 * @create:  allocates zeroed memory for region->nr_pages pages and sets
 *           region->memory. May sleep. Returns 0, -ENOMEM, or -EOPNOTSUPP if
 *           the kind is for devices only and the supply is not. Kind import
 *           takes memory as it is, and returns also what
 *           pin_user_pages_fast() does.
 * @destroy: gives up what @create got; pages that somebody pinned stay until
 *           they are unpinned. May sleep.
 * @withdraw: the device goes, and its memory with it: waits until I/O to the pages
 *           is over, and gives them up. Nobody maps or enters the region any more.
 *           May sleep, for as long as the I/O takes. NULL: there is nothing to
 *           wait for.
 * @frame:   tells what backs page @index, which is less than region->nr_pages.
 *           Callable from any context.
 * @pages:   the same for several pages at once, without the orders: for at
 *           most *@count pages from @index on, all of them less than
 *           region->nr_pages. Callable from any context. Returns an array,
 *           the kind's own or @scratch, which has room for ORIEL_KIND_SCRATCH;
 *           *@count says how many are in it, at least 1.
 * @pfn:     the frame number of page @index; those of the pages behind it follow.
 *           Callable from any context.
 * @read:    copies from the region into kernel memory, with cache mode @cache,
 *           which may be another one than the region's; 1, 2, 4 or 8 bytes at a
 *           multiple of their number are one access. The region was
 *           entered: user memory must not be touched. Returns 0 or a negative errno.
 * @write:   the same the other way.
 * @vmap:    makes the whole region contiguous for the kernel. May sleep.
 *           Returns an address or NULL.
 * @vunmap:  undoes @vmap. May sleep.
 * @dma_map: maps the region for map->device and map->direction: fills in
 *           map->table and, as it likes, map->attachment. May sleep. Returns 0 or
 *           a negative errno.
 * @dma_unmap: undoes @dma_map. May sleep.
 * @dma_own: was the region allocated for @device by the DMA API? Then tells where
 *           @device finds it, in one piece. Callable from any context.
 *
 * A kind is RAM, and has @frame and @pages, with @read and @write only if the
 * kernel's own map of all memory is not the way to it; or it is not made of pages,
 * and has @pfn, @read and @write; or it is somebody else's, to be mapped for devices
 * only, and has @dma_map and @dma_unmap instead.
 */
struct oriel_kind {
	u32 id;
	const char *name;
	u32 flags;
	int (*create)(struct oriel_region *region, const struct oriel_supply *supply);
	void (*destroy)(struct oriel_region *region);
	void (*withdraw)(struct oriel_region *region);
	struct oriel_frame (*frame)(const struct oriel_region *region, u64 index);
	struct page **(*pages)(const struct oriel_region *region, u64 index,
			       unsigned long *count, struct page **scratch);
	unsigned long (*pfn)(const struct oriel_region *region, u64 index);
	int (*read)(struct oriel_region *region, u64 offset_bytes, u32 cache, void *to,
		    size_t bytes);
	int (*write)(struct oriel_region *region, u64 offset_bytes, u32 cache, const void *from,
		     size_t bytes);
	void *(*vmap)(struct oriel_region *region);
	void (*vunmap)(struct oriel_region *region, void *address);
	int (*dma_map)(struct oriel_dmamap *map);
	void (*dma_unmap)(struct oriel_dmamap *map);
	bool (*dma_own)(const struct oriel_region *region, const struct device *device,
			dma_addr_t *address);
};

/* In memory/kinds.c, the list of all of them. */
const struct oriel_kind *oriel_kind_find(u32 id);

#endif /* ORIEL_CORE_KIND_H */
