// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of the DMA API: what kind coherent is for a device that does not see what
 * is in the processors' caches. The API has it mapped so that they do not cache it.
 *
 * Users get its frames and never its pages: who took those could map them as the
 * rest of memory is mapped. Freed when nobody has it any more, whenever that is:
 * only for a device that stays as long as this module does.
 */
#include <linux/dma-mapping.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "core/access.h"
#include "core/dmamap.h"
#include "core/region.h"
#include "memory/dma.h"

/* As users have it mapped; in one piece behind an IOMMU, too. */
#define ORIEL_DMA_MEMORY_ATTRS (DMA_ATTR_FORCE_CONTIGUOUS | DMA_ATTR_WRITE_COMBINE | \
				DMA_ATTR_NO_WARN)

struct oriel_dma_memory {
	struct device *device;
	void *kernel;
	size_t bytes;
	dma_addr_t bus_address;
	unsigned long first_pfn;
};

static unsigned long oriel_dma_memory_pfn(const struct oriel_region *region, u64 index)
{
	const struct oriel_dma_memory *memory = region->memory;

	return memory->first_pfn + index;
}

static int oriel_dma_memory_read(struct oriel_region *region, u64 offset_bytes, u32 cache,
				 void *to, size_t bytes)
{
	const struct oriel_dma_memory *memory = region->memory;

	oriel_memory_transfer(memory->kernel, offset_bytes, to, bytes, false);
	return 0;
}

static int oriel_dma_memory_write(struct oriel_region *region, u64 offset_bytes, u32 cache,
				  const void *from, size_t bytes)
{
	const struct oriel_dma_memory *memory = region->memory;

	oriel_memory_transfer(memory->kernel, offset_bytes, (void *)from, bytes, true);
	return 0;
}

/* Its device alone has it, from the beginning. */
static int oriel_dma_memory_map(struct oriel_dmamap *map)
{
	const struct oriel_dma_memory *memory = map->region->memory;
	int err;

	if (map->device != memory->device)
		return -EOPNOTSUPP;
	err = sg_alloc_table(&map->table, 1, GFP_KERNEL_ACCOUNT);
	if (err)
		return err;
	map->table.sgl->length = memory->bytes;
	sg_dma_address(map->table.sgl) = memory->bus_address;
	sg_dma_len(map->table.sgl) = memory->bytes;
	return 0;
}

static void oriel_dma_memory_unmap(struct oriel_dmamap *map)
{
	sg_free_table(&map->table);
}

static void oriel_dma_memory_free(struct oriel_dma_memory *memory)
{
	dma_free_attrs(memory->device, memory->bytes, memory->kernel, memory->bus_address,
		       ORIEL_DMA_MEMORY_ATTRS);
	kfree(memory);
}

static void oriel_dma_memory_destroy(struct oriel_region *region)
{
	oriel_dma_memory_free(region->memory);
}

static const struct oriel_kind oriel_kind_dma_memory = {
	.id	   = ORIEL_KIND_COHERENT,
	.name	   = "coherent",
	.destroy   = oriel_dma_memory_destroy,
	.pfn	   = oriel_dma_memory_pfn,
	.read	   = oriel_dma_memory_read,
	.write	   = oriel_dma_memory_write,
	.dma_map   = oriel_dma_memory_map,
	.dma_unmap = oriel_dma_memory_unmap,
};

/* The API tells the pages; they are one run, since that is what was asked for. */
static int oriel_dma_memory_find(struct oriel_dma_memory *memory)
{
	struct sg_table table;
	int err = dma_get_sgtable_attrs(memory->device, &table, memory->kernel,
					memory->bus_address, memory->bytes,
					ORIEL_DMA_MEMORY_ATTRS);

	if (err)
		return err;
	memory->first_pfn = page_to_pfn(sg_page(table.sgl));
	if (table.orig_nents != 1 || !pfn_valid(memory->first_pfn))
		err = -ENOMEM;
	sg_free_table(&table);
	return err;
}

/**
 * oriel_dma_memory_create() - allocate by the DMA API
 * @region: of kind coherent, which becomes another one of that name
 * @supply: ->dma_device says for whom
 *
 * The memory is zeroed, in one piece, and write-combined for everybody.
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int oriel_dma_memory_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	struct oriel_dma_memory *memory;
	int err;

	/* Where it is for the device, goes into one entry of a list. */
	if (region->nr_pages > UINT_MAX >> PAGE_SHIFT)
		return -ENOMEM;
	memory = kzalloc(sizeof(*memory), GFP_KERNEL_ACCOUNT);
	if (!memory)
		return -ENOMEM;
	memory->device = supply->dma_device;
	memory->bytes = region->nr_pages << PAGE_SHIFT;
	memory->kernel = dma_alloc_attrs(memory->device, memory->bytes, &memory->bus_address,
					 GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL,
					 ORIEL_DMA_MEMORY_ATTRS);
	if (!memory->kernel) {
		kfree(memory);
		return -ENOMEM;
	}
	err = oriel_dma_memory_find(memory);
	if (err) {
		oriel_dma_memory_free(memory);
		return -ENOMEM;
	}
	region->memory = memory;
	region->kind = &oriel_kind_dma_memory;
	region->flags &= ~(ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE);
	region->cache = ORIEL_CACHE_WRITE_COMBINED;
	return 0;
}
