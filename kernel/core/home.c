// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for no device in particular, a named buffer's or an allocator's, belongs
 * to a platform device of our own: it reaches 64 bits, nothing translates for it,
 * and it is there as long as this module.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <uapi/oriel.h>

#include "core/dmamap.h"
#include "core/home.h"
#include "core/kind.h"

static struct platform_device *oriel_home;

/**
 * oriel_home_init() - make the device
 *
 * Return: 0 or a negative errno.
 */
int oriel_home_init(void)
{
	int err;

	oriel_home = platform_device_register_simple("oriel-buffers", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(oriel_home))
		return PTR_ERR(oriel_home);
	err = dma_coerce_mask_and_coherent(&oriel_home->dev, DMA_BIT_MASK(64));
	if (err)
		oriel_home_exit();
	return err;
}

/** oriel_home_exit() - undo oriel_home_init(): nobody has memory of the device any more */
void oriel_home_exit(void)
{
	platform_device_unregister(oriel_home);
}

/** oriel_home_device() - the device */
struct device *oriel_home_device(void)
{
	return &oriel_home->dev;
}

/**
 * oriel_home_supply() - where the memory comes from
 * @kind: ORIEL_KIND_*
 * @node: the NUMA node that is preferred, or NUMA_NO_NODE
 *
 * Where caches do not follow DMA, only the DMA API has coherent memory.
 *
 * Return: what oriel_buffer_take() wants to know.
 */
struct oriel_supply oriel_home_supply(u32 kind, int node)
{
	struct oriel_supply supply = {
		.gfp = __GFP_ACCOUNT, .node = node, .for_device = true,
	};

	if (kind == ORIEL_KIND_COHERENT && !oriel_dma_is_coherent(&oriel_home->dev))
		supply.dma_device = &oriel_home->dev;
	return supply;
}
