/* SPDX-License-Identifier: GPL-2.0-only */
/* How far the kernel's map of all memory reaches. */
#ifndef ORIEL_COMPAT_DIRECTMAP_H
#define ORIEL_COMPAT_DIRECTMAP_H

#include <linux/types.h>

/*
 * x86 places what comes behind that map at random, closer than the architecture
 * allows, and not every kernel refuses to add memory beyond. Others check.
 */
#ifdef CONFIG_X86_64
#include <linux/pgtable.h>

static inline bool oriel_direct_map_reaches(phys_addr_t last)
{
	return last < VMALLOC_START - PAGE_OFFSET;
}
#else
static inline bool oriel_direct_map_reaches(phys_addr_t last)
{
	return true;
}
#endif

#endif /* ORIEL_COMPAT_DIRECTMAP_H */
