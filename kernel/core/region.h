/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a region; what driver authors see is in <oriel/region.h>. */
#ifndef ORIEL_CORE_REGION_H
#define ORIEL_CORE_REGION_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <oriel/region.h>

#include "core/kind.h"

struct address_space;

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
 * @gate:       for revocable regions: read by who is about to reach the memory
 *              on behalf of a user, written to close it. Never held while user
 *              memory is copied. Protects @revoked.
 * @revoked:    nobody new gets at the memory
 * @vmap_lock:  protects @vmap
 * @vmap:       where the kernel has it, if anybody asked
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
	struct rw_semaphore gate;
	bool revoked;
	struct mutex vmap_lock;
	void *vmap;
};

bool oriel_region_enter(struct oriel_region *region);
void oriel_region_leave(struct oriel_region *region);
void oriel_region_close(struct oriel_region *region);

#endif /* ORIEL_CORE_REGION_H */
