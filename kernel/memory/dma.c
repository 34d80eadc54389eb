// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of the DMA API: what kind coherent is for a device that does not see what
 * is in the processors' caches. The API has it mapped so that they do not cache it.
 *
 * The kernel's own map of all memory may have it cached all the same: whoever copies
 * has to go by the API's map, and nobody gets its pages by get_user_pages(). Freed
 * when nobody has it any more, whenever that is: only for a device that stays as
 * long as this module does.
 */
#include <linux/atomic.h>
#include <linux/dma-mapping.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "core/access.h"
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

static atomic_long_t oriel_dma_memory_bytes;

/*
 * The API may have to map it in addresses that the kernel has few of on 32 bit: some
 * are left to everybody else.
 */
static bool oriel_dma_memory_charge(size_t bytes)
{
	if (IS_ENABLED(CONFIG_64BIT))
		return true;
	/* So that the sum does not wrap. */
	if (bytes > VMALLOC_TOTAL / 4)
		return false;
	if (atomic_long_add_return(bytes, &oriel_dma_memory_bytes) <= (long)(VMALLOC_TOTAL / 4))
		return true;
	atomic_long_sub(bytes, &oriel_dma_memory_bytes);
	return false;
}

static void oriel_dma_memory_uncharge(size_t bytes)
{
	if (!IS_ENABLED(CONFIG_64BIT))
		atomic_long_sub(bytes, &oriel_dma_memory_bytes);
}

static struct oriel_frame oriel_dma_memory_frame(const struct oriel_region *region, u64 index)
{
	const struct oriel_dma_memory *memory = region->memory;
	/* It was checked, but comes from a user: not even speculatively beyond. */
	unsigned long number = array_index_nospec((unsigned long)index,
						  (unsigned long)region->nr_pages);

	return (struct oriel_frame){ pfn_to_page(memory->first_pfn + number), 0 };
}

static struct page **oriel_dma_memory_pages(const struct oriel_region *region, u64 index,
					    unsigned long *count, struct page **scratch)
{
	unsigned long i;

	*count = min_t(unsigned long, *count, ORIEL_KIND_SCRATCH);
	for (i = 0; i < *count; i++)
		scratch[i] = oriel_dma_memory_frame(region, index + i).page;
	return scratch;
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

static void *oriel_dma_memory_vmap(struct oriel_region *region)
{
	const struct oriel_dma_memory *memory = region->memory;

	return memory->kernel;
}

/* It has been there from the beginning, and stays. */
static void oriel_dma_memory_vunmap(struct oriel_region *region, void *address)
{
}

static bool oriel_dma_memory_own(const struct oriel_region *region, const struct device *device,
				 dma_addr_t *address)
{
	const struct oriel_dma_memory *memory = region->memory;

	if (device != memory->device)
		return false;
	*address = memory->bus_address;
	return true;
}

static void oriel_dma_memory_free(const struct oriel_dma_memory *memory)
{
	dma_free_attrs(memory->device, memory->bytes, memory->kernel, memory->bus_address,
		       ORIEL_DMA_MEMORY_ATTRS);
	oriel_dma_memory_uncharge(memory->bytes);
}

static void oriel_dma_memory_destroy(struct oriel_region *region)
{
	oriel_dma_memory_free(region->memory);
	kfree(region->memory);
}

static const struct oriel_kind oriel_kind_dma_memory = {
	.id	 = ORIEL_KIND_COHERENT,
	.name	 = "coherent",
	.destroy = oriel_dma_memory_destroy,
	.frame	 = oriel_dma_memory_frame,
	.pages	 = oriel_dma_memory_pages,
	.read	 = oriel_dma_memory_read,
	.write	 = oriel_dma_memory_write,
	.vmap	 = oriel_dma_memory_vmap,
	.vunmap	 = oriel_dma_memory_vunmap,
	.dma_own = oriel_dma_memory_own,
};

/* The API tells the pages; they are one run, since that is what was asked for. */
static int oriel_dma_memory_find(struct oriel_dma_memory *memory)
{
	struct sg_table table;
	int err = dma_get_sgtable_attrs(memory->device, &table, memory->kernel,
					memory->bus_address, memory->bytes,
					ORIEL_DMA_MEMORY_ATTRS);

	if (err)
		return -ENOMEM;
	memory->first_pfn = page_to_pfn(sg_page(table.sgl));
	if (table.orig_nents != 1 || !pfn_valid(memory->first_pfn))
		err = -ENOMEM;
	sg_free_table(&table);
	return err;
}

static int oriel_dma_memory_alloc(struct oriel_dma_memory *memory)
{
	int err;

	if (!oriel_dma_memory_charge(memory->bytes))
		return -ENOMEM;
	memory->kernel = dma_alloc_attrs(memory->device, memory->bytes, &memory->bus_address,
					 GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL,
					 ORIEL_DMA_MEMORY_ATTRS);
	if (!memory->kernel) {
		oriel_dma_memory_uncharge(memory->bytes);
		return -ENOMEM;
	}
	err = oriel_dma_memory_find(memory);
	if (err)
		oriel_dma_memory_free(memory);
	return err;
}

/**
 * oriel_dma_memory_create() - allocate by the DMA API
 * @region: of kind coherent, which becomes another one of that name
 * @supply: ->dma_device says for whom
 *
 * The memory is zeroed, in one piece, and write-combined for who maps it.
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int oriel_dma_memory_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	struct oriel_dma_memory *memory;
	int err;

	/* Lists of the DMA API count the bytes of an entry so. */
	if (region->nr_pages > UINT_MAX >> PAGE_SHIFT)
		return -ENOMEM;
	memory = kzalloc(sizeof(*memory), GFP_KERNEL_ACCOUNT);
	if (!memory)
		return -ENOMEM;
	memory->device = supply->dma_device;
	memory->bytes = region->nr_pages << PAGE_SHIFT;
	err = oriel_dma_memory_alloc(memory);
	if (err) {
		kfree(memory);
		return err;
	}
	region->memory = memory;
	region->kind = &oriel_kind_dma_memory;
	region->flags &= ~(ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE);
	region->cache = ORIEL_CACHE_WRITE_COMBINED;
	return 0;
}
