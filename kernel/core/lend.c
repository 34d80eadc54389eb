// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions lent to an interface of a driver's own, such as a frame buffer: it gets
 * at them through the same checks and gates as everybody else.
 *
 * A mapping of somebody else's file is led over to one of the device's, so that
 * revocation finds it.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "core/access.h"
#include "core/device.h"
#include "core/region.h"
#include "core/span.h"

static const struct oriel_slot *oriel_device_slot(const struct oriel_device *dev,
						  const struct oriel_region *region)
{
	unsigned int i;

	for (i = 0; i < dev->nr_slots; i++)
		if (dev->slots[i].region == region)
			return &dev->slots[i];
	return NULL;
}

/**
 * oriel_device_mmap() - map a region for a file that is not the device's
 * @dev:    the device; the caller holds a reference
 * @region: one of its regions
 * @vma:    as that file's mmap() got it; its offset counts from the region's start
 *
 * Replaces @vma's file and offset. Whether the file was open for writing has
 * left its mark on @vma already.
 *
 * Context: mmap_lock held for writing, as in file_operations.mmap.
 * Return: 0; -EINVAL if @region is not @dev's, -ENFILE, or as
 * oriel_region_mmap().
 */
int oriel_device_mmap(struct oriel_device *dev, struct oriel_region *region,
		      struct vm_area_struct *vma)
{
	const struct oriel_slot *slot = oriel_device_slot(dev, region);
	struct file *file;
	pgoff_t base;
	int err;

	if (!slot)
		return -EINVAL;
	err = oriel_span_check(vma->vm_pgoff, vma_pages(vma), region->nr_pages);
	if (err)
		return err;
	file = oriel_inode_open(dev->inode, oriel_device_name(dev));
	if (IS_ERR(file))
		return PTR_ERR(file);
	vma_set_file(vma, file);
	fput(file);
	base = slot->offset_bytes >> PAGE_SHIFT;
	vma->vm_pgoff += base;
	return oriel_region_mmap(region, vma, base, NULL);
}
EXPORT_SYMBOL_GPL(oriel_device_mmap);

/* One piece through the bounce buffer: user memory is touched outside the gate. */
static ssize_t oriel_lend_piece(struct oriel_region *region, u64 offset_bytes, void *bounce,
				char __user *user, size_t bytes, bool write)
{
	int err;

	if (write && copy_from_user(bounce, user, bytes))
		return -EFAULT;
	err = oriel_region_transfer(region, offset_bytes, bounce, bytes, write);
	if (err)
		return err;
	return !write && copy_to_user(user, bounce, bytes) ? -EFAULT : 0;
}

static ssize_t oriel_lend_copy(struct oriel_region *region, char __user *user, size_t length,
			       loff_t *position, bool write)
{
	u64 offset = *position, left = oriel_span_clamp(offset, length, region->size_bytes);
	size_t done = 0, bytes;
	void *bounce;
	ssize_t err = 0;

	if (*position < 0)
		return -EINVAL;
	if (!left)
		return write && length ? -ENOSPC : 0;
	bounce = (void *)__get_free_page(GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	while (left && !err && !fatal_signal_pending(current)) {
		bytes = min_t(u64, left, PAGE_SIZE - offset_in_page(offset));
		err = oriel_lend_piece(region, offset, bounce, user + done, bytes, write);
		if (err)
			break;
		offset += bytes;
		done += bytes;
		left -= bytes;
		cond_resched();
	}
	free_page((unsigned long)bounce);
	*position += done;
	return done ?: err ?: -EINTR;
}

/**
 * oriel_region_read_user() - read() of a region through somebody else's file
 * @region:   the region; the caller holds a reference
 * @user:     where to
 * @length:   how much at most
 * @position: where in the region; moved on
 *
 * Context: May sleep; no lock is held that a page fault takes.
 * Return: how much was read, 0 at the end; or -EINVAL, -EFAULT, -ENOMEM, -EINTR if
 * the caller was killed, -EBUSY if it is mapped with another cache mode, -EIO,
 * -ENODEV if it was revoked.
 */
ssize_t oriel_region_read_user(struct oriel_region *region, char __user *user, size_t length,
			       loff_t *position)
{
	return oriel_lend_copy(region, user, length, position, false);
}
EXPORT_SYMBOL_GPL(oriel_region_read_user);

/**
 * oriel_region_write_user() - write() to a region through somebody else's file
 * @region:   the region; the caller holds a reference
 * @user:     where from
 * @length:   how much at most
 * @position: where in the region; moved on
 *
 * Context: May sleep; no lock is held that a page fault takes.
 * Return: how much was written; -ENOSPC at the end, or as for
 * oriel_region_read_user().
 */
ssize_t oriel_region_write_user(struct oriel_region *region, const char __user *user,
				size_t length, loff_t *position)
{
	return oriel_lend_copy(region, (char __user *)user, length, position, true);
}
EXPORT_SYMBOL_GPL(oriel_region_write_user);
