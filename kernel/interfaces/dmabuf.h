/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions as dma-bufs. */
#ifndef ORIEL_INTERFACES_DMABUF_H
#define ORIEL_INTERFACES_DMABUF_H

#include <linux/err.h>
#include <linux/kconfig.h>

struct file;
struct oriel_region;

#if IS_ENABLED(CONFIG_DMA_SHARED_BUFFER)
struct file *oriel_dmabuf_create(struct oriel_region *region, unsigned int access);
#else
static inline struct file *oriel_dmabuf_create(struct oriel_region *region,
					       unsigned int access)
{
	return ERR_PTR(-EOPNOTSUPP);
}
#endif

#endif /* ORIEL_INTERFACES_DMABUF_H */
