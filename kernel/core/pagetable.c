// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only place that puts anything into a user's page table.
 *
 * Does not check bounds: its callers did, with core/span.h. Called with
 * mmap_lock held, for reading at least, or the VMA's own lock: either keeps the
 * page tables from being freed. Lock: mapping->insert_lock, so that single pages
 * and a huge entry do not meet in one place.
 */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pgtable.h>

#include "compat/compat.h"
#include "compat/huge.h"
#include "core/kind.h"
#include "core/mmap.h"
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

/**
 * oriel_pagetable_order() - which entry maps an address now?
 * @mm:      an address space whose page tables cannot be freed meanwhile
 * @address: a user address
 *
 * Return: log2 of the pages in the huge entry that is there, or 0: a single page,
 * or nothing.
 */
unsigned int oriel_pagetable_order(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd = pgd_offset(mm, address);
	p4d_t *p4d;
	pud_t *pudp, pud;
	pmd_t pmd;

	if (pgd_none(*pgd))
		return 0;
	p4d = p4d_offset(pgd, address);
	if (p4d_none(*p4d))
		return 0;
	/* A zap may take it out at any time; a table, once there, stays. */
	pudp = pud_offset(p4d, address);
	pud = READ_ONCE(*pudp);
	if (pud_none(pud))
		return 0;
	if (pud_leaf(pud))
		return ORIEL_PUD_ORDER;
	pmd = READ_ONCE(*pmd_offset(pudp, address));
	return !pmd_none(pmd) && pmd_leaf(pmd) ? ORIEL_PMD_ORDER : 0;
}

/* Would the first write fault again, where hardware does not mark entries itself? */
static bool oriel_vma_wants_dirty(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_WRITE | VM_SHARED)) == (VM_WRITE | VM_SHARED);
}

/* Single pages are there, since huge entries were forbidden for a while. */
static bool oriel_pagetable_is_divided(const struct vm_fault *vmf, unsigned int order)
{
	if (order == ORIEL_PMD_ORDER)
		return !pmd_none(*vmf->pmd) && !pmd_leaf(*vmf->pmd);
	return !pud_none(*vmf->pud) && !pud_leaf(*vmf->pud);
}

/**
 * oriel_pagetable_insert_huge() - insert one huge entry for frames without pages
 * @vmf:    the huge fault
 * @region: what is mapped
 * @index:  the entry's first page, which is aligned as the address is
 * @order:  log2 of its pages; all of them lie in the VMA and in @region
 *
 * Return: VM_FAULT_NOPAGE, or VM_FAULT_FALLBACK if there are single pages
 * already, or VM_FAULT_OOM.
 */
vm_fault_t oriel_pagetable_insert_huge(struct vm_fault *vmf, const struct oriel_region *region,
				       u64 index, unsigned int order)
{
	struct oriel_mapping *mapping = vmf->vma->vm_private_data;
	vm_fault_t result = VM_FAULT_FALLBACK;

	mutex_lock(&mapping->insert_lock);
	if (!oriel_pagetable_is_divided(vmf, order))
		result = oriel_vmf_insert_huge(vmf, region->kind->pfn(region, index), order,
					       oriel_vma_wants_dirty(vmf->vma));
	mutex_unlock(&mapping->insert_lock);
	return result;
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

/* Where nothing else is for modules. What is there already is left alone. */
static int oriel_pagetable_insert_each_pfn(struct vm_area_struct *vma, unsigned long address,
					   unsigned long pfn, unsigned long count)
{
	for (; count; count--, address += PAGE_SIZE)
		if (vmf_insert_pfn(vma, address, pfn++) != VM_FAULT_NOPAGE)
			return -ENOMEM;
	return 0;
}

/*
 * In a page table, where vmf_insert_pfn() takes a walk a page: one for them all. The
 * cache mode was claimed, so the look-up that it would make is not needed.
 */
static int oriel_pagetable_insert_table(struct vm_area_struct *vma, unsigned long address,
					unsigned long pfn, unsigned long count)
{
	struct oriel_pfns pfns = {
		.mm = vma->vm_mm,
		.pfn = pfn,
		.prot = vma->vm_page_prot,
		.dirty = oriel_vma_wants_dirty(vma),
	};

	if (!ORIEL_MAY_SET_PTES)
		return oriel_pagetable_insert_each_pfn(vma, address, pfn, count);
	return apply_to_page_range(vma->vm_mm, address, count << PAGE_SHIFT, oriel_pfn_set, &pfns);
}

/* Table by table: in the place of one there may be a huge entry. */
static int oriel_pagetable_insert_pfns(struct vm_area_struct *vma, unsigned long address,
				       const struct oriel_region *region, u64 index, u64 count)
{
	struct oriel_mapping *mapping = vma->vm_private_data;
	unsigned long end = address + (count << PAGE_SHIFT), next;
	int err = 0;

	mutex_lock(&mapping->insert_lock);
	for (; address < end && !err; address = next) {
		next = pmd_addr_end(address, end);
		count = (next - address) >> PAGE_SHIFT;
		if (!oriel_pagetable_order(vma->vm_mm, address))
			err = oriel_pagetable_insert_table(vma, address,
							   region->kind->pfn(region, index), count);
		index += count;
	}
	mutex_unlock(&mapping->insert_lock);
	return err;
}

/* RAM as if it had no pages: get_user_pages() takes none from the page table. */
static int oriel_pagetable_insert_frames(struct vm_area_struct *vma, unsigned long address,
					 struct page **pages, unsigned long count)
{
	unsigned long run;
	int err = 0;

	for (; count && !err; pages += run, count -= run, address += run << PAGE_SHIFT) {
		for (run = 1; run < count; run++)
			if (page_to_pfn(pages[run]) != page_to_pfn(pages[0]) + run)
				break;
		err = oriel_pagetable_insert_table(vma, address, page_to_pfn(pages[0]), run);
	}
	return err;
}

/**
 * oriel_pagetable_insert() - insert single pages
 * @vma:     a VMA of ours, VM_MIXEDMAP if @region gives pages, else VM_PFNMAP
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
		if (!oriel_region_gives_pages(region))
			err = oriel_pagetable_insert_frames(vma, address, pages, n);
		else if (oriel_page_is_worn_out(pages[0]))
			err = -ENOMEM;
		else
			err = oriel_pagetable_insert_batch(vma, address, pages, n);
		if (err)
			return err;
		address += n << PAGE_SHIFT;
		index += n;
		count -= n;
	}
	return 0;
}
