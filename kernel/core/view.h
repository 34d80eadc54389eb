/* SPDX-License-Identifier: GPL-2.0-only */
/* Views: regions that are a span of another region's memory. */
#ifndef ORIEL_CORE_VIEW_H
#define ORIEL_CORE_VIEW_H

#include <linux/types.h>

struct oriel_explain;
struct oriel_region;

/**
 * struct oriel_view_desc - which part of a region, and how
 * @offset_bytes: where it starts in the region
 * @size_bytes:   its size; starts and ends on page boundaries of the region's
 *                mapping, or where the region does
 * @cache:        ORIEL_CACHE_*, or 0 for the region's own
 * @access:       ORIEL_REGION_READABLE and/or ORIEL_REGION_WRITABLE, not more than
 *                the region allows; 0 for all that it allows
 */
struct oriel_view_desc {
	u64 offset_bytes;
	u64 size_bytes;
	u32 cache;
	u32 access;
};

struct oriel_region *oriel_view_create(struct oriel_region *parent,
				       const struct oriel_view_desc *desc,
				       struct oriel_explain *why);

#endif /* ORIEL_CORE_VIEW_H */
