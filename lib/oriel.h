/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * liboriel: device memory and kernel buffers in your process.
 *
 *	struct oriel_device *device;
 *	struct oriel_region_info region;
 *	struct oriel_mapping *mapping;
 *
 *	err = oriel_device_open("03:00.0", 0, &device);
 *	err = oriel_region_find(device, "bar0", &region);
 *	err = oriel_mapping_create(device, &region, PROT_READ, &mapping);
 *	value = oriel_read32(oriel_mapping_get_address(mapping));
 *
 * Rules that hold for every function here:
 *  - functions that can fail return 0 or a negative errno; results come through
 *    the last parameters, which are left alone on failure;
 *  - nothing is printed, nothing exits, there is no global state;
 *  - every file descriptor is opened with O_CLOEXEC;
 *  - numbers carry their unit in their name: _bytes, _bits;
 *  - a struct oriel_device is used by one thread at a time (open the device once
 *    for each thread); mappings may be used by all threads at once.
 *
 * The errnos have one meaning everywhere: EINVAL malformed or misaligned;
 * EOVERFLOW the arithmetic wraps; ENXIO outside the region, or no such region;
 * EACCES the open file or the region forbids it; EPERM policy forbids it;
 * EOPNOTSUPP this kind of memory cannot; ENOMEM; ENODEV the device is gone.
 * After a failure of a call that takes a device, oriel_device_explain() and
 * oriel_explain_describe() make a sentence with the remedy.
 */
#ifndef _ORIEL_H
#define _ORIEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <linux/oriel.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct oriel_buffer;
struct oriel_device;
struct oriel_list;
struct oriel_mapping;

/* Enough for every text that this library makes, in bytes, NUL included. */
#define ORIEL_PATH_BYTES	4096
#define ORIEL_SENTENCE_BYTES	512

/* ---- library ------------------------------------------------------------ */

/**
 * oriel_version_string() - the version of the library in use
 *
 * Return: "MAJOR.MINOR.PATCH", owned by the library, never freed.
 */
const char *oriel_version_string(void);

/* ---- which devices are there -------------------------------------------- */

/**
 * oriel_list_create() - take down which devices there are now
 * @list: the list, sorted by name; the caller frees it with oriel_list_destroy()
 *
 * Devices are found in /sys/class/oriel and as nodes in /dev/oriel; none of them
 * is opened. A directory that does not exist counts as empty.
 *
 * Return: 0, -ENOMEM, or what opening or reading the directories gave.
 */
int oriel_list_create(struct oriel_list **list);

/**
 * oriel_list_destroy() - free a list and the names in it
 * @list: from oriel_list_create(), or NULL
 */
void oriel_list_destroy(struct oriel_list *list);

/**
 * oriel_list_count() - how many devices a list has
 * @list: the list
 *
 * Return: the number; entries have the indices 0 to number - 1.
 */
size_t oriel_list_count(const struct oriel_list *list);

/**
 * oriel_list_get_name() - the name of a device in a list
 * @list:  the list
 * @index: which entry
 *
 * Return: the name, owned by the list, or NULL if there is no such entry.
 */
const char *oriel_list_get_name(const struct oriel_list *list, size_t index);

/**
 * oriel_list_has_node() - can the device be opened by its name?
 * @list:  the list
 * @index: which entry
 *
 * Return: true if /dev/oriel/NAME existed; false if only sysfs knew the device,
 * or there is no such entry.
 */
bool oriel_list_has_node(const struct oriel_list *list, size_t index);

/**
 * oriel_list_has_core() - is Oriel's kernel side there at all?
 * @list: the list
 *
 * Return: true if /sys/class/oriel existed, that is, oriel.ko was loaded.
 */
bool oriel_list_has_core(const struct oriel_list *list);

/* ---- devices ------------------------------------------------------------ */

/* oriel_device_open(): open for reading only; the default is both */
#define ORIEL_OPEN_READ_ONLY	(1u << 0)

/**
 * oriel_device_resolve() - the path of the node that a name means
 * @name:       a node's name ("hello"), a path (anything with a '/'), or a PCI
 *              address as lspci prints it ("0000:03:00.0", "03:00.0")
 * @path:       buffer for the NUL-terminated path
 * @size_bytes: size of @path; ORIEL_PATH_BYTES is always enough
 *
 * Nothing is opened, and the node need not exist.
 *
 * Return: 0; -EINVAL: @name is none of the three; -EOVERFLOW: @path is too small.
 */
int oriel_device_resolve(const char *name, char *path, size_t size_bytes);

/**
 * oriel_device_open() - open a device
 * @name:   as for oriel_device_resolve()
 * @flags:  0 or ORIEL_OPEN_READ_ONLY
 * @device: the device; the caller closes it with oriel_device_close()
 *
 * Return: 0; -EINVAL: no such flag, or a malformed name; -ENOENT: no such node;
 * -EACCES: no permission for the node; -ENODEV, -ENXIO: the device is gone;
 * -ENOTTY: the path is not an Oriel node; -ENOMEM; or what open() gave.
 */
int oriel_device_open(const char *name, unsigned int flags,
		      struct oriel_device **device);

/**
 * oriel_device_describe_open() - say why a device could not be opened
 * @name:       the name that oriel_device_open() was given
 * @error:      what it returned, with or without the minus sign
 * @buffer:     gets one line without a newline: "cannot open: reason. Remedy."
 * @size_bytes: size of @buffer; ORIEL_SENTENCE_BYTES is enough unless the name
 *              is very long
 *
 * Return: 0; -EINVAL: a pointer is NULL; -EOVERFLOW: @buffer was too small, the
 * text in it is cut short and NUL-terminated.
 */
int oriel_device_describe_open(const char *name, int error, char *buffer,
			       size_t size_bytes);

/**
 * oriel_device_close() - close a device
 * @device: from oriel_device_open(), or NULL
 *
 * Mappings made through it stay valid until they are destroyed.
 */
void oriel_device_close(struct oriel_device *device);

/**
 * oriel_device_get_fd() - the file descriptor, for poll() and the like
 * @device: the device
 *
 * Return: the descriptor; it belongs to @device, which closes it.
 */
int oriel_device_get_fd(const struct oriel_device *device);

/**
 * oriel_device_get_info() - what a device is
 * @device: the device
 * @info:   filled; see linux/oriel.h
 *
 * Return: 0, -ENODEV.
 */
int oriel_device_get_info(struct oriel_device *device,
			  struct oriel_device_info *info);

/**
 * oriel_device_explain() - why was the last call refused?
 * @device:  the device
 * @explain: filled; see linux/oriel.h. ORIEL_REASON_NONE with a call and an
 *           error means that the kernel refused before Oriel was asked.
 *
 * Speaks of the last failure of a function of this library on this device,
 * whether library or kernel refused; a success does not clear it.
 *
 * Return: 0, or what the ORIEL_EXPLAIN ioctl gave.
 */
int oriel_device_explain(struct oriel_device *device,
			 struct oriel_explain *explain);

/**
 * oriel_explain_describe() - turn a refusal into a sentence with the remedy
 * @explain:    from oriel_device_explain(), or from ORIEL_EXPLAIN itself
 * @buffer:     gets one line without a newline: "cannot map: reason. Remedy."
 * @size_bytes: size of @buffer; ORIEL_SENTENCE_BYTES is always enough
 *
 * Codes that this version of the library does not know are named by number.
 *
 * Return: 0; -EINVAL: a pointer is NULL; -EOVERFLOW: @buffer was too small, the
 * text in it is cut short and NUL-terminated.
 */
int oriel_explain_describe(const struct oriel_explain *explain, char *buffer,
			   size_t size_bytes);

/* ---- what a device may do ----------------------------------------------- */

/**
 * oriel_device_set_dma() - let the device reach memory by itself, or no more
 * @device: the device, not open for reading only
 * @on:     it stays on until it is switched off or @device closed, by everybody
 *          who switched it on
 *
 * MSI and MSI-X interrupts need it too.
 *
 * Return: 0; -EPERM: takes CAP_SYS_RAWIO, an IOMMU or allow_dma; -EACCES: open
 * for reading only; -EOPNOTSUPP: it cannot do DMA; -ENODEV.
 */
int oriel_device_set_dma(struct oriel_device *device, bool on);

/**
 * oriel_device_set_dma_mask() - the device reaches less than its driver thinks
 * @device: the device, not open for reading only
 * @bits:   of address; holds until nobody has the device open any more
 *
 * Return: 0; -EINVAL: 0 or more than it has; -EBUSY: it has buffers; -EACCES,
 * -EOPNOTSUPP, -ENODEV.
 */
int oriel_device_set_dma_mask(struct oriel_device *device, unsigned int bits);

/**
 * oriel_device_reset() - reset the device
 * @device: the device, not open for reading only
 *
 * Mappings are SIGBUS during the reset and there again after it.
 *
 * Return: 0; -EOPNOTSUPP: it cannot be reset without its neighbours; -EBUSY:
 * something else is being done to it; -EACCES, -ENODEV, or what the reset gave.
 */
int oriel_device_reset(struct oriel_device *device);

/* ---- interrupts --------------------------------------------------------- */

/**
 * oriel_irq_enable() - have an interrupt vector signal an eventfd
 * @device:  the device, not open for reading only
 * @index:   which vector
 * @type:    ORIEL_IRQ_BEST, or one of the other ORIEL_IRQ_*
 * @eventfd: each interrupt adds 1 to it; it stays the caller's, who may close it
 *           at any time
 *
 * Replaces an eventfd that the vector had. It is signalled once more when the
 * device goes. An INTx vector is masked with each interrupt: see to the device,
 * then oriel_irq_unmask().
 *
 * Return: 0; -ENXIO: no such vector; -EOPNOTSUPP: no such type; -EPERM: the type
 * needs oriel_device_set_dma() first; -EBUSY: somebody else has the vector, or
 * vectors of another type are in use; -EBADF, -EINVAL: not an eventfd; -EACCES,
 * -ENODEV, -ENOMEM.
 */
int oriel_irq_enable(struct oriel_device *device, uint32_t index, uint32_t type,
		     int eventfd);

/**
 * oriel_irq_disable() - switch a vector off
 * @device: the device
 * @index:  which vector
 *
 * Return: 0 (also if it was off); -ENXIO, -EBUSY, -EACCES, -ENODEV.
 */
int oriel_irq_disable(struct oriel_device *device, uint32_t index);

/**
 * oriel_irq_mask() - hold interrupts back
 * @device: the device
 * @index:  a vector that was enabled
 *
 * Return: 0; -EINVAL: it is off; -ENXIO, -EBUSY, -EACCES, -ENODEV.
 */
int oriel_irq_mask(struct oriel_device *device, uint32_t index);

/**
 * oriel_irq_unmask() - let interrupts come
 * @device: the device
 * @index:  a vector that was enabled
 *
 * What came meanwhile comes now, once.
 *
 * Return: 0; -EINVAL: it is off; -ENXIO, -EBUSY, -EACCES, -ENODEV.
 */
int oriel_irq_unmask(struct oriel_device *device, uint32_t index);

/* ---- buffers ------------------------------------------------------------ */

/**
 * oriel_buffer_create() - allocate memory that the device reaches, and map it
 * @device:     the device, not open for reading only; it stays open for as long
 *              as the buffer is there
 * @kind:       ORIEL_KIND_COHERENT: device and processor see each other's writes at
 *              once; ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED: see struct
 *              oriel_buffer_alloc
 * @size_bytes: not 0
 * @flags:      0 or ORIEL_BUFFER_SINGLE: one segment or -EOPNOTSUPP
 * @buffer:     the buffer; the caller frees it with oriel_buffer_destroy()
 *
 * It is zeroed. From 2 MiB on it is mapped so that huge page-table entries are
 * possible.
 *
 * Return: 0; -EINVAL: size 0, an unknown flag; -EOVERFLOW; -EACCES: the device is
 * open for reading only; -EOPNOTSUPP: the device cannot do DMA, the kind cannot be
 * had for it, or it would be several segments; -ENOMEM; -EMFILE; -EIO; -ENODEV.
 */
int oriel_buffer_create(struct oriel_device *device, uint32_t kind,
			uint64_t size_bytes, uint32_t flags,
			struct oriel_buffer **buffer);

/**
 * oriel_buffer_create_with_cache() - the same, with a cache mode of its own
 * @device:     as for oriel_buffer_create()
 * @kind:       as for oriel_buffer_create()
 * @cache:      0 for what suits the kind, or ORIEL_CACHE_CACHED, or, for
 *              ORIEL_KIND_COHERENT, ORIEL_CACHE_WRITE_COMBINED: the processor
 *              gathers what is written and reads slowly
 * @size_bytes: as for oriel_buffer_create()
 * @flags:      as for oriel_buffer_create()
 * @buffer:     as for oriel_buffer_create()
 *
 * Return: as for oriel_buffer_create(); -EOPNOTSUPP also: the kind cannot be had
 * with that cache mode, or the kernel has all memory cached.
 */
int oriel_buffer_create_with_cache(struct oriel_device *device, uint32_t kind,
				   uint32_t cache, uint64_t size_bytes,
				   uint32_t flags, struct oriel_buffer **buffer);

/**
 * oriel_buffer_import() - let the device reach memory that the program has
 * @device:     as for oriel_buffer_create()
 * @address:    of the memory, whole pages, writable: anonymous or a memfd, with
 *              pages of any size; the caller unmaps it, after the buffer's end
 * @size_bytes: not 0, whole pages
 * @flags:      as for oriel_buffer_create()
 * @buffer:     the buffer; the caller frees it with oriel_buffer_destroy()
 *
 * The memory is pinned, and counts against the user's RLIMIT_MEMLOCK, until then.
 *
 * Return: 0 or a negative errno as for ORIEL_BUFFER_IMPORT; -ENOMEM.
 */
int oriel_buffer_import(struct oriel_device *device, void *address,
			size_t size_bytes, uint32_t flags,
			struct oriel_buffer **buffer);

/**
 * oriel_buffer_import_dmabuf() - let the device reach another driver's dma-buf
 * @device: as for oriel_buffer_create()
 * @fd:     of the dma-buf, open for reading and writing; stays the caller's, who
 *          may close it at any time
 * @flags:  as for oriel_buffer_create()
 * @buffer: the buffer; the caller frees it with oriel_buffer_destroy()
 *
 * All of it. It is not mapped: oriel_buffer_get_address() is NULL. Map @fd, and put
 * what the program does with it between calls of DMA_BUF_IOCTL_SYNC.
 *
 * Return: 0 or a negative errno as for ORIEL_BUFFER_IMPORT; -ENOMEM.
 */
int oriel_buffer_import_dmabuf(struct oriel_device *device, int fd,
			       uint32_t flags, struct oriel_buffer **buffer);

/**
 * oriel_buffer_destroy() - take a buffer away from the device and unmap it
 * @buffer: from oriel_buffer_create() or _import(), or NULL; its device is still
 *          open
 *
 * Stop what the device does with it first. Who was given its descriptor, or has
 * inherited the mapping, keeps the memory.
 */
void oriel_buffer_destroy(struct oriel_buffer *buffer);

/**
 * oriel_buffer_get_address() - where the buffer is mapped
 * @buffer: the buffer
 *
 * Return: the address, valid until oriel_buffer_destroy(); NULL for a dma-buf that
 * was imported.
 */
void *oriel_buffer_get_address(const struct oriel_buffer *buffer);

/**
 * oriel_buffer_get_length() - how long the buffer is
 * @buffer: the buffer
 *
 * Return: the bytes that were asked for.
 */
size_t oriel_buffer_get_length(const struct oriel_buffer *buffer);

/**
 * oriel_buffer_get_bus_address() - where the device finds the buffer
 * @buffer: the buffer
 *
 * Return: the address of the first segment on the device's bus.
 */
uint64_t oriel_buffer_get_bus_address(const struct oriel_buffer *buffer);

/**
 * oriel_buffer_get_fd() - the buffer as a dma-buf
 * @buffer: the buffer
 *
 * Return: the file descriptor, owned by the buffer; dup() it to keep it longer.
 * -1 for a buffer that was imported.
 */
int oriel_buffer_get_fd(const struct oriel_buffer *buffer);

/**
 * oriel_buffer_get_properties() - what is special about the buffer
 * @buffer: the buffer
 *
 * Return: 0, or ORIEL_BUFFER_NEEDS_SYNC.
 */
uint32_t oriel_buffer_get_properties(const struct oriel_buffer *buffer);

/**
 * oriel_buffer_sync() - let device and program see what the other wrote
 * @buffer:       the buffer
 * @offset_bytes: where in it
 * @size_bytes:   not 0
 * @flags:        ORIEL_SYNC_FOR_DEVICE before the device is at it, or
 *                ORIEL_SYNC_FOR_CPU before the program is
 * @direction:    ORIEL_SYNC_TO_DEVICE, ORIEL_SYNC_FROM_DEVICE (the device writes all
 *                of it) or ORIEL_SYNC_BOTH_WAYS
 *
 * Costs nothing but the call, and no system call, for a buffer without
 * ORIEL_BUFFER_NEEDS_SYNC.
 *
 * Return: 0; -EINVAL: size 0, wrong flags or direction; -ENXIO: not in the buffer;
 * -EOVERFLOW; -EOPNOTSUPP: it is another driver's; -ENODEV.
 */
int oriel_buffer_sync(struct oriel_buffer *buffer, uint64_t offset_bytes,
		      uint64_t size_bytes, uint32_t flags, uint32_t direction);

/**
 * oriel_buffer_count_segments() - how many pieces the buffer is for the device
 * @buffer: the buffer
 *
 * Return: the number, at least 1.
 */
uint32_t oriel_buffer_count_segments(const struct oriel_buffer *buffer);

/**
 * oriel_buffer_get_segments() - where the device finds each piece
 * @buffer:   the buffer
 * @first:    which segment to begin with
 * @count:    how many to tell of
 * @segments: room for them
 *
 * Return: 0; -ENXIO: there are not so many; -ENOMEM; -ENODEV.
 */
int oriel_buffer_get_segments(const struct oriel_buffer *buffer, uint32_t first,
			      uint32_t count, struct oriel_segment *segments);

/* ---- regions ------------------------------------------------------------ */

/**
 * oriel_region_get_info() - what the region with an index is
 * @device: the device
 * @index:  0 to oriel_device_info.nr_regions - 1
 * @region: filled; see linux/oriel.h. A plain value: nothing to free.
 *
 * Return: 0; -ENXIO: no region has this index; -ENODEV.
 */
int oriel_region_get_info(struct oriel_device *device, uint32_t index,
			  struct oriel_region_info *region);

/**
 * oriel_region_find() - what the region with a name is
 * @device: the device
 * @name:   the region's name
 * @region: filled; see linux/oriel.h. A plain value: nothing to free.
 *
 * Return: 0; -ENXIO: no region has this name; -ENODEV.
 */
int oriel_region_find(struct oriel_device *device, const char *name,
		      struct oriel_region_info *region);

/**
 * oriel_region_export() - a region of RAM, or pages of it, as a dma-buf
 * @device:       the device
 * @region:       from oriel_region_get_info() or oriel_region_find()
 * @offset_bytes: where they begin; whole pages
 * @size_bytes:   not 0; whole pages, or up to the region's end
 * @dmabuf_fd:    the file descriptor, which the caller closes. It can be written
 *                through if the device was opened for writing and the region can.
 *
 * Return: 0 or a negative errno as for ORIEL_REGION_EXPORT.
 */
int oriel_region_export(struct oriel_device *device,
			const struct oriel_region_info *region,
			uint64_t offset_bytes, uint64_t size_bytes, int *dmabuf_fd);

/**
 * oriel_kind_get_name() - the word for an ORIEL_KIND_*, as in sysfs
 * @kind: oriel_region_info.kind
 *
 * Return: the word ("unknown" for a code that is), owned by the library.
 */
const char *oriel_kind_get_name(uint32_t kind);

/**
 * oriel_cache_get_name() - the word for an ORIEL_CACHE_*, as in sysfs
 * @cache: oriel_region_info.cache
 *
 * Return: the word ("unknown" for a code that is), owned by the library.
 */
const char *oriel_cache_get_name(uint32_t cache);

/**
 * oriel_region_read_value() - read one value by pread(): one access to the device
 * @device:       the device
 * @region:       from oriel_region_get_info() or oriel_region_find()
 * @offset_bytes: from the region's first valid byte, a multiple of the width
 * @width_bits:   8, 16, 32 or 64
 * @value:        the value, in the byte order of this machine
 *
 * Return: 0; -EINVAL: not such a width, or misaligned; -EOVERFLOW; -ENXIO: beyond
 * the region; -EACCES: the region is write-only; -EIO: the device answered with
 * a part; -ENODEV.
 */
int oriel_region_read_value(struct oriel_device *device,
			    const struct oriel_region_info *region,
			    uint64_t offset_bytes, unsigned int width_bits,
			    uint64_t *value);

/**
 * oriel_region_write_value() - write one value by pwrite(): one access
 * @device:       the device, not opened with ORIEL_OPEN_READ_ONLY
 * @region:       from oriel_region_get_info() or oriel_region_find()
 * @offset_bytes: from the region's first valid byte, a multiple of the width
 * @width_bits:   8, 16, 32 or 64
 * @value:        the value, in the byte order of this machine
 *
 * Return: 0; -EINVAL: not such a width, misaligned, or @value does not fit;
 * -EOVERFLOW; -ENXIO: beyond the region; -EACCES: the region is read-only;
 * -EBADF: the device is open for reading only; -EIO; -ENODEV.
 */
int oriel_region_write_value(struct oriel_device *device,
			     const struct oriel_region_info *region,
			     uint64_t offset_bytes, unsigned int width_bits,
			     uint64_t value);

/**
 * oriel_region_read_range() - copy bytes out of a region by pread()
 * @device:       the device
 * @region:       from oriel_region_get_info() or oriel_region_find()
 * @offset_bytes: from the region's first valid byte
 * @buffer:       the caller's, @length_bytes long; its contents are undefined
 *                after a failure
 * @length_bytes: how many; 0 does nothing
 *
 * Return: 0: all of it was read; -EOVERFLOW; -ENXIO: beyond the region; -EACCES:
 * the region is write-only; -EFAULT; -ENODEV.
 */
int oriel_region_read_range(struct oriel_device *device,
			    const struct oriel_region_info *region,
			    uint64_t offset_bytes, void *buffer,
			    size_t length_bytes);

/**
 * oriel_region_write_range() - copy bytes into a region by pwrite()
 * @device:       the device, not opened with ORIEL_OPEN_READ_ONLY
 * @region:       from oriel_region_get_info() or oriel_region_find()
 * @offset_bytes: from the region's first valid byte
 * @buffer:       the caller's, @length_bytes long
 * @length_bytes: how many; 0 does nothing
 *
 * Return: 0: all of it was written; after a failure a part may have been;
 * -EOVERFLOW; -ENXIO: beyond the region; -EACCES: the region is read-only;
 * -EBADF: the device is open for reading only; -EFAULT; -ENODEV.
 */
int oriel_region_write_range(struct oriel_device *device,
			     const struct oriel_region_info *region,
			     uint64_t offset_bytes, const void *buffer,
			     size_t length_bytes);

/* ---- mappings ----------------------------------------------------------- */

/**
 * oriel_mapping_create() - map a whole region, shared
 * @device:  the device
 * @region:  from oriel_region_get_info() or oriel_region_find()
 * @prot:    PROT_NONE, or PROT_READ and/or PROT_WRITE
 * @mapping: the mapping; the caller frees it with oriel_mapping_destroy()
 *
 * Where the region allows huge page-table entries, an address is chosen that
 * makes them possible.
 *
 * Return: 0; -EACCES: the open file or the region forbids @prot; -EPERM:
 * PROT_EXEC; -EOPNOTSUPP: the region cannot be mapped; -EOVERFLOW: larger than
 * the address space; -ENOMEM; -ENODEV; or what mmap() gave.
 */
int oriel_mapping_create(struct oriel_device *device,
			 const struct oriel_region_info *region, int prot,
			 struct oriel_mapping **mapping);

/**
 * oriel_mapping_create_range() - map a part of a region, shared
 * @device:       the device
 * @region:       from oriel_region_get_info() or oriel_region_find()
 * @offset_bytes: from the region's first valid byte; need not be a multiple of
 *                anything
 * @length_bytes: how many, or 0 for all that follows
 * @prot:         PROT_NONE, or PROT_READ and/or PROT_WRITE
 * @mapping:      the mapping; the caller frees it with oriel_mapping_destroy()
 *
 * Whole pages are mapped; address and length of the mapping tell of the bytes
 * that were asked for.
 *
 * Return: as oriel_mapping_create(), and -ENXIO: the range ends beyond the
 * region; -EOVERFLOW: the range wraps.
 */
int oriel_mapping_create_range(struct oriel_device *device,
			       const struct oriel_region_info *region,
			       uint64_t offset_bytes, uint64_t length_bytes,
			       int prot, struct oriel_mapping **mapping);

/**
 * oriel_mapping_destroy() - unmap
 * @mapping: from oriel_mapping_create*(), or NULL; its address is invalid after
 */
void oriel_mapping_destroy(struct oriel_mapping *mapping);

/**
 * oriel_mapping_get_address() - where the first byte is
 * @mapping: the mapping
 *
 * A touch after the device went raises SIGBUS (ORIEL_REGION_REVOCABLE).
 *
 * Return: the address of the first byte that was asked for; it belongs to
 * @mapping and is valid until oriel_mapping_destroy().
 */
void *oriel_mapping_get_address(const struct oriel_mapping *mapping);

/**
 * oriel_mapping_get_length() - how many bytes are there
 * @mapping: the mapping
 *
 * Return: the length in bytes, counted from oriel_mapping_get_address().
 */
size_t oriel_mapping_get_length(const struct oriel_mapping *mapping);

/**
 * oriel_mapping_prefault() - make every page present now
 * @mapping: the mapping
 * @device:  the device it was created through, still open
 *
 * Later touches do not enter the kernel. The memory itself, and so a device, is
 * not accessed.
 *
 * Return: 0; -EINVAL: @mapping was created through another open file; -EACCES:
 * it is PROT_NONE; -ENOMEM; -ENODEV; -EINTR: a fatal signal is pending.
 */
int oriel_mapping_prefault(struct oriel_mapping *mapping,
			   struct oriel_device *device);

/**
 * oriel_mapping_get_info() - what a mapping has at one of its bytes
 * @mapping:      the mapping
 * @device:       the device it was created through, still open
 * @offset_bytes: from oriel_mapping_get_address() on
 * @info:         filled; see linux/oriel.h: the cache mode and the size of the
 *                page-table entry that are really there
 *
 * Return: 0; -ENXIO: beyond the mapping; -EINVAL: @mapping was created through
 * another open file; -ENODEV.
 */
int oriel_mapping_get_info(const struct oriel_mapping *mapping,
			   struct oriel_device *device, size_t offset_bytes,
			   struct oriel_mapping_info *info);

#pragma GCC visibility pop

/* ---- registers ---------------------------------------------------------- */

/*
 * Exactly one load or store of the width, at a naturally aligned address, which
 * the compiler neither splits, repeats nor leaves out. They order accesses to
 * one uncached mapping among themselves; they are no barrier between such an
 * access and ordinary memory. Values are in the byte order of this machine.
 */

static inline uint8_t oriel_read8(const volatile void *address)
{
	return *(const volatile uint8_t *)address;
}

static inline uint16_t oriel_read16(const volatile void *address)
{
	return *(const volatile uint16_t *)address;
}

static inline uint32_t oriel_read32(const volatile void *address)
{
	return *(const volatile uint32_t *)address;
}

static inline void oriel_write8(volatile void *address, uint8_t value)
{
	*(volatile uint8_t *)address = value;
}

static inline void oriel_write16(volatile void *address, uint16_t value)
{
	*(volatile uint16_t *)address = value;
}

static inline void oriel_write32(volatile void *address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

/* Machines whose words have 32 bits cannot do these in one access. */
#if UINTPTR_MAX > 0xffffffffu
#define ORIEL_HAVE_ACCESS64 1

static inline uint64_t oriel_read64(const volatile void *address)
{
	return *(const volatile uint64_t *)address;
}

static inline void oriel_write64(volatile void *address, uint64_t value)
{
	*(volatile uint64_t *)address = value;
}
#else
#define ORIEL_HAVE_ACCESS64 0
#endif

#ifdef __cplusplus
}
#endif

#endif /* _ORIEL_H */
