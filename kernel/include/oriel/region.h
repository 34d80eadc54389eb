/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions: spans of memory that may be mapped into a program.
 *
 * For driver authors. A region is created with one reference, which its creator
 * owns; devices, mappings and open files take references of their own, so that
 * the memory stays until the last of them is gone, in whatever order they go.
 */
#ifndef _ORIEL_REGION_H
#define _ORIEL_REGION_H

#include <linux/types.h>
#include <uapi/oriel.h>

struct oriel_region;
struct vm_area_struct;

/**
 * struct oriel_region_desc - what kind of region is wanted
 * @name:       unique within a device, at most ORIEL_REGION_NAME_BYTES - 1
 *              characters of [a-z0-9_.-]; copied
 * @kind:       ORIEL_KIND_CONTIG or ORIEL_KIND_SCATTERED
 * @size_bytes: any size but 0; the rest of the last page is zeroed, mapped with
 *              it and used by nobody
 * @access:     ORIEL_REGION_READABLE and/or ORIEL_REGION_WRITABLE; 0 means both
 * @revocable:  when the device goes, mappings of this region turn into SIGBUS;
 *              otherwise those who have it mapped keep it. One device only can
 *              have it.
 *
 * Fields left out of a designated initializer are zero and mean the default.
 */
struct oriel_region_desc {
	const char *name;
	u32 kind;
	u32 access;
	u64 size_bytes;
	bool revocable;
};

/**
 * struct oriel_mmio_desc - device memory that a driver offers
 * @name:          as for struct oriel_region_desc
 * @start:         physical address, or the I/O port if @is_port
 * @size_bytes:    not 0
 * @cache:         ORIEL_CACHE_*; claimed by each mapping and each access, so that
 *                 several regions may offer the same memory with different modes
 * @access:        as for struct oriel_region_desc
 * @is_port:       an I/O port range: pread() and pwrite() only
 * @mappable:      may be mapped: all bytes of its first and last page are the
 *                 device's own, or nobody's
 * @pages:         it is RAM, cached: if kernel and alignment allow, it gets struct
 *                 pages, so that direct I/O works on it. The device then goes only
 *                 when all I/O to it is over, and the memory has no other mode
 * @kernel:        where the kernel has it mapped already, with mode @cache, from before
 *                 the call until after oriel_device_unregister(); or NULL. No other
 *                 mode is allowed meanwhile
 * @guarded_offset: first of the bytes whose pages no user may write, such as an
 *                 MSI-X table ...
 * @guarded_bytes: ... and how many there are; 0 for none
 * @reachable:     tells whether the device answers now, or NULL. Called with a
 *                 lock held that oriel_device_revoke() takes: must not sleep for
 *                 long, must not call Oriel. Never called after
 *                 oriel_device_unregister().
 * @owner:         for @reachable
 */
struct oriel_mmio_desc {
	const char *name;
	phys_addr_t start;
	u64 size_bytes;
	u32 cache;
	u32 access;
	bool is_port;
	bool mappable;
	bool pages;
	void *kernel;
	u64 guarded_offset;
	u64 guarded_bytes;
	bool (*reachable)(void *owner);
	void *owner;
};

struct oriel_region *oriel_region_create(const struct oriel_region_desc *desc);
struct oriel_region *oriel_region_create_mmio(const struct oriel_mmio_desc *desc);
struct oriel_region *oriel_region_get(struct oriel_region *region);
void oriel_region_put(struct oriel_region *region);

void *oriel_region_vmap(struct oriel_region *region);
u64 oriel_region_size(const struct oriel_region *region);

ssize_t oriel_region_read_user(struct oriel_region *region, char __user *user, size_t length,
			       loff_t *position);
ssize_t oriel_region_write_user(struct oriel_region *region, const char __user *user,
				size_t length, loff_t *position);
int oriel_region_mmap(struct oriel_region *region, struct vm_area_struct *vma,
		      pgoff_t base_pgoff, struct oriel_explain *why);

#endif /* _ORIEL_REGION_H */
