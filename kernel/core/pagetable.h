/* SPDX-License-Identifier: GPL-2.0-only */
/* The only place that puts anything into a user's page table. */
#ifndef ORIEL_CORE_PAGETABLE_H
#define ORIEL_CORE_PAGETABLE_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct oriel_region;
struct vm_area_struct;

vm_fault_t oriel_pagetable_give(struct vm_fault *vmf, const struct oriel_region *region, u64 index);
vm_fault_t oriel_pagetable_insert_huge(struct vm_fault *vmf, const struct oriel_region *region,
				       u64 index, unsigned int order);
unsigned int oriel_pagetable_order(struct mm_struct *mm, unsigned long address);
int oriel_pagetable_insert(struct vm_area_struct *vma, unsigned long address,
			   const struct oriel_region *region, u64 index, u64 count);

#endif /* ORIEL_CORE_PAGETABLE_H */
