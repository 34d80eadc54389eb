// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of include/uapi/oriel.h: copies the structure in, checks that what
 * is reserved is zero, calls the core, copies out.
 */
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "core/client.h"
#include "core/device.h"
#include "core/irq.h"
#include "core/mmap.h"
#include "core/refusal.h"
#include "core/region.h"
#include "interfaces/buffer.h"
#include "interfaces/chardev.h"
#include "interfaces/export.h"

static u32 oriel_device_flags(struct oriel_device *dev)
{
	u32 flags = 0;

	/* The parent may go once the device is cut off from it. */
	mutex_lock(&dev->control);
	if (oriel_device_has_dma(dev))
		flags |= ORIEL_DEVICE_DMA_ALLOWED;
	if (dev->dev.parent && !oriel_device_is_revoked(dev) &&
	    dev_is_dma_coherent(dev->dev.parent))
		flags |= ORIEL_DEVICE_COHERENT;
	mutex_unlock(&dev->control);
	return flags;
}

static int oriel_ioctl_device_info(struct oriel_file *ofile, void __user *arg,
				   struct oriel_explain *why)
{
	struct oriel_device *dev = ofile->client.device;
	struct oriel_device_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (memchr_inv(info.reserved, 0, sizeof(info.reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);

	memset(&info, 0, sizeof(info));
	strscpy(info.name, oriel_device_name(dev), sizeof(info.name));
	strscpy(info.bus_address, dev->bus_address, sizeof(info.bus_address));
	strscpy(info.driver, dev->driver, sizeof(info.driver));
	info.abi_version = ORIEL_ABI_VERSION;
	info.flags = oriel_device_flags(dev);
	info.nr_regions = dev->nr_slots;
	info.nr_interrupts = dev->irqs->nr;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static int oriel_ioctl_region_info(struct oriel_file *ofile, void __user *arg,
				   struct oriel_explain *why)
{
	const struct oriel_device *dev = ofile->client.device;
	const struct oriel_region *region;
	struct oriel_region_info info;
	u32 index;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (memchr_inv(info.reserved, 0, sizeof(info.reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	index = info.index;
	if (index >= dev->nr_slots)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_INDEX, index, dev->nr_slots);
	index = array_index_nospec(index, dev->nr_slots);

	region = dev->slots[index].region;
	memset(&info, 0, sizeof(info));
	info.index = index;
	info.flags = region->flags;
	info.kind = region->kind->id;
	info.cache = region->cache;
	info.size_bytes = region->size_bytes;
	info.offset_bytes = dev->slots[index].offset_bytes;
	info.in_page_bytes = region->in_page_bytes;
	strscpy(info.name, region->name, sizeof(info.name));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static int oriel_ioctl_prefault(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_prefault range;

	if (copy_from_user(&range, arg, sizeof(range)))
		return -EFAULT;
	if (range.flags)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, range.flags, 0);
	if (range.reserved)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	return oriel_prefault(file, range.address, range.length_bytes, why);
}

static int oriel_irq_set_check(const struct file *file, const struct oriel_irq_set *set,
			       struct oriel_explain *why)
{
	u32 known = ORIEL_IRQ_EVENTFD | ORIEL_IRQ_MASK | ORIEL_IRQ_UNMASK;
	u32 both = ORIEL_IRQ_MASK | ORIEL_IRQ_UNMASK;

	if (memchr_inv(set->reserved, 0, sizeof(set->reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	if (!set->flags || set->flags & ~known || (set->flags & both) == both)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, set->flags, 0);
	if (set->type > ORIEL_IRQ_MSIX)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, set->type, 0);
	if (!(file->f_mode & FMODE_WRITE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_NEEDS_WRITING, 0, 0);
	return 0;
}

static int oriel_ioctl_irq_set(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct eventfd_ctx *trigger = NULL;
	struct oriel_irq_set set;
	int err;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	err = oriel_irq_set_check(file, &set, why);
	if (err)
		return err;
	if (set.flags & ORIEL_IRQ_EVENTFD && set.eventfd != (u32)-1) {
		trigger = eventfd_ctx_fdget(set.eventfd);
		if (IS_ERR(trigger))
			return oriel_refuse(why, PTR_ERR(trigger), ORIEL_REASON_EVENTFD,
					    set.eventfd, 0);
	}
	err = oriel_client_set_irq(&ofile->client, &set, trigger, why);
	if (err && trigger)
		eventfd_ctx_put(trigger);
	return err;
}

/* A field that no flag asks for is as good as reserved. */
static int oriel_device_set_check(const struct file *file, const struct oriel_device_set *set,
				  struct oriel_explain *why)
{
	u32 known = ORIEL_DEVICE_RESET | ORIEL_DEVICE_SET_DMA_MASK | ORIEL_DEVICE_SET_DMA;

	if (set->reserved0 || memchr_inv(set->reserved, 0, sizeof(set->reserved)) ||
	    (set->dma && !(set->flags & ORIEL_DEVICE_SET_DMA)) ||
	    (set->dma_mask_bits && !(set->flags & ORIEL_DEVICE_SET_DMA_MASK)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	if (!set->flags || set->flags & ~known)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, set->flags, 0);
	if (set->dma > 1)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FLAGS, set->dma, 0);
	if (!(file->f_mode & FMODE_WRITE))
		return oriel_refuse(why, -EACCES, ORIEL_REASON_NEEDS_WRITING, 0, 0);
	return 0;
}

static int oriel_ioctl_device_set(struct file *file, void __user *arg, struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	struct oriel_device_set set;
	int err;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	err = oriel_device_set_check(file, &set, why);
	return err ?: oriel_client_set_device(&ofile->client, &set, why);
}

static int oriel_ioctl_mapping_info(struct file *file, void __user *arg,
				    struct oriel_explain *why)
{
	const struct oriel_file *ofile = file->private_data;
	const struct oriel_device *dev = ofile->client.device;
	struct oriel_mapping_info info, found = {};
	const struct oriel_slot *slot;
	pgoff_t base;
	int err;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (memchr_inv(info.reserved, 0, sizeof(info.reserved)))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_RESERVED, 0, 0);
	found.address = info.address;
	err = oriel_mapping_describe(file, &found, &base, why);
	if (err)
		return err;
	slot = oriel_device_find(dev, (u64)base << PAGE_SHIFT);
	if (!slot)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_FOREIGN, info.address, 0);
	found.index = slot - dev->slots;
	return copy_to_user(arg, &found, sizeof(found)) ? -EFAULT : 0;
}

/* The one call that a revoked device answers; it leaves no reason of its own. */
static int oriel_ioctl_explain(struct oriel_file *ofile, void __user *arg)
{
	struct oriel_explain explain;

	if (copy_from_user(&explain, arg, sizeof(explain)))
		return -EFAULT;
	if (explain.reserved)
		return -EINVAL;
	mutex_lock(&ofile->lock);
	explain = ofile->last;
	mutex_unlock(&ofile->lock);
	return copy_to_user(arg, &explain, sizeof(explain)) ? -EFAULT : 0;
}

static u32 oriel_ioctl_call(unsigned int cmd)
{
	switch (cmd) {
	case ORIEL_DEVICE_INFO:
		return ORIEL_CALL_DEVICE_INFO;
	case ORIEL_REGION_INFO:
		return ORIEL_CALL_REGION_INFO;
	case ORIEL_PREFAULT:
		return ORIEL_CALL_PREFAULT;
	case ORIEL_IRQ_SET:
		return ORIEL_CALL_IRQ_SET;
	case ORIEL_DEVICE_SET:
		return ORIEL_CALL_DEVICE_SET;
	case ORIEL_BUFFER_ALLOC:
		return ORIEL_CALL_BUFFER_ALLOC;
	case ORIEL_BUFFER_IMPORT:
		return ORIEL_CALL_BUFFER_IMPORT;
	case ORIEL_BUFFER_SEGMENTS:
		return ORIEL_CALL_BUFFER_SEGMENTS;
	case ORIEL_BUFFER_FREE:
		return ORIEL_CALL_BUFFER_FREE;
	case ORIEL_SYNC:
		return ORIEL_CALL_SYNC;
	case ORIEL_MAPPING_INFO:
		return ORIEL_CALL_MAPPING_INFO;
	case ORIEL_REGION_EXPORT:
		return ORIEL_CALL_REGION_EXPORT;
	default:
		return ORIEL_CALL_NONE;
	}
}

static int oriel_ioctl_dispatch(struct file *file, unsigned int cmd, void __user *arg,
				struct oriel_explain *why)
{
	struct oriel_file *ofile = file->private_data;
	int err;

	if (why->call == ORIEL_CALL_NONE)
		return -ENOTTY;
	err = oriel_file_check_alive(ofile, why);
	if (err)
		return err;
	switch (cmd) {
	case ORIEL_DEVICE_INFO:
		return oriel_ioctl_device_info(ofile, arg, why);
	case ORIEL_REGION_INFO:
		return oriel_ioctl_region_info(ofile, arg, why);
	case ORIEL_PREFAULT:
		return oriel_ioctl_prefault(file, arg, why);
	case ORIEL_IRQ_SET:
		return oriel_ioctl_irq_set(file, arg, why);
	case ORIEL_DEVICE_SET:
		return oriel_ioctl_device_set(file, arg, why);
	case ORIEL_BUFFER_ALLOC:
		return oriel_ioctl_buffer_alloc(file, arg, why);
	case ORIEL_BUFFER_IMPORT:
		return oriel_ioctl_buffer_import(file, arg, why);
	case ORIEL_BUFFER_SEGMENTS:
		return oriel_ioctl_buffer_segments(file, arg, why);
	case ORIEL_BUFFER_FREE:
		return oriel_ioctl_buffer_free(file, arg, why);
	case ORIEL_SYNC:
		return oriel_ioctl_sync(file, arg, why);
	case ORIEL_MAPPING_INFO:
		return oriel_ioctl_mapping_info(file, arg, why);
	case ORIEL_REGION_EXPORT:
		return oriel_ioctl_region_export(file, arg, why);
	default:
		return -ENOTTY;
	}
}

/**
 * oriel_ioctl() - file_operations.unlocked_ioctl of the nodes
 * @file: the open file
 * @cmd:  ORIEL_*
 * @arg:  address of the structure that goes with @cmd
 *
 * Return: 0 or a negative errno as the UAPI header says.
 */
long oriel_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct oriel_explain why = { .call = oriel_ioctl_call(cmd) };
	void __user *uarg = (void __user *)arg;
	int err;

	if (cmd == ORIEL_EXPLAIN)
		return oriel_ioctl_explain(file->private_data, uarg);
	err = oriel_ioctl_dispatch(file, cmd, uarg, &why);
	if (err)
		oriel_file_note(file->private_data, &why);
	return err;
}
