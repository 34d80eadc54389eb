/* SPDX-License-Identifier: GPL-2.0-only */
/* Other drivers' dma-bufs as regions. */
#ifndef ORIEL_INTERFACES_FOREIGN_H
#define ORIEL_INTERFACES_FOREIGN_H

#include <linux/err.h>
#include <linux/kconfig.h>

#include "core/refusal.h"

struct oriel_region;

#if IS_ENABLED(CONFIG_DMA_SHARED_BUFFER)
struct oriel_region *oriel_foreign_get(unsigned int fd, struct oriel_explain *why);
#else
static inline struct oriel_region *oriel_foreign_get(unsigned int fd, struct oriel_explain *why)
{
	return ERR_PTR(oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NO_DMABUF, 0, 0));
}
#endif

#endif /* ORIEL_INTERFACES_FOREIGN_H */
