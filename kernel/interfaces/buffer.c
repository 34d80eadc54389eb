// SPDX-License-Identifier: GPL-2.0-only
/*
 * ORIEL_BUFFER_ALLOC, _IMPORT, _SEGMENTS and _FREE, ORIEL_SYNC: between the
 * user's structures and core/buffer.c, with the descriptor that a buffer is
 * mapped by.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "core/buffer.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"
#include "interfaces/buffer.h"
#include "interfaces/chardev.h"
#include "interfaces/dmabuf.h"
#include "interfaces/foreign.h"

static int oriel_buffer_flags_check(const struct file *file, u32 flags, u32 known,
				    struct oriel_explain *why)
{
	if (flags & ~known)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, flags & ~known, 0);
	if (!(file->f_mode & FMODE_WRITE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_NEEDS_WRITING, 0, 0);
	return 0;
}

static int oriel_buffer_alloc_check(const struct file *file,
				    const struct oriel_buffer_alloc *alloc,
				    struct oriel_explain *why)
{
	if (alloc->reserved0 || memchr_inv(alloc->reserved, 0, sizeof(alloc->reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	return oriel_buffer_flags_check(file, alloc->flags, ORIEL_BUFFER_SINGLE, why);
}

/* Return: a descriptor that is not installed yet, or a negative errno. */
static int oriel_buffer_reserve_fd(struct oriel_explain *why)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	return fd < 0 ? oriel_refuse(why, fd, ORIEL_REASON_NO_DESCRIPTOR, 0, 0) : fd;
}

static struct file *oriel_buffer_export(struct oriel_buffer *buffer, struct oriel_explain *why)
{
	struct file *file = oriel_dmabuf_create(buffer->region, O_RDWR);
	int err = PTR_ERR_OR_ZERO(file);

	if (err)
		oriel_refuse(why, err, err == -EOPNOTSUPP ? ORIEL_REASON_NO_DMABUF :
			     ORIEL_REASON_NO_MEMORY, 0, 0);
	return file;
}

/**
 * oriel_ioctl_buffer_alloc() - ORIEL_BUFFER_ALLOC
 * @file: the open file
 * @arg:  address of a struct oriel_buffer_alloc
 * @why:  where to say why not
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_ioctl_buffer_alloc(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_buffer_alloc alloc;
	struct oriel_buffer *buffer;
	struct file *dmabuf;
	int err, fd;

	if (copy_from_user(&alloc, arg, sizeof(alloc)))
		return -EFAULT;
	err = oriel_buffer_alloc_check(file, &alloc, why);
	if (err)
		return err;
	fd = oriel_buffer_reserve_fd(why);
	if (fd < 0)
		return fd;
	buffer = oriel_buffer_create(&ofile->client, &alloc, why);
	err = PTR_ERR_OR_ZERO(buffer);
	if (err)
		goto err_fd;
	dmabuf = oriel_buffer_export(buffer, why);
	err = PTR_ERR_OR_ZERO(dmabuf);
	if (err)
		goto err_buffer;
	alloc.dmabuf_fd = fd;
	err = -EFAULT;
	if (copy_to_user(arg, &alloc, sizeof(alloc)))
		goto err_dmabuf;
	/* From here on others may use, and close, what we made. */
	fd_install(fd, dmabuf);
	oriel_buffer_publish(&ofile->client, buffer);
	return 0;

err_dmabuf:
	fput(dmabuf);
err_buffer:
	oriel_buffer_abandon(&ofile->client, buffer);
err_fd:
	put_unused_fd(fd);
	return err;
}

/* A field that is not used is as good as reserved. */
static int oriel_buffer_import_check(const struct file *file,
				     const struct oriel_buffer_import *import,
				     struct oriel_explain *why)
{
	bool dmabuf = import->flags & ORIEL_BUFFER_DMABUF;

	if (import->reserved0 || memchr_inv(import->reserved, 0, sizeof(import->reserved)) ||
	    (dmabuf ? import->address || import->size_bytes : import->dmabuf_fd))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	return oriel_buffer_flags_check(file, import->flags,
					ORIEL_BUFFER_SINGLE | ORIEL_BUFFER_DMABUF, why);
}

static struct oriel_buffer *oriel_buffer_import_from(struct oriel_client *client,
						     const struct oriel_buffer_import *import,
						     struct oriel_buffer_alloc *alloc,
						     struct oriel_explain *why)
{
	struct oriel_region *foreign;
	struct oriel_buffer *buffer;

	alloc->size_bytes = import->size_bytes;
	alloc->flags = import->flags & ORIEL_BUFFER_SINGLE;
	if (!(import->flags & ORIEL_BUFFER_DMABUF))
		return oriel_buffer_import(client, alloc, import->address, NULL, why);
	foreign = oriel_foreign_get(import->dmabuf_fd, why);
	if (IS_ERR(foreign))
		return ERR_CAST(foreign);
	alloc->size_bytes = foreign->size_bytes;
	buffer = oriel_buffer_import(client, alloc, 0, foreign, why);
	/* From here on it is the buffer's. */
	oriel_region_put(foreign);
	return buffer;
}

/**
 * oriel_ioctl_buffer_import() - ORIEL_BUFFER_IMPORT
 * @file: the open file
 * @arg:  address of a struct oriel_buffer_import
 * @why:  where to say why not
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_ioctl_buffer_import(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_buffer_import import;
	struct oriel_buffer_alloc alloc = {};
	struct oriel_buffer *buffer;
	int err;

	if (copy_from_user(&import, arg, sizeof(import)))
		return -EFAULT;
	err = oriel_buffer_import_check(file, &import, why);
	if (err)
		return err;
	buffer = oriel_buffer_import_from(&ofile->client, &import, &alloc, why);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	import.size_bytes = alloc.size_bytes;
	import.handle = alloc.handle;
	import.properties = alloc.properties;
	import.bus_address = alloc.bus_address;
	import.nr_segments = alloc.nr_segments;
	if (copy_to_user(arg, &import, sizeof(import))) {
		oriel_buffer_abandon(&ofile->client, buffer);
		return -EFAULT;
	}
	oriel_buffer_publish(&ofile->client, buffer);
	return 0;
}

/* What a call gets room for at most; who wants more asks again. */
#define ORIEL_SEGMENTS_AT_ONCE 4096

/**
 * oriel_ioctl_buffer_segments() - ORIEL_BUFFER_SEGMENTS
 * @file: the open file
 * @arg:  address of a struct oriel_buffer_segments
 * @why:  where to say why not
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_ioctl_buffer_segments(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_buffer_segments list;
	struct oriel_segment *segments;
	int total, err = 0;

	if (copy_from_user(&list, arg, sizeof(list)))
		return -EFAULT;
	if (memchr_inv(list.reserved, 0, sizeof(list.reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	if (!list.count)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_EMPTY, 0, 0);
	/* Where addresses are shorter than 64 bits, one that is not would be cut. */
	if (oriel_span_check(list.segments, sizeof(*segments), ULONG_MAX))
		return -EFAULT;
	list.count = min_t(u32, list.count, ORIEL_SEGMENTS_AT_ONCE);
	segments = kvmalloc_array(list.count, sizeof(*segments), GFP_KERNEL_ACCOUNT);
	if (!segments)
		return oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY,
				    list.count * sizeof(*segments), 0);
	total = oriel_buffer_segments(&ofile->client, list.handle, list.first, list.count,
				      segments, why);
	if (total < 0) {
		kvfree(segments);
		return total;
	}
	list.total = total;
	list.count = min(list.count, list.total - list.first);
	if (copy_to_user(u64_to_user_ptr(list.segments), segments,
			 list.count * sizeof(*segments)) ||
	    copy_to_user(arg, &list, sizeof(list)))
		err = -EFAULT;
	kvfree(segments);
	return err;
}

static int oriel_sync_check(const struct oriel_sync *sync, struct oriel_explain *why)
{
	if (sync->reserved0 || memchr_inv(sync->reserved, 0, sizeof(sync->reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	if (sync->flags != ORIEL_SYNC_FOR_DEVICE && sync->flags != ORIEL_SYNC_FOR_CPU)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, sync->flags, 0);
	if (sync->direction > ORIEL_SYNC_FROM_DEVICE)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, sync->direction, 0);
	return 0;
}

/**
 * oriel_ioctl_sync() - ORIEL_SYNC
 * @file: the open file
 * @arg:  address of a struct oriel_sync
 * @why:  where to say why not
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_ioctl_sync(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_sync sync;
	int err;

	if (copy_from_user(&sync, arg, sizeof(sync)))
		return -EFAULT;
	err = oriel_sync_check(&sync, why);
	return err ?: oriel_buffer_sync(&ofile->client, &sync, why);
}

/**
 * oriel_ioctl_buffer_free() - ORIEL_BUFFER_FREE
 * @file: the open file
 * @arg:  address of a struct oriel_buffer_free
 * @why:  where to say why not
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_ioctl_buffer_free(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_buffer_free request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (memchr_inv(request.reserved, 0, sizeof(request.reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	return oriel_buffer_free(&ofile->client, request.handle, why);
}
