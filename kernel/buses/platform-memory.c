// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAM that the board keeps for one device (memory-region), as regions memory0, ...
 *
 * Only what the kernel does not have in its own map ("no-map"): any other is cached
 * there, and used by the kernel until somebody allocates it. It goes with the device,
 * as its registers do. Cached if the device sees the caches, else write-combined.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_reserved_mem.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <oriel/region.h>

#include "buses/platform.h"

static bool oriel_platform_node_uses(struct device_node *node, const struct device_node *memory)
{
	struct device_node *target;
	int i;

	for (i = 0; (target = of_parse_phandle(node, "memory-region", i)); i++) {
		of_node_put(target);
		if (target == memory)
			return true;
	}
	return false;
}

static bool oriel_platform_memory_is_shared(struct device *dev, const struct device_node *memory)
{
	struct device_node *node;

	for_each_node_with_property(node, "memory-region") {
		if (node == dev->of_node || !oriel_platform_node_uses(node, memory))
			continue;
		of_node_put(node);
		return true;
	}
	return false;
}

/* Return: why users cannot have it, or NULL. */
static const char *oriel_platform_check_memory(struct device *dev, struct device_node *node,
					       const struct reserved_mem *memory)
{
	if (!memory || !memory->size)
		return "it was not reserved";
	if (!of_property_read_bool(node, "no-map"))
		return "the kernel has it in its own map";
	if (!PAGE_ALIGNED(memory->base) || !PAGE_ALIGNED(memory->size))
		return "it has no whole pages";
	if (oriel_platform_memory_is_shared(dev, node))
		return "it is another device's, too";
	if (!devm_request_mem_region(dev, memory->base, memory->size, "oriel-platform (memory)"))
		return "it is in use";
	return NULL;
}

/* What others left there is nobody's business. */
static int oriel_platform_zero(const struct reserved_mem *memory, u32 cache)
{
	unsigned long flags = cache == ORIEL_CACHE_CACHED ? MEMREMAP_WB : MEMREMAP_WC;
	phys_addr_t done, step;
	void *kernel;

	for (done = 0; done < memory->size; done += step) {
		step = min_t(phys_addr_t, memory->size - done, SZ_1M);
		kernel = memremap(memory->base + done, step, flags);
		if (!kernel)
			return -ENOMEM;
		memset(kernel, 0, step);
		memunmap(kernel);
	}
	return 0;
}

static int oriel_platform_add_memory(struct oriel_platform *platform, struct device_node *node,
				     u32 index)
{
	const struct reserved_mem *memory = of_reserved_mem_lookup(node);
	const char *why = oriel_platform_check_memory(platform->dev, node, memory);
	char name[ORIEL_REGION_NAME_BYTES];
	struct oriel_mmio_desc desc = { .name = name, .mappable = true };
	int err;

	if (why) {
		dev_notice(platform->dev, "memory-region %u, %pOFn, left out: %s\n", index, node,
			   why);
		return 0;
	}
	snprintf(name, sizeof(name), "memory%u", index);
	desc.start = memory->base;
	desc.size_bytes = memory->size;
	desc.cache = of_dma_is_coherent(platform->dev->of_node) ? ORIEL_CACHE_CACHED :
								   ORIEL_CACHE_WRITE_COMBINED;
	err = oriel_platform_zero(memory, desc.cache);
	return err ?: oriel_platform_add_region(platform, &desc);
}

/**
 * oriel_platform_add_memories() - make regions of the RAM that is kept for a device
 * @platform: the device, not registered yet
 *
 * Memory that users cannot have is left out; the log says why.
 *
 * Context: May sleep.
 * Return: 0 or a negative errno.
 */
int oriel_platform_add_memories(struct oriel_platform *platform)
{
	struct device_node *node;
	int i, err;

	for (i = 0; (node = of_parse_phandle(platform->dev->of_node, "memory-region", i)); i++) {
		err = oriel_platform_add_memory(platform, node, i);
		of_node_put(node);
		if (err)
			return err;
	}
	return 0;
}
