/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the memory of buffers comes from; for core/buffer.c. */
#ifndef ORIEL_CORE_BUFFER_MEMORY_H
#define ORIEL_CORE_BUFFER_MEMORY_H

#include <linux/types.h>

struct oriel_buffer_alloc;
struct oriel_device;
struct oriel_explain;
struct oriel_region;
struct oriel_supply;

int oriel_buffer_check(const struct oriel_buffer_alloc *wanted, struct oriel_explain *why);
int oriel_buffer_check_range(u64 address, u64 size_bytes, struct oriel_explain *why);
int oriel_buffer_survey(struct oriel_device *dev, u32 kind, struct oriel_supply *supply,
			u64 *reach, struct oriel_explain *why);
struct oriel_region *oriel_buffer_take(const struct oriel_buffer_alloc *wanted,
				       const struct oriel_supply *supply,
				       struct oriel_explain *why);

#endif /* ORIEL_CORE_BUFFER_MEMORY_H */
