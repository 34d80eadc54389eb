/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory types of x86: an entry has an index into the PAT register. */
#ifndef TESTS_WALK_CACHE_H
#define TESTS_WALK_CACHE_H

#include <linux/types.h>
#include <asm/msr.h>
#include <asm/pgtable_types.h>

static inline const char *walk_cache(u64 entry, bool huge)
{
	static const char *const names[8] = { "uc", "wc", "?", "?", "wt", "wp", "wb", "uc-" };
	unsigned int index = 0;
	u32 low, high;

	rdmsr(MSR_IA32_CR_PAT, low, high);
	index |= entry & _PAGE_PWT ? 1 : 0;
	index |= entry & _PAGE_PCD ? 2 : 0;
	index |= entry & (huge ? _PAGE_PAT_LARGE : _PAGE_PAT) ? 4 : 0;
	return names[((index < 4 ? low : high) >> index % 4 * 8) & 7];
}

#endif /* TESTS_WALK_CACHE_H */
