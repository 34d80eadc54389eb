/* SPDX-License-Identifier: GPL-2.0-only */
/* What kinds of RAM have in common: operations for a list of blocks. */
#ifndef ORIEL_MEMORY_RAM_H
#define ORIEL_MEMORY_RAM_H

#include "core/kind.h"

struct oriel_blocks;

int oriel_ram_create(struct oriel_region *region, const struct oriel_supply *supply,
		     int (*fill)(struct oriel_blocks *blocks, const struct oriel_supply *supply));

/* For struct oriel_kind. */
void oriel_ram_destroy(struct oriel_region *region);
struct oriel_frame oriel_ram_frame(const struct oriel_region *region, u64 index);
struct page **oriel_ram_pages(const struct oriel_region *region, u64 index,
			      unsigned long *count, struct page **scratch);
void *oriel_ram_vmap(struct oriel_region *region);
void oriel_ram_vunmap(struct oriel_region *region, void *address);

#endif /* ORIEL_MEMORY_RAM_H */
