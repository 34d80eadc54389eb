/* SPDX-License-Identifier: GPL-2.0-only */
/* Importing dma-bufs, on all kernels: see compat/compat.h. */
#ifndef ORIEL_COMPAT_DMABUF_H
#define ORIEL_COMPAT_DMABUF_H

#include <linux/dma-buf.h>

#include "compat/probed.h"

static inline struct sg_table *oriel_dma_buf_map(struct dma_buf_attachment *attachment,
						 enum dma_data_direction direction)
{
#ifdef ORIEL_HAVE_DMA_BUF_MAP_UNLOCKED
	return dma_buf_map_attachment_unlocked(attachment, direction);
#else
	return dma_buf_map_attachment(attachment, direction);
#endif
}

static inline void oriel_dma_buf_unmap(struct dma_buf_attachment *attachment,
				       struct sg_table *table, enum dma_data_direction direction)
{
#ifdef ORIEL_HAVE_DMA_BUF_MAP_UNLOCKED
	dma_buf_unmap_attachment_unlocked(attachment, table, direction);
#else
	dma_buf_unmap_attachment(attachment, table, direction);
#endif
}

#endif /* ORIEL_COMPAT_DMABUF_H */
