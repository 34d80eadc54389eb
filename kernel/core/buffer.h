/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers: memory that clients allocated for a device's DMA. */
#ifndef ORIEL_CORE_BUFFER_H
#define ORIEL_CORE_BUFFER_H

#include <linux/list.h>
#include <linux/types.h>

struct oriel_buffer_alloc;
struct oriel_client;
struct oriel_device;
struct oriel_dmamap;
struct oriel_explain;
struct oriel_region;
struct oriel_segment;
struct oriel_sync;

/**
 * struct oriel_buffer - a region that a device has mapped, and a client's handle
 * @of_device: in the device's list of what it has mapped, as long as @map is
 * @handle:    what the client calls it
 * @region:    the memory, with a reference
 * @map:       the device's; NULL once it was taken away
 * @parked:    the client is gone, but the device may still write to it
 */
struct oriel_buffer {
	struct list_head of_device;
	u32 handle;
	struct oriel_region *region;
	struct oriel_dmamap *map;
	bool parked;
};

struct oriel_buffer *oriel_buffer_create(struct oriel_client *client,
					 struct oriel_buffer_alloc *alloc,
					 struct oriel_explain *why);
struct oriel_buffer *oriel_buffer_import(struct oriel_client *client,
					 struct oriel_buffer_alloc *alloc, u64 address,
					 struct oriel_region *foreign, struct oriel_explain *why);
void oriel_buffer_publish(struct oriel_client *client, struct oriel_buffer *buffer);
void oriel_buffer_abandon(struct oriel_client *client, struct oriel_buffer *buffer);
int oriel_buffer_segments(struct oriel_client *client, u32 handle, u32 first, u32 count,
			  struct oriel_segment *segments, struct oriel_explain *why);
int oriel_buffer_sync(struct oriel_client *client, const struct oriel_sync *sync,
		      struct oriel_explain *why);
int oriel_buffer_free(struct oriel_client *client, u32 handle, struct oriel_explain *why);

/* All with the device's control lock held. */
bool oriel_device_has_buffers(const struct oriel_device *dev);
void oriel_buffers_close(struct oriel_client *client);
void oriel_buffers_unpark(struct oriel_device *dev);
void oriel_buffers_cut(struct oriel_device *dev);

#endif /* ORIEL_CORE_BUFFER_H */
