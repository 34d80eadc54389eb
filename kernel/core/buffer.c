// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers: memory that a client allocated for a device, and what the device has
 * mapped of it.
 *
 * The memory is a region and lives as long as anybody holds that; what ends
 * earlier is the device's hold on it: at the latest when its driver leaves.
 * Lock: the device's control lock, for handles, mappings and the device's list.
 * Memory is allocated outside of it.
 */
#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "core/buffer-memory.h"
#include "core/buffer.h"
#include "core/client.h"
#include "core/device.h"
#include "core/dmamap.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"

/* Is what the device got what was asked for? */
static int oriel_buffer_check_map(const struct oriel_buffer *buffer,
				  const struct oriel_buffer_alloc *wanted,
				  struct oriel_explain *why)
{
	u32 nr_segments = oriel_dmamap_segments(buffer->map, 0, 0, NULL);

	if (wanted->kind == ORIEL_KIND_COHERENT && buffer->map->needs_sync)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_COHERENT, 0, 0);
	if (wanted->flags & ORIEL_BUFFER_SINGLE && nr_segments > 1)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_SINGLE, nr_segments, 0);
	return 0;
}

/* The control lock is held. */
static void oriel_buffer_tell(const struct oriel_buffer *buffer, struct oriel_buffer_alloc *alloc)
{
	struct oriel_segment first = {}; /* a dma-buf may have none */

	alloc->handle = buffer->handle;
	alloc->nr_segments = oriel_dmamap_segments(buffer->map, 0, 1, &first);
	alloc->bus_address = first.bus_address;
	alloc->properties = 0;
	if (buffer->map->needs_sync)
		alloc->properties |= ORIEL_BUFFER_NEEDS_SYNC;
}

/* The control lock is held. Return: -ERANGE if the device does not reach the memory. */
static int oriel_buffer_map(struct oriel_client *client, struct oriel_buffer *buffer,
			    struct oriel_buffer_alloc *alloc, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	int err;

	if (oriel_device_is_revoked(dev))
		return oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	if (!oriel_dma_reaches(dev->dev.parent, buffer->region))
		return -ERANGE;
	buffer->map = oriel_dmamap_create(buffer->region, dev->dev.parent, DMA_BIDIRECTIONAL);
	if (IS_ERR(buffer->map))
		return oriel_refuse(why, PTR_ERR(buffer->map), ORIEL_REASON_NOT_MAPPED,
				    alloc->size_bytes, 0);
	err = oriel_buffer_check_map(buffer, alloc, why);
	if (err)
		goto err_unmap;
	/* The handle is taken, but leads nowhere yet. */
	err = xa_alloc_cyclic(&client->buffers, &buffer->handle, NULL, xa_limit_31b,
			      &client->next_buffer, GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		err = oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY, sizeof(*buffer), 0);
		goto err_unmap;
	}
	list_add_tail(&buffer->of_device, &dev->buffers);
	oriel_buffer_tell(buffer, alloc);
	return 0;

err_unmap:
	/* Nobody was told where it is, but DMA may be on, and addresses guessed. */
	oriel_dmamap_cut(buffer->map);
	return err;
}

static int oriel_buffer_try(struct oriel_client *client, struct oriel_buffer *buffer,
			    struct oriel_buffer_alloc *alloc,
			    const struct oriel_supply *supply, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	int err;

	buffer->region = oriel_buffer_take(alloc, supply, why);
	if (IS_ERR(buffer->region))
		return PTR_ERR(buffer->region);
	mutex_lock(&dev->control);
	err = oriel_buffer_map(client, buffer, alloc, why);
	mutex_unlock(&dev->control);
	if (err)
		oriel_region_put(buffer->region);
	return err;
}

/*
 * Memory that the device does not reach is given back, and the next zone is
 * tried, as the kernel's own DMA allocator does.
 */
static int oriel_buffer_fill(struct oriel_client *client, struct oriel_buffer *buffer,
			     struct oriel_buffer_alloc *alloc, struct oriel_explain *why)
{
	static const gfp_t zones[] = { 0, __GFP_DMA32, __GFP_DMA };
	struct oriel_supply supply;
	unsigned int zone;
	u64 reach;
	int err;

	err = oriel_buffer_survey(client->device, alloc->kind, &supply, &reach, why);
	if (err)
		return err;
	for (zone = 0; zone < ARRAY_SIZE(zones); zone++) {
		supply.gfp = __GFP_ACCOUNT | zones[zone];
		err = oriel_buffer_try(client, buffer, alloc, &supply, why);
		if (err != -ERANGE)
			break;
	}
	if (err == -ERANGE || (err == -ENOMEM && zone))
		return oriel_refuse(why, -ENOMEM, ORIEL_REASON_OUT_OF_REACH,
				    alloc->size_bytes, reach);
	return err;
}

/* The memory is where it is. */
static int oriel_buffer_fill_import(struct oriel_client *client, struct oriel_buffer *buffer,
				    struct oriel_buffer_alloc *alloc, unsigned long address,
				    struct oriel_region *foreign, struct oriel_explain *why)
{
	struct oriel_supply supply = { .user_address = address, .foreign = foreign };
	u64 reach;
	int err;

	err = oriel_buffer_survey(client->device, alloc->kind, &supply, &reach, why);
	if (err)
		return err;
	err = oriel_buffer_try(client, buffer, alloc, &supply, why);
	return err == -ERANGE ? oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_PIN_REACH, reach, 0) :
				err;
}

/**
 * oriel_buffer_create() - allocate a buffer and map it for the device
 * @client: who asks
 * @alloc:  what for; flags and reserved fields were checked. All but the
 *          descriptor is filled in.
 * @why:    where to say why not
 *
 * Context: May sleep.
 * Return: the buffer, which nobody can name before oriel_buffer_publish(), or an
 * ERR_PTR() as the UAPI header says for ORIEL_BUFFER_ALLOC.
 */
struct oriel_buffer *oriel_buffer_create(struct oriel_client *client,
					 struct oriel_buffer_alloc *alloc,
					 struct oriel_explain *why)
{
	struct oriel_buffer *buffer;
	int err = oriel_buffer_check(alloc, why);

	if (err)
		return ERR_PTR(err);
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL_ACCOUNT);
	if (!buffer)
		return ERR_PTR(oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY,
					    sizeof(*buffer), 0));
	err = oriel_buffer_fill(client, buffer, alloc, why);
	if (err) {
		kfree(buffer);
		return ERR_PTR(err);
	}
	return buffer;
}

/**
 * oriel_buffer_import() - map memory that is there for the device
 * @client:  who asks
 * @alloc:   size and flags, which were checked; the rest is filled in
 * @address: where the calling process has the memory, or
 * @foreign: a region that is somebody else's, new, or NULL; the buffer takes a
 *           reference of its own
 * @why:     where to say why not
 *
 * Context: May sleep.
 * Return: as for oriel_buffer_create(), for ORIEL_BUFFER_IMPORT.
 */
struct oriel_buffer *oriel_buffer_import(struct oriel_client *client,
					 struct oriel_buffer_alloc *alloc, u64 address,
					 struct oriel_region *foreign, struct oriel_explain *why)
{
	struct oriel_buffer *buffer;
	int err = 0;

	if (!foreign)
		err = oriel_buffer_check_range(address, alloc->size_bytes, why);
	if (err)
		return ERR_PTR(err);
	alloc->kind = ORIEL_KIND_IMPORT;
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL_ACCOUNT);
	if (!buffer)
		return ERR_PTR(oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY,
					    sizeof(*buffer), 0));
	err = oriel_buffer_fill_import(client, buffer, alloc, address, foreign, why);
	if (err) {
		kfree(buffer);
		return ERR_PTR(err);
	}
	return buffer;
}

/**
 * oriel_buffer_publish() - let the client name a buffer
 * @client: whose it is
 * @buffer: from oriel_buffer_create(); may be gone when this returns
 */
void oriel_buffer_publish(struct oriel_client *client, struct oriel_buffer *buffer)
{
	/* Its place is there already: this cannot fail. */
	xa_store(&client->buffers, buffer->handle, buffer, GFP_KERNEL_ACCOUNT);
}

/* The control lock is held. The device does not reach the buffer any more. */
static void oriel_buffer_unmap(struct oriel_buffer *buffer)
{
	if (!buffer->map)
		return;
	list_del(&buffer->of_device);
	oriel_dmamap_cut(buffer->map);
	buffer->map = NULL;
}

static void oriel_buffer_destroy(struct oriel_buffer *buffer)
{
	oriel_buffer_unmap(buffer);
	oriel_region_put(buffer->region);
	kfree(buffer);
}

/**
 * oriel_buffer_abandon() - undo oriel_buffer_create()
 * @client: whose it is
 * @buffer: not published
 *
 * Context: May sleep.
 */
void oriel_buffer_abandon(struct oriel_client *client, struct oriel_buffer *buffer)
{
	mutex_lock(&client->device->control);
	xa_erase(&client->buffers, buffer->handle);
	oriel_buffer_destroy(buffer);
	mutex_unlock(&client->device->control);
}

/**
 * oriel_buffer_segments() - where does the device find a buffer?
 * @client:   whose it is
 * @handle:   any number
 * @first:    which segment to begin with
 * @count:    room in @segments
 * @segments: what was found
 * @why:      where to say why not
 *
 * Context: May sleep.
 * Return: how many segments there are; -ENXIO for a wrong number, -ENODEV.
 */
int oriel_buffer_segments(struct oriel_client *client, u32 handle, u32 first, u32 count,
			  struct oriel_segment *segments, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	struct oriel_buffer *buffer;
	int total;

	mutex_lock(&dev->control);
	buffer = xa_load(&client->buffers, handle);
	if (!buffer)
		total = oriel_refuse(why, -ENXIO, ORIEL_REASON_HANDLE, handle, 0);
	else if (!buffer->map)
		total = oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	else
		total = oriel_dmamap_segments(buffer->map, first, count, segments);
	if (total >= 0 && first >= total)
		total = oriel_refuse(why, -ENXIO, ORIEL_REASON_SEGMENT, first, total);
	mutex_unlock(&dev->control);
	return total;
}

static int oriel_buffer_do_sync(struct oriel_client *client, const struct oriel_sync *sync,
				struct oriel_explain *why)
{
	static const enum dma_data_direction directions[] = {
		[ORIEL_SYNC_BOTH_WAYS]	 = DMA_BIDIRECTIONAL,
		[ORIEL_SYNC_TO_DEVICE]	 = DMA_TO_DEVICE,
		[ORIEL_SYNC_FROM_DEVICE] = DMA_FROM_DEVICE,
	};
	const struct oriel_buffer *buffer = xa_load(&client->buffers, sync->handle);
	int err;

	if (!buffer)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_HANDLE, sync->handle, 0);
	if (!buffer->map)
		return oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	err = oriel_span_check(sync->offset_bytes, sync->size_bytes, buffer->region->size_bytes);
	if (err)
		return oriel_refuse_span(why, err, sync->offset_bytes, sync->size_bytes,
					 buffer->region->size_bytes);
	/* Its owner may have more to do, and wait for others meanwhile. */
	if (buffer->map->attachment && buffer->map->needs_sync)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_DMABUF_SYNC, 0, 0);
	oriel_dmamap_sync(buffer->map, sync->offset_bytes, sync->size_bytes,
			  sync->flags & ORIEL_SYNC_FOR_CPU, directions[sync->direction]);
	return 0;
}

/**
 * oriel_buffer_sync() - make device and processors see each other's writes
 * @client: whose buffer it is
 * @sync:   which part, and which way; flags, direction and reserved fields were
 *          checked
 * @why:    where to say why not
 *
 * Context: May sleep.
 * Return: 0 or a negative errno as the UAPI header says for ORIEL_SYNC.
 */
int oriel_buffer_sync(struct oriel_client *client, const struct oriel_sync *sync,
		      struct oriel_explain *why)
{
	int err;

	mutex_lock(&client->device->control);
	err = oriel_buffer_do_sync(client, sync, why);
	mutex_unlock(&client->device->control);
	return err;
}

/**
 * oriel_buffer_free() - take a buffer away from the device and its client
 * @client: whose it is
 * @handle: any number
 * @why:    where to say why not
 *
 * Context: May sleep.
 * Return: 0 or -ENXIO.
 */
int oriel_buffer_free(struct oriel_client *client, u32 handle, struct oriel_explain *why)
{
	struct oriel_buffer *buffer;

	mutex_lock(&client->device->control);
	buffer = xa_load(&client->buffers, handle);
	if (buffer) {
		xa_erase(&client->buffers, handle);
		oriel_buffer_destroy(buffer);
	}
	mutex_unlock(&client->device->control);
	return buffer ? 0 : oriel_refuse(why, -ENXIO, ORIEL_REASON_HANDLE, handle, 0);
}

/**
 * oriel_device_has_buffers() - has the device memory of ours mapped?
 * @dev: the device, its control lock held
 *
 * Return: whether it has.
 */
bool oriel_device_has_buffers(const struct oriel_device *dev)
{
	lockdep_assert_held(&dev->control);
	return !list_empty(&dev->buffers);
}

/**
 * oriel_buffers_close() - a client leaves: its buffers go
 * @client: who; its device's control lock is held, and DMA is off if no other
 *          client wants it
 *
 * While DMA is on, nobody knows what the device still writes to: then they stay
 * with the device until it is off.
 */
void oriel_buffers_close(struct oriel_client *client)
{
	struct oriel_device *dev = client->device;
	struct oriel_buffer *buffer;
	unsigned long handle;

	lockdep_assert_held(&dev->control);
	xa_for_each(&client->buffers, handle, buffer) {
		if (buffer->map && dev->nr_dma)
			buffer->parked = true;
		else
			oriel_buffer_destroy(buffer);
	}
	xa_destroy(&client->buffers);
}

/**
 * oriel_buffers_unpark() - DMA is off: buffers of clients that left can go
 * @dev: the device, its control lock held
 */
void oriel_buffers_unpark(struct oriel_device *dev)
{
	struct oriel_buffer *buffer, *next;

	lockdep_assert_held(&dev->control);
	list_for_each_entry_safe(buffer, next, &dev->buffers, of_device)
		if (buffer->parked)
			oriel_buffer_destroy(buffer);
}

/**
 * oriel_buffers_cut() - the device goes: it has nothing mapped from now on
 * @dev: the device, its control lock held, its driver still there, DMA off
 *
 * The memory stays with whoever has it.
 */
void oriel_buffers_cut(struct oriel_device *dev)
{
	struct oriel_buffer *buffer, *next;

	oriel_buffers_unpark(dev);
	list_for_each_entry_safe(buffer, next, &dev->buffers, of_device)
		oriel_buffer_unmap(buffer);
}
