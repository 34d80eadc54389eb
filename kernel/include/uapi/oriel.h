/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The user ABI of Oriel: ioctls of a node /dev/oriel/NAME.
 *
 * A *device* (one node) offers *regions*: spans of memory that mmap(), pread()
 * and pwrite() reach at the file offset that ORIEL_REGION_INFO tells. Region 0
 * is at offset 0. An offset is a plain byte offset in the file; it says nothing
 * about addresses of the machine.
 *
 * Rules that hold for every structure here:
 *  - fixed-width types, natural alignment, the same layout on 32 and 64 bit;
 *  - the caller zeroes "reserved" fields and sets no flag that it does not find
 *    here; otherwise the call fails with EINVAL;
 *  - text is NUL-terminated UTF-8, unused bytes are zero.
 *
 * Errors that every call may return:
 *  - ENODEV: the device was removed (revoked); only ORIEL_EXPLAIN still answers;
 *  - EFAULT: the structure's address is not accessible;
 *  - ENOTTY: no such call.
 */
#ifndef _UAPI_ORIEL_H
#define _UAPI_ORIEL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Grows when calls, flags or reasons are added; nothing is ever renumbered. */
#define ORIEL_ABI_VERSION	1

/* Sizes of text fields in bytes, terminating NUL included. */
#define ORIEL_NAME_BYTES	64
#define ORIEL_REGION_NAME_BYTES	32

#define ORIEL_IOCTL_TYPE	0xE8

/* ---- devices ---------------------------------------------------------- */

/* oriel_device_info.flags */
#define ORIEL_DEVICE_REVOKED		(1u << 0) /* removed: nothing can be reached any more */
#define ORIEL_DEVICE_DMA_ALLOWED	(1u << 1) /* the device may reach memory by itself */
#define ORIEL_DEVICE_COHERENT		(1u << 2) /* no cache maintenance is needed for its DMA */

/**
 * struct oriel_device_info - what a device is
 * @name:          the node's name below /dev/oriel
 * @bus_address:   address on the device's bus as its tools print it
 *                 ("0000:03:00.0"), empty for a device without a bus
 * @driver:        kernel module that offers the device
 * @abi_version:   ORIEL_ABI_VERSION of the kernel side
 * @flags:         ORIEL_DEVICE_*
 * @nr_regions:    regions have the indices 0 to @nr_regions - 1
 * @nr_interrupts: interrupt vectors have the indices 0 to @nr_interrupts - 1
 * @reserved:      zero, in and out
 */
struct oriel_device_info {
	char  name[ORIEL_NAME_BYTES];
	char  bus_address[ORIEL_NAME_BYTES];
	char  driver[ORIEL_NAME_BYTES];
	__u32 abi_version;
	__u32 flags;
	__u32 nr_regions;
	__u32 nr_interrupts;
	__u64 reserved[4];
};

/*
 * ORIEL_DEVICE_INFO fills the structure; on entry all of it is ignored but
 * reserved.
 *
 * EINVAL: a reserved field is not zero.
 */
#define ORIEL_DEVICE_INFO	_IOWR(ORIEL_IOCTL_TYPE, 0x00, struct oriel_device_info)

/* ---- regions ---------------------------------------------------------- */

/* oriel_region_info.kind: what backs the region */
#define ORIEL_KIND_MMIO		1 /* device memory: registers or memory behind a bus */
#define ORIEL_KIND_CONTIG	2 /* RAM, physically contiguous */
#define ORIEL_KIND_SCATTERED	3 /* RAM, contiguous only virtually */
#define ORIEL_KIND_COHERENT	4 /* RAM that device and processor see alike at once */
#define ORIEL_KIND_IMPORT	5 /* memory that somebody else allocated */

/* oriel_region_info.cache: how the processor may cache a mapping */
#define ORIEL_CACHE_CACHED		1 /* write-back */
#define ORIEL_CACHE_UNCACHED		2 /* every access reaches the device, in order */
#define ORIEL_CACHE_WRITE_COMBINED	3 /* writes may be gathered, reads are uncached */

/* oriel_region_info.flags */
#define ORIEL_REGION_READABLE	(1u << 0)
#define ORIEL_REGION_WRITABLE	(1u << 1)
#define ORIEL_REGION_MAPPABLE	(1u << 2) /* mmap() works; otherwise pread()/pwrite() only */
#define ORIEL_REGION_DIRECT_IO	(1u << 3) /* O_DIRECT, RDMA and the like accept the mapping */
#define ORIEL_REGION_HUGE	(1u << 4) /* an aligned mapping gets huge page-table entries */
#define ORIEL_REGION_REVOCABLE	(1u << 5) /* mappings turn into SIGBUS when the device goes */

/**
 * struct oriel_region_info - what a region is and where it lies
 * @index:          in: which region, 0 to nr_regions - 1
 * @flags:          out: ORIEL_REGION_*
 * @kind:           out: ORIEL_KIND_*
 * @cache:          out: ORIEL_CACHE_*, the mode that its mappings get
 * @size_bytes:     out: bytes that may be read and written
 * @offset_bytes:   out: the file offset for mmap(), pread() and pwrite();
 *                  a multiple of 2 MiB
 * @in_page_bytes:  out: offset of the region's first valid byte in a mapping
 *                  made at @offset_bytes, where the memory does not start on a
 *                  page boundary; else 0. pread() and pwrite() count from the
 *                  first valid byte.
 * @name:           out: the region's name, unique within the device
 * @reserved:       zero, in and out
 */
struct oriel_region_info {
	__u32 index;
	__u32 flags;
	__u32 kind;
	__u32 cache;
	__u64 size_bytes;
	__u64 offset_bytes;
	__u64 in_page_bytes;
	char  name[ORIEL_REGION_NAME_BYTES];
	__u64 reserved[4];
};

/*
 * ORIEL_REGION_INFO tells of the region with the given index; on entry all
 * other fields are ignored but reserved.
 *
 * EINVAL: a reserved field is not zero. ENXIO: no region has this index.
 */
#define ORIEL_REGION_INFO	_IOWR(ORIEL_IOCTL_TYPE, 0x01, struct oriel_region_info)

/* ---- prefault --------------------------------------------------------- */

/**
 * struct oriel_prefault - a range of a mapping
 * @address:      start in the calling process, a multiple of its page size
 * @length_bytes: not 0; rounded up to whole pages
 * @flags:        zero
 * @reserved:     zero
 */
struct oriel_prefault {
	__u64 address;
	__u64 length_bytes;
	__u32 flags;
	__u32 reserved;
};

/*
 * ORIEL_PREFAULT makes every page of the range present in the caller's page
 * table, writable ones for writing, so that touching them later does not enter
 * the kernel. The memory itself, and so a device, is not accessed.
 *
 * EINVAL: misaligned, empty, a flag or reserved field set, or the range is not
 * wholly a mapping of this open file. EOVERFLOW: address + length_bytes wraps.
 * EACCES: a part of the range is mapped PROT_NONE. ENODEV: revoked meanwhile.
 * ENOMEM: no memory for page tables. EINTR: a fatal signal is pending.
 */
#define ORIEL_PREFAULT		_IOW(ORIEL_IOCTL_TYPE, 0x02, struct oriel_prefault)

/* ---- interrupts ------------------------------------------------------- */

/* oriel_irq_set.type: how the device tells of an interrupt */
#define ORIEL_IRQ_BEST	0 /* the best of the following that the device has: MSI-X, MSI, INTx */
#define ORIEL_IRQ_INTX	1 /* a shared wire; masked on delivery, the user unmasks */
#define ORIEL_IRQ_MSI	2 /* a write by the device; needs DMA to be on */
#define ORIEL_IRQ_MSIX	3 /* the same, each vector with an address of its own */

/* oriel_irq_set.flags */
#define ORIEL_IRQ_EVENTFD	(1u << 0) /* eventfd is to be taken, or with -1 given up */
#define ORIEL_IRQ_MASK		(1u << 1) /* deliver nothing until unmasked */
#define ORIEL_IRQ_UNMASK	(1u << 2) /* deliver again; what came meanwhile comes now, once */

/**
 * struct oriel_irq_set - one interrupt vector
 * @index:    which, 0 to nr_interrupts - 1
 * @flags:    ORIEL_IRQ_*; what is not named stays as it is. A new eventfd is
 *            in place before the vector is unmasked.
 * @type:     with ORIEL_IRQ_EVENTFD: ORIEL_IRQ_BEST, or the type wanted
 * @eventfd:  with ORIEL_IRQ_EVENTFD: the eventfd that each interrupt of the
 *            vector adds 1 to, in place of an earlier one; or -1. The open file
 *            keeps it until it is closed.
 * @reserved: zero
 *
 * A vector is off until it has an eventfd, and belongs to the open file that
 * gave it one. All vectors in use are of one type. When the device goes, each
 * eventfd is signalled once more.
 */
struct oriel_irq_set {
	__u32 index;
	__u32 flags;
	__u32 type;
	__u32 eventfd;
	__u64 reserved[2];
};

/*
 * ORIEL_IRQ_SET sets up one interrupt vector.
 *
 * EINVAL: an unknown flag or type, none of the flags, ORIEL_IRQ_MASK together
 * with ORIEL_IRQ_UNMASK, a reserved field set, a vector without eventfd is to be
 * masked or unmasked, or eventfd is not one (EBADF if it is not open).
 * ENXIO: no vector has this index. EACCES: the file is open for reading only.
 * EOPNOTSUPP: the device has no interrupts of this type. EPERM: the type needs
 * DMA, which is off (ORIEL_DEVICE_SET). EBUSY: the vector is another open
 * file's, or vectors of another type are in use. ENOMEM: no vectors are left.
 */
#define ORIEL_IRQ_SET		_IOW(ORIEL_IOCTL_TYPE, 0x04, struct oriel_irq_set)

/* ---- what a device may do --------------------------------------------- */

/* oriel_device_set.flags: what to do, in this order */
#define ORIEL_DEVICE_RESET		(1u << 0) /* reset the function */
#define ORIEL_DEVICE_SET_DMA_MASK	(1u << 1) /* the device reaches dma_mask_bits of address */
#define ORIEL_DEVICE_SET_DMA		(1u << 2) /* let it reach memory (dma = 1), or no more (0) */

/**
 * struct oriel_device_set - what a device may do
 * @flags:         ORIEL_DEVICE_RESET, ORIEL_DEVICE_SET_*
 * @dma:           with ORIEL_DEVICE_SET_DMA: 0 or 1; else 0
 * @dma_mask_bits: with ORIEL_DEVICE_SET_DMA_MASK: not more than the device had;
 *                 else 0. Holds until the last open file is closed.
 * @reserved0:     zero
 * @reserved:      zero
 *
 * DMA stays on as long as an open file that switched it on is open and has not
 * switched it off again. It is off before any buffer is freed.
 */
struct oriel_device_set {
	__u32 flags;
	__u32 dma;
	__u32 dma_mask_bits;
	__u32 reserved0;
	__u64 reserved[2];
};

/*
 * ORIEL_DEVICE_SET allows a device something, or forbids it.
 *
 * EINVAL: an unknown flag, none, a field that no flag asks for, a reserved field
 * set, dma above 1, or dma_mask_bits 0 or more than the device had.
 * EACCES: the file is open for reading only. EPERM: who asks may not let the
 * device reach memory: it takes CAP_SYS_RAWIO, or an IOMMU that confines the
 * device, or allow_dma set by root; under lockdown, the IOMMU.
 * EOPNOTSUPP: the device cannot do this. EBUSY: a buffer is mapped for the
 * device (dma_mask_bits), or the device is being reset or removed otherwise.
 * EIO: the reset failed.
 */
#define ORIEL_DEVICE_SET	_IOW(ORIEL_IOCTL_TYPE, 0x05, struct oriel_device_set)

/* ---- buffers ---------------------------------------------------------- */

/* oriel_buffer_alloc.flags */
#define ORIEL_BUFFER_SINGLE	(1u << 0) /* one segment, or EOPNOTSUPP */
#define ORIEL_BUFFER_DMABUF	(1u << 1) /* ORIEL_BUFFER_IMPORT only: a dma-buf */

/* oriel_buffer_alloc.properties */
#define ORIEL_BUFFER_NEEDS_SYNC	(1u << 0) /* see below */

/**
 * struct oriel_buffer_alloc - memory that the device reaches by DMA
 * @size_bytes:  in: not 0; the rest of the last page is part of the buffer too
 * @kind:        in: ORIEL_KIND_CONTIG: contiguous for everybody.
 *               ORIEL_KIND_SCATTERED: pages from anywhere, cheap in any size.
 *               ORIEL_KIND_COHERENT: device and processor see each other's writes
 *               at once; one segment if it can be had.
 * @cache:       in: 0 or ORIEL_CACHE_CACHED; for ORIEL_KIND_COHERENT also
 *               ORIEL_CACHE_WRITE_COMBINED where the kernel can change how it
 *               maps memory itself (x86): for a device that does not look into
 *               the processor's caches, or for large amounts that are only
 *               written. Such memory is not for direct I/O.
 * @flags:       in: ORIEL_BUFFER_SINGLE
 * @handle:      out: names the buffer in calls on this open file; never 0
 * @dmabuf_fd:   out: a file descriptor, close-on-exec, to map the buffer by, to
 *               give to other drivers as a dma-buf and to other processes
 * @properties:  out: ORIEL_BUFFER_*
 * @bus_address: out: where the device finds the first segment
 * @nr_segments: out: how many there are; ORIEL_BUFFER_SEGMENTS tells of them all
 * @reserved0:   zero, in and out
 * @reserved:    zero, in and out
 *
 * The memory is zeroed, lies within the device's DMA mask, and lives as long as
 * anybody has it: the handle, a descriptor, a mapping, a driver that imported
 * it. The device reaches it until the buffer is freed, the open file closed or
 * the device removed; as long as DMA is on through another open file, a closed
 * one's buffers stay.
 *
 * With ORIEL_BUFFER_NEEDS_SYNC, what processor and device write has to be made
 * known to the other by ORIEL_SYNC, or, as for any dma-buf and for the whole of
 * it, by DMA_BUF_IOCTL_SYNC on dmabuf_fd.
 */
struct oriel_buffer_alloc {
	__u64 size_bytes;
	__u32 kind;
	__u32 cache;
	__u32 flags;
	__u32 handle;
	__u32 dmabuf_fd;
	__u32 properties;
	__u64 bus_address;
	__u32 nr_segments;
	__u32 reserved0;
	__u64 reserved[2];
};

/*
 * ORIEL_BUFFER_ALLOC allocates a buffer and maps it for the device. On entry all
 * "out" fields are ignored.
 *
 * EINVAL: size 0, an unknown flag or a reserved field set. EOVERFLOW: no machine
 * has so much. EACCES: the file is open for reading only. EOPNOTSUPP: the device
 * cannot do DMA, the kind or cache mode cannot be had for it, or SINGLE was asked
 * for and there would be several segments. ENOMEM: memory, within the device's
 * reach, contiguous or within the user's limit, is not to be had. EMFILE: the
 * process has no descriptor left. EIO: the kernel could not map it for the device.
 */
#define ORIEL_BUFFER_ALLOC	_IOWR(ORIEL_IOCTL_TYPE, 0x06, struct oriel_buffer_alloc)

/**
 * struct oriel_buffer_import - memory that is there, for a device's DMA
 * @address:     in: where the process has it: a multiple of the page size; with
 *               ORIEL_BUFFER_DMABUF: 0
 * @size_bytes:  in: not 0, whole pages; with ORIEL_BUFFER_DMABUF: in: 0, out: the
 *               dma-buf's size
 * @flags:       in: ORIEL_BUFFER_SINGLE, ORIEL_BUFFER_DMABUF
 * @handle:      out: as from ORIEL_BUFFER_ALLOC, for the same calls
 * @properties:  out: ORIEL_BUFFER_*
 * @nr_segments: out: how many there are; ORIEL_BUFFER_SEGMENTS tells of them all
 * @bus_address: out: where the device finds the first one
 * @dmabuf_fd:   in: with ORIEL_BUFFER_DMABUF: another driver's dma-buf, which the
 *               process may write to; else 0
 * @reserved0:   zero, in and out
 * @reserved:    zero, in and out
 *
 * A dma-buf counts as if it had been allocated here. Its memory stays where it is
 * until the buffer is freed; its own descriptor is used to map it and, with
 * ORIEL_BUFFER_NEEDS_SYNC, for DMA_BUF_IOCTL_SYNC.
 *
 * Without ORIEL_BUFFER_DMABUF, the memory is anonymous, or a memfd or other memory
 * without a file system behind it, with pages of any size; the process may write
 * to it. It is pinned, and counts against the user's RLIMIT_MEMLOCK together with
 * what he has pinned otherwise, and in VmPin in /proc/PID/status of the process,
 * until the buffer is freed, or the open file closed and DMA off. If the process
 * unmaps it before, the device goes on with the same pages.
 */
struct oriel_buffer_import {
	__u64 address;
	__u64 size_bytes;
	__u32 flags;
	__u32 handle;
	__u32 properties;
	__u32 nr_segments;
	__u64 bus_address;
	__u32 dmabuf_fd;
	__u32 reserved0;
	__u64 reserved[2];
};

/*
 * ORIEL_BUFFER_IMPORT pins memory of the calling process, or takes a dma-buf, and
 * maps it for the device. On entry all "out" fields are ignored.
 *
 * EINVAL: size 0, not whole pages, an unknown flag or a reserved field set.
 * EOVERFLOW: no machine has so much. EFAULT: part of it is not there, may not be
 * written to, or is device memory. EBADF, EINVAL: no dma-buf. EACCES: the file, or
 * the dma-buf, is open for reading only.
 * EOPNOTSUPP: the device cannot do DMA or does not reach the memory; a file system
 * is behind it; or SINGLE was asked for and there would be several segments.
 * ENOMEM: RLIMIT_MEMLOCK, the user's limit, or memory. EIO: the kernel could not map
 * it; or a dma-buf of ours is beyond the device's reach, or uncached while the device
 * looks into caches. Who else exports a dma-buf may refuse the device with other errors.
 */
#define ORIEL_BUFFER_IMPORT	_IOWR(ORIEL_IOCTL_TYPE, 0x07, struct oriel_buffer_import)

/**
 * struct oriel_segment - a part of a buffer that is contiguous for the device
 * @bus_address: where the device finds it
 * @size_bytes:  of all segments together: the buffer's size in whole pages
 */
struct oriel_segment {
	__u64 bus_address;
	__u64 size_bytes;
};

/**
 * struct oriel_buffer_segments - where the device finds a buffer
 * @handle:   in: from ORIEL_BUFFER_ALLOC on this open file
 * @first:    in: which segment to begin with
 * @count:    in: room in the array; out: how many segments were put there
 * @total:    out: how many segments the buffer has
 * @segments: in: address of an array of struct oriel_segment
 * @reserved: zero
 */
struct oriel_buffer_segments {
	__u32 handle;
	__u32 first;
	__u32 count;
	__u32 total;
	__u64 segments;
	__u64 reserved[2];
};

/*
 * ORIEL_BUFFER_SEGMENTS tells of the segments of a buffer, in the order in which
 * they lie in it.
 *
 * EINVAL: a reserved field is not zero, or count is 0. ENXIO: no such buffer, or
 * no segment number first. ENOMEM.
 */
#define ORIEL_BUFFER_SEGMENTS	_IOWR(ORIEL_IOCTL_TYPE, 0x08, struct oriel_buffer_segments)

/**
 * struct oriel_buffer_free - a buffer that is not needed any more
 * @handle:   from ORIEL_BUFFER_ALLOC on this open file
 * @reserved: zero
 */
struct oriel_buffer_free {
	__u32 handle;
	__u32 reserved[3];
};

/*
 * ORIEL_BUFFER_FREE takes a buffer away from the device at once: stop what the
 * device does with it first. Its memory goes when nobody has it any more:
 * descriptors are closed and mappings removed by whoever has them.
 *
 * EINVAL: a reserved field is not zero. ENXIO: no such buffer.
 */
#define ORIEL_BUFFER_FREE	_IOW(ORIEL_IOCTL_TYPE, 0x09, struct oriel_buffer_free)

/* oriel_sync.flags: one of them */
#define ORIEL_SYNC_FOR_DEVICE	(1u << 0) /* before the device reads or writes it */
#define ORIEL_SYNC_FOR_CPU	(1u << 1) /* before the processor does */

/* oriel_sync.direction: where the data goes meanwhile */
#define ORIEL_SYNC_BOTH_WAYS	0
#define ORIEL_SYNC_TO_DEVICE	1 /* the device only reads it */
#define ORIEL_SYNC_FROM_DEVICE	2 /* the device only writes it, and all of it */

/**
 * struct oriel_sync - bytes of a buffer that change hands
 * @handle:       from ORIEL_BUFFER_ALLOC or ORIEL_BUFFER_IMPORT on this open file
 * @flags:        ORIEL_SYNC_FOR_DEVICE or ORIEL_SYNC_FOR_CPU
 * @direction:    ORIEL_SYNC_*
 * @reserved0:    zero
 * @offset_bytes: where they begin in the buffer
 * @size_bytes:   not 0
 * @reserved:     zero
 */
struct oriel_sync {
	__u32 handle;
	__u32 flags;
	__u32 direction;
	__u32 reserved0;
	__u64 offset_bytes;
	__u64 size_bytes;
	__u64 reserved[2];
};

/*
 * ORIEL_SYNC makes the device see what the processor wrote to a part of a buffer,
 * or the other way round. Needed only for a buffer with ORIEL_BUFFER_NEEDS_SYNC;
 * for others it does nothing. Caches know no bytes: what lies in the same cache
 * line (align to 128 bytes) should not be the other's at the time.
 *
 * EINVAL: size 0, not exactly one of the flags, an unknown direction, a reserved
 * field set. ENXIO: no such buffer, or not in it. EOVERFLOW: offset and size wrap.
 * EOPNOTSUPP: it is another driver's dma-buf: DMA_BUF_IOCTL_SYNC on its descriptor.
 */
#define ORIEL_SYNC		_IOW(ORIEL_IOCTL_TYPE, 0x0b, struct oriel_sync)

/**
 * struct oriel_region_export - pages of a region as a dma-buf
 * @index:        in: which region, from 0
 * @flags:        in: 0
 * @offset_bytes: in: where they begin; a page's beginning in the mapping
 * @size_bytes:   in: not 0; they end with a page, or where the region does
 * @dmabuf_fd:    out: a file descriptor, close-on-exec, that can be written through
 *                if this file and the region can
 * @reserved:     zero, in and out
 */
struct oriel_region_export {
	__u32 index;
	__u32 flags;
	__u64 offset_bytes;
	__u64 size_bytes;
	__u32 dmabuf_fd;
	__u32 reserved[3];
};

/*
 * ORIEL_REGION_EXPORT makes a dma-buf of a region of RAM, or of pages of it. The
 * memory lives as long as that, whatever becomes of the device.
 *
 * EINVAL: size 0, not whole pages, a flag or a reserved field set. ENXIO: no such
 * region, or not in it. EOVERFLOW: offset and size wrap. EOPNOTSUPP: device memory,
 * or memory that goes with its device. EACCES: the region, or the open file, is not
 * for reading. EMFILE: the process has no descriptor left. ENOMEM.
 */
#define ORIEL_REGION_EXPORT	_IOWR(ORIEL_IOCTL_TYPE, 0x0a, struct oriel_region_export)

/* ---- what is mapped --------------------------------------------------- */

/* oriel_mapping_info.flags */
#define ORIEL_MAPPING_HUGE	(1u << 0) /* address and memory are aligned for huge entries */

/**
 * struct oriel_mapping_info - what is mapped at an address
 * @address:      in: any address of the calling process
 * @flags:        out: ORIEL_MAPPING_*
 * @index:        out: which region
 * @offset_bytes: out: where in a mapping of the whole region @address would be;
 *                oriel_region_info.in_page_bytes is to be taken off
 * @length_bytes: out: how much is mapped without a break from @address on, with
 *                the same protection
 * @entry_bytes:  out: how much the page-table entry at @address maps now; the page
 *                size too while there is none
 * @cache:        out: ORIEL_CACHE_*, the mode that the mapping really got
 * @reserved:     zero, in and out
 */
struct oriel_mapping_info {
	__u64 address;
	__u32 flags;
	__u32 index;
	__u64 offset_bytes;
	__u64 length_bytes;
	__u64 entry_bytes;
	__u32 cache;
	__u32 reserved[5];
};

/*
 * ORIEL_MAPPING_INFO tells what a mapping of this open file has at an address; on
 * entry all fields but address and reserved are ignored. The memory itself is not
 * accessed.
 *
 * EINVAL: a reserved field is not zero, or no mapping of this open file is there.
 * EINTR: a fatal signal is pending.
 */
#define ORIEL_MAPPING_INFO	_IOWR(ORIEL_IOCTL_TYPE, 0x0c, struct oriel_mapping_info)

/* ---- explain ---------------------------------------------------------- */

/* oriel_explain.call: which call was refused */
#define ORIEL_CALL_NONE		0
#define ORIEL_CALL_MMAP		1
#define ORIEL_CALL_READ		2 /* read(), pread() and their vector forms */
#define ORIEL_CALL_WRITE	3
#define ORIEL_CALL_DEVICE_INFO	4
#define ORIEL_CALL_REGION_INFO	5
#define ORIEL_CALL_PREFAULT	6
#define ORIEL_CALL_IRQ_SET	7
#define ORIEL_CALL_DEVICE_SET	8
#define ORIEL_CALL_BUFFER_ALLOC	9
#define ORIEL_CALL_BUFFER_IMPORT	10
#define ORIEL_CALL_BUFFER_SEGMENTS	11
#define ORIEL_CALL_BUFFER_FREE	12
#define ORIEL_CALL_REGION_EXPORT	13
#define ORIEL_CALL_SYNC		14
#define ORIEL_CALL_MAPPING_INFO	15
#define ORIEL_CALL_WINDOW	16 /* configfs: setting up a window */
#define ORIEL_CALL_BUFFER_NAME	17 /* configfs, module parameter: making a named buffer */

/*
 * oriel_explain.reason, with the errno that goes with it and what is in
 * value[0] and value[1] (0 where nothing is said).
 */
#define ORIEL_REASON_NONE		0  /* nothing was refused on this open file */
#define ORIEL_REASON_REVOKED		1  /* ENODEV: the device is gone */
#define ORIEL_REASON_RESERVED		2  /* EINVAL: a reserved field is not zero */
#define ORIEL_REASON_FLAGS		3  /* EINVAL: unknown, or contradictory, flags in value[0] */
#define ORIEL_REASON_INDEX		4  /* ENXIO: no region value[0]; there are value[1] */
#define ORIEL_REASON_EMPTY		5  /* EINVAL: length 0 */
#define ORIEL_REASON_OVERFLOW		6  /* EOVERFLOW: value[0] + length value[1] wraps */
#define ORIEL_REASON_NO_REGION		7  /* ENXIO: file offset value[0] is in no region */
#define ORIEL_REASON_BEYOND		8  /* ENXIO: ends at byte value[0] of value[1] */
#define ORIEL_REASON_PRIVATE_WRITE	9  /* EINVAL: MAP_PRIVATE with PROT_WRITE */
#define ORIEL_REASON_EXEC		10 /* EPERM: PROT_EXEC */
#define ORIEL_REASON_READ_ONLY		11 /* EACCES: the region is read-only */
#define ORIEL_REASON_WRITE_ONLY		12 /* EACCES: the region is write-only */
#define ORIEL_REASON_NOT_MAPPABLE	13 /* EOPNOTSUPP: only pread() and pwrite() */
#define ORIEL_REASON_MISALIGNED		14 /* EINVAL: value[0] is no multiple of value[1] */
#define ORIEL_REASON_FOREIGN		15 /* EINVAL: value[0] is in no mapping of this file */
#define ORIEL_REASON_INACCESSIBLE	16 /* EACCES: address value[0] is mapped PROT_NONE */
#define ORIEL_REASON_NO_MEMORY		17 /* ENOMEM: value[0] bytes could not be had */
#define ORIEL_REASON_CACHE_BUSY		18 /* EBUSY: mapped with another cache mode */
#define ORIEL_REASON_GUARDED		19 /* EACCES: holds value[1] bytes from value[0] on that
					    * nobody may write, such as an MSI-X table
					    */
#define ORIEL_REASON_NO_ANSWER		20 /* EIO: the device does not answer now */
#define ORIEL_REASON_NEEDS_DMA		21 /* EPERM: this type of interrupt needs DMA to be on */
#define ORIEL_REASON_IRQ_INDEX		22 /* ENXIO: no vector value[0]; there are value[1] */
#define ORIEL_REASON_IRQ_TYPE		23 /* EOPNOTSUPP: no interrupts of type value[0] */
#define ORIEL_REASON_IRQ_TAKEN		24 /* EBUSY: vector value[0] is another open file's */
#define ORIEL_REASON_IRQ_MIXED		25 /* EBUSY: vectors of type value[0] are in use */
#define ORIEL_REASON_IRQ_IDLE		26 /* EINVAL: vector value[0] has no eventfd */
#define ORIEL_REASON_EVENTFD		27 /* EINVAL, EBADF: value[0] is not an eventfd */
#define ORIEL_REASON_IRQ_NONE_LEFT	28 /* ENOMEM: no vector value[0] could be had */
#define ORIEL_REASON_NEEDS_WRITING	29 /* EACCES: the file is open for reading only */
#define ORIEL_REASON_DMA_FORBIDDEN	30 /* EPERM: who asks may not let the device do DMA */
#define ORIEL_REASON_LOCKDOWN		31 /* EPERM: the kernel is locked down */
#define ORIEL_REASON_NO_DMA		32 /* EOPNOTSUPP: no DMA, or no switch for it */
#define ORIEL_REASON_DMA_MASK		33 /* EINVAL: value[0] bits; the device has value[1] */
#define ORIEL_REASON_DMA_BUSY		34 /* EBUSY: a buffer is mapped for the device */
#define ORIEL_REASON_NO_RESET		35 /* EOPNOTSUPP: the device cannot be reset alone */
#define ORIEL_REASON_CONTROL_BUSY	36 /* EBUSY: it is being reset or removed otherwise */
#define ORIEL_REASON_NOT_DMABUF		37 /* EBADF, EINVAL: descriptor value[0] is no dma-buf */
#define ORIEL_REASON_DMABUF_READ_ONLY	38 /* EACCES: dma-buf value[0] is open for reading only */
#define ORIEL_REASON_DMABUF_SYNC	39 /* EOPNOTSUPP: who exports the dma-buf synchronises it */
#define ORIEL_REASON_BUFFER_KIND	40 /* EOPNOTSUPP: no buffers of kind value[0] */
#define ORIEL_REASON_BUFFER_CACHE	41 /* EOPNOTSUPP: not with cache mode value[0] */
#define ORIEL_REASON_NOT_COHERENT	42 /* EOPNOTSUPP: the device does not see writes at once */
#define ORIEL_REASON_NOT_SINGLE		43 /* EOPNOTSUPP: it would be value[0] segments */
#define ORIEL_REASON_USER_LIMIT		44 /* ENOMEM: the user may have value[0] bytes in
					    * buffers, and has value[1]
					    */
#define ORIEL_REASON_OUT_OF_REACH	45 /* ENOMEM: value[0] bytes where the device reaches
					    * them, below address value[1], could not be had
					    */
#define ORIEL_REASON_NO_CONTIGUOUS	46 /* ENOMEM: value[0] bytes in one piece could not be had */
#define ORIEL_REASON_NOT_MAPPED		47 /* ENOMEM, EIO: the kernel could not map value[0]
					    * bytes for the device
					    */
#define ORIEL_REASON_HANDLE		48 /* ENXIO: this open file has no buffer value[0] */
#define ORIEL_REASON_SEGMENT		49 /* ENXIO: no segment value[0]; there are value[1] */
#define ORIEL_REASON_NO_DESCRIPTOR	50 /* EMFILE: the process has no descriptor left */
#define ORIEL_REASON_NO_DMABUF		51 /* EOPNOTSUPP: the kernel has no dma-bufs */
#define ORIEL_REASON_PIN_LIMIT		52 /* ENOMEM: the user may have value[0] bytes pinned,
					    * and has value[1]
					    */
#define ORIEL_REASON_PIN_FAULT		53 /* EFAULT: the value[1] bytes at value[0] are not all
					    * memory that may be written to
					    */
#define ORIEL_REASON_PIN_FILE		54 /* EOPNOTSUPP: there is a file system's memory */
#define ORIEL_REASON_PIN_REACH		55 /* EOPNOTSUPP: some of the memory is beyond what the
					    * device reaches, which is address value[0]
					    */
#define ORIEL_REASON_NOT_EXPORTED	56 /* EOPNOTSUPP: the memory goes with its device */
#define ORIEL_REASON_NEEDS_READING	57 /* EACCES: the file is open for writing only */
#define ORIEL_REASON_ALWAYS_CACHED	58 /* EOPNOTSUPP: the kernel maps all memory cached here */

/* Of windows; what is refused in configfs is told by the window's file "refused". */
#define ORIEL_REASON_WINDOW_DEVICE	60 /* ENODEV: no device of this name */
#define ORIEL_REASON_WINDOW_REGION	61 /* ENXIO: the device has no region of this name */
#define ORIEL_REASON_WINDOW_CUT		62 /* EINVAL: a range from value[0] to value[1] begins or
					    * ends inside a page that holds more of the region
					    */
#define ORIEL_REASON_WINDOW_CACHE	63 /* EOPNOTSUPP: not cache mode value[0]; the region
					    * has value[1]
					    */
#define ORIEL_REASON_WINDOW_ACCESS	64 /* EACCES: access value[0], of which the region only
					    * allows value[1] (ORIEL_REGION_READABLE, _WRITABLE)
					    */
#define ORIEL_REASON_WINDOW_NESTED	65 /* EOPNOTSUPP: the device is a window itself */
#define ORIEL_REASON_WINDOW_NAME	66 /* EEXIST: there is a device of the window's name */
#define ORIEL_REASON_WINDOW_LIVE	67 /* EBUSY: what a live window is cannot be changed */
#define ORIEL_REASON_WINDOW_TEXT	68 /* EINVAL, EOVERFLOW: the text is no value of this file */

/* Of named buffers; what is refused in configfs is told by the buffer's file "refused". */
#define ORIEL_REASON_BUFFER_DEVICE	70 /* ENODEV: no device of this name */
#define ORIEL_REASON_BUFFER_NODE	71 /* EINVAL: no NUMA node value[0], or there is no choice */
#define ORIEL_REASON_BUFFER_NAME	72 /* EEXIST: there is a device of the buffer's name */
#define ORIEL_REASON_BUFFER_LIVE	73 /* EBUSY: what a live buffer is cannot be changed */
#define ORIEL_REASON_BUFFER_TEXT	74 /* EINVAL, EOVERFLOW: the text is no value of this file */

/**
 * struct oriel_explain - the last refusal on an open file
 * @call:     ORIEL_CALL_*: the call that was refused
 * @error:    the errno that it returned
 * @reason:   ORIEL_REASON_*
 * @reserved: zero, in and out
 * @value:    figures that belong to @reason
 * @name:     a name that belongs to @reason (of a region, mostly), or empty
 */
struct oriel_explain {
	__u32 call;
	__u32 error;
	__u32 reason;
	__u32 reserved;
	__u64 value[2];
	char  name[ORIEL_NAME_BYTES];
};

/*
 * ORIEL_EXPLAIN tells why Oriel refused the last call on this open file that it
 * refused. What the kernel refuses before Oriel is asked (a writable mapping of
 * a file that was opened read-only, say) leaves no reason. A success does not
 * clear it. On entry all fields are ignored but reserved.
 *
 * EINVAL: the reserved field is not zero.
 */
#define ORIEL_EXPLAIN		_IOWR(ORIEL_IOCTL_TYPE, 0x03, struct oriel_explain)

#endif /* _UAPI_ORIEL_H */
