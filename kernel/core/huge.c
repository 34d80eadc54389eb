// SPDX-License-Identifier: GPL-2.0-only
/*
 * Huge entries: where one fits, and the fault that asks for one.
 *
 * Blocks of RAM are the core's to insert (core/fault.c). Here are frames without
 * pages, for kernels that have such entries: address and frame must be aligned
 * alike, and the entry lie wholly inside the VMA and inside the region. Locks:
 * a huge fault may hold no more than the VMA's own; the region's gate is taken
 * inside.
 */
#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "compat/compat.h"
#include "compat/huge.h"
#include "core/block.h"
#include "core/huge.h"
#include "core/mmap.h"
#include "core/pagetable.h"
#include "core/region.h"
#include "core/span.h"
#include "core/trace.h"

/* What RAM is counted in, and device memory: its alignment has to match. */
static u64 oriel_huge_anchor(const struct oriel_region *region, u64 index)
{
	return oriel_region_is_ram(region) ? index : region->kind->pfn(region, index);
}

static unsigned long oriel_huge_region_orders(const struct oriel_region *region)
{
	if (!oriel_region_is_ram(region))
		return region->flags & ORIEL_REGION_MAPPABLE ? oriel_huge_orders() : 0;
	return region->flags & ORIEL_REGION_HUGE ? BIT(ORIEL_BLOCK_ORDER) : 0;
}

/**
 * oriel_huge_order() - how large can an entry be?
 * @region: what is mapped
 * @index:  a page of it ...
 * @count:  ... and how many from there on; all of them lie in the region
 *
 * Return: log2 of the pages in the largest entry that fits into the range, if
 * the address is aligned as it should be; 0 if there are none but single pages.
 */
unsigned int oriel_huge_order(const struct oriel_region *region, u64 index, u64 count)
{
	unsigned long orders = oriel_huge_region_orders(region);
	u64 first, anchor = orders ? oriel_huge_anchor(region, index) : 0;

	while (orders) {
		unsigned int order = __fls(orders);

		if (oriel_span_aligned_blocks(anchor, anchor + count, 1UL << order, &first))
			return order;
		orders &= ~BIT(order);
	}
	return 0;
}

/**
 * oriel_huge_fits() - may a huge entry be where an address is?
 * @vma:     a VMA of ours of memory that has no pages
 * @address: lies in it
 * @order:   log2 of the entry's pages
 * @index:   result: the entry's first page
 *
 * Return: whether the entry lies wholly in VMA and region, and is aligned.
 */
bool oriel_huge_fits(const struct vm_area_struct *vma, unsigned long address,
		     unsigned int order, u64 *index)
{
	const struct oriel_mapping *mapping = vma->vm_private_data;
	const struct oriel_region *region = mapping->region;
	u64 block = (address >> PAGE_SHIFT) >> order, first, count;

	if (oriel_region_is_ram(region) || !(oriel_huge_orders() & BIT(order)))
		return false;
	count = oriel_span_aligned_blocks(vma->vm_start >> PAGE_SHIFT, vma->vm_end >> PAGE_SHIFT,
					  1UL << order, &first);
	if (block < first || block - first >= count)
		return false;
	*index = oriel_mapping_index(vma, (block << order) << PAGE_SHIFT);
	return !oriel_span_check(*index, 1UL << order, region->nr_pages) &&
	       IS_ALIGNED(region->kind->pfn(region, *index), 1UL << order);
}

/**
 * oriel_huge_has_room() - does a VMA get huge entries?
 * @vma: a VMA of ours
 *
 * Return: whether there is a place in it where one fits. One that was made for
 * huge entries may have been moved, or split, to where none does.
 */
bool oriel_huge_has_room(const struct vm_area_struct *vma)
{
	const struct oriel_mapping *mapping = vma->vm_private_data;
	u64 first, index;

	if (oriel_region_is_ram(mapping->region))
		return mapping->huge && IS_ALIGNED((vma->vm_start >> PAGE_SHIFT) - vma->vm_pgoff,
						   ORIEL_BLOCK_PAGES);
	if (!oriel_span_aligned_blocks(vma->vm_start >> PAGE_SHIFT, vma->vm_end >> PAGE_SHIFT,
				       1UL << ORIEL_PMD_ORDER, &first))
		return false;
	return oriel_huge_fits(vma, (first << ORIEL_PMD_ORDER) << PAGE_SHIFT, ORIEL_PMD_ORDER,
			       &index);
}

static vm_fault_t oriel_huge_enter(struct vm_fault *vmf, struct oriel_mapping *mapping,
				   u64 index, unsigned int order)
{
	vm_fault_t result;

	if (oriel_region_enter(mapping->region))
		return VM_FAULT_SIGBUS;
	result = oriel_pagetable_insert_huge(vmf, mapping->region, index, order);
	oriel_region_leave(mapping->region);
	return result;
}

/**
 * oriel_huge_fault() - vm_operations.huge_fault of every mapping
 * @vmf:   the fault
 * @order: log2 of the pages in the entry that the core would like
 *
 * Context: process context, mmap_lock or only the VMA's own lock held.
 * Return: VM_FAULT_NOPAGE if the entry is there, VM_FAULT_FALLBACK if something
 * smaller has to do, VM_FAULT_SIGBUS, VM_FAULT_OOM.
 */
vm_fault_t oriel_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct oriel_mapping *mapping = vmf->vma->vm_private_data;
	vm_fault_t result;
	u64 index;

	if (!oriel_huge_fits(vmf->vma, vmf->address, order, &index))
		return VM_FAULT_FALLBACK;
	result = oriel_huge_enter(vmf, mapping, index, order);
	trace_oriel_fault(vmf, mapping, index, result);
	return result;
}

/**
 * oriel_huge_sweep() - take the largest entries out before a VMA is divided or moved
 * @vma: a VMA of ours, or one that is about to become one; mmap_lock is held for
 *       writing
 *
 * The kernel divides and moves entries of 2 MiB. Of those above it leaves one
 * that crosses a new border where it is, so that it reaches beyond its VMA, and
 * takes one that it cannot move as it is for damage. What is swept out comes
 * back by faults.
 */
void oriel_huge_sweep(struct vm_area_struct *vma)
{
	const struct oriel_mapping *mapping = vma->vm_private_data;
	const struct oriel_region *region = mapping->region;

	if (oriel_region_is_ram(region) ||
	    oriel_huge_order(region, 0, region->nr_pages) <= ORIEL_PMD_ORDER)
		return;
	oriel_vma_start_write(vma);
	unmap_mapping_pages(vma->vm_file->f_mapping, mapping->base_pgoff, region->nr_pages, true);
}
