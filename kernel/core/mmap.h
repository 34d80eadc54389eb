/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings: what hangs on a VMA of ours. */
#ifndef ORIEL_CORE_MMAP_H
#define ORIEL_CORE_MMAP_H

#include <linux/kref.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct file;
struct oriel_claim;
struct oriel_explain;
struct oriel_mapping_info;
struct oriel_region;
struct vm_area_struct;

/**
 * struct oriel_mapping - one mmap() of a region, with all VMAs that split,
 * fork and mremap made of it
 * @ref:        one for each of those VMAs
 * @region:     what is mapped, with a reference
 * @base_pgoff: page offset in the file at which the region begins
 * @huge:       which of the two ways of mapping RAM, that one VMA cannot mix:
 *              the fault hands whole blocks to the core (true), or inserts
 *              windows of single pages, which makes the VMA VM_MIXEDMAP (false)
 * @claim:      for memory that is not RAM: what keeps other cache modes away
 * @insert_lock: for memory that is not RAM: held while entries are inserted
 */
struct oriel_mapping {
	struct kref ref;
	struct oriel_region *region;
	pgoff_t base_pgoff;
	bool huge;
	struct oriel_claim *claim;
	struct mutex insert_lock;
};

struct oriel_mapping *oriel_mapping_of(const struct vm_area_struct *vma);
u64 oriel_mapping_index(const struct vm_area_struct *vma, unsigned long address);

u32 oriel_vma_cache(const struct vm_area_struct *vma, const struct oriel_mapping *mapping);

/* core/mapping.c */
int oriel_mapping_describe(struct file *file, struct oriel_mapping_info *info, pgoff_t *base,
			   struct oriel_explain *why);

/* core/prefault.c */
int oriel_prefault(struct file *file, u64 address, u64 length_bytes,
		   struct oriel_explain *why);

/* core/fault.c */
vm_fault_t oriel_fault(struct vm_fault *vmf);
int oriel_fault_window(struct vm_area_struct *vma, u64 index);
int oriel_populate(struct vm_area_struct *vma);

#endif /* ORIEL_CORE_MMAP_H */
