/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All differences between the kernels that Oriel runs on. What is there is
 * found by compiling (compat/probes), never by version numbers: distributions
 * backport.
 */
#ifndef ORIEL_COMPAT_H
#define ORIEL_COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "compat/probed.h"

#ifdef ORIEL_HAVE_VM_FLAGS_SET
static inline void oriel_vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set,
				      vm_flags_t clear)
{
	vm_flags_mod(vma, set, clear);
}
#else
static inline void oriel_vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set,
				      vm_flags_t clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

/* Keeps out faults that hold the VMA's own lock only, until mmap_lock is released. */
static inline void oriel_vma_start_write(struct vm_area_struct *vma)
{
	oriel_vm_flags_mod(vma, 0, 0);
}

/* A free address range of the caller, as if no file were involved. */
static inline unsigned long oriel_get_unmapped_area(struct file *file, unsigned long address,
						    unsigned long length, unsigned long pgoff,
						    unsigned long flags)
{
#if defined(ORIEL_HAVE_MM_GET_UNMAPPED_AREA)
	return mm_get_unmapped_area(current->mm, file, address, length, pgoff, flags);
#elif defined(ORIEL_HAVE_MM_GET_UNMAPPED_AREA_OWN)
	return mm_get_unmapped_area(file, address, length, pgoff, flags);
#else
	return current->mm->get_unmapped_area(file, address, length, pgoff, flags);
#endif
}

#ifdef ORIEL_HAVE_CONST_DEVNODE
typedef const struct device oriel_devnode_device;
#else
typedef struct device oriel_devnode_device;
#endif

/* What platform_driver.remove returns, and the value. */
#ifdef ORIEL_HAVE_PLATFORM_REMOVE_VOID
typedef void oriel_platform_removed_t;
#define ORIEL_PLATFORM_REMOVED
#else
typedef int oriel_platform_removed_t;
#define ORIEL_PLATFORM_REMOVED 0
#endif

/*
 * On 32 bit, the core caps a character device's offsets at 4 GiB unless the
 * file says that it knows unsigned ones.
 */
#ifdef ORIEL_HAVE_FOP_UNSIGNED_OFFSET
#define ORIEL_FOP_UNSIGNED_OFFSETS .fop_flags = FOP_UNSIGNED_OFFSET,
static inline void oriel_file_use_unsigned_offsets(struct file *file)
{
}
#else
#define ORIEL_FOP_UNSIGNED_OFFSETS
static inline void oriel_file_use_unsigned_offsets(struct file *file)
{
	file->f_mode |= FMODE_UNSIGNED_OFFSET;
}
#endif

static inline void oriel_eventfd_signal(struct eventfd_ctx *eventfd)
{
#ifdef ORIEL_HAVE_EVENTFD_SIGNAL_ONE
	eventfd_signal(eventfd);
#else
	eventfd_signal(eventfd, 1);
#endif
}

/* May a module write the entries of a user's page table? */
#ifdef ORIEL_HAVE_SET_PTE_AT
#define ORIEL_MAY_SET_PTES true
#else
#define ORIEL_MAY_SET_PTES false
#endif

/*
 * Does the first write to a clean page go without a fault? Some Arm processors
 * could say yes too, but not in a way that all of them understand.
 */
static inline bool oriel_hardware_sets_dirty(void)
{
	return IS_ENABLED(CONFIG_X86);
}

#endif /* ORIEL_COMPAT_H */
