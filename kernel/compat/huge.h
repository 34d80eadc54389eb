/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Huge page-table entries for frames without pages. The kernel has them from
 * about 6.12 on; before, it would take what is behind one for pages.
 */
#ifndef ORIEL_COMPAT_HUGE_H
#define ORIEL_COMPAT_HUGE_H

#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "compat/probed.h"

#define ORIEL_PMD_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define ORIEL_PUD_ORDER	(PUD_SHIFT - PAGE_SHIFT)

#ifdef ORIEL_HAVE_HUGE_PFNMAP_PFN_T
#include <linux/pfn_t.h>
#define ORIEL_HAVE_HUGE_PFNMAP 1
#define oriel_huge_pfn(pfn) __pfn_to_pfn_t(pfn, PFN_DEV)
#else
#define oriel_huge_pfn(pfn) (pfn)
#endif

#if defined(ORIEL_HAVE_HUGE_PFNMAP) && defined(ORIEL_HAVE_HUGE_PFNMAP_PUD)
static inline unsigned long oriel_huge_pud_orders(void)
{
	return has_transparent_pud_hugepage() ? BIT(ORIEL_PUD_ORDER) : 0;
}

static inline vm_fault_t oriel_vmf_insert_pud(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	return vmf_insert_pfn_pud(vmf, oriel_huge_pfn(pfn), write);
}
#else
static inline unsigned long oriel_huge_pud_orders(void)
{
	return 0;
}

static inline vm_fault_t oriel_vmf_insert_pud(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	return VM_FAULT_FALLBACK;
}
#endif

#ifdef ORIEL_HAVE_HUGE_PFNMAP
#define ORIEL_VM_HUGE_FAULT(handler) .huge_fault = (handler),

/* A bit for each order that an entry can have: of 2 MiB, of 1 GiB. */
static inline unsigned long oriel_huge_orders(void)
{
	return has_transparent_hugepage() ? BIT(ORIEL_PMD_ORDER) | oriel_huge_pud_orders() : 0;
}

static inline vm_fault_t oriel_vmf_insert_huge(struct vm_fault *vmf, unsigned long pfn,
					       unsigned int order, bool write)
{
	if (order == ORIEL_PMD_ORDER)
		return vmf_insert_pfn_pmd(vmf, oriel_huge_pfn(pfn), write);
	return oriel_vmf_insert_pud(vmf, pfn, write);
}
#else
#define ORIEL_VM_HUGE_FAULT(handler)

static inline unsigned long oriel_huge_orders(void)
{
	return 0;
}

static inline vm_fault_t oriel_vmf_insert_huge(struct vm_fault *vmf, unsigned long pfn,
					       unsigned int order, bool write)
{
	return VM_FAULT_FALLBACK;
}
#endif

#endif /* ORIEL_COMPAT_HUGE_H */
