/* SPDX-License-Identifier: GPL-2.0-only */
/* The nodes /dev/dma_heap/oriel-*. */
#ifndef ORIEL_INTERFACES_HEAP_H
#define ORIEL_INTERFACES_HEAP_H

#include <linux/kconfig.h>

#if IS_ENABLED(CONFIG_DMA_SHARED_BUFFER)
int oriel_heap_init(void);
void oriel_heap_exit(void);
#else
static inline int oriel_heap_init(void)
{
	return 0;
}

static inline void oriel_heap_exit(void)
{
}
#endif

#endif /* ORIEL_INTERFACES_HEAP_H */
