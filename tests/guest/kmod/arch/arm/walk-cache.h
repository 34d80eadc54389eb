/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory types of arm: the kernel's own copy of an entry names them. */
#ifndef TESTS_WALK_CACHE_H
#define TESTS_WALK_CACHE_H

#include <linux/types.h>
#include <asm/pgtable.h>

static inline const char *walk_cache(u64 entry, bool huge)
{
	u64 type = entry & L_PTE_MT_MASK;

	if (type == L_PTE_MT_BUFFERABLE || type == L_PTE_MT_DEV_WC)
		return "wc";
	if (type == L_PTE_MT_WRITETHROUGH)
		return "wt";
	if (type == L_PTE_MT_WRITEBACK || type == L_PTE_MT_WRITEALLOC)
		return "wb";
	if (type == L_PTE_MT_UNCACHED || type == L_PTE_MT_DEV_SHARED ||
	    type == L_PTE_MT_DEV_NONSHARED)
		return "uc";
	return "?";
}

#endif /* TESTS_WALK_CACHE_H */
