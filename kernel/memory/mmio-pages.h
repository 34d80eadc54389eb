/* SPDX-License-Identifier: GPL-2.0-only */
/* Device memory that is RAM, with struct pages. */
#ifndef ORIEL_MEMORY_MMIO_PAGES_H
#define ORIEL_MEMORY_MMIO_PAGES_H

#include <linux/types.h>

struct oriel_region;

#ifdef CONFIG_ZONE_DEVICE
bool oriel_mmio_give_pages(struct oriel_region *region, phys_addr_t start, u64 size_bytes);
#else
static inline bool oriel_mmio_give_pages(struct oriel_region *region, phys_addr_t start,
					 u64 size_bytes)
{
	return false;
}
#endif

#endif /* ORIEL_MEMORY_MMIO_PAGES_H */
