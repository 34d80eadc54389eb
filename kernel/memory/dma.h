/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of the DMA API. */
#ifndef ORIEL_MEMORY_DMA_H
#define ORIEL_MEMORY_DMA_H

struct oriel_region;
struct oriel_supply;

int oriel_dma_memory_create(struct oriel_region *region, const struct oriel_supply *supply);

#endif /* ORIEL_MEMORY_DMA_H */
