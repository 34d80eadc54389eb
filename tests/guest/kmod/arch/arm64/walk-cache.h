/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory types of arm64: an entry has an index into MAIR_EL1. */
#ifndef TESTS_WALK_CACHE_H
#define TESTS_WALK_CACHE_H

#include <linux/types.h>
#include <asm/sysreg.h>

static inline const char *walk_cache(u64 entry, bool huge)
{
	u8 attributes = read_sysreg(mair_el1) >> (entry >> 2 & 7) * 8;

	if (attributes < 0x10) /* Device-n/G n/R n/E */
		return "uc";
	switch (attributes) {
	case 0x44: /* Normal, not cacheable */
		return "wc";
	case 0xbb:
		return "wt";
	case 0xf0: /* the same with tags */
	case 0xff:
		return "wb";
	default:
		return "?";
	}
}

#endif /* TESTS_WALK_CACHE_H */
