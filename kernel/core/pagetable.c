// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only place that puts anything into a user's page table.
 *
 * Does not check bounds: its callers did, with core/span.h. Called with
 * mmap_lock held, for reading at least.
 */
#include <linux/mm.h>

#include "core/kind.h"
#include "core/pagetable.h"
#include "core/region.h"

/*
 * Many mappings of one block by single pages are many references of one count:
 * far more than any use, but not so far that it may wrap.
 */
static bool oriel_page_is_worn_out(struct page *page)
{
	return page_ref_count(compound_head(page)) > INT_MAX / 2;
}

/**
 * oriel_pagetable_give() - let the core insert a page, with its block if it can
 * @vmf:    the fault; its VMA is not VM_MIXEDMAP
 * @region: what is mapped
 * @index:  the page, less than the region's nr_pages
 *
 * The core takes over the reference that is taken here.
 *
 * Return: 0, or VM_FAULT_OOM if the page has too many users.
 */
vm_fault_t oriel_pagetable_give(struct vm_fault *vmf, const struct oriel_region *region, u64 index)
{
	struct page *page = region->kind->frame(region, index).page;

	if (oriel_page_is_worn_out(page))
		return VM_FAULT_OOM;
	get_page(page);
	vmf->page = page;
	return 0;
}

/* What is there already (another thread's fault) is left alone. */
static int oriel_pagetable_insert_batch(struct vm_area_struct *vma, unsigned long address,
					struct page **pages, unsigned long count)
{
	unsigned long left = count;
	int err;

	do {
		unsigned long done;

		err = vm_insert_pages(vma, address + ((count - left) << PAGE_SHIFT),
				      pages + count - left, &left);
		/* It says so when there is no page table to be had; the rest is in bounds. */
		if (err == -EFAULT)
			return -ENOMEM;
		if (err != -EBUSY)
			return err;
		done = count - left + 1;
		left = count - done;
	} while (left);
	return 0;
}

struct oriel_pfns {
	struct mm_struct *mm;
	unsigned long pfn;	/* of the page to come */
	pgprot_t prot;
	bool dirty;
};

/* Under the page table's lock. What is there already is left alone. */
static int oriel_pfn_set(pte_t *pte, unsigned long address, void *data)
{
	struct oriel_pfns *pfns = data;
	pte_t entry = pte_mkyoung(pte_mkspecial(pfn_pte(pfns->pfn++, pfns->prot)));

	if (pfns->dirty)
		entry = pte_mkdirty(entry);
	if (pte_none(ptep_get(pte)))
		set_pte_at(pfns->mm, address, pte, entry);
	return 0;
}

/*
 * One walk for the whole range, where vmf_insert_pfn() takes one a page. The
 * cache mode was claimed, so the look-up that it would make is not needed.
 */
static int oriel_pagetable_insert_pfns(struct vm_area_struct *vma, unsigned long address,
				       const struct oriel_region *region, u64 index, u64 count)
{
	struct oriel_pfns pfns = {
		.mm = vma->vm_mm,
		.pfn = region->kind->pfn(region, index),
		.prot = vma->vm_page_prot,
		/* Where hardware does not set it, the first write would fault again. */
		.dirty = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == (VM_WRITE | VM_SHARED),
	};

	return apply_to_page_range(vma->vm_mm, address, count << PAGE_SHIFT, oriel_pfn_set, &pfns);
}

/**
 * oriel_pagetable_insert() - insert single pages
 * @vma:     a VMA of ours, VM_MIXEDMAP for RAM, VM_PFNMAP for what is not
 * @address: of the first page, in @vma
 * @region:  what is mapped
 * @index:   the first page of the region
 * @count:   how many pages; all of them lie in @vma and in @region
 *
 * Return: 0 if all of them are present now, or -ENOMEM if there is no memory
 * for page tables; some pages may be present then.
 */
int oriel_pagetable_insert(struct vm_area_struct *vma, unsigned long address,
			   const struct oriel_region *region, u64 index, u64 count)
{
	struct page *scratch[ORIEL_KIND_SCRATCH], **pages;

	if (!oriel_region_is_ram(region))
		return oriel_pagetable_insert_pfns(vma, address, region, index, count);
	while (count) {
		unsigned long n = count;
		int err;

		pages = region->kind->pages(region, index, &n, scratch);
		if (oriel_page_is_worn_out(pages[0]))
			return -ENOMEM;
		err = oriel_pagetable_insert_batch(vma, address, pages, n);
		if (err)
			return err;
		address += n << PAGE_SHIFT;
		index += n;
		count -= n;
	}
	return 0;
}
