/* SPDX-License-Identifier: GPL-2.0-only */
/* Named buffers: memory as a device of its own, until root removes it. */
#ifndef ORIEL_CORE_NAMED_H
#define ORIEL_CORE_NAMED_H

#include <linux/types.h>
#include <uapi/oriel.h>

struct oriel_device;
struct oriel_named;

/**
 * struct oriel_named_desc - what a named buffer is
 * @name:       the node's name
 * @target:     the device that it is mapped for, or NULL
 * @size_bytes: any number
 * @kind:       ORIEL_KIND_*
 * @cache:      ORIEL_CACHE_*, or 0
 * @numa_node:  where the memory is to be, or NUMA_NO_NODE
 */
struct oriel_named_desc {
	const char *name;
	struct oriel_device *target;
	u64 size_bytes;
	u32 kind;
	u32 cache;
	int numa_node;
};

struct oriel_named *oriel_named_create(const struct oriel_named_desc *desc,
				       struct oriel_explain *why);
void oriel_named_destroy(struct oriel_named *named);
bool oriel_named_has_bus_address(const struct oriel_named *named);
int oriel_named_bus_address(struct oriel_named *named, u64 *address);

#endif /* ORIEL_CORE_NAMED_H */
