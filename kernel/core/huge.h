/* SPDX-License-Identifier: GPL-2.0-only */
/* Huge entries: where one fits, and how it gets there. */
#ifndef ORIEL_CORE_HUGE_H
#define ORIEL_CORE_HUGE_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct file;
struct oriel_region;
struct vm_area_struct;

unsigned int oriel_huge_order(const struct oriel_region *region, u64 index, u64 count);
bool oriel_huge_fits(const struct vm_area_struct *vma, unsigned long address,
		     unsigned int order, u64 *index);
bool oriel_huge_has_room(const struct vm_area_struct *vma);
vm_fault_t oriel_huge_fault(struct vm_fault *vmf, unsigned int order);
void oriel_huge_sweep(struct vm_area_struct *vma);

/* core/place.c */
unsigned long oriel_region_place(const struct oriel_region *region, struct file *file,
				 unsigned long address, unsigned long length,
				 unsigned long pgoff, pgoff_t base_pgoff, unsigned long flags);

#endif /* ORIEL_CORE_HUGE_H */
