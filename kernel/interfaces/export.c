// SPDX-License-Identifier: GPL-2.0-only
/* ORIEL_REGION_EXPORT: a region of RAM, or pages of it, as a dma-buf. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "core/device.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/view.h"
#include "interfaces/chardev.h"
#include "interfaces/dmabuf.h"
#include "interfaces/export.h"

static int oriel_export_check(const struct file *file, const struct oriel_device *dev,
			      const struct oriel_region_export *wanted,
			      struct oriel_explain *why)
{
	if (memchr_inv(wanted->reserved, 0, sizeof(wanted->reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	if (wanted->flags)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, wanted->flags, 0);
	if (wanted->index >= dev->nr_slots)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_INDEX, wanted->index, dev->nr_slots);
	/* As for a mapping: whoever has a dma-buf reads it. */
	if (!(file->f_mode & FMODE_READ))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_NEEDS_READING, 0, 0);
	return 0;
}

/* Device memory goes with its device; who imported a dma-buf would not hear of it. */
static int oriel_export_check_region(const struct oriel_region *region, struct oriel_explain *why)
{
	if (!oriel_region_is_ram(region) || region->flags & ORIEL_REGION_REVOCABLE)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NOT_EXPORTED, 0, 0);
	if (!(region->flags & ORIEL_REGION_READABLE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_WRITE_ONLY, 0, 0);
	return 0;
}

/* Return: what the dma-buf is of, with a reference, or an ERR_PTR(). */
static struct oriel_region *oriel_export_part(struct oriel_region *region,
					      const struct oriel_region_export *wanted,
					      struct oriel_explain *why)
{
	const struct oriel_view_desc part = {
		.offset_bytes = wanted->offset_bytes, .size_bytes = wanted->size_bytes,
	};

	if (!wanted->offset_bytes && wanted->size_bytes == region->size_bytes)
		return oriel_region_get(region);
	return oriel_view_create(region, &part, why);
}

static struct file *oriel_export_make(struct oriel_region *region, bool writable,
				      const struct oriel_region_export *wanted,
				      struct oriel_explain *why)
{
	struct oriel_region *part = oriel_export_part(region, wanted, why);
	struct file *dmabuf;
	int err;

	if (IS_ERR(part))
		return ERR_CAST(part);
	writable = writable && region->flags & ORIEL_REGION_WRITABLE;
	dmabuf = oriel_dmabuf_create(part, writable ? O_RDWR : O_RDONLY);
	oriel_region_put(part);
	err = PTR_ERR_OR_ZERO(dmabuf);
	if (err)
		oriel_refuse(why, err, err == -EOPNOTSUPP ? ORIEL_REASON_NO_DMABUF :
			     ORIEL_REASON_NO_MEMORY, 0, 0);
	return dmabuf;
}

/**
 * oriel_ioctl_region_export() - ORIEL_REGION_EXPORT
 * @file: the open file
 * @arg:  address of a struct oriel_region_export
 * @why:  where to say why not
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_ioctl_region_export(struct file *file, void __user *arg, struct oriel_explain *why)
{
	const struct oriel_file *ofile = file->private_data;
	const struct oriel_device *dev = ofile->client.device;
	struct oriel_region_export wanted;
	struct oriel_region *region;
	struct file *dmabuf;
	int err, fd;

	if (copy_from_user(&wanted, arg, sizeof(wanted)))
		return -EFAULT;
	err = oriel_export_check(file, dev, &wanted, why);
	if (err)
		return err;
	region = dev->slots[array_index_nospec(wanted.index, dev->nr_slots)].region;
	err = oriel_export_check_region(region, why);
	if (err)
		return err;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return oriel_refuse(why, fd, ORIEL_REASON_NO_DESCRIPTOR, 0, 0);
	dmabuf = oriel_export_make(region, file->f_mode & FMODE_WRITE, &wanted, why);
	err = PTR_ERR_OR_ZERO(dmabuf);
	if (err)
		goto err_fd;
	wanted.dmabuf_fd = fd;
	err = -EFAULT;
	if (copy_to_user(arg, &wanted, sizeof(wanted)))
		goto err_dmabuf;
	fd_install(fd, dmabuf);
	return 0;

err_dmabuf:
	fput(dmabuf);
err_fd:
	put_unused_fd(fd);
	return err;
}
