// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of regions for devices, by the DMA API.
 *
 * One region may be mapped for several devices at a time: the one it was
 * allocated for and those that import it as a dma-buf. Cache maintenance is
 * therefore never done by mapping and unmapping alone, but by the explicit calls,
 * for all of them. Lock: region->dmamaps_lock.
 */
#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/swiotlb.h>

#include "core/dmamap.h"
#include "core/region.h"

/* Other mappings of the same memory may exist; what fails is for the caller to tell. */
#define ORIEL_DMA_ATTRS (DMA_ATTR_SKIP_CPU_SYNC | DMA_ATTR_NO_WARN)

/**
 * oriel_dma_is_possible() - can a device reach memory at all?
 * @device: the device or NULL
 *
 * Return: whether its bus gave it a DMA mask.
 */
bool oriel_dma_is_possible(struct device *device)
{
	return device && device->dma_mask && *device->dma_mask;
}

/**
 * oriel_dma_is_translated() - is an IOMMU between a device and memory?
 * @device: a device that a driver is bound to
 *
 * Return: whether addresses that the DMA API gives are the IOMMU's.
 */
bool oriel_dma_is_translated(struct device *device)
{
	const struct iommu_domain *domain = iommu_get_domain_for_dev(device);

	return domain && domain->type & __IOMMU_DOMAIN_DMA_API;
}

/**
 * oriel_dma_is_coherent() - do a device and the processors see the same memory?
 * @device: a device
 *
 * Return: whether no cache maintenance is needed.
 */
bool oriel_dma_is_coherent(struct device *device)
{
	return dev_is_dma_coherent(device);
}

/**
 * oriel_dma_reach() - how far does a device reach?
 * @device: a device that oriel_dma_is_possible() for
 *
 * Return: the highest address that it can put on its bus.
 */
u64 oriel_dma_reach(struct device *device)
{
	return min_not_zero(dma_get_mask(device), device->bus_dma_limit);
}

/**
 * oriel_dma_reaches() - does a device reach all of a region by itself?
 * @device: a device that oriel_dma_is_possible() for
 * @region: RAM
 *
 * What it does not reach, the DMA API would copy to where it does, or complain
 * about aloud: neither is wanted.
 *
 * Return: whether each page has an address within the device's mask.
 */
bool oriel_dma_reaches(struct device *device, const struct oriel_region *region)
{
	u64 i, limit = oriel_dma_reach(device);

	/* Somebody else's memory, he maps by himself. */
	if (oriel_dma_is_translated(device) || region->kind->dma_map)
		return true;
	for (i = 0; i < region->nr_pages; i++) {
		struct page *page = region->kind->frame(region, i).page;
		u64 address = phys_to_dma(device, page_to_phys(page));

		if (address > limit || limit - address < PAGE_SIZE - 1)
			return false;
	}
	return true;
}

/**
 * oriel_dma_can_map() - would the DMA API map a region for a device, without a word?
 * @device: a device
 * @region: RAM
 *
 * Return: whether the device reaches it by itself, or the API has where to copy it;
 * and sees it as the processors do.
 */
bool oriel_dma_can_map(struct device *device, const struct oriel_region *region)
{
	if (!oriel_dma_is_possible(device))
		return false;
	/* Uncached, but for the kernel's own map: who looks into caches, or copies, goes by that. */
	if (region->kind->read)
		return !oriel_dma_is_coherent(device) && !is_swiotlb_force_bounce(device) &&
		       oriel_dma_reaches(device, region);
	/* It says so of devices that may have to reach more than they do. */
	return dma_max_mapping_size(device) != SIZE_MAX || oriel_dma_reaches(device, region);
}

static size_t oriel_dma_segment_bytes(struct device *device)
{
	return min_t(size_t, dma_get_max_seg_size(device), dma_max_mapping_size(device));
}

static int oriel_dmamap_list_pages(struct oriel_dmamap *map)
{
	const struct oriel_region *region = map->region;
	unsigned long i, count = region->nr_pages;
	struct page **pages;
	int err;

	if (count > UINT_MAX)
		return -EOVERFLOW;
	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!pages)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		pages[i] = region->kind->frame(region, i).page;
	err = sg_alloc_table_from_pages_segment(&map->table, pages, count, 0, count << PAGE_SHIFT,
						oriel_dma_segment_bytes(map->device), GFP_KERNEL_ACCOUNT);
	kvfree(pages);
	return err;
}

/* Return: false if device and processors see at once what the other wrote. */
static bool oriel_dmamap_ask_sync(const struct oriel_dmamap *map)
{
	struct scatterlist *sg;
	unsigned int i;

	if (map->is_own)
		return false;
	if (!oriel_dma_is_coherent(map->device))
		return true;
	/* Whole pages that an IOMMU maps are never copied. */
	if (oriel_dma_is_translated(map->device))
		return false;
	for_each_sgtable_dma_sg(&map->table, sg, i)
		if (dma_need_sync(map->device, sg_dma_address(sg)))
			return true;
	return false;
}

/* The device it was allocated for has it in one piece, and cannot lose it. */
static int oriel_dmamap_own(struct oriel_dmamap *map, dma_addr_t address)
{
	size_t bytes = map->region->nr_pages << PAGE_SHIFT;
	int err = sg_alloc_table(&map->table, 1, GFP_KERNEL_ACCOUNT);

	if (err)
		return err;
	map->table.sgl->length = bytes;
	sg_dma_address(map->table.sgl) = address;
	sg_dma_len(map->table.sgl) = bytes;
	map->is_own = true;
	return 0;
}

static int oriel_dmamap_map(struct oriel_dmamap *map)
{
	const struct oriel_kind *kind = map->region->kind;
	dma_addr_t address;
	int err;

	if (kind->dma_map)
		return kind->dma_map(map);
	if (kind->dma_own && kind->dma_own(map->region, map->device, &address))
		return oriel_dmamap_own(map, address);
	err = oriel_dmamap_list_pages(map);
	if (err)
		return err;
	err = dma_map_sgtable(map->device, &map->table, map->direction, ORIEL_DMA_ATTRS);
	if (err)
		sg_free_table(&map->table);
	else
		dma_sync_sgtable_for_device(map->device, &map->table, map->direction);
	return err;
}

static void oriel_dmamap_unmap(struct oriel_dmamap *map)
{
	const struct oriel_kind *kind = map->region->kind;

	if (kind->dma_unmap) {
		kind->dma_unmap(map);
		return;
	}
	if (map->is_own) {
		sg_free_table(&map->table);
		return;
	}
	dma_sync_sgtable_for_cpu(map->device, &map->table, map->direction);
	dma_unmap_sgtable(map->device, &map->table, map->direction, ORIEL_DMA_ATTRS);
	sg_free_table(&map->table);
}

/**
 * oriel_dmamap_create() - map a region for a device
 * @region:    RAM, or somebody else's; the caller holds a reference for as long as
 *             the mapping lives
 * @device:    a device that a driver is bound to
 * @direction: what the device may do with it
 *
 * What the processors wrote before, the device sees.
 *
 * Context: May sleep.
 * Return: the mapping, to be given up with oriel_dmamap_destroy() before the
 * driver is unbound, or an ERR_PTR(): -ENOMEM, -EOVERFLOW, or what
 * dma_map_sgtable() or the memory's owner returns.
 */
struct oriel_dmamap *oriel_dmamap_create(struct oriel_region *region, struct device *device,
					 enum dma_data_direction direction)
{
	struct oriel_dmamap *map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);
	int err;

	if (!map)
		return ERR_PTR(-ENOMEM);
	map->region = region;
	map->device = device;
	map->direction = direction;
	err = oriel_dmamap_map(map);
	if (err) {
		kfree(map);
		return ERR_PTR(err);
	}
	map->needs_sync = oriel_dmamap_ask_sync(map);
	mutex_lock(&region->dmamaps_lock);
	list_add(&map->of_region, &region->dmamaps);
	mutex_unlock(&region->dmamaps_lock);
	return map;
}

/**
 * oriel_dmamap_destroy() - unmap a region for a device
 * @map: from oriel_dmamap_create(), or NULL
 *
 * What the device wrote before, the processors see.
 *
 * Context: May sleep.
 */
void oriel_dmamap_destroy(struct oriel_dmamap *map)
{
	if (!map)
		return;
	mutex_lock(&map->region->dmamaps_lock);
	list_del(&map->of_region);
	mutex_unlock(&map->region->dmamaps_lock);
	oriel_dmamap_unmap(map);
	kfree(map);
}

/**
 * oriel_dmamap_cut() - unmap a region for a device that nobody trusts
 * @map: from oriel_dmamap_create()
 *
 * An IOMMU may be told of unmapped pages lazily: a few milliseconds long it lets
 * a device reach what it remembers of them. That is for drivers that know when
 * their device is done; a user may lie.
 *
 * Context: May sleep.
 */
void oriel_dmamap_cut(struct oriel_dmamap *map)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(map->device);

	oriel_dmamap_destroy(map);
	if (domain && domain->type & __IOMMU_DOMAIN_DMA_FQ)
		iommu_flush_iotlb_all(domain);
}

/**
 * oriel_dmamap_segments() - where does the device find the memory?
 * @map:      the mapping
 * @first:    which segment to begin with
 * @count:    room in @segments
 * @segments: addresses and sizes, or NULL if @count is 0
 *
 * A segment is as long as addresses follow each other: what the DMA API put into
 * several entries may be one.
 *
 * Return: how many segments the mapping has.
 */
u32 oriel_dmamap_segments(const struct oriel_dmamap *map, u32 first, u32 count,
			  struct oriel_segment *segments)
{
	u64 start = 0, end = 0;
	struct scatterlist *sg;
	unsigned int i;
	u32 total = 0;

	for_each_sgtable_dma_sg(&map->table, sg, i) {
		if (!total || sg_dma_address(sg) != end) {
			start = sg_dma_address(sg);
			total++;
		}
		end = sg_dma_address(sg) + sg_dma_len(sg);
		if (total > first && total - 1 - first < count)
			segments[total - 1 - first] = (struct oriel_segment){
				.bus_address = start, .size_bytes = end - start,
			};
	}
	return total;
}

/* What is contiguous for the device. The memory is: where nothing translates, or in a page. */
static void oriel_dmamap_sync_part(const struct oriel_dmamap *map, dma_addr_t address, u64 bytes,
				   bool for_cpu, enum dma_data_direction direction)
{
	/* Also where 32-bit Arm has an IOMMU of its own making. */
	bool translated = oriel_dma_is_translated(map->device) || get_dma_ops(map->device);
	u64 piece;

	for (; bytes; address += piece, bytes -= piece) {
		piece = translated ? min_t(u64, bytes, PAGE_SIZE - offset_in_page(address)) : bytes;
		if (for_cpu)
			dma_sync_single_for_cpu(map->device, address, piece, direction);
		else
			dma_sync_single_for_device(map->device, address, piece, direction);
	}
}

/**
 * oriel_dmamap_sync() - make a device and the processors see each other's writes
 * @map:          the mapping
 * @offset_bytes: where in the region
 * @size_bytes:   how much; all of it is in the region
 * @for_cpu:      what the device wrote for the processors, or the other way round
 * @direction:    what the device does with it: not more than it may
 *
 * Does nothing where caches follow DMA.
 *
 * Context: May sleep.
 */
void oriel_dmamap_sync(const struct oriel_dmamap *map, u64 offset_bytes, u64 size_bytes,
		       bool for_cpu, enum dma_data_direction direction)
{
	struct scatterlist *sg;
	unsigned int i;
	u64 part;

	if (!map->needs_sync)
		return;
	for_each_sgtable_dma_sg(&map->table, sg, i) {
		if (!size_bytes)
			break;
		if (offset_bytes >= sg_dma_len(sg)) {
			offset_bytes -= sg_dma_len(sg);
			continue;
		}
		part = min_t(u64, size_bytes, sg_dma_len(sg) - offset_bytes);
		oriel_dmamap_sync_part(map, sg_dma_address(sg) + offset_bytes, part, for_cpu,
				       direction);
		offset_bytes = 0;
		size_bytes -= part;
		cond_resched();
	}
}

/**
 * oriel_dmamaps_sync() - make devices and processors see each other's writes
 * @region:  the region
 * @for_cpu: what devices wrote for the processors, or the other way round
 *
 * Does nothing where caches follow DMA.
 *
 * Context: May sleep.
 */
void oriel_dmamaps_sync(struct oriel_region *region, bool for_cpu)
{
	struct oriel_dmamap *map;

	mutex_lock(&region->dmamaps_lock);
	list_for_each_entry(map, &region->dmamaps, of_region) {
		if (map->is_own)
			continue;
		if (for_cpu)
			dma_sync_sgtable_for_cpu(map->device, &map->table, map->direction);
		else
			dma_sync_sgtable_for_device(map->device, &map->table, map->direction);
	}
	mutex_unlock(&region->dmamaps_lock);
}
