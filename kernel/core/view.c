// SPDX-License-Identifier: GPL-2.0-only
/*
 * Views: regions that are a span of another region's memory, with a cache mode
 * and access rights of their own.
 *
 * A view has a kind of its own, which passes each question on to the parent's
 * kind with the index moved: who holds a view cannot ask for a page outside. It
 * holds a reference of the parent, so RAM lives as long as the view. Its gate is
 * its own; who closes the parent's has to close the views' (core/window.c).
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "core/block.h"
#include "core/huge.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"
#include "core/view.h"

/**
 * struct oriel_view - what is behind region->memory of a view
 * @kind:        region->kind
 * @parent:      whose memory it is, with a reference
 * @first_page:  the parent's page that is the view's page 0
 * @start_bytes: the parent's byte that is the view's byte 0
 */
struct oriel_view {
	struct oriel_kind kind;
	struct oriel_region *parent;
	u64 first_page;
	u64 start_bytes;
};

static void oriel_view_destroy(struct oriel_region *region)
{
	struct oriel_view *view = region->memory;

	oriel_region_put(view->parent);
	kfree(view);
}

/* A view that starts inside a block shows it at another index: page by page. */
static bool oriel_view_keeps_blocks(const struct oriel_view *view)
{
	return IS_ALIGNED(view->first_page, ORIEL_BLOCK_PAGES);
}

static struct oriel_frame oriel_view_frame(const struct oriel_region *region, u64 index)
{
	const struct oriel_view *view = region->memory;
	struct oriel_frame frame = view->parent->kind->frame(view->parent,
							     view->first_page + index);

	if (!oriel_view_keeps_blocks(view))
		frame.order = 0;
	return frame;
}

static struct page **oriel_view_pages(const struct oriel_region *region, u64 index,
				      unsigned long *count, struct page **scratch)
{
	const struct oriel_view *view = region->memory;

	return view->parent->kind->pages(view->parent, view->first_page + index, count, scratch);
}

static unsigned long oriel_view_pfn(const struct oriel_region *region, u64 index)
{
	const struct oriel_view *view = region->memory;

	return view->parent->kind->pfn(view->parent, view->first_page + index);
}

static int oriel_view_read(struct oriel_region *region, u64 offset_bytes, u32 cache, void *to,
			   size_t bytes)
{
	struct oriel_view *view = region->memory;

	return view->parent->kind->read(view->parent, view->start_bytes + offset_bytes, cache,
					to, bytes);
}

static int oriel_view_write(struct oriel_region *region, u64 offset_bytes, u32 cache,
			    const void *from, size_t bytes)
{
	struct oriel_view *view = region->memory;

	return view->parent->kind->write(view->parent, view->start_bytes + offset_bytes, cache,
					 from, bytes);
}

static void *oriel_view_vmap(struct oriel_region *region)
{
	struct oriel_view *view = region->memory;
	void *address = oriel_region_vmap(view->parent);

	return IS_ERR(address) ? NULL : address + view->start_bytes;
}

/* The parent keeps it. */
static void oriel_view_vunmap(struct oriel_region *region, void *address)
{
}

/* What the parent's kind cannot do, the view's cannot either. */
static void oriel_view_set_kind(struct oriel_kind *kind, const struct oriel_kind *parent)
{
	kind->id = parent->id;
	kind->name = parent->name;
	kind->flags = parent->flags;
	kind->destroy = oriel_view_destroy;
	if (parent->read) {
		kind->read = oriel_view_read;
		kind->write = oriel_view_write;
	}
	if (parent->pfn) {
		kind->pfn = oriel_view_pfn;
	} else {
		kind->frame = oriel_view_frame;
		kind->pages = oriel_view_pages;
		kind->vmap = oriel_view_vmap;
		kind->vunmap = oriel_view_vunmap;
	}
}

static int oriel_view_check(const struct oriel_region *parent, const struct oriel_view_desc *desc,
			    u64 *first_page, u64 *nr_pages, struct oriel_explain *why)
{
	int err = oriel_span_cut(parent->in_page_bytes, desc->offset_bytes, desc->size_bytes,
				 parent->size_bytes, PAGE_SHIFT, first_page, nr_pages);

	if (err == -EINVAL && desc->size_bytes)
		return oriel_refuse(why, err, ORIEL_REASON_WINDOW_CUT, desc->offset_bytes,
				    desc->offset_bytes + desc->size_bytes);
	if (err)
		return oriel_refuse_span(why, err, desc->offset_bytes, desc->size_bytes,
					 parent->size_bytes);
	if (desc->access & ~(parent->flags & ORIEL_ACCESS_MASK))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_WINDOW_ACCESS, desc->access,
				    parent->flags & ORIEL_ACCESS_MASK);
	return 0;
}

/*
 * RAM has the mode that the kernel uses itself. Device memory may be uncached
 * or write-combined; cached only if its driver offers it so, because a processor
 * reads and writes back cached memory when it likes. What is not mapped, such
 * as ports, has no mode to choose.
 */
static int oriel_view_check_cache(const struct oriel_region *parent, u32 cache,
				  struct oriel_explain *why)
{
	bool choice = !oriel_region_is_ram(parent) && parent->flags & ORIEL_REGION_MAPPABLE;

	if (cache == parent->cache)
		return 0;
	if (choice && (cache == ORIEL_CACHE_UNCACHED || cache == ORIEL_CACHE_WRITE_COMBINED))
		return 0;
	return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_WINDOW_CACHE, cache, parent->cache);
}

/* Which huge entries fit, the blocks decide for RAM, for device memory the frames. */
static bool oriel_view_can_be_huge(const struct oriel_region *region,
				   const struct oriel_view *view)
{
	if (!oriel_region_is_ram(region))
		return oriel_huge_order(region, 0, region->nr_pages);
	return view->parent->flags & ORIEL_REGION_HUGE && oriel_view_keeps_blocks(view) &&
	       region->nr_pages >= ORIEL_BLOCK_PAGES;
}

static void oriel_view_set_flags(struct oriel_region *region, const struct oriel_view *view,
				 u32 access)
{
	region->flags = (view->parent->flags & ~(ORIEL_ACCESS_MASK | ORIEL_REGION_HUGE)) | access;
	/* A page table cannot express write-only. */
	if (!(access & ORIEL_REGION_READABLE))
		region->flags &= ~(ORIEL_REGION_MAPPABLE | ORIEL_REGION_DIRECT_IO);
	else if (oriel_view_can_be_huge(region, view))
		region->flags |= ORIEL_REGION_HUGE;
}

/* Pages that nobody may write stay so, whoever looks at them. */
static void oriel_view_guard(struct oriel_region *region, const struct oriel_view *view)
{
	const struct oriel_region *parent = view->parent;
	u64 first = max(parent->guarded_first, view->first_page);
	u64 end = min(parent->guarded_first + parent->guarded_pages,
		      view->first_page + region->nr_pages);

	if (first >= end)
		return;
	region->guarded_first = first - view->first_page;
	region->guarded_pages = end - first;
}

/**
 * oriel_view_create() - make a region of a part of another
 * @parent: the other; the caller holds a reference, the view takes its own
 * @desc:   which part; not needed after the call
 * @why:    where to say why it was refused
 *
 * The view of a revocable region asks the driver's reachable() by itself: it has
 * to be closed whenever the parent is.
 *
 * Context: May sleep.
 * Return: the region with one reference, which the caller owns; or an ERR_PTR():
 *
 * * -EINVAL: size 0, or a part that begins or ends inside a page
 * * -EOVERFLOW: offset + size wraps
 * * -ENXIO: the part does not lie within the region
 * * -EACCES: the region does not allow this access
 * * -EOPNOTSUPP: the memory cannot have this cache mode
 * * -ENOMEM
 */
struct oriel_region *oriel_view_create(struct oriel_region *parent,
				       const struct oriel_view_desc *desc,
				       struct oriel_explain *why)
{
	u32 access = desc->access ?: parent->flags & ORIEL_ACCESS_MASK;
	u32 cache = desc->cache ?: parent->cache;
	u64 first_page, nr_pages;
	struct oriel_region *region;
	struct oriel_view *view;
	int err;

	err = oriel_view_check(parent, desc, &first_page, &nr_pages, why);
	if (!err)
		err = oriel_view_check_cache(parent, cache, why);
	if (err)
		return ERR_PTR(err);

	view = kzalloc(sizeof(*view), GFP_KERNEL);
	region = view ? oriel_region_alloc(&view->kind, parent->name) : NULL;
	if (!region) {
		kfree(view);
		err = oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY, sizeof(*region), 0);
		return ERR_PTR(err);
	}
	oriel_view_set_kind(&view->kind, parent->kind);
	view->parent = oriel_region_get(parent);
	view->first_page = first_page;
	view->start_bytes = desc->offset_bytes;
	region->memory = view;
	region->size_bytes = desc->size_bytes;
	region->nr_pages = nr_pages;
	region->in_page_bytes = desc->offset_bytes ? 0 : parent->in_page_bytes;
	region->cache = cache;
	oriel_view_set_flags(region, view, access);
	oriel_view_guard(region, view);

	down_read(&parent->gate);
	region->reachable = parent->reachable;
	region->owner = parent->owner;
	up_read(&parent->gate);
	return region;
}
