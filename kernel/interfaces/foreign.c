// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other drivers' dma-bufs as regions, for a device's DMA and nothing else: who
 * wants to map one has its descriptor.
 *
 * A static attachment: the memory stays where it is for as long as the device has
 * it mapped, because a program told the device the addresses, and nobody could
 * tell it of others.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/fs.h>

#include "compat/dmabuf.h"
#include "core/dmamap.h"
#include "core/kind.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"
#include "interfaces/foreign.h"

static int oriel_foreign_map(struct oriel_dmamap *map)
{
	struct dma_buf *dmabuf = map->region->memory;
	struct sg_table *table;

	map->attachment = dma_buf_attach(dmabuf, map->device);
	if (IS_ERR(map->attachment))
		return PTR_ERR(map->attachment);
	table = oriel_dma_buf_map(map->attachment, map->direction);
	if (IS_ERR(table)) {
		dma_buf_detach(dmabuf, map->attachment);
		return PTR_ERR(table);
	}
	/* The list stays the exporter's; it is only read here. */
	map->table = *table;
	map->foreign_table = table;
	return 0;
}

static void oriel_foreign_unmap(struct oriel_dmamap *map)
{
	oriel_dma_buf_unmap(map->attachment, map->foreign_table, map->direction);
	dma_buf_detach(map->region->memory, map->attachment);
}

static void oriel_foreign_destroy(struct oriel_region *region)
{
	dma_buf_put(region->memory);
}

static const struct oriel_kind oriel_kind_foreign = {
	.id	   = ORIEL_KIND_IMPORT,
	.name	   = "dma-buf",
	.destroy   = oriel_foreign_destroy,
	.dma_map   = oriel_foreign_map,
	.dma_unmap = oriel_foreign_unmap,
};

/**
 * oriel_foreign_get() - make a region of a dma-buf
 * @fd:  of the calling process
 * @why: where to say why not
 *
 * Context: May sleep.
 * Return: the region with one reference, which the caller owns; or an ERR_PTR():
 * -EBADF, -EINVAL if it is no dma-buf, -EACCES if it is for reading only, -ENOMEM.
 */
struct oriel_region *oriel_foreign_get(unsigned int fd, struct oriel_explain *why)
{
	struct dma_buf *dmabuf = dma_buf_get(fd);
	struct oriel_region *region;
	int err = PTR_ERR_OR_ZERO(dmabuf);

	if (err)
		return ERR_PTR(oriel_refuse(why, err, ORIEL_REASON_NOT_DMABUF, fd, 0));
	/* Nobody can keep the device from writing to what it reads. */
	if (!(dmabuf->file->f_mode & FMODE_WRITE)) {
		err = oriel_refuse(why, -EACCES, ORIEL_REASON_DMABUF_READ_ONLY, fd, 0);
		goto err_dmabuf;
	}
	region = oriel_region_alloc(&oriel_kind_foreign, "import");
	if (!region) {
		err = oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY, sizeof(*region), 0);
		goto err_dmabuf;
	}
	region->memory = dmabuf;
	region->size_bytes = dmabuf->size;
	region->nr_pages = oriel_span_pages(dmabuf->size, PAGE_SHIFT);
	return region;

err_dmabuf:
	dma_buf_put(dmabuf);
	return ERR_PTR(err);
}
