// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory that a colour LCD controller shows, as the DMA API gives it: from the
 * board's memory-region if it has one, else from where the kernel has memory for DMA.
 *
 * It goes with the device: dma_alloc_wc() memory may not outlive that. Nothing here
 * knows of a controller or a board.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "buses/clcd.h"

/* Two pictures of the largest mode. */
#define CLCD_DMA_BYTES	SZ_8M

/* A region that the kernel has not in its own map; any other is as the kernel's memory. */
static struct reserved_mem *oriel_clcd_find_pool(struct device *dev)
{
	struct device_node *node = of_parse_phandle(dev->of_node, "memory-region", 0);
	struct reserved_mem *pool = NULL;

	if (node && of_property_read_bool(node, "no-map"))
		pool = of_reserved_mem_lookup(node);
	of_node_put(node);
	return pool;
}

/*
 * The largest block that a pool has, which begins where the pool does: blocks are
 * powers of two, aligned to their size. So this is known to be @start.
 */
static int oriel_clcd_place_in_pool(struct oriel_clcd_dma *dma, const struct reserved_mem *pool)
{
	if (pool->size < PAGE_SIZE || pool->size > INT_MAX || !PAGE_ALIGNED(pool->base))
		return -EINVAL;
	dma->size_bytes = rounddown_pow_of_two((unsigned long)pool->size);
	dma->start = pool->base;
	return 0;
}

/* Of the kernel's own memory the DMA API tells the pages. */
static int oriel_clcd_find_pages(struct device *dev, struct oriel_clcd_dma *dma)
{
	struct sg_table table;
	int err = dma_get_sgtable_attrs(dev, &table, dma->kernel, dma->bus_address,
					dma->size_bytes, DMA_ATTR_WRITE_COMBINE);

	if (err)
		return err;
	/* Behind an IOMMU it may be in pieces, which we cannot offer as one region. */
	if (table.orig_nents == 1)
		dma->start = sg_phys(table.sgl);
	else
		err = -EOPNOTSUPP;
	sg_free_table(&table);
	return err;
}

/**
 * oriel_clcd_setup_dma() - get the memory
 * @dev: what does the DMA
 * @dma: result; oriel_clcd_remove_dma() has to follow
 *
 * Context: May sleep.
 * Return: 0; -ENOMEM if there is none, or the region has another user; -EINVAL if it
 * is beyond what the controller's address registers hold; or what the
 * DMA API returns.
 */
int oriel_clcd_setup_dma(struct device *dev, struct oriel_clcd_dma *dma)
{
	struct reserved_mem *pool = oriel_clcd_find_pool(dev);
	int err = of_reserved_mem_device_init(dev);

	if (err && err != -ENODEV)
		return err;
	dma->size_bytes = CLCD_DMA_BYTES;
	err = pool ? oriel_clcd_place_in_pool(dma, pool) : 0;
	if (err)
		goto err_region;
	err = -ENOMEM;
	dma->kernel = dma_alloc_wc(dev, dma->size_bytes, &dma->bus_address,
				   GFP_KERNEL | __GFP_NOWARN);
	if (!dma->kernel)
		goto err_region;
	/* A pool is not asked what the device can reach: UPBASE has 32 bits. */
	err = -EINVAL;
	if (dma->bus_address + dma->size_bytes - 1 > U32_MAX)
		goto err_free;
	err = pool ? 0 : oriel_clcd_find_pages(dev, dma);
	if (err)
		goto err_free;
	return 0;

err_free:
	dma_free_wc(dev, dma->size_bytes, dma->kernel, dma->bus_address);
err_region:
	of_reserved_mem_device_release(dev);
	dma->kernel = NULL;
	return err;
}

/**
 * oriel_clcd_mmap_dma() - fb_ops.fb_mmap: map the memory into a program
 * @info: the frame buffer
 * @vma:  of its file
 *
 * Context: mmap_lock held for writing, as in file_operations.mmap.
 * Return: as oriel_device_mmap().
 */
int oriel_clcd_mmap_dma(struct fb_info *info, struct vm_area_struct *vma)
{
	return oriel_fb_mmap(info, vma);
}

/**
 * oriel_clcd_remove_dma() - give the memory back
 * @dev: what did the DMA, and does no more
 * @dma: mapped by nobody any more, and read or written by nobody; ignored if it was
 *       never set up
 *
 * Context: May sleep.
 */
void oriel_clcd_remove_dma(struct device *dev, struct oriel_clcd_dma *dma)
{
	if (!dma->kernel)
		return;
	dma_free_wc(dev, dma->size_bytes, dma->kernel, dma->bus_address);
	of_reserved_mem_device_release(dev);
	dma->kernel = NULL;
}
