// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prefault: makes the pages of a mapping present without touching the memory.
 *
 * Goes window by window, with mmap_lock taken anew for each, so that a long
 * range neither blocks other threads' faults nor outlives a munmap().
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "compat/huge.h"
#include "core/block.h"
#include "core/huge.h"
#include "core/mmap.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"

/*
 * For RAM that gives pages the core is asked: a short pin faults in what is
 * missing, makes it writable and dirty where it is to be written, and costs little
 * otherwise. The range may change hands in between; then the caller's own new
 * mapping is faulted in instead, which harms nobody.
 */
static int oriel_prefault_pin(unsigned long address, unsigned long end, bool write)
{
	unsigned long count = (end - address) >> PAGE_SHIFT;
	struct page **pages;
	int pinned;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (!pages)
		return -ENOMEM;
	while (address < end) {
		pinned = pin_user_pages_fast(address, (end - address) >> PAGE_SHIFT,
					     write ? FOLL_WRITE : 0, pages);
		if (pinned <= 0)
			break;
		unpin_user_pages(pages, pinned);
		address += (unsigned long)pinned << PAGE_SHIFT;
	}
	kvfree(pages);
	return address < end ? pinned ?: -EFAULT : 0;
}

/*
 * Where a clean page faults at the first write, a present entry is not enough:
 * each is made dirty by a fault for writing. As above, the range may have
 * changed hands.
 */
static int oriel_prefault_dirty(unsigned long address, unsigned long end)
{
	int err = 0;

	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	for (; address < end && !err; address += PAGE_SIZE)
		err = fixup_user_fault(current->mm, address, FAULT_FLAG_WRITE, NULL);
	mmap_read_unlock(current->mm);
	return err;
}

static int oriel_prefault_check(const struct vm_area_struct *vma, const struct file *file,
				unsigned long address, struct oriel_explain *why)
{
	if (!vma || vma->vm_file != file || !oriel_mapping_of(vma))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FOREIGN, address, 0);
	if (!(vma->vm_flags & (VM_READ | VM_WRITE)))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_INACCESSIBLE, address, 0);
	return 0;
}

/* The core would not fault it in: the region or the mapping went meanwhile. */
static int oriel_prefault_lost(const struct file *file, unsigned long address,
			       struct oriel_explain *why)
{
	struct vm_area_struct *vma;
	int err;

	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	vma = vma_lookup(current->mm, address);
	err = oriel_prefault_check(vma, file, address, why);
	if (!err)
		err = READ_ONCE(oriel_mapping_of(vma)->region->revoked) ? -ENODEV : -EFAULT;
	mmap_read_unlock(current->mm);
	return err;
}

/*
 * Where a huge entry fits, the core is asked for it. If it says no, windows of
 * single pages will have to do, and say why if they cannot.
 */
static int oriel_prefault_huge(struct vm_area_struct *vma, unsigned long address)
{
	u64 index;
	int err;

	if (!oriel_huge_fits(vma, address, ORIEL_PMD_ORDER, &index))
		return 0;
	err = fixup_user_fault(vma->vm_mm, address, vma->vm_flags & VM_WRITE ? FAULT_FLAG_WRITE : 0,
			       NULL);
	return err == -EFAULT ? 0 : err;
}

/* One window of one VMA; moves *address behind it. */
static int oriel_prefault_step(struct file *file, unsigned long *address, unsigned long end,
			       struct oriel_explain *why)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long start = *address;
	bool pages, write;
	u64 index;
	int err;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, start);
	err = oriel_prefault_check(vma, file, start, why);
	if (err)
		goto out_unlock;

	index = oriel_mapping_index(vma, start);
	pages = oriel_region_gives_pages(oriel_mapping_of(vma)->region);
	write = vma->vm_flags & VM_WRITE;
	end = min(end, vma->vm_end);
	end = min_t(u64, end, start + ((ORIEL_WINDOW_PAGES - (index & (ORIEL_WINDOW_PAGES - 1)))
				       << PAGE_SHIFT));
	err = oriel_prefault_huge(vma, start);
	if (!err && !oriel_mapping_of(vma)->huge)
		err = oriel_fault_window(vma, index);
	mmap_read_unlock(mm);

	if (!err && write && !oriel_hardware_sets_dirty())
		err = oriel_prefault_dirty(start, end);
	else if (!err && pages)
		err = oriel_prefault_pin(start, end, write);
	if (err == -EFAULT)
		return oriel_prefault_lost(file, start, why);
	if (!err)
		*address = end;
	return err;

out_unlock:
	mmap_read_unlock(mm);
	return err;
}

/* What went wrong behind the checks; they said why themselves. */
static int oriel_prefault_refuse(int err, unsigned long position, unsigned long end,
				 struct oriel_explain *why)
{
	switch (err) {
	case -ENODEV:
		return oriel_refuse(why, err, ORIEL_REASON_REVOKED, 0, 0);
	case -EIO:
		return oriel_refuse(why, err, ORIEL_REASON_NO_ANSWER, 0, 0);
	case -ENOMEM:
		return oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY, end - position, 0);
	case -EFAULT:
		/* Something else than our pages is there. */
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FOREIGN, position, 0);
	default:
		return err;
	}
}

/**
 * oriel_prefault() - make a range of the caller's mappings present
 * @file:         the open file of which they must be mappings
 * @address:      where the range starts
 * @length_bytes: how long it is, rounded up to whole pages
 * @why:          where to say why it was refused
 *
 * Context: process context of the mappings' owner, no lock held.
 * Return: 0, or a negative errno as UAPI says for ORIEL_PREFAULT.
 */
int oriel_prefault(struct file *file, u64 address, u64 length_bytes, struct oriel_explain *why)
{
	unsigned long position, end;
	int err;

	if (!IS_ALIGNED(address, PAGE_SIZE))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_MISALIGNED, address, PAGE_SIZE);
	err = oriel_span_check(address, length_bytes, TASK_SIZE);
	if (err == -ENXIO)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FOREIGN, address, 0);
	if (err)
		return oriel_refuse_span(why, err, address, length_bytes, TASK_SIZE);

	position = address;
	end = PAGE_ALIGN(address + length_bytes);
	while (position < end) {
		err = oriel_prefault_step(file, &position, end, why);
		if (err)
			return oriel_prefault_refuse(err, position, end, why);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}
