// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions: what they are and how long they live.
 *
 * Owns a region's memory through its kind. Does not know devices, files or
 * page tables. Locks: region->gate and region->vmap_lock, see core/region.h.
 */
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/name.h"
#include "core/quota.h"
#include "core/region.h"
#include "core/span.h"

/* A page table cannot express write-only: such a region is not mapped. */
static u32 oriel_region_flags(const struct oriel_region_desc *desc, u32 kind_flags, u32 cache)
{
	u32 flags = desc->access ?: ORIEL_ACCESS_MASK;

	flags |= kind_flags;
	if (flags & ORIEL_REGION_READABLE)
		flags |= ORIEL_REGION_MAPPABLE;
	/* See oriel_region_gives_pages(). */
	if (!(flags & ORIEL_REGION_READABLE) || cache != ORIEL_CACHE_CACHED)
		flags &= ~(ORIEL_REGION_DIRECT_IO | ORIEL_REGION_HUGE);
	if (desc->revocable) {
		/* See oriel_mapping_choose(): these are inserted under the gate. */
		flags |= ORIEL_REGION_REVOCABLE;
		flags &= ~ORIEL_REGION_HUGE;
	}
	return flags;
}

/**
 * oriel_region_check_size() - can a region have that size?
 * @size_bytes: any number
 *
 * Return: 0; -EINVAL if it is 0, -EOVERFLOW if it cannot be counted in pages of
 * this machine.
 */
int oriel_region_check_size(u64 size_bytes)
{
	if (!size_bytes)
		return -EINVAL;
	/* The last page's end must be a number; so must a page count. */
	if (size_bytes > S64_MAX ||
	    oriel_span_pages(size_bytes, PAGE_SHIFT) > ULONG_MAX >> PAGE_SHIFT)
		return -EOVERFLOW;
	return 0;
}

static int oriel_region_desc_check(const struct oriel_region_desc *desc)
{
	int err = oriel_region_check_size(desc->size_bytes);

	if (!oriel_name_valid(desc->name, ORIEL_REGION_NAME_BYTES))
		return -EINVAL;
	if (err == -EINVAL || desc->access & ~ORIEL_ACCESS_MASK)
		return -EINVAL;
	if (!oriel_kind_find(desc->kind) || !oriel_kind_find(desc->kind)->create)
		return -EOPNOTSUPP;
	return err;
}

/**
 * oriel_region_alloc() - the frame of a region, without memory
 * @kind: what will back it
 * @name: a valid name
 *
 * Return: a region with one reference, of which the caller sets size, flags,
 * cache mode and memory; or NULL.
 */
struct oriel_region *oriel_region_alloc(const struct oriel_kind *kind, const char *name)
{
	struct oriel_region *region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);

	if (!region)
		return NULL;
	kref_init(&region->ref);
	init_rwsem(&region->gate);
	mutex_init(&region->vmap_lock);
	mutex_init(&region->dmamaps_lock);
	INIT_LIST_HEAD(&region->dmamaps);
	region->kind = kind;
	strscpy(region->name, name, sizeof(region->name));
	return region;
}

/**
 * oriel_region_create_from() - allocate a region, of memory that suits somebody
 * @desc:   what is wanted; not needed after the call
 * @supply: where from; not needed after the call
 *
 * Context: May sleep.
 * Return: as for oriel_region_create().
 */
struct oriel_region *oriel_region_create_from(const struct oriel_region_desc *desc,
					      const struct oriel_supply *supply)
{
	struct oriel_region *region;
	int err;

	err = oriel_region_desc_check(desc);
	if (err)
		return ERR_PTR(err);

	region = oriel_region_alloc(oriel_kind_find(desc->kind), desc->name);
	if (!region)
		return ERR_PTR(-ENOMEM);
	region->size_bytes = desc->size_bytes;
	region->nr_pages = oriel_span_pages(desc->size_bytes, PAGE_SHIFT);
	region->cache = supply->cache ?: ORIEL_CACHE_CACHED;
	region->flags = oriel_region_flags(desc, region->kind->flags, region->cache);

	err = region->kind->create(region, supply);
	if (err) {
		kfree(region);
		return ERR_PTR(err);
	}
	return region;
}

/**
 * oriel_region_create() - allocate a region
 * @desc: what is wanted; not needed after the call
 *
 * The memory is zeroed, the rest of the last page included.
 *
 * Context: May sleep.
 * Return: the region with one reference, which the caller owns and gives up
 * with oriel_region_put(); or an ERR_PTR():
 *
 * * -EINVAL: bad name, size 0, unknown access bits
 * * -EOPNOTSUPP: no such kind, or the kind cannot be created this way
 * * -EOVERFLOW: the size cannot be counted in pages of this machine
 * * -ENOMEM: the memory is not to be had
 */
struct oriel_region *oriel_region_create(const struct oriel_region_desc *desc)
{
	static const struct oriel_supply any = { .node = NUMA_NO_NODE };

	return oriel_region_create_from(desc, &any);
}
EXPORT_SYMBOL_GPL(oriel_region_create);

static void oriel_region_release(struct kref *ref)
{
	struct oriel_region *region = container_of(ref, struct oriel_region, ref);

	if (region->vmap)
		region->kind->vunmap(region, region->vmap);
	region->kind->destroy(region);
	oriel_quota_uncharge(region->quota, region->nr_pages);
	oriel_pinned_uncharge(&region->pinned_by, region->nr_pages);
	kfree(region);
}

/**
 * oriel_region_get() - take a reference
 * @region: a region of which the caller holds a reference
 *
 * Context: Any.
 * Return: @region.
 */
struct oriel_region *oriel_region_get(struct oriel_region *region)
{
	kref_get(&region->ref);
	return region;
}
EXPORT_SYMBOL_GPL(oriel_region_get);

/**
 * oriel_region_put() - give up a reference
 * @region: a region, or an ERR_PTR() or NULL, which are ignored
 *
 * Context: May sleep.
 */
void oriel_region_put(struct oriel_region *region)
{
	if (!IS_ERR_OR_NULL(region))
		kref_put(&region->ref, oriel_region_release);
}
EXPORT_SYMBOL_GPL(oriel_region_put);

/**
 * oriel_region_vmap() - the region's address in the kernel
 * @region: a region of which the caller holds a reference
 *
 * The address is valid, and the region contiguous there, as long as the caller
 * holds its reference. Users may change the contents at any time.
 *
 * Context: May sleep.
 * Return: the address, or an ERR_PTR(): -ENOMEM if there is no room for it in
 * the kernel's address space, -EOPNOTSUPP for device memory.
 */
void *oriel_region_vmap(struct oriel_region *region)
{
	void *address;

	if (!region->kind->vmap)
		return ERR_PTR(-EOPNOTSUPP);
	mutex_lock(&region->vmap_lock);
	if (!region->vmap)
		region->vmap = region->kind->vmap(region);
	address = region->vmap;
	mutex_unlock(&region->vmap_lock);
	return address ?: ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(oriel_region_vmap);

/**
 * oriel_region_size() - the region's size
 * @region: a region of which the caller holds a reference
 *
 * Context: Any.
 * Return: the size in bytes.
 */
u64 oriel_region_size(const struct oriel_region *region)
{
	return region->size_bytes;
}
EXPORT_SYMBOL_GPL(oriel_region_size);

/* Inside the gate. Return: 0 if the memory may be reached now. */
static int oriel_region_check_open(const struct oriel_region *region)
{
	if (region->revoked)
		return -ENODEV;
	if (region->paused || (region->reachable && !region->reachable(region->owner)))
		return -EIO;
	return 0;
}

/**
 * oriel_region_enter() - about to reach the memory for a user
 * @region: a region of which the caller holds a reference
 *
 * Context: May sleep. The caller must not touch user memory before
 * oriel_region_leave().
 * Return: 0, and oriel_region_leave() has to follow; -ENODEV if the region was
 * revoked, -EIO if the memory does not answer now (a reset, suspend, or memory
 * decoding switched off).
 */
int oriel_region_enter(struct oriel_region *region)
{
	int err;

	if (!(region->flags & ORIEL_REGION_REVOCABLE))
		return 0;
	down_read(&region->gate);
	err = oriel_region_check_open(region);
	if (err)
		up_read(&region->gate);
	return err;
}

/**
 * oriel_region_leave() - undo oriel_region_enter()
 * @region: the region that was entered
 */
void oriel_region_leave(struct oriel_region *region)
{
	if (region->flags & ORIEL_REGION_REVOCABLE)
		up_read(&region->gate);
}

/**
 * oriel_region_close() - let nobody enter a revocable region any more
 * @region: a region of which the caller holds a reference
 *
 * When this returns, nobody is inside and nobody can insert into a page table;
 * what was inserted before is for the caller to remove.
 *
 * Context: May sleep, for as long as a fault takes.
 */
void oriel_region_close(struct oriel_region *region)
{
	down_write(&region->gate);
	region->revoked = true;
	/* Cuts the way back into the driver. */
	region->reachable = NULL;
	up_write(&region->gate);
}

/**
 * oriel_region_pause() - let nobody enter a revocable region for a while
 * @region: a region of which the caller holds a reference
 * @paused: whether it is closed or open from now on
 *
 * Context: May sleep, for as long as a fault takes.
 */
void oriel_region_pause(struct oriel_region *region, bool paused)
{
	down_write(&region->gate);
	region->paused = paused;
	up_write(&region->gate);
}
