/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A block: as much RAM as one huge page-table entry maps (2 MiB with pages of
 * 4 KiB). Without transparent huge pages it is only a unit of counting.
 */
#ifndef ORIEL_CORE_BLOCK_H
#define ORIEL_CORE_BLOCK_H

#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/sizes.h>

#define ORIEL_BLOCK_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define ORIEL_BLOCK_PAGES	(1UL << ORIEL_BLOCK_ORDER)
#define ORIEL_BLOCK_BYTES	PMD_SIZE

/* What a fault that inserts single pages fills at once. */
#define ORIEL_WINDOW_PAGES	(max_t(unsigned long, SZ_2M, PAGE_SIZE) >> PAGE_SHIFT)

#endif /* ORIEL_CORE_BLOCK_H */
