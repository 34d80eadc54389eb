// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does anybody else have registers on the pages of a window?
 *
 * What drivers use is in the kernel's list of resources, and what some buses found.
 * What no driver uses may not be, but it is there all the same, and the device tree
 * knows it. Without a tree nobody does.
 */
#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_address.h>

#include "buses/platform.h"

static bool oriel_platform_node_is_on(struct device_node *node, struct resource *pages)
{
	struct resource other;
	int i;

	for (i = 0; of_get_address(node, i, NULL, NULL); i++) {
		/* Of other buses, I2C for instance, or where its own leads nowhere. */
		if (of_address_to_resource(node, i, &other))
			continue;
		if (resource_type(&other) == IORESOURCE_MEM && resource_overlaps(&other, pages))
			return true;
	}
	return false;
}

static bool oriel_platform_tree_has(struct device *dev, struct resource *pages)
{
	struct device_node *node;

	for_each_node_with_property(node, "reg") {
		if (node == dev->of_node || !oriel_platform_node_is_on(node, pages))
			continue;
		of_node_put(node);
		return true;
	}
	return false;
}

/*
 * What can be requested is nobody's, and stays so as long as the device is bound. A
 * request could end up inside what is listed as somebody's but not in use.
 */
static bool oriel_platform_take(struct device *dev, resource_size_t start, resource_size_t end)
{
	if (start == end)
		return true;
	return region_intersects(start, end - start, IORESOURCE_MEM, IORES_DESC_NONE) ==
	       REGION_DISJOINT &&
	       devm_request_mem_region(dev, start, end - start, "oriel-platform (rest of a page)");
}

/* Both rests of the pages, or none. */
static bool oriel_platform_take_rests(struct device *dev, const struct resource *window,
				      const struct resource *pages)
{
	if (!oriel_platform_take(dev, pages->start, window->start))
		return false;
	if (oriel_platform_take(dev, window->end + 1, pages->end + 1))
		return true;
	if (pages->start != window->start)
		devm_release_mem_region(dev, pages->start, window->start - pages->start);
	return false;
}

/**
 * oriel_platform_is_alone() - may the pages of a window be mapped?
 * @dev:    the device, which is being bound, all its windows requested
 * @window: one of them
 *
 * Requests the rest of the pages until the device is unbound.
 *
 * Whole pages have no rest, and the tree is not asked. Another node with registers in
 * the window itself is a part of the device, one of a system controller's for
 * instance: root gave the window away as a whole, pread and pwrite reach all of it as
 * well, and a driver that requested the part would have kept it from being bound.
 *
 * Return: whether no one else has registers there.
 */
bool oriel_platform_is_alone(struct device *dev, const struct resource *window)
{
	struct resource pages = {
		.start = window->start & PAGE_MASK,
		.end = PAGE_ALIGN(window->end + 1) - 1,
		.flags = IORESOURCE_MEM,
	};

	if (pages.start == window->start && pages.end == window->end)
		return true;
	return dev->of_node && !oriel_platform_tree_has(dev, &pages) &&
	       oriel_platform_take_rests(dev, window, &pages);
}
