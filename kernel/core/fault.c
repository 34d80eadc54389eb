// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults: what makes the pages of a mapping present, when they are touched or
 * before.
 *
 * Locks: mmap_lock is held, for reading at least; the region's gate is taken
 * inside.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "core/block.h"
#include "core/mmap.h"
#include "core/pagetable.h"
#include "core/region.h"
#include "core/span.h"
#include "core/trace.h"

/**
 * oriel_fault_window() - insert the window of pages around one of them
 * @vma:   a VMA of ours whose mapping is not huge; mmap_lock is held
 * @index: a page of the region
 *
 * The window is aligned, lies within the VMA and within the region. Entries that
 * are not empty are left as they are.
 *
 * Context: mmap_lock held, for reading at least; takes the region's gate.
 * Return: 0; -ENODEV if the region was revoked, -EIO if it does not answer now,
 * -ENXIO if @index lies outside the region or the VMA, -ENOMEM.
 */
int oriel_fault_window(struct vm_area_struct *vma, u64 index)
{
	struct oriel_mapping *mapping = vma->vm_private_data;
	struct oriel_region *region = mapping->region;
	u64 low = oriel_mapping_index(vma, vma->vm_start);
	u64 inside = oriel_span_clamp(low, vma_pages(vma), region->nr_pages);
	u64 first, count;
	int err;

	if (index < low || index - low >= inside)
		return -ENXIO;
	count = oriel_span_window(index, ORIEL_WINDOW_PAGES, low, low + inside, &first);

	err = oriel_region_enter(region);
	if (err)
		return err;
	err = oriel_pagetable_insert(vma, vma->vm_start + ((first - low) << PAGE_SHIFT),
				     region, first, count);
	oriel_region_leave(region);
	return err;
}

/**
 * oriel_populate() - insert all pages of a VMA
 * @vma: a VMA of ours whose mapping is not huge; mmap_lock is held
 *
 * Return: as for oriel_fault_window(), or -EINTR if the caller was killed; on
 * error, some pages may be present.
 */
int oriel_populate(struct vm_area_struct *vma)
{
	u64 index = oriel_mapping_index(vma, vma->vm_start);
	u64 end = index + vma_pages(vma);
	int err;

	while (index < end) {
		err = oriel_fault_window(vma, index);
		if (err)
			return err;
		index = (index | (ORIEL_WINDOW_PAGES - 1)) + 1;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static vm_fault_t oriel_fault_result(int err)
{
	switch (err) {
	case 0:
		return VM_FAULT_NOPAGE;
	case -ENOMEM:
		return VM_FAULT_OOM;
	default:
		return VM_FAULT_SIGBUS;
	}
}

/* Bounds are checked although the VMA cannot have grown. */
static vm_fault_t oriel_fault_block(struct vm_fault *vmf, u64 index)
{
	struct oriel_mapping *mapping = vmf->vma->vm_private_data;

	if (index >= mapping->region->nr_pages)
		return VM_FAULT_SIGBUS;
	return oriel_pagetable_give(vmf, mapping->region, index);
}

/*
 * An entry that is neither empty nor a page, such as a marker of userfaultfd,
 * is not for us to replace; to call it inserted would fault for ever.
 */
static bool oriel_fault_is_marked(const struct vm_fault *vmf)
{
	return vmf->flags & FAULT_FLAG_ORIG_PTE_VALID && !pte_none(vmf->orig_pte);
}

/**
 * oriel_fault() - the fault handler of every mapping
 * @vmf: the fault
 *
 * Context: process context, mmap_lock held for reading.
 * Return: 0 with a page for the core to insert, VM_FAULT_NOPAGE if it was
 * inserted here, VM_FAULT_SIGBUS for what is not there, VM_FAULT_OOM.
 */
vm_fault_t oriel_fault(struct vm_fault *vmf)
{
	struct oriel_mapping *mapping = vmf->vma->vm_private_data;
	u64 index = oriel_mapping_index(vmf->vma, vmf->address);
	vm_fault_t result;

	if (oriel_fault_is_marked(vmf))
		result = VM_FAULT_SIGBUS;
	else if (mapping->huge)
		result = oriel_fault_block(vmf, index);
	else
		result = oriel_fault_result(oriel_fault_window(vmf->vma, index));
	trace_oriel_fault(vmf, mapping, index, result);
	return result;
}
