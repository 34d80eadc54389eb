// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named buffers: memory that is a device of its own, with one region "buffer",
 * and lives until whoever made it takes it away. It counts for his limit as any
 * buffer does. Who has it mapped or open keeps the memory longer.
 *
 * With a target, it is a buffer of that device (core/buffer.c), which shares
 * that device's fate: what is taken away while the device may still write to it
 * waits with the device until it does not. Without one it is core/home.c's.
 *
 * No lock: creation and destruction of one are for the caller to keep apart.
 */
#include <linux/dma-direction.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include "core/buffer-memory.h"
#include "core/buffer.h"
#include "core/client.h"
#include "core/device.h"
#include "core/dmamap.h"
#include "core/home.h"
#include "core/kind.h"
#include "core/name.h"
#include "core/named.h"
#include "core/refusal.h"
#include "core/region.h"

/**
 * struct oriel_named - a named buffer
 * @node:   what users open
 * @region: the memory, with a reference
 * @client: holds the buffer of the target, if there is one
 * @handle: ... by this handle
 * @map:    of our own device, core/home.c; or NULL
 */
struct oriel_named {
	struct oriel_device *node;
	struct oriel_region *region;
	struct oriel_client client;
	u32 handle;
	struct oriel_dmamap *map;
};

static int oriel_named_check(const struct oriel_named_desc *desc, struct oriel_explain *why)
{
	int node = desc->numa_node;

	if (!oriel_name_valid(desc->name, ORIEL_NAME_BYTES) || oriel_name_is_reserved(desc->name))
		return -EINVAL;
	/* A device has its memory near itself. */
	if (node != NUMA_NO_NODE &&
	    (desc->target || node < 0 || node >= MAX_NUMNODES || !node_online(node)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_BUFFER_NODE, node, 0);
	return 0;
}

/* Takes a reference of the target, and gives it up again on error. */
static int oriel_named_fill_for(struct oriel_named *named, struct oriel_device *target,
				struct oriel_buffer_alloc *alloc, struct oriel_explain *why)
{
	struct oriel_buffer *buffer;

	named->client.device = oriel_device_get(target);
	xa_init_flags(&named->client.buffers, XA_FLAGS_ALLOC1);
	buffer = oriel_buffer_create(&named->client, alloc, why);
	if (IS_ERR(buffer)) {
		xa_destroy(&named->client.buffers);
		oriel_device_put(target);
		named->client.device = NULL;
		return PTR_ERR(buffer);
	}
	named->handle = alloc->handle;
	named->region = oriel_region_get(buffer->region);
	oriel_buffer_publish(&named->client, buffer);
	/* Nobody has its handle, so nobody could ask for ORIEL_SYNC. */
	if (alloc->properties & ORIEL_BUFFER_NEEDS_SYNC)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_COHERENT, 0, 0);
	return 0;
}

static int oriel_named_map_home(struct oriel_named *named, struct oriel_explain *why)
{
	struct oriel_dmamap *map = oriel_dmamap_create(named->region, oriel_home_device(),
						       DMA_BIDIRECTIONAL);

	if (IS_ERR(map))
		return oriel_refuse(why, PTR_ERR(map), ORIEL_REASON_NOT_MAPPED,
				    named->region->size_bytes, 0);
	named->map = map;
	if (map->needs_sync)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_COHERENT, 0, 0);
	return 0;
}

static int oriel_named_fill_alone(struct oriel_named *named, int numa_node,
				  const struct oriel_buffer_alloc *alloc,
				  struct oriel_explain *why)
{
	bool coherent = alloc->kind == ORIEL_KIND_COHERENT;
	const struct oriel_supply supply = oriel_home_supply(alloc->kind, numa_node);
	int err = oriel_buffer_check(alloc, why);

	if (err)
		return err;
	/* The DMA API takes memory from where it likes. */
	if (supply.dma_device && numa_node != NUMA_NO_NODE)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_BUFFER_NODE, numa_node, 0);
	named->region = oriel_buffer_take(alloc, &supply, why);
	if (IS_ERR(named->region))
		return PTR_ERR(named->region);
	return coherent ? oriel_named_map_home(named, why) : 0;
}

static int oriel_named_publish(struct oriel_named *named, const char *name,
			       struct oriel_explain *why)
{
	const struct oriel_device_desc desc = { .name = name, .owner = THIS_MODULE };
	struct oriel_device *node = oriel_device_create(&desc);
	int err = PTR_ERR_OR_ZERO(node);

	if (!err) {
		node->named = named;
		err = oriel_device_add_region(node, named->region);
	}
	if (!err)
		err = oriel_device_register(node);
	if (!err) {
		named->node = node;
		return 0;
	}
	oriel_device_put(node);
	if (err == -EEXIST)
		oriel_refuse(why, err, ORIEL_REASON_BUFFER_NAME, 0, 0);
	else if (err == -ENOMEM)
		oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY, sizeof(*node), 0);
	return err;
}

/**
 * oriel_named_create() - make a named buffer
 * @desc: what is wanted; not needed after the call
 * @why:  where to say why it was refused; ->call is set by the caller
 *
 * Context: May sleep.
 * Return: the buffer, to be given up with oriel_named_destroy(), or an ERR_PTR():
 *
 * * -EINVAL: a bad or reserved name, no such NUMA node, or one besides a target;
 *   size 0
 * * -EEXIST: there is a device of that name
 * * -ENODEV: the target is gone
 * * -EOVERFLOW, -EOPNOTSUPP, -ENOMEM, -EIO as the UAPI header says for
 *   ORIEL_BUFFER_ALLOC
 */
struct oriel_named *oriel_named_create(const struct oriel_named_desc *desc,
				       struct oriel_explain *why)
{
	struct oriel_buffer_alloc alloc = {
		.size_bytes = desc->size_bytes, .kind = desc->kind, .cache = desc->cache,
	};
	struct oriel_named *named;
	int err;

	err = oriel_named_check(desc, why);
	if (err)
		return ERR_PTR(err);
	named = kzalloc(sizeof(*named), GFP_KERNEL_ACCOUNT);
	if (!named)
		return ERR_PTR(oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY,
					    sizeof(*named), 0));
	if (desc->target)
		err = oriel_named_fill_for(named, desc->target, &alloc, why);
	else
		err = oriel_named_fill_alone(named, desc->numa_node, &alloc, why);
	if (!err)
		err = oriel_named_publish(named, desc->name, why);
	if (err) {
		oriel_named_destroy(named);
		return ERR_PTR(err);
	}
	return named;
}

/* What the target had mapped: now, or as soon as it writes to nothing any more. */
static void oriel_named_release_target(struct oriel_named *named)
{
	struct oriel_device *target = named->client.device;

	if (!target)
		return;
	mutex_lock(&target->control);
	oriel_buffers_close(&named->client);
	mutex_unlock(&target->control);
	oriel_device_put(target);
}

/**
 * oriel_named_destroy() - take a named buffer away
 * @named: from oriel_named_create()
 *
 * Who has it mapped keeps the memory. Does not wait for users.
 *
 * Context: May sleep.
 */
void oriel_named_destroy(struct oriel_named *named)
{
	/* Its files in sysfs, which ask us, go first. */
	oriel_device_unregister(named->node);
	oriel_named_release_target(named);
	if (named->map)
		oriel_dmamap_cut(named->map);
	oriel_region_put(named->region);
	kfree(named);
}

/**
 * oriel_named_has_bus_address() - is it mapped for a device?
 * @named: a named buffer
 *
 * Return: whether it was made so; the device may have gone since.
 */
bool oriel_named_has_bus_address(const struct oriel_named *named)
{
	return named->map || named->client.device;
}

/**
 * oriel_named_bus_address() - where does the device find it?
 * @named:   a named buffer
 * @address: where to say so
 *
 * Context: May sleep.
 * Return: 0; -ENXIO if it is mapped for no device, -ENODEV if that is gone,
 * -EOPNOTSUPP if it is in several pieces for the device, or -ENXIO.
 */
int oriel_named_bus_address(struct oriel_named *named, u64 *address)
{
	struct oriel_explain why = {};
	struct oriel_segment first;
	int total;

	if (named->map)
		total = oriel_dmamap_segments(named->map, 0, 1, &first);
	else if (named->client.device)
		total = oriel_buffer_segments(&named->client, named->handle, 0, 1, &first, &why);
	else
		return -ENXIO;
	if (total < 0)
		return total;
	if (total > 1)
		return -EOPNOTSUPP;
	*address = first.bus_address;
	return 0;
}
