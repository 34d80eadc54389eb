// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions of RAM as dma-bufs: what a file descriptor of one does, and what other
 * drivers get that import it.
 *
 * A dma-buf holds its region and nothing else: whatever device or open file the
 * memory was allocated for may go before it. Its owner is oriel.ko, which it
 * pins. The core is asked for everything: mappings are made by
 * oriel_region_mmap(), mappings for devices by core/dmamap.c.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "core/block.h"
#include "core/dmamap.h"
#include "core/region.h"
#include "interfaces/dmabuf.h"

/* Who was given a descriptor for reading cannot have a device write for him. */
static struct sg_table *oriel_dmabuf_map(struct dma_buf_attachment *attachment,
					 enum dma_data_direction direction)
{
	struct dma_buf *dmabuf = attachment->dmabuf;
	struct oriel_dmamap *map;

	if (direction != DMA_TO_DEVICE && !(dmabuf->file->f_mode & FMODE_WRITE))
		return ERR_PTR(-EACCES);
	if (!oriel_dma_can_map(attachment->dev, dmabuf->priv))
		return ERR_PTR(-EIO);
	map = oriel_dmamap_create(dmabuf->priv, attachment->dev, direction);
	return IS_ERR(map) ? ERR_CAST(map) : &map->table;
}

static void oriel_dmabuf_unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
			       enum dma_data_direction direction)
{
	oriel_dmamap_destroy(container_of(table, struct oriel_dmamap, table));
}

static int oriel_dmabuf_begin_cpu_access(struct dma_buf *dmabuf,
					 enum dma_data_direction direction)
{
	oriel_dmamaps_sync(dmabuf->priv, true);
	return 0;
}

static int oriel_dmabuf_end_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	oriel_dmamaps_sync(dmabuf->priv, false);
	return 0;
}

static int oriel_dmabuf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return oriel_region_mmap(dmabuf->priv, vma, 0, NULL);
}

/* The address stays valid as long as the region lives: nothing to undo. */
static int oriel_dmabuf_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	void *address = oriel_region_vmap(dmabuf->priv);

	if (IS_ERR(address))
		return PTR_ERR(address);
	iosys_map_set_vaddr(map, address);
	return 0;
}

static void oriel_dmabuf_release(struct dma_buf *dmabuf)
{
	oriel_region_put(dmabuf->priv);
}

static const struct dma_buf_ops oriel_dmabuf_ops = {
	.map_dma_buf	  = oriel_dmabuf_map,
	.unmap_dma_buf	  = oriel_dmabuf_unmap,
	.begin_cpu_access = oriel_dmabuf_begin_cpu_access,
	.end_cpu_access	  = oriel_dmabuf_end_cpu_access,
	.mmap		  = oriel_dmabuf_mmap,
	.vmap		  = oriel_dmabuf_vmap,
	.release	  = oriel_dmabuf_release,
};

/*
 * Without an address for the kernel: who asks for it does not say whether it is
 * going to write, and drivers do, as V4L2 does into what it was given to capture
 * into. (Where the operation refuses, some kernels warn.)
 */
static const struct dma_buf_ops oriel_dmabuf_read_only_ops = {
	.map_dma_buf	  = oriel_dmabuf_map,
	.unmap_dma_buf	  = oriel_dmabuf_unmap,
	.begin_cpu_access = oriel_dmabuf_begin_cpu_access,
	.end_cpu_access	  = oriel_dmabuf_end_cpu_access,
	.mmap		  = oriel_dmabuf_mmap,
	.release	  = oriel_dmabuf_release,
};

/**
 * oriel_dmabuf_create() - make a dma-buf of a region
 * @region: RAM that is not revocable; the dma-buf takes a reference of its own
 * @access: O_RDONLY, O_WRONLY or O_RDWR: what its file is open for
 *
 * Context: May sleep.
 * Return: the dma-buf's file, to be installed or given up with fput(), or an
 * ERR_PTR().
 */
struct file *oriel_dmabuf_create(struct oriel_region *region, unsigned int access)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	info.exp_name = "oriel";
	info.ops = OPEN_FMODE(access) & FMODE_WRITE ? &oriel_dmabuf_ops :
						       &oriel_dmabuf_read_only_ops;
	info.size = region->nr_pages << PAGE_SHIFT;
	info.flags = access;
	info.priv = oriel_region_get(region);
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf)) {
		oriel_region_put(region);
		return ERR_CAST(dmabuf);
	}
	/* The core maps nothing huge beyond the file's end: it lies behind the last block. */
	if (region->flags & ORIEL_REGION_HUGE)
		i_size_write(file_inode(dmabuf->file), ALIGN(info.size, ORIEL_BLOCK_BYTES));
	return dmabuf->file;
}

/* MODULE_IMPORT_NS() in the only form that all kernels take. */
MODULE_INFO(import_ns, "DMA_BUF");
