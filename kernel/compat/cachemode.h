/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the kernel's own map of all memory caches pages of RAM. Two modes on one
 * page are forbidden, so where that map cannot be changed, RAM is cached.
 */
#ifndef ORIEL_COMPAT_CACHEMODE_H
#define ORIEL_COMPAT_CACHEMODE_H

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "compat/probed.h"

#ifdef ORIEL_HAVE_SET_MEMORY_WC
#include <linux/set_memory.h>

/* A processor without write-combining would not cache it at all. */
static inline bool oriel_can_write_combine_ram(void)
{
	return pgprot_val(pgprot_writecombine(PAGE_KERNEL)) !=
	       pgprot_val(pgprot_noncached(PAGE_KERNEL));
}

/* Neighbours, in low memory, which nobody has mapped. Return: 0 or a negative errno. */
static inline int oriel_run_write_combine(struct page *first, unsigned long count)
{
	return set_memory_wc((unsigned long)page_address(first), count);
}

static inline int oriel_run_cache(struct page *first, unsigned long count)
{
	return set_memory_wb((unsigned long)page_address(first), count);
}

/* The same for any pages. */
static inline int oriel_pages_write_combine(struct page **pages, unsigned long count)
{
	return set_pages_array_wc(pages, count);
}

static inline int oriel_pages_cache(struct page **pages, unsigned long count)
{
	return set_pages_array_wb(pages, count);
}
#else
static inline bool oriel_can_write_combine_ram(void)
{
	return false;
}

static inline int oriel_run_write_combine(struct page *first, unsigned long count)
{
	return -EOPNOTSUPP;
}

static inline int oriel_run_cache(struct page *first, unsigned long count)
{
	return -EOPNOTSUPP;
}

static inline int oriel_pages_write_combine(struct page **pages, unsigned long count)
{
	return -EOPNOTSUPP;
}

static inline int oriel_pages_cache(struct page **pages, unsigned long count)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* ORIEL_COMPAT_CACHEMODE_H */
