/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings of regions for devices: what a device has mapped of one for DMA. */
#ifndef ORIEL_CORE_DMAMAP_H
#define ORIEL_CORE_DMAMAP_H

#include <linux/dma-direction.h>
#include <linux/list.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

struct device;
struct dma_buf_attachment;
struct oriel_region;
struct oriel_segment;

/**
 * struct oriel_dmamap - a region mapped for a device
 * @of_region: in the region's list
 * @region:    whose memory it is; whoever has the mapping holds a reference
 * @device:    for which device
 * @direction: what the device may do with it
 * @table:     its pages, and the addresses at which the device finds them
 * @attachment: of somebody else's memory, or NULL
 * @foreign_table: whose @table is a copy then
 * @is_own:     @device is the one that the memory was allocated for by the DMA API
 * @needs_sync: device and processors have to be told of each other's writes
 */
struct oriel_dmamap {
	struct list_head of_region;
	struct oriel_region *region;
	struct device *device;
	enum dma_data_direction direction;
	struct sg_table table;
	struct dma_buf_attachment *attachment;
	struct sg_table *foreign_table;
	bool is_own;
	bool needs_sync;
};

bool oriel_dma_is_possible(struct device *device);
bool oriel_dma_is_translated(struct device *device);
bool oriel_dma_is_coherent(struct device *device);
u64 oriel_dma_reach(struct device *device);
bool oriel_dma_reaches(struct device *device, const struct oriel_region *region);
bool oriel_dma_can_map(struct device *device, const struct oriel_region *region);

struct oriel_dmamap *oriel_dmamap_create(struct oriel_region *region, struct device *device,
					 enum dma_data_direction direction);
void oriel_dmamap_destroy(struct oriel_dmamap *map);
void oriel_dmamap_cut(struct oriel_dmamap *map);
u32 oriel_dmamap_segments(const struct oriel_dmamap *map, u32 first, u32 count,
			  struct oriel_segment *segments);
void oriel_dmamap_sync(const struct oriel_dmamap *map, u64 offset_bytes, u64 size_bytes,
		       bool for_cpu, enum dma_data_direction direction);
void oriel_dmamaps_sync(struct oriel_region *region, bool for_cpu);

#endif /* ORIEL_CORE_DMAMAP_H */
