// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind mmio: device memory, registers or RAM behind a bus, that a driver offers.
 *
 * The kernel maps it only while it copies, with the region's own cache mode and
 * a claim: a mapping that stayed would keep other modes away.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/slab.h>

#include "compat/io64.h"
#include "core/claim.h"
#include "core/huge.h"
#include "core/name.h"
#include "core/region.h"
#include "core/span.h"
#include "memory/kinds.h"
#include "memory/mmio-pages.h"

struct oriel_mmio {
	phys_addr_t start;	/* of the region's first byte */
	bool is_port;
	void __iomem *kernel;	/* as in struct oriel_mmio_desc ... */
	struct oriel_claim *claim;	/* ... for which the range is claimed */
};

static unsigned long oriel_mmio_pfn(const struct oriel_region *region, u64 index)
{
	const struct oriel_mmio *mmio = region->memory;

	return PHYS_PFN(mmio->start) + index;
}

/* The largest access that is aligned and not more than is left. */
static size_t oriel_mmio_step(phys_addr_t at, size_t left, size_t most)
{
	size_t step = most;

	while (step > left || !IS_ALIGNED(at, step))
		step /= 2;
	return step;
}

static void oriel_mmio_load(void __iomem *io, void *to, size_t bytes)
{
	union {
		u8 u8;
		u16 u16;
		u32 u32;
		u64 u64;
	} word;

	switch (bytes) {
	case 1:
		word.u8 = ioread8(io);
		break;
	case 2:
		word.u16 = ioread16(io);
		break;
	case 4:
		word.u32 = ioread32(io);
		break;
	default:
		word.u64 = oriel_read64(io);
		break;
	}
	memcpy(to, &word, bytes);
}

static void oriel_mmio_store(void __iomem *io, const void *from, size_t bytes)
{
	union {
		u8 u8;
		u16 u16;
		u32 u32;
		u64 u64;
	} word;

	memcpy(&word, from, bytes);
	switch (bytes) {
	case 1:
		iowrite8(word.u8, io);
		break;
	case 2:
		iowrite16(word.u16, io);
		break;
	case 4:
		iowrite32(word.u32, io);
		break;
	default:
		oriel_write64(word.u64, io);
		break;
	}
}

static void __iomem *oriel_mmio_map(const struct oriel_mmio *mmio, u32 cache, phys_addr_t at,
				    size_t bytes)
{
	if (mmio->kernel)
		return mmio->kernel + (at - mmio->start);
	if (mmio->is_port)
		return ioport_map(at, bytes);
	switch (cache) {
	case ORIEL_CACHE_WRITE_COMBINED:
		return ioremap_wc(at, bytes);
	case ORIEL_CACHE_CACHED:
		return (void __iomem *)memremap(at, bytes, MEMREMAP_WB);
	default:
		return ioremap(at, bytes);
	}
}

static void oriel_mmio_unmap(const struct oriel_mmio *mmio, u32 cache, void __iomem *io)
{
	if (mmio->kernel)
		return;
	if (mmio->is_port)
		ioport_unmap(io);
	else if (cache == ORIEL_CACHE_CACHED)
		memunmap((void __force *)io);
	else
		iounmap(io);
}

/* Copies one way or the other; @to or @from is NULL. */
static int oriel_mmio_copy(struct oriel_region *region, u64 offset_bytes, u32 cache, void *to,
			   const void *from, size_t bytes)
{
	const struct oriel_mmio *mmio = region->memory;
	phys_addr_t at = mmio->start + offset_bytes;
	size_t done, step, most = mmio->is_port ? 4 : ORIEL_IO_WORD_BYTES;
	struct oriel_claim *claim = NULL;
	void __iomem *io;

	if (!mmio->is_port)
		claim = oriel_claim_create(NULL, PHYS_PFN(at),
					   oriel_span_pages(offset_in_page(at) + bytes, PAGE_SHIFT),
					   cache);
	if (IS_ERR(claim))
		return PTR_ERR(claim);
	io = oriel_mmio_map(mmio, cache, at, bytes);
	if (!io) {
		oriel_claim_destroy(claim);
		return -ENOMEM;
	}
	for (done = 0; done < bytes; done += step) {
		step = oriel_mmio_step(at + done, bytes - done, most);
		if (to)
			oriel_mmio_load(io + done, to + done, step);
		else
			oriel_mmio_store(io + done, from + done, step);
	}
	oriel_mmio_unmap(mmio, cache, io);
	oriel_claim_destroy(claim);
	return 0;
}

static int oriel_mmio_read(struct oriel_region *region, u64 offset_bytes, u32 cache, void *to,
			   size_t bytes)
{
	return oriel_mmio_copy(region, offset_bytes, cache, to, NULL, bytes);
}

static int oriel_mmio_write(struct oriel_region *region, u64 offset_bytes, u32 cache,
			    const void *from, size_t bytes)
{
	return oriel_mmio_copy(region, offset_bytes, cache, NULL, from, bytes);
}

static void oriel_mmio_destroy(struct oriel_region *region)
{
	struct oriel_mmio *mmio = region->memory;

	oriel_claim_destroy(mmio->claim);
	kfree(mmio);
}

const struct oriel_kind oriel_kind_mmio = {
	.id	 = ORIEL_KIND_MMIO,
	.name	 = "mmio",
	.destroy = oriel_mmio_destroy,
	.pfn	 = oriel_mmio_pfn,
	.read	 = oriel_mmio_read,
	.write	 = oriel_mmio_write,
};

static int oriel_mmio_desc_check(const struct oriel_mmio_desc *desc)
{
	u32 access = ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE;

	if (!oriel_name_valid(desc->name, ORIEL_REGION_NAME_BYTES) || desc->access & ~access)
		return -EINVAL;
	if (desc->cache < ORIEL_CACHE_CACHED || desc->cache > ORIEL_CACHE_WRITE_COMBINED)
		return -EOPNOTSUPP;
	if (desc->guarded_bytes && oriel_span_check(desc->guarded_offset, desc->guarded_bytes,
						    desc->size_bytes))
		return -EINVAL;
	/* Its end has to be an address, and its pages a number. */
	return oriel_span_check(desc->start, desc->size_bytes, (phys_addr_t)-1);
}

static u32 oriel_mmio_flags(const struct oriel_mmio_desc *desc)
{
	u32 flags = desc->access ?: ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE;

	if (desc->mappable && !desc->is_port && flags & ORIEL_REGION_READABLE)
		flags |= ORIEL_REGION_MAPPABLE;
	return flags | ORIEL_REGION_REVOCABLE;
}

/* Others could be reached past what the region allows, or not at all. */
static bool oriel_mmio_wants_pages(const struct oriel_region *region)
{
	return region->flags & ORIEL_REGION_MAPPABLE && region->cache == ORIEL_CACHE_CACHED;
}

/* The kernel's own mapping is one more; it counts until the device is revoked. */
static int oriel_mmio_claim_kernel(struct oriel_region *region)
{
	struct oriel_mmio *mmio = region->memory;
	struct oriel_claim *claim;

	claim = oriel_claim_create(region, PHYS_PFN(mmio->start), region->nr_pages, region->cache);
	if (IS_ERR(claim))
		return PTR_ERR(claim);
	mmio->claim = claim;
	return 0;
}

/**
 * oriel_region_create_mmio() - offer device memory as a region
 * @desc: what is offered; not needed after the call
 *
 * The memory is the driver's, which holds its resources until after
 * oriel_device_unregister(). Mappings are removed then.
 *
 * Context: May sleep.
 * Return: the region with one reference, which the caller owns and gives up
 * with oriel_region_put(); or an ERR_PTR(): -EINVAL for a bad name, size 0 or
 * unknown access bits, -EOPNOTSUPP for an unknown cache mode, -EOVERFLOW or
 * -ENXIO for a range that is none, -EBUSY if the kernel's mapping is in the way of
 * another one, -ENOMEM.
 */
struct oriel_region *oriel_region_create_mmio(const struct oriel_mmio_desc *desc)
{
	struct oriel_region *region;
	struct oriel_mmio *mmio;
	u64 end;
	int err;

	err = oriel_mmio_desc_check(desc);
	if (err)
		return ERR_PTR(err);
	mmio = kzalloc(sizeof(*mmio), GFP_KERNEL);
	region = mmio ? oriel_region_alloc(&oriel_kind_mmio, desc->name) : NULL;
	if (!region) {
		kfree(mmio);
		return ERR_PTR(-ENOMEM);
	}
	mmio->start = desc->start;
	mmio->is_port = desc->is_port;
	region->memory = mmio;
	region->size_bytes = desc->size_bytes;
	region->in_page_bytes = desc->is_port ? 0 : offset_in_page(desc->start);
	region->nr_pages = oriel_span_pages(region->in_page_bytes + desc->size_bytes, PAGE_SHIFT);
	region->flags = oriel_mmio_flags(desc);
	region->cache = desc->cache;
	mmio->kernel = (void __iomem __force *)desc->kernel;
	err = desc->kernel ? oriel_mmio_claim_kernel(region) : 0;
	if (err) {
		oriel_region_put(region);
		return ERR_PTR(err);
	}
	if (desc->pages && !desc->kernel && oriel_mmio_wants_pages(region) &&
	    oriel_mmio_give_pages(region, desc->start, desc->size_bytes))
		kfree(mmio);
	else if (oriel_huge_order(region, 0, region->nr_pages))
		region->flags |= ORIEL_REGION_HUGE;
	region->reachable = desc->reachable;
	region->owner = desc->owner;
	if (desc->guarded_bytes) {
		region->guarded_first = (region->in_page_bytes + desc->guarded_offset) >> PAGE_SHIFT;
		end = oriel_span_pages(region->in_page_bytes + desc->guarded_offset +
				       desc->guarded_bytes, PAGE_SHIFT);
		region->guarded_pages = end - region->guarded_first;
	}
	return region;
}
EXPORT_SYMBOL_GPL(oriel_region_create_mmio);
