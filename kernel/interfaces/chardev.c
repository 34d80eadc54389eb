// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nodes /dev/oriel/NAME: open, mmap, read, write, poll, seek.
 *
 * Finds the region from the file offset and calls the core; checks nothing of
 * the request itself. Locks: oriel_minors_lock, for who is behind which minor.
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "compat/compat.h"
#include "core/access.h"
#include "core/device.h"
#include "core/huge.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/span.h"
#include "interfaces/chardev.h"

#define ORIEL_MINORS (MINORMASK + 1)

static dev_t oriel_first_devt;
static struct cdev oriel_cdev;
static DEFINE_MUTEX(oriel_minors_lock);
static DEFINE_IDR(oriel_minors);

/**
 * oriel_file_note() - remember a refusal for ORIEL_EXPLAIN
 * @ofile: the open file
 * @why:   what was refused; nothing is noted if its reason is empty
 */
void oriel_file_note(struct oriel_file *ofile, const struct oriel_explain *why)
{
	if (why->reason == ORIEL_REASON_NONE)
		return;
	mutex_lock(&ofile->lock);
	ofile->last = *why;
	mutex_unlock(&ofile->lock);
}

/**
 * oriel_file_check_alive() - is the device still there?
 * @ofile: the open file
 * @why:   where to say that it is not
 *
 * Return: 0 or -ENODEV.
 */
int oriel_file_check_alive(struct oriel_file *ofile, struct oriel_explain *why)
{
	if (oriel_device_is_revoked(ofile->client.device))
		return oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	return 0;
}

/* Return: the device behind a minor, with a reference, or NULL. */
static struct oriel_device *oriel_minor_find(unsigned int minor)
{
	struct oriel_device *dev;

	mutex_lock(&oriel_minors_lock);
	dev = idr_find(&oriel_minors, minor);
	if (dev)
		oriel_device_get(dev);
	mutex_unlock(&oriel_minors_lock);
	return dev;
}

static int oriel_chardev_open(struct inode *inode, struct file *file)
{
	struct oriel_device *dev = oriel_minor_find(iminor(inode));
	struct oriel_file *ofile;
	int err = -ENODEV;

	if (!dev)
		return -ENODEV;
	if (oriel_device_is_revoked(dev))
		goto err_put;
	err = -ENOMEM;
	ofile = kzalloc(sizeof(*ofile), GFP_KERNEL_ACCOUNT);
	if (!ofile)
		goto err_put;
	mutex_init(&ofile->lock);
	oriel_client_open(&ofile->client, dev, file->f_mode & FMODE_WRITE);
	file->private_data = ofile;
	file->f_mapping = dev->inode->i_mapping;
	oriel_file_use_unsigned_offsets(file);
	return 0;

err_put:
	oriel_device_put(dev);
	return err;
}

static int oriel_chardev_release(struct inode *inode, struct file *file)
{
	struct oriel_file *ofile = file->private_data;

	oriel_client_close(&ofile->client);
	kfree(ofile);
	return 0;
}

static int oriel_chardev_do_mmap(struct oriel_file *ofile, struct vm_area_struct *vma,
				 struct oriel_explain *why)
{
	u64 offset_bytes = (u64)vma->vm_pgoff << PAGE_SHIFT;
	const struct oriel_slot *slot;
	int err;

	err = oriel_file_check_alive(ofile, why);
	if (err)
		return err;
	/* An offset that does not fit into 64 bits is no slot's. */
	slot = offset_bytes >> PAGE_SHIFT == vma->vm_pgoff ?
	       oriel_device_find(ofile->client.device, offset_bytes) : NULL;
	if (!slot)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_NO_REGION, offset_bytes, 0);
	return oriel_region_mmap(slot->region, vma, slot->offset_bytes >> PAGE_SHIFT, why);
}

static int oriel_chardev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_explain why = { .call = ORIEL_CALL_MMAP };
	int err = oriel_chardev_do_mmap(ofile, vma, &why);

	if (err)
		oriel_file_note(ofile, &why);
	return err;
}

static unsigned long oriel_chardev_get_unmapped_area(struct file *file, unsigned long address,
						     unsigned long length, unsigned long pgoff,
						     unsigned long flags)
{
	struct oriel_file *ofile = file->private_data;
	const struct oriel_slot *slot;

	slot = oriel_device_find(ofile->client.device, (u64)pgoff << PAGE_SHIFT);
	if (!slot)
		return oriel_get_unmapped_area(file, address, length, pgoff, flags);
	return oriel_region_place(slot->region, file, address, length, pgoff,
				  slot->offset_bytes >> PAGE_SHIFT, flags);
}

/* What a read or write found to copy. */
struct oriel_transfer {
	struct oriel_region *region;
	u64 offset_bytes;
	u64 length_bytes; /* 0: the region's end */
};

static int oriel_transfer_find(struct oriel_file *ofile, u64 position, u64 length_bytes,
			       struct oriel_transfer *transfer, struct oriel_explain *why)
{
	const struct oriel_slot *slot;
	int err;

	err = oriel_file_check_alive(ofile, why);
	if (err)
		return err;
	slot = oriel_device_find(ofile->client.device, position);
	if (!slot)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_NO_REGION, position, 0);
	strscpy(why->name, slot->region->name, sizeof(why->name));
	transfer->region = slot->region;
	transfer->offset_bytes = position - slot->offset_bytes;
	if (transfer->offset_bytes > slot->region->size_bytes)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_BEYOND, transfer->offset_bytes,
				    slot->region->size_bytes);
	transfer->length_bytes = oriel_span_clamp(transfer->offset_bytes, length_bytes,
						  slot->region->size_bytes);
	return 0;
}

/* What only the access itself could find out. */
static ssize_t oriel_transfer_end(const struct oriel_transfer *transfer, ssize_t done,
				  struct oriel_explain *why)
{
	switch (done) {
	case -ENODEV:
		return oriel_refuse(why, done, ORIEL_REASON_REVOKED, 0, 0);
	case -EBUSY:
		return oriel_refuse(why, done, ORIEL_REASON_CACHE_BUSY, 0, 0);
	case -EIO:
		return oriel_refuse(why, done, ORIEL_REASON_NO_ANSWER, 0, 0);
	case -EACCES:
		return oriel_refuse(why, done, ORIEL_REASON_GUARDED,
				    transfer->region->guarded_first << PAGE_SHIFT,
				    transfer->region->guarded_pages << PAGE_SHIFT);
	default:
		return done;
	}
}

static ssize_t oriel_chardev_do_read(struct oriel_file *ofile, u64 position,
				     struct iov_iter *to, struct oriel_explain *why)
{
	struct oriel_transfer transfer;
	int err;

	err = oriel_transfer_find(ofile, position, iov_iter_count(to), &transfer, why);
	if (err)
		return err;
	if (!(transfer.region->flags & ORIEL_REGION_READABLE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_WRITE_ONLY, 0, 0);
	if (!transfer.length_bytes)
		return 0;
	return oriel_transfer_end(&transfer,
				  oriel_region_read(transfer.region, transfer.offset_bytes,
						    transfer.length_bytes, to), why);
}

static ssize_t oriel_chardev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct oriel_file *ofile = iocb->ki_filp->private_data;
	struct oriel_explain why = { .call = ORIEL_CALL_READ };
	ssize_t done = oriel_chardev_do_read(ofile, iocb->ki_pos, to, &why);

	if (done < 0)
		oriel_file_note(ofile, &why);
	else
		iocb->ki_pos += done;
	return done;
}

static ssize_t oriel_chardev_do_write(struct oriel_file *ofile, u64 position,
				      struct iov_iter *from, struct oriel_explain *why)
{
	struct oriel_transfer transfer;
	int err;

	err = oriel_transfer_find(ofile, position, iov_iter_count(from), &transfer, why);
	if (err)
		return err;
	if (!(transfer.region->flags & ORIEL_REGION_WRITABLE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_READ_ONLY, 0, 0);
	if (!iov_iter_count(from))
		return 0;
	if (!transfer.length_bytes)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_BEYOND,
				    transfer.offset_bytes + iov_iter_count(from),
				    transfer.region->size_bytes);
	return oriel_transfer_end(&transfer,
				  oriel_region_write(transfer.region, transfer.offset_bytes,
						     transfer.length_bytes, from), why);
}

static ssize_t oriel_chardev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct oriel_file *ofile = iocb->ki_filp->private_data;
	struct oriel_explain why = { .call = ORIEL_CALL_WRITE };
	ssize_t done = oriel_chardev_do_write(ofile, iocb->ki_pos, from, &why);

	if (done < 0)
		oriel_file_note(ofile, &why);
	else
		iocb->ki_pos += done;
	return done;
}

/* The end is that of region 0: all that a simple node has. */
static loff_t oriel_chardev_llseek(struct file *file, loff_t offset, int whence)
{
	struct oriel_file *ofile = file->private_data;
	const struct oriel_device *dev = ofile->client.device;
	loff_t base, position;

	if (oriel_device_is_revoked(dev))
		return -ENODEV;
	switch (whence) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = file->f_pos;
		break;
	case SEEK_END:
		base = dev->nr_slots ? dev->slots[0].region->size_bytes : 0;
		break;
	default:
		return -EINVAL;
	}
	if (check_add_overflow(base, offset, &position))
		return -EOVERFLOW;
	/* The core takes a negative position for a large one: see open(). */
	return position < 0 ? -EINVAL : vfs_setpos(file, position, MAX_LFS_FILESIZE);
}

/* Nothing ever becomes readable; what can happen is that the device goes. */
static __poll_t oriel_chardev_poll(struct file *file, struct poll_table_struct *table)
{
	struct oriel_file *ofile = file->private_data;

	poll_wait(file, &ofile->client.device->wait, table);
	return oriel_device_is_revoked(ofile->client.device) ? EPOLLHUP | EPOLLERR : 0;
}

static const struct file_operations oriel_chardev_fops = {
	.owner		   = THIS_MODULE,
	ORIEL_FOP_UNSIGNED_OFFSETS
	.open		   = oriel_chardev_open,
	.release	   = oriel_chardev_release,
	.mmap		   = oriel_chardev_mmap,
	.get_unmapped_area = oriel_chardev_get_unmapped_area,
	.read_iter	   = oriel_chardev_read_iter,
	.write_iter	   = oriel_chardev_write_iter,
	.llseek		   = oriel_chardev_llseek,
	.fsync		   = noop_fsync,
	.poll		   = oriel_chardev_poll,
	.unlocked_ioctl	   = oriel_ioctl,
	.compat_ioctl	   = compat_ptr_ioctl,
	.show_fdinfo	   = oriel_show_fdinfo,
};

/* Two nodes of one name are refused here, before sysfs complains aloud. */
static bool oriel_minors_have(const char *name)
{
	struct oriel_device *dev;
	int minor;

	idr_for_each_entry(&oriel_minors, dev, minor)
		if (!strcmp(oriel_device_name(dev), name))
			return true;
	return false;
}

/*
 * Numbers go round: who was let in by the permissions of a node that is gone, and
 * is still on his way in, must not arrive at the next device.
 */
static int oriel_chardev_add(struct oriel_device *dev)
{
	int minor = -EEXIST;

	mutex_lock(&oriel_minors_lock);
	if (!oriel_minors_have(oriel_device_name(dev)))
		minor = idr_alloc_cyclic(&oriel_minors, dev, 0, ORIEL_MINORS, GFP_KERNEL);
	mutex_unlock(&oriel_minors_lock);
	if (minor < 0)
		return minor;
	dev->dev.devt = MKDEV(MAJOR(oriel_first_devt), minor);
	return 0;
}

static void oriel_chardev_remove(struct oriel_device *dev)
{
	mutex_lock(&oriel_minors_lock);
	idr_remove(&oriel_minors, MINOR(dev->dev.devt));
	mutex_unlock(&oriel_minors_lock);
}

const struct oriel_interface oriel_chardev_interface = {
	.add	= oriel_chardev_add,
	.remove	= oriel_chardev_remove,
};

/**
 * oriel_chardev_init() - get numbers for the nodes
 *
 * Return: 0 or a negative errno.
 */
int oriel_chardev_init(void)
{
	int err;

	err = alloc_chrdev_region(&oriel_first_devt, 0, ORIEL_MINORS, "oriel");
	if (err)
		return err;
	cdev_init(&oriel_cdev, &oriel_chardev_fops);
	oriel_cdev.owner = THIS_MODULE;
	err = cdev_add(&oriel_cdev, oriel_first_devt, ORIEL_MINORS);
	if (err)
		unregister_chrdev_region(oriel_first_devt, ORIEL_MINORS);
	return err;
}

/** oriel_chardev_exit() - give the numbers back */
void oriel_chardev_exit(void)
{
	cdev_del(&oriel_cdev);
	unregister_chrdev_region(oriel_first_devt, ORIEL_MINORS);
	idr_destroy(&oriel_minors);
}
