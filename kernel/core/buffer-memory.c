// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of buffers: what can be had for a device, where it comes from, and
 * who pays for it. What becomes of it then: core/buffer.c.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mm.h>

#include "compat/cachemode.h"
#include "core/buffer-memory.h"
#include "core/device.h"
#include "core/dmamap.h"
#include "core/pinned.h"
#include "core/quota.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"

/* What the kernel itself goes on caching is not mapped otherwise: see below, too. */
static int oriel_buffer_check_cache(const struct oriel_buffer_alloc *wanted,
				    struct oriel_explain *why)
{
	if (!wanted->cache || wanted->cache == ORIEL_CACHE_CACHED)
		return 0;
	if (wanted->cache != ORIEL_CACHE_WRITE_COMBINED || wanted->kind != ORIEL_KIND_COHERENT)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_BUFFER_CACHE, wanted->cache, 0);
	return 0;
}

/**
 * oriel_buffer_check() - can there be such a buffer?
 * @wanted: kind, cache mode and size are any numbers
 * @why:    where to say why not
 *
 * Return: 0, -EOPNOTSUPP, -EINVAL or -EOVERFLOW.
 */
int oriel_buffer_check(const struct oriel_buffer_alloc *wanted, struct oriel_explain *why)
{
	int err;

	if (wanted->kind != ORIEL_KIND_CONTIG && wanted->kind != ORIEL_KIND_SCATTERED &&
	    wanted->kind != ORIEL_KIND_COHERENT)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_BUFFER_KIND, wanted->kind, 0);
	err = oriel_buffer_check_cache(wanted, why);
	if (err)
		return err;
	err = oriel_region_check_size(wanted->size_bytes);
	return err ? oriel_refuse_span(why, err, 0, wanted->size_bytes, 0) : 0;
}

/* The control lock is held: afterwards the device's driver may be gone. */
static int oriel_buffer_do_survey(const struct oriel_device *dev, u32 kind,
				  struct oriel_supply *supply, u64 *reach,
				  struct oriel_explain *why)
{
	struct device *parent = dev->dev.parent;

	if (oriel_device_is_revoked(dev))
		return oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	/* Nor is memory lent to a device that could not be made to let go of it. */
	if (dev->dma_always || !dev->ops || !dev->ops->dma_set || !oriel_dma_is_possible(parent))
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NO_DMA, 0, 0);
	if (kind == ORIEL_KIND_COHERENT && !oriel_dma_is_coherent(parent))
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_COHERENT, 0, 0);
	supply->node = dev_to_node(parent);
	supply->for_device = true;
	supply->translated = oriel_dma_is_translated(parent);
	*reach = oriel_dma_reach(parent);
	return 0;
}

/**
 * oriel_buffer_survey() - find out what memory suits a device
 * @dev:    the device
 * @kind:   of memory
 * @supply: where to say so
 * @reach:  ... and how far the device reaches
 * @why:    where to say why there is none
 *
 * Return: 0, -ENODEV or -EOPNOTSUPP.
 */
int oriel_buffer_survey(struct oriel_device *dev, u32 kind, struct oriel_supply *supply,
			u64 *reach, struct oriel_explain *why)
{
	int err;

	mutex_lock(&dev->control);
	err = oriel_buffer_do_survey(dev, kind, supply, reach, why);
	mutex_unlock(&dev->control);
	return err;
}

/* Return: new memory, which counts for the user, or an ERR_PTR(). */
static struct oriel_region *
oriel_buffer_alloc_memory(const struct oriel_buffer_alloc *wanted,
			  const struct oriel_supply *supply, struct oriel_explain *why)
{
	const struct oriel_region_desc desc = {
		.name = "buffer", .kind = wanted->kind, .size_bytes = wanted->size_bytes,
	};
	u64 nr_pages = oriel_span_pages(wanted->size_bytes, PAGE_SHIFT);
	struct oriel_supply from = *supply;
	struct oriel_region *region;
	struct oriel_quota *quota;
	int err;

	if (wanted->cache == ORIEL_CACHE_WRITE_COMBINED && !supply->dma_device &&
	    !oriel_can_write_combine_ram()) {
		err = oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_ALWAYS_CACHED, 0, 0);
		return ERR_PTR(err);
	}
	from.cache = wanted->cache;
	quota = oriel_quota_charge(nr_pages, why);
	if (IS_ERR(quota))
		return ERR_CAST(quota);
	region = oriel_region_create_from(&desc, &from);
	if (IS_ERR(region)) {
		oriel_quota_uncharge(quota, nr_pages);
		oriel_refuse(why, PTR_ERR(region), wanted->kind == ORIEL_KIND_CONTIG ?
			     ORIEL_REASON_NO_CONTIGUOUS : ORIEL_REASON_NO_MEMORY,
			     wanted->size_bytes, 0);
		return region;
	}
	region->quota = quota;
	return region;
}

/* What can go wrong with somebody's own memory. */
static int oriel_buffer_refuse_pin(int err, u64 address, u64 size_bytes, struct oriel_explain *why)
{
	switch (err) {
	case -EFAULT:
		return oriel_refuse(why, err, ORIEL_REASON_PIN_FAULT, address, size_bytes);
	case -EOPNOTSUPP:
		return oriel_refuse(why, err, ORIEL_REASON_PIN_FILE, address, size_bytes);
	case -ENOMEM:
		return oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY, size_bytes, 0);
	default:
		return err;
	}
}

/* Return: the caller's own memory, pinned, which counts for the user, or an ERR_PTR(). */
static struct oriel_region *oriel_buffer_pin(const struct oriel_buffer_alloc *wanted,
					     const struct oriel_supply *supply,
					     struct oriel_explain *why)
{
	const struct oriel_region_desc desc = {
		.name = "import", .kind = ORIEL_KIND_IMPORT, .size_bytes = wanted->size_bytes,
	};
	u64 nr_pages = oriel_span_pages(wanted->size_bytes, PAGE_SHIFT);
	struct oriel_pinned pinned_by = {};
	struct oriel_region *region;
	int err = oriel_pinned_charge(&pinned_by, nr_pages, why);

	if (err)
		return ERR_PTR(err);
	region = oriel_region_create_from(&desc, supply);
	if (IS_ERR(region)) {
		oriel_pinned_uncharge(&pinned_by, nr_pages);
		oriel_buffer_refuse_pin(PTR_ERR(region), supply->user_address,
					wanted->size_bytes, why);
		return region;
	}
	region->pinned_by = pinned_by;
	return region;
}

/* Return: somebody else's memory, held for the user, for whom it counts; or an ERR_PTR(). */
static struct oriel_region *oriel_buffer_adopt(struct oriel_region *region,
					       struct oriel_explain *why)
{
	struct oriel_quota *quota = oriel_quota_charge(region->nr_pages, why);

	if (IS_ERR(quota))
		return ERR_CAST(quota);
	region->quota = quota;
	return oriel_region_get(region);
}

/**
 * oriel_buffer_take() - get the memory of a buffer
 * @wanted: what for
 * @supply: where from
 * @why:    where to say why not
 *
 * Context: May sleep.
 * Return: the memory, paid for by the caller, or an ERR_PTR().
 */
struct oriel_region *oriel_buffer_take(const struct oriel_buffer_alloc *wanted,
				       const struct oriel_supply *supply,
				       struct oriel_explain *why)
{
	if (supply->foreign)
		return oriel_buffer_adopt(supply->foreign, why);
	if (supply->user_address)
		return oriel_buffer_pin(wanted, supply, why);
	return oriel_buffer_alloc_memory(wanted, supply, why);
}

/**
 * oriel_buffer_check_range() - can that be memory of a process?
 * @address:    any number
 * @size_bytes: any number
 * @why:        where to say why not
 *
 * Return: 0, -EINVAL, -EOVERFLOW or -EFAULT.
 */
int oriel_buffer_check_range(u64 address, u64 size_bytes, struct oriel_explain *why)
{
	int err = oriel_region_check_size(size_bytes);

	if (err)
		return oriel_refuse_span(why, err, address, size_bytes, 0);
	if (!PAGE_ALIGNED(address) || !PAGE_ALIGNED(size_bytes))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_MISALIGNED,
				    PAGE_ALIGNED(address) ? size_bytes : address, PAGE_SIZE);
	if (!address || oriel_span_check(address, size_bytes, ULONG_MAX))
		return oriel_refuse(why, -EFAULT, ORIEL_REASON_PIN_FAULT, address, size_bytes);
	return 0;
}
