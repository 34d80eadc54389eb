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
#include <linux/uio.h>

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

static ssize_t oriel_lend_copy(struct oriel_region *region, void __user *user, size_t length,
			       loff_t *position, bool write)
{
	u64 offset = *position, left = oriel_span_clamp(offset, length, region->size_bytes);
	struct iov_iter iter;
	ssize_t done;

	if (*position < 0)
		return -EINVAL;
	if (!(region->flags & (write ? ORIEL_REGION_WRITABLE : ORIEL_REGION_READABLE)))
		return -EACCES;
	if (!left)
		return write && length ? -ENOSPC : 0;
	iov_iter_ubuf(&iter, write ? WRITE : READ, user, left);
	done = write ? oriel_region_write(region, offset, left, &iter) :
		       oriel_region_read(region, offset, left, &iter);
	if (done > 0)
		*position += done;
	return done;
}

/**
 * oriel_region_read_user() - read() of a region through somebody else's file
 * @region:   the region; the caller holds a reference
 * @user:     where to
 * @length:   how much at most
 * @position: where in the region; moved on
 *
 * Context: May sleep; no lock is held that a page fault takes.
 * Return: how much was read, 0 at the end; or -EINVAL for a negative position,
 * -EACCES if nobody may read it, or as oriel_region_read().
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
 * Return: how much was written; or -EINVAL for a negative position, -EACCES if
 * nobody may write it, -ENOSPC at the end, or as oriel_region_write().
 */
ssize_t oriel_region_write_user(struct oriel_region *region, const char __user *user,
				size_t length, loff_t *position)
{
	return oriel_lend_copy(region, (void __user *)user, length, position, true);
}
EXPORT_SYMBOL_GPL(oriel_region_write_user);
