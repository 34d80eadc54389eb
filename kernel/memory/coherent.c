// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind coherent: RAM that a device and the processors see alike without any
 * maintenance.
 *
 * On a platform whose caches follow DMA that is any memory of ours that the
 * device reaches by itself; core/buffer.c sees to it that it does. Elsewhere only
 * the DMA API has such memory (memory/dma.c). One piece if
 * possible, since most users want one address; with an IOMMU in between any
 * pages are one piece for the device.
 *
 * Write-combined, the processors do not cache it, the kernel included; which a
 * device cannot tell but by speed, and one that does not look into caches not at
 * all.
 */
#include "core/region.h"
#include "memory/blocks.h"
#include "memory/dma.h"
#include "memory/kinds.h"
#include "memory/ram.h"

static int oriel_coherent_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	int err = -ENOMEM;

	if (!supply->for_device)
		return -EOPNOTSUPP;
	if (supply->dma_device)
		return oriel_dma_memory_create(region, supply);
	if (!supply->translated)
		err = oriel_ram_create(region, supply, oriel_blocks_fill_contig);
	return err ? oriel_ram_create(region, supply, oriel_blocks_fill_scattered) : 0;
}

const struct oriel_kind oriel_kind_coherent = {
	.id	 = ORIEL_KIND_COHERENT,
	.name	 = "coherent",
	.flags	 = ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE,
	.create	 = oriel_coherent_create,
	.destroy = oriel_ram_destroy,
	.frame	 = oriel_ram_frame,
	.pages	 = oriel_ram_pages,
	.vmap	 = oriel_ram_vmap,
	.vunmap	 = oriel_ram_vunmap,
};
