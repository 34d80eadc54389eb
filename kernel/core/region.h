/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a region; what driver authors see is in <oriel/region.h>. */
#ifndef ORIEL_CORE_REGION_H
#define ORIEL_CORE_REGION_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <oriel/region.h>

#include "core/kind.h"
#include "core/pinned.h"

#define ORIEL_ACCESS_MASK (ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE)

struct address_space;
struct oriel_quota;

/**
 * struct oriel_region - a span of memory that may be mapped
 * @ref:        users; the memory goes with the last
 * @kind:       what backs it
 * @memory:     the kind's own
 * @name:       for people
 * @size_bytes: what users may read and write
 * @nr_pages:   the same in whole pages; what they may map
 * @flags:      ORIEL_REGION_*
 * @cache:      ORIEL_CACHE_*
 * @in_page_bytes: where in the first page the region's first byte is
 * @guarded_first: first of the pages that nobody may write ...
 * @guarded_pages: ... and how many there are
 * @space:      for revocable regions: the address_space of the one device that
 *              has it, where all its mappings are
 * @reachable:  asks the driver whether the memory answers now, or NULL; called
 *              inside the gate only
 * @owner:      the driver's, for @reachable
 * @gate:       for revocable regions: held for reading by who reaches the memory
 *              on behalf of a user, for writing to close it. Never held while user
 *              memory is copied. Protects @revoked.
 * @revoked:    nobody gets at the memory any more
 * @paused:     nobody gets at it for now
 * @vmap_lock:  protects @vmap
 * @vmap:       where the kernel has it, if anybody asked
 * @dmamaps_lock: protects @dmamaps
 * @dmamaps:    what devices have mapped of it for DMA, see core/dmamap.h
 * @quota:      the user whose limit it counts for, or NULL
 * @pinned_by:  who pays for what is pinned of it
 */
struct oriel_region {
	struct kref ref;
	const struct oriel_kind *kind;
	void *memory;
	char name[ORIEL_REGION_NAME_BYTES];
	u64 size_bytes;
	u64 nr_pages;
	u32 flags;
	u32 cache;
	u64 in_page_bytes;
	u64 guarded_first;
	u64 guarded_pages;
	struct address_space *space;
	bool (*reachable)(void *owner);
	void *owner;
	struct rw_semaphore gate;
	bool revoked;
	bool paused;
	struct mutex vmap_lock;
	void *vmap;
	struct mutex dmamaps_lock;
	struct list_head dmamaps;
	struct oriel_quota *quota;
	struct oriel_pinned pinned_by;
};

struct oriel_region *oriel_region_alloc(const struct oriel_kind *kind, const char *name);
struct oriel_region *oriel_region_create_from(const struct oriel_region_desc *desc,
					      const struct oriel_supply *supply);

static inline bool oriel_region_is_ram(const struct oriel_region *region)
{
	return !region->kind->pfn;
}

/*
 * Are its mappings made of pages that get_user_pages() accepts? Not if whoever
 * got them so could map them again with another cache mode.
 */
static inline bool oriel_region_gives_pages(const struct oriel_region *region)
{
	return oriel_region_is_ram(region) && region->cache == ORIEL_CACHE_CACHED;
}

/* Is a part of it in a page that nobody may write? The range lies in the region. */
static inline bool oriel_region_is_guarded(const struct oriel_region *region, u64 offset_bytes,
					   u64 bytes)
{
	u64 first = (offset_bytes + region->in_page_bytes) >> PAGE_SHIFT;
	u64 last = (offset_bytes + region->in_page_bytes + bytes - 1) >> PAGE_SHIFT;

	return first < region->guarded_first + region->guarded_pages &&
	       region->guarded_first <= last;
}

int oriel_region_check_size(u64 size_bytes);
int oriel_region_enter(struct oriel_region *region);
void oriel_region_leave(struct oriel_region *region);
void oriel_region_close(struct oriel_region *region);
void oriel_region_pause(struct oriel_region *region, bool paused);

#endif /* ORIEL_CORE_REGION_H */
