// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access by copying: what pread() and pwrite() do to a region.
 *
 * An aligned access of 1, 2, 4 or 8 bytes is one access to the memory; anything
 * else is copied page by page. Holds no lock while user memory is touched: the
 * user's buffer may be a mapping of this very region.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "core/access.h"
#include "core/region.h"
#include "core/span.h"

union oriel_word {
	u8 u8;
	u16 u16;
	u32 u32;
	u64 u64;
};

static bool oriel_access_is_word(u64 offset_bytes, u64 length_bytes)
{
	return length_bytes <= sizeof(u64) && is_power_of_2(length_bytes) &&
	       IS_ALIGNED(offset_bytes, length_bytes);
}

static void oriel_word_load(union oriel_word *word, const void *from, size_t bytes)
{
	switch (bytes) {
	case 1:
		word->u8 = READ_ONCE(*(const u8 *)from);
		break;
	case 2:
		word->u16 = READ_ONCE(*(const u16 *)from);
		break;
	case 4:
		word->u32 = READ_ONCE(*(const u32 *)from);
		break;
	case 8:
		word->u64 = READ_ONCE(*(const u64 *)from);
		break;
	}
}

static void oriel_word_store(void *to, const union oriel_word *word, size_t bytes)
{
	switch (bytes) {
	case 1:
		WRITE_ONCE(*(u8 *)to, word->u8);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)to, word->u16);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)to, word->u32);
		break;
	case 8:
		WRITE_ONCE(*(u64 *)to, word->u64);
		break;
	}
}

static size_t oriel_page_read(struct page *page, size_t in_page, size_t bytes,
			      struct iov_iter *to)
{
	union oriel_word word;
	void *address;

	if (!oriel_access_is_word(in_page, bytes))
		return copy_page_to_iter(page, in_page, bytes, to);
	address = kmap_local_page(page);
	oriel_word_load(&word, address + in_page, bytes);
	kunmap_local(address);
	return copy_to_iter(&word, bytes, to);
}

static size_t oriel_page_write(struct page *page, size_t in_page, size_t bytes,
			       struct iov_iter *from)
{
	union oriel_word word;
	void *address;

	if (!oriel_access_is_word(in_page, bytes))
		return copy_page_from_iter(page, in_page, bytes, from);
	if (copy_from_iter(&word, bytes, from) != bytes)
		return 0;
	address = kmap_local_page(page);
	oriel_word_store(address + in_page, &word, bytes);
	kunmap_local(address);
	return bytes;
}

typedef size_t (*oriel_page_copy)(struct page *page, size_t in_page, size_t bytes,
				  struct iov_iter *iter);

static ssize_t oriel_region_copy(struct oriel_region *region, u64 offset_bytes,
				 u64 length_bytes, struct iov_iter *iter, oriel_page_copy copy)
{
	ssize_t done = 0;

	while (length_bytes) {
		size_t in_page = offset_in_page(offset_bytes);
		size_t bytes = min_t(u64, length_bytes, PAGE_SIZE - in_page);
		struct oriel_frame frame = region->kind->frame(region,
							       offset_bytes >> PAGE_SHIFT);
		size_t copied = copy(frame.page, in_page, bytes, iter);

		done += copied;
		if (copied != bytes || fatal_signal_pending(current))
			break;
		offset_bytes += copied;
		length_bytes -= copied;
		cond_resched();
	}
	return done ?: -EFAULT;
}

/**
 * oriel_memory_transfer() - copy between memory and a buffer of the kernel
 * @memory:       RAM, as the kernel has it mapped, at least as aligned as a word is long
 * @offset_bytes: where in it
 * @buffer:       the buffer, 8 bytes of room at least
 * @bytes:        how much
 * @write:        which way
 *
 * Context: Any.
 */
void oriel_memory_transfer(void *memory, u64 offset_bytes, void *buffer, size_t bytes,
			   bool write)
{
	memory += offset_bytes;
	if (!oriel_access_is_word(offset_bytes, bytes))
		memcpy(write ? memory : buffer, write ? buffer : memory, bytes);
	else if (write)
		oriel_word_store(memory, buffer, bytes);
	else
		oriel_word_load(buffer, memory, bytes);
}

static void oriel_ram_transfer(struct oriel_region *region, u64 offset_bytes, void *buffer,
			       size_t bytes, bool write)
{
	struct page *page = region->kind->frame(region, offset_bytes >> PAGE_SHIFT).page;
	void *address = kmap_local_page(page);

	oriel_memory_transfer(address, offset_in_page(offset_bytes), buffer, bytes, write);
	kunmap_local(address);
}

/**
 * oriel_region_transfer() - copy between a region and a buffer of the kernel
 * @region:       the region; the caller holds a reference
 * @offset_bytes: where to start
 * @buffer:       the buffer, 8 bytes of room at least
 * @bytes:        how much, within one page of the region; a part beyond its end
 *                is refused
 * @write:        which way
 *
 * Context: May sleep.
 * Return: 0; -ENXIO beyond the end, -EACCES for writing where nobody may, -EBUSY
 * if the range is mapped with another cache mode, -ENODEV, -EIO, -ENOMEM.
 */
int oriel_region_transfer(struct oriel_region *region, u64 offset_bytes, void *buffer,
			  size_t bytes, bool write)
{
	int err;

	err = oriel_span_check(offset_bytes, bytes, region->size_bytes);
	if (err)
		return err;
	if (write && oriel_region_is_guarded(region, offset_bytes, bytes))
		return -EACCES;
	err = oriel_region_enter(region);
	if (err)
		return err;
	if (!region->kind->read)
		oriel_ram_transfer(region, offset_bytes, buffer, bytes, write);
	else if (write)
		err = region->kind->write(region, offset_bytes, region->cache, buffer, bytes);
	else
		err = region->kind->read(region, offset_bytes, region->cache, buffer, bytes);
	oriel_region_leave(region);
	return err;
}

/* RAM that cannot be revoked is there as long as the region is: no gate, no buffer. */
static bool oriel_region_needs_gate(const struct oriel_region *region)
{
	return region->kind->read || region->flags & ORIEL_REGION_REVOCABLE;
}

/* Through a buffer, so that the gate is not held while user memory is touched. */
static ssize_t oriel_region_bounce(struct oriel_region *region, u64 offset_bytes,
				   u64 length_bytes, struct iov_iter *iter, bool write)
{
	void *buffer = kmalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);
	ssize_t done = 0;
	int err = 0;

	if (!buffer)
		return -ENOMEM;
	while (length_bytes && !err && !fatal_signal_pending(current)) {
		size_t bytes = min_t(u64, length_bytes, PAGE_SIZE - offset_in_page(offset_bytes));

		err = -EFAULT;
		if (write && copy_from_iter(buffer, bytes, iter) != bytes)
			break;
		err = oriel_region_transfer(region, offset_bytes, buffer, bytes, write);
		if (err)
			break;
		if (!write && copy_to_iter(buffer, bytes, iter) != bytes) {
			err = -EFAULT;
			break;
		}
		done += bytes;
		offset_bytes += bytes;
		length_bytes -= bytes;
		cond_resched();
	}
	kfree(buffer);
	return done ?: err;
}

/**
 * oriel_region_read() - copy from a region
 * @region:       the region; the caller holds a reference
 * @offset_bytes: where to start
 * @length_bytes: how much, not 0, not beyond the region's end
 * @to:           the user's buffer
 *
 * Context: process context, no lock held.
 * Return: how many bytes were copied; if none could be, -EFAULT, or what
 * oriel_region_transfer() returns.
 */
ssize_t oriel_region_read(struct oriel_region *region, u64 offset_bytes, u64 length_bytes,
			  struct iov_iter *to)
{
	if (oriel_region_needs_gate(region))
		return oriel_region_bounce(region, offset_bytes, length_bytes, to, false);
	return oriel_region_copy(region, offset_bytes, length_bytes, to, oriel_page_read);
}

/**
 * oriel_region_write() - copy into a region
 * @region:       the region; the caller holds a reference
 * @offset_bytes: where to start
 * @length_bytes: how much, not 0, not beyond the region's end
 * @from:         the user's buffer
 *
 * Context: process context, no lock held.
 * Return: how many bytes were copied; if none could be, -EFAULT, or what
 * oriel_region_transfer() returns.
 */
ssize_t oriel_region_write(struct oriel_region *region, u64 offset_bytes, u64 length_bytes,
			   struct iov_iter *from)
{
	if (oriel_region_needs_gate(region))
		return oriel_region_bounce(region, offset_bytes, length_bytes, from, true);
	return oriel_region_copy(region, offset_bytes, length_bytes, from, oriel_page_write);
}
