// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way in: every mapping of a region, whichever interface asks for it,
 * is checked and dressed here.
 *
 * Owns struct oriel_mapping. What gets into a page table gets there through
 * core/fault.c. Called with mmap_lock held for writing.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "compat/huge.h"
#include "core/access.h"
#include "core/block.h"
#include "core/claim.h"
#include "core/huge.h"
#include "core/mmap.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"
#include "core/trace.h"

static int oriel_mmap_check_access(const struct oriel_region *region, vm_flags_t vm_flags,
				   const struct address_space *space, struct oriel_explain *why)
{
	if (READ_ONCE(region->revoked))
		return oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	/* What can be revoked is mapped only where revocation finds it. */
	if (!(region->flags & ORIEL_REGION_MAPPABLE) ||
	    (region->flags & ORIEL_REGION_REVOCABLE && space != region->space))
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_MAPPABLE, 0, 0);
	if (vm_flags & VM_EXEC)
		return oriel_refuse(why, -EPERM, ORIEL_REASON_EXEC, 0, 0);
	/* VM_MAYSHARE, not VM_SHARED, says whether the user asked for MAP_SHARED. */
	if (vm_flags & VM_WRITE && !(vm_flags & VM_MAYSHARE))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_PRIVATE_WRITE, 0, 0);
	if (vm_flags & VM_WRITE && !(region->flags & ORIEL_REGION_WRITABLE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_READ_ONLY, 0, 0);
	return 0;
}

/* Does the VMA hold pages that nobody may write, an MSI-X table's? */
static bool oriel_vma_is_guarded(const struct oriel_region *region, struct vm_area_struct *vma,
				 pgoff_t base_pgoff)
{
	u64 first = vma->vm_pgoff - base_pgoff;

	return first < region->guarded_first + region->guarded_pages &&
	       region->guarded_first < first + vma_pages(vma);
}

static int oriel_mmap_check_span(const struct oriel_region *region,
				 struct vm_area_struct *vma, pgoff_t base_pgoff,
				 struct oriel_explain *why)
{
	u64 first, count = vma_pages(vma);
	int err;

	if (vma->vm_pgoff < base_pgoff)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_NO_REGION,
				    (u64)vma->vm_pgoff << PAGE_SHIFT, 0);
	first = vma->vm_pgoff - base_pgoff;
	err = oriel_span_check(first, count, region->nr_pages);
	if (err)
		return oriel_refuse_span(why, err, first << PAGE_SHIFT,
					 count << PAGE_SHIFT, region->size_bytes);
	return 0;
}

/*
 * Whole blocks go into the page table as one entry each, but only if the VMA
 * has nothing that was inserted page by page: with VM_MIXEDMAP set, a later zap
 * would take a huge entry for a special one and leak the block. So it is all or
 * nothing: a VMA holds huge entries if every whole block in it is one.
 *
 * A revocable region never does: the core installs what a fault returned after
 * the fault handler has left the gate, which a revocation could overtake.
 */
static bool oriel_mapping_can_be_huge(const struct oriel_region *region,
				      struct vm_area_struct *vma, pgoff_t base_pgoff)
{
	u64 index = vma->vm_pgoff - base_pgoff;
	u64 block, count;

	if (!oriel_region_is_ram(region) || !(region->flags & ORIEL_REGION_HUGE) ||
	    region->flags & ORIEL_REGION_REVOCABLE)
		return false;
	/* The core looks at the address relative to the offset in the file. */
	if (!IS_ALIGNED((vma->vm_start >> PAGE_SHIFT) - vma->vm_pgoff, ORIEL_BLOCK_PAGES) ||
	    !IS_ALIGNED(base_pgoff, ORIEL_BLOCK_PAGES))
		return false;
	/* ... and maps nothing huge beyond what it takes for the file's end. */
	if (i_size_read(vma->vm_file->f_mapping->host) >> PAGE_SHIFT <
	    ALIGN(region->nr_pages, ORIEL_BLOCK_PAGES))
		return false;

	count = oriel_span_aligned_blocks(index, index + vma_pages(vma),
					  ORIEL_BLOCK_PAGES, &block);
	for (index = block; index < block + count; index++)
		if (region->kind->frame(region, index * ORIEL_BLOCK_PAGES).order !=
		    ORIEL_BLOCK_ORDER)
			return false;
	return count;
}

static struct oriel_mapping *oriel_mapping_create(struct oriel_region *region,
						  struct vm_area_struct *vma,
						  pgoff_t base_pgoff)
{
	struct oriel_mapping *mapping = kmalloc(sizeof(*mapping), GFP_KERNEL_ACCOUNT);

	if (!mapping)
		return NULL;
	kref_init(&mapping->ref);
	mapping->region = oriel_region_get(region);
	mapping->base_pgoff = base_pgoff;
	mapping->claim = NULL;
	mutex_init(&mapping->insert_lock);
	mapping->huge = oriel_mapping_can_be_huge(region, vma, base_pgoff);
	return mapping;
}

static void oriel_mapping_release(struct kref *ref)
{
	struct oriel_mapping *mapping = container_of(ref, struct oriel_mapping, ref);

	oriel_claim_destroy(mapping->claim);
	oriel_region_put(mapping->region);
	kfree(mapping);
}

static void oriel_mapping_put(struct oriel_mapping *mapping)
{
	kref_put(&mapping->ref, oriel_mapping_release);
}

/* fork, split and mremap make further VMAs out of one. */
static void oriel_vma_open(struct vm_area_struct *vma)
{
	struct oriel_mapping *mapping = vma->vm_private_data;

	kref_get(&mapping->ref);
	/* A fork copies what is there; mremap is about to move it. */
	if (vma->vm_mm == current->mm)
		oriel_huge_sweep(vma);
}

static int oriel_vma_may_split(struct vm_area_struct *vma, unsigned long address)
{
	oriel_huge_sweep(vma);
	return 0;
}

static void oriel_vma_close(struct vm_area_struct *vma)
{
	oriel_mapping_put(vma->vm_private_data);
}

/* What debuggers use where get_user_pages finds no pages. */
static int oriel_vma_access(struct vm_area_struct *vma, unsigned long address, void *buffer,
			    int bytes, int write)
{
	struct oriel_mapping *mapping = vma->vm_private_data;
	struct oriel_region *region = mapping->region;
	u64 offset = (oriel_mapping_index(vma, address) << PAGE_SHIFT) + offset_in_page(address);
	u64 inside = oriel_span_clamp(offset, bytes, region->nr_pages << PAGE_SHIFT);
	int err;

	if (oriel_region_gives_pages(region) || !inside || offset < region->in_page_bytes)
		return -EIO;
	/* The core asks us to write even where the mapping may never be writable. */
	if (write && !(vma->vm_flags & VM_MAYWRITE))
		return -EACCES;
	inside = min_t(u64, inside, PAGE_SIZE - offset_in_page(address));
	err = oriel_region_transfer(region, offset - region->in_page_bytes, buffer, inside, write);
	return err ?: inside;
}

static const struct vm_operations_struct oriel_vm_ops = {
	.open	   = oriel_vma_open,
	.close	   = oriel_vma_close,
	.may_split = oriel_vma_may_split,
	.fault	   = oriel_fault,
	ORIEL_VM_HUGE_FAULT(oriel_huge_fault)
	.access	   = oriel_vma_access,
};

/* Where memory is encrypted, that is the kernel's own RAM, not what is for devices. */
static pgprot_t oriel_vma_protection(pgprot_t prot, const struct oriel_region *region)
{
	if (region->kind->read)
		prot = pgprot_decrypted(prot);
	switch (region->cache) {
	case ORIEL_CACHE_UNCACHED:
		return pgprot_noncached(prot);
	case ORIEL_CACHE_WRITE_COMBINED:
		return pgprot_writecombine(prot);
	default:
		return prot;
	}
}

/**
 * oriel_vma_cache() - which cache mode does a mapping really have?
 * @vma:     a VMA of ours
 * @mapping: what hangs on it
 *
 * Return: ORIEL_CACHE_*; that of the region, but for machines that know no
 * write-combining.
 */
u32 oriel_vma_cache(const struct vm_area_struct *vma, const struct oriel_mapping *mapping)
{
	u32 cache = mapping->region->cache;

	if (cache == ORIEL_CACHE_WRITE_COMBINED &&
	    pgprot_val(pgprot_writecombine(vma->vm_page_prot)) ==
	    pgprot_val(pgprot_noncached(vma->vm_page_prot)))
		return ORIEL_CACHE_UNCACHED;
	return cache;
}

/* Not expandable, not dumped, never executable, never upgraded to writable. */
static void oriel_vma_dress(struct vm_area_struct *vma, const struct oriel_mapping *mapping)
{
	const struct oriel_region *region = mapping->region;
	vm_flags_t set = VM_DONTEXPAND | VM_DONTDUMP;
	vm_flags_t clear = VM_MAYEXEC;

	if (!(region->flags & ORIEL_REGION_WRITABLE) ||
	    !(vma->vm_file->f_mode & FMODE_WRITE) || !(vma->vm_flags & VM_MAYSHARE) ||
	    oriel_vma_is_guarded(region, vma, mapping->base_pgoff))
		clear |= VM_MAYWRITE;
	if (!oriel_region_gives_pages(region)) {
		set |= VM_IO | VM_PFNMAP;
		vma->vm_page_prot = oriel_vma_protection(vma->vm_page_prot, region);
	} else {
		/* Our pages are never reclaimed: spare the zap noting which were used. */
		set |= VM_SEQ_READ;
		if (!mapping->huge)
			set |= VM_MIXEDMAP;
	}
	oriel_vm_flags_mod(vma, set, clear);
}

static u32 oriel_claim_reason(int err)
{
	switch (err) {
	case -EBUSY:
		return ORIEL_REASON_CACHE_BUSY;
	case -ENODEV:
		return ORIEL_REASON_REVOKED;
	default:
		return ORIEL_REASON_NO_MEMORY;
	}
}

/* Memory that is not RAM has one cache mode at a time; RAM has one for good. */
static int oriel_mapping_claim(struct oriel_mapping *mapping, struct vm_area_struct *vma)
{
	struct oriel_region *region = mapping->region;
	struct oriel_claim *claim;
	u64 index = vma->vm_pgoff - mapping->base_pgoff;

	if (oriel_region_is_ram(region))
		return 0;
	claim = oriel_claim_create(region, region->kind->pfn(region, index), vma_pages(vma),
				   region->cache);
	if (IS_ERR(claim))
		return PTR_ERR(claim);
	mapping->claim = claim;
	/* A revocation that released the claims before this one was made. */
	return READ_ONCE(region->revoked) ? -ENODEV : 0;
}

/*
 * Single pages of RAM are inserted at once: the memory is there anyway, and it
 * saves the faults. Not so revocable ones: until .mmap returns, the VMA is not
 * linked, and a revocation would not find it.
 */
static int oriel_mapping_fill(struct oriel_mapping *mapping, struct vm_area_struct *vma)
{
	if (mapping->huge || mapping->region->flags & ORIEL_REGION_REVOCABLE ||
	    !(vma->vm_flags & (VM_READ | VM_WRITE)))
		return 0;
	return oriel_populate(vma);
}

/**
 * oriel_region_mmap() - map a region, or a page range of it
 * @region:     what to map; the caller holds a reference
 * @vma:        as a file's mmap() got it, with vm_file set
 * @base_pgoff: the page offset in that file at which the region begins
 * @why:        where to say why it was refused, or NULL; ->call is set by the
 *              caller
 *
 * A driver's whole file_operations.mmap is a call of this function. The mapping
 * takes its own reference of the region.
 *
 * Context: mmap_lock held for writing, as in file_operations.mmap.
 * Return: 0, or
 *
 * * -EINVAL: MAP_PRIVATE with PROT_WRITE
 * * -EOVERFLOW: offset + length wraps
 * * -ENXIO: the request does not lie within the region
 * * -EACCES: PROT_WRITE on a read-only region
 * * -EPERM: PROT_EXEC
 * * -EOPNOTSUPP: the region cannot be mapped, or is revocable and @vma's file is
 *   not that of its device
 * * -EINTR: the caller was killed
 * * -EBUSY: mapped with another cache mode already
 * * -ENODEV: the region was revoked
 * * -ENOMEM: no memory for page tables or bookkeeping
 */
int oriel_region_mmap(struct oriel_region *region, struct vm_area_struct *vma,
		      pgoff_t base_pgoff, struct oriel_explain *why)
{
	struct oriel_explain unheard = { .call = ORIEL_CALL_MMAP };
	struct oriel_mapping *mapping;
	int err;

	why = why ?: &unheard;
	strscpy(why->name, region->name, sizeof(why->name));

	err = oriel_mmap_check_span(region, vma, base_pgoff, why);
	if (err)
		return err;
	err = oriel_mmap_check_access(region, vma->vm_flags, vma->vm_file->f_mapping, why);
	if (err)
		return err;
	if (vma->vm_flags & VM_WRITE && oriel_vma_is_guarded(region, vma, base_pgoff))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_GUARDED,
				    region->guarded_first << PAGE_SHIFT,
				    region->guarded_pages << PAGE_SHIFT);

	mapping = oriel_mapping_create(region, vma, base_pgoff);
	if (!mapping)
		return oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY, sizeof(*mapping), 0);
	err = oriel_mapping_claim(mapping, vma);
	if (err) {
		oriel_mapping_put(mapping);
		return oriel_refuse(why, err, oriel_claim_reason(err), 0, 0);
	}

	oriel_vma_dress(vma, mapping);
	vma->vm_private_data = mapping;
	err = oriel_mapping_fill(mapping, vma);
	if (err) {
		/* The core takes out what was inserted, and calls no vm_ops. */
		vma->vm_private_data = NULL;
		oriel_mapping_put(mapping);
		return err == -ENOMEM ? oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY,
						     vma->vm_end - vma->vm_start, 0) : err;
	}
	vma->vm_ops = &oriel_vm_ops;
	trace_oriel_map(vma, mapping);
	return 0;
}
EXPORT_SYMBOL_GPL(oriel_region_mmap);

/**
 * oriel_mapping_of() - what hangs on a VMA
 * @vma: any VMA; the caller holds mmap_lock or the file's i_mmap_rwsem
 *
 * Return: the mapping, valid while the lock is held, or NULL if the VMA is not
 * one of ours.
 */
struct oriel_mapping *oriel_mapping_of(const struct vm_area_struct *vma)
{
	return vma->vm_ops == &oriel_vm_ops ? vma->vm_private_data : NULL;
}

/**
 * oriel_mapping_index() - which page of the region is mapped there?
 * @vma:     a VMA of ours
 * @address: lies in it
 *
 * Return: the index; for a VMA that somebody moved out of bounds it is not less
 * than the region's nr_pages.
 */
u64 oriel_mapping_index(const struct vm_area_struct *vma, unsigned long address)
{
	const struct oriel_mapping *mapping = vma->vm_private_data;

	return (u64)((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff -
	       mapping->base_pgoff;
}
