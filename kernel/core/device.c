// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices: named sets of regions, from creation to removal.
 *
 * Knows neither files nor sysfs: those are interfaces, which it adds and
 * removes through their ops. A device's layout is complete before it is
 * registered and does not change afterwards, so it needs no lock.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "core/block.h"
#include "core/buffer.h"
#include "core/claim.h"
#include "core/client.h"
#include "core/device.h"
#include "core/irq.h"
#include "core/name.h"
#include "core/region.h"
#include "core/span.h"
#include "core/trace.h"
#include "core/window.h"

static void oriel_device_release(struct device *d)
{
	struct oriel_device *dev = container_of(d, struct oriel_device, dev);
	unsigned int i;

	for (i = 0; i < dev->nr_slots; i++)
		oriel_region_put(dev->slots[i].region);
	kfree(dev->slots);
	oriel_irqs_destroy(dev->irqs);
	oriel_inode_destroy(dev->inode);
	kfree(dev);
}

static bool oriel_device_ops_are_whole(const struct oriel_device_desc *desc)
{
	static const struct oriel_device_ops none;
	const struct oriel_device_ops *ops = desc->ops ?: &none;

	if (!ops->irq_type != !ops->irq_open || !ops->irq_open != !ops->irq_close ||
	    !ops->irq_close != !ops->irq_mask || !ops->dma_set != !ops->dma_mask)
		return false;
	return (ops->irq_open || !desc->nr_irqs) && !ops->dma_mask == !desc->dma_mask_bits;
}

/**
 * oriel_device_create() - make a device that nobody sees yet
 * @desc: what it is; not needed after the call, but what it points to in
 *        @desc->groups
 *
 * Context: May sleep.
 * Return: the device with one reference, which oriel_device_unregister() gives
 * up, or oriel_device_put() if it was never registered; or an ERR_PTR():
 * -EINVAL for a bad name or operations that do not go together, -ENOMEM.
 */
struct oriel_device *oriel_device_create(const struct oriel_device_desc *desc)
{
	struct oriel_device *dev;
	struct inode *inode;
	int err;

	/* by-id is udev's directory. */
	if (!oriel_name_valid(desc->name, ORIEL_NAME_BYTES) || !strcmp(desc->name, "by-id") ||
	    !oriel_device_ops_are_whole(desc))
		return ERR_PTR(-EINVAL);
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	inode = oriel_inode_create();
	if (IS_ERR(inode)) {
		kfree(dev);
		return ERR_CAST(inode);
	}

	/* From here on, oriel_device_release() undoes everything. */
	device_initialize(&dev->dev);
	dev->dev.release = oriel_device_release;
	dev->dev.parent = desc->parent;
	dev->inode = inode;
	dev->groups = desc->groups;
	init_waitqueue_head(&dev->wait);
	mutex_init(&dev->control);
	INIT_LIST_HEAD(&dev->buffers);
	dev->ops = desc->ops;
	dev->owner = desc->drvdata;
	dev->dma_always = desc->dma_always;
	dev->dma_mask_bits = desc->dma_mask_bits;
	dev->dma_mask_now = desc->dma_mask_bits;
	INIT_LIST_HEAD(&dev->windows);
	INIT_LIST_HEAD(&dev->in_windows);
	dev_set_drvdata(&dev->dev, desc->drvdata);
	if (desc->bus_address)
		strscpy(dev->bus_address, desc->bus_address, sizeof(dev->bus_address));
	strscpy(dev->driver, desc->owner ? module_name(desc->owner) : "oriel",
		sizeof(dev->driver));
	dev->irqs = oriel_irqs_create(desc->nr_irqs);
	err = dev->irqs ? dev_set_name(&dev->dev, "%s", desc->name) : -ENOMEM;
	if (err) {
		oriel_device_put(dev);
		return ERR_PTR(err);
	}
	return dev;
}
EXPORT_SYMBOL_GPL(oriel_device_create);

/**
 * oriel_device_get() - take a reference
 * @dev: a device of which the caller holds a reference
 *
 * Return: @dev.
 */
struct oriel_device *oriel_device_get(struct oriel_device *dev)
{
	get_device(&dev->dev);
	return dev;
}
EXPORT_SYMBOL_GPL(oriel_device_get);

/**
 * oriel_device_put() - give up a reference
 * @dev: a device, or an ERR_PTR() or NULL, which are ignored
 *
 * Context: May sleep.
 */
void oriel_device_put(struct oriel_device *dev)
{
	if (!IS_ERR_OR_NULL(dev))
		put_device(&dev->dev);
}
EXPORT_SYMBOL_GPL(oriel_device_put);

/* So that an address can be as aligned as the offset: huge entries need both. */
static u64 oriel_slot_align(const struct oriel_region *region)
{
	u64 align = SZ_2M;

	if (region->size_bytes >= PMD_SIZE)
		align = max_t(u64, align, PMD_SIZE);
	if (region->size_bytes >= PUD_SIZE)
		align = max_t(u64, align, PUD_SIZE);
	return align;
}

static bool oriel_device_has_region(const struct oriel_device *dev, const char *name)
{
	unsigned int i;

	for (i = 0; i < dev->nr_slots; i++)
		if (!strcmp(dev->slots[i].region->name, name))
			return true;
	return false;
}

/* A page is left free behind each region: who reads on and on finds its end. */
static int oriel_slot_place(const struct oriel_device *dev, const struct oriel_region *region,
			    u64 *offset_bytes)
{
	const struct oriel_slot *last;
	u64 end = 0;

	if (dev->nr_slots) {
		last = &dev->slots[dev->nr_slots - 1];
		end = last->offset_bytes + (last->region->nr_pages << PAGE_SHIFT);
	}
	return oriel_span_place(end, PAGE_SIZE, oriel_slot_align(region),
				region->nr_pages << PAGE_SHIFT, MAX_LFS_FILESIZE, offset_bytes);
}

/**
 * oriel_device_add_region() - offer a region
 * @dev:    a device that is not registered yet
 * @region: the region; the device takes a reference of its own
 *
 * Context: May sleep.
 * Return: 0; -EINVAL if the device is registered, -EEXIST if it has a region of
 * that name, -EBUSY if the region is revocable and another device has it,
 * -EOVERFLOW if the file has no room for it, -ENOMEM.
 */
int oriel_device_add_region(struct oriel_device *dev, struct oriel_region *region)
{
	struct oriel_slot *slots;
	u64 offset_bytes;
	int err;

	if (dev->registered)
		return -EINVAL;
	if (oriel_device_has_region(dev, region->name))
		return -EEXIST;
	/* One revocation has to find all mappings. */
	if (region->flags & ORIEL_REGION_REVOCABLE && region->space)
		return -EBUSY;
	err = oriel_slot_place(dev, region, &offset_bytes);
	if (err)
		return err;
	slots = krealloc_array(dev->slots, dev->nr_slots + 1, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	dev->slots = slots;
	slots[dev->nr_slots++] = (struct oriel_slot){
		.region = oriel_region_get(region),
		.offset_bytes = offset_bytes,
	};
	region->space = dev->inode->i_mapping;
	return 0;
}
EXPORT_SYMBOL_GPL(oriel_device_add_region);

/**
 * oriel_device_find() - which region is at an offset of the file?
 * @dev:          the device
 * @offset_bytes: any number
 *
 * Return: the slot whose pages hold @offset_bytes or end there, or NULL.
 */
const struct oriel_slot *oriel_device_find(const struct oriel_device *dev, u64 offset_bytes)
{
	unsigned int i = dev->nr_slots;

	while (i--) {
		const struct oriel_slot *slot = &dev->slots[i];

		if (offset_bytes < slot->offset_bytes)
			continue;
		if (offset_bytes - slot->offset_bytes <= slot->region->nr_pages << PAGE_SHIFT)
			return slot;
		return NULL;
	}
	return NULL;
}

/**
 * oriel_device_register() - let users see a device
 * @dev: a device with all its regions
 *
 * Context: May sleep.
 * Return: 0; -EEXIST if there is a device of that name, -EINVAL if it is or was
 * registered or revoked, or what the interfaces return. On error the caller
 * still owns its reference; there is nothing to do with the device but to give
 * that up.
 */
int oriel_device_register(struct oriel_device *dev)
{
	int i, err;

	if (dev->registered || dev->revoked)
		return -EINVAL;
	dev->registered = true;
	for (i = 0; oriel_interfaces[i]; i++) {
		err = oriel_interfaces[i]->add(dev);
		if (err)
			goto err_remove;
	}
	return 0;

err_remove:
	/* Somebody may have opened it in the meantime. */
	oriel_device_revoke(dev);
	while (i--)
		oriel_interfaces[i]->remove(dev);
	dev->registered = false;
	return err;
}
EXPORT_SYMBOL_GPL(oriel_device_register);

/**
 * oriel_device_is_revoked() - is the device gone?
 * @dev: the device
 *
 * Return: whether it was revoked.
 */
bool oriel_device_is_revoked(const struct oriel_device *dev)
{
	return READ_ONCE(dev->revoked);
}

/* Takes all mappings of the region's place in the file out of the page tables. */
static void oriel_slot_zap(struct oriel_device *dev, const struct oriel_slot *slot)
{
	unmap_mapping_pages(dev->inode->i_mapping, slot->offset_bytes >> PAGE_SHIFT,
			    slot->region->nr_pages, true);
}

/* No call of the driver runs or will run when this returns. */
static void oriel_device_cut(struct oriel_device *dev)
{
	mutex_lock(&dev->control);
	if (dev->ops) {
		oriel_irqs_signal_all(dev);
		oriel_irqs_close(dev, NULL);
		oriel_dma_cut(dev);
	}
	oriel_buffers_cut(dev);
	dev->ops = NULL;
	mutex_unlock(&dev->control);
}

/**
 * oriel_device_close() - let nobody reach a device's memory any more
 * @dev: the device
 *
 * As oriel_device_revoke(), but leaves its windows and its driver alone.
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_device_close(struct oriel_device *dev)
{
	unsigned int i;

	WRITE_ONCE(dev->revoked, true);
	for (i = 0; i < dev->nr_slots; i++) {
		const struct oriel_slot *slot = &dev->slots[i];

		trace_oriel_revoke(oriel_device_name(dev), slot->region);
		if (!(slot->region->flags & ORIEL_REGION_REVOCABLE))
			continue;
		/* First close the gate, then sweep: nothing can come in between. */
		oriel_region_close(slot->region);
		oriel_slot_zap(dev, slot);
		oriel_claim_release(slot->region);
	}
	wake_up_all(&dev->wait);
}

/**
 * oriel_device_revoke() - the device is gone; cut off who uses it
 * @dev: a device
 *
 * Mappings of revocable regions are removed, touching them is SIGBUS from now
 * on; other regions stay for those who have them mapped. Calls on open files
 * fail with ENODEV, sleepers in poll() wake up with POLLHUP | POLLERR, eventfds of
 * interrupts are signalled. The same happens to all windows of the device. DMA is
 * off and the driver's operations are not called any more when this returns. May
 * be called more than once.
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_device_revoke(struct oriel_device *dev)
{
	oriel_device_close(dev);
	oriel_windows_revoke(dev);
	oriel_device_cut(dev);
}
EXPORT_SYMBOL_GPL(oriel_device_revoke);

/**
 * oriel_device_halt() - let nobody reach a device's memory, or let them again
 * @dev:    the device
 * @paused: which of the two
 *
 * As oriel_device_pause(), but leaves its windows alone.
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_device_halt(struct oriel_device *dev, bool paused)
{
	unsigned int i;

	for (i = 0; i < dev->nr_slots; i++) {
		const struct oriel_slot *slot = &dev->slots[i];

		if (!(slot->region->flags & ORIEL_REGION_REVOCABLE))
			continue;
		oriel_region_pause(slot->region, paused);
		if (paused)
			oriel_slot_zap(dev, slot);
	}
}

/**
 * oriel_device_pause() - the device cannot be reached for a while, or can again
 * @dev:    a registered device
 * @paused: around a reset, suspend or error recovery
 *
 * Pausing removes all mappings of revocable regions from the page tables, those
 * of windows too: a touch is SIGBUS until the device is resumed, and a fault
 * after that.
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_device_pause(struct oriel_device *dev, bool paused)
{
	oriel_device_halt(dev, paused);
	oriel_windows_pause(dev, paused);
}
EXPORT_SYMBOL_GPL(oriel_device_pause);

/* Nobody, by a window neither, can get at the memory any more. */
static void oriel_device_withdraw(struct oriel_device *dev)
{
	unsigned int i;

	for (i = 0; i < dev->nr_slots; i++)
		if (dev->slots[i].region->kind->withdraw)
			dev->slots[i].region->kind->withdraw(dev->slots[i].region);
}

/**
 * oriel_device_unregister() - revoke a device, take it away, give up the reference
 * @dev: a device, registered or not, or an ERR_PTR() or NULL, which are ignored
 *
 * When this returns, no callback of the driver runs or will run, and the
 * driver's module may go. Does not wait for users, but for I/O to device memory
 * that was given struct pages (struct oriel_mmio_desc, @pages).
 *
 * Context: May sleep.
 */
void oriel_device_unregister(struct oriel_device *dev)
{
	int i = 0;

	if (IS_ERR_OR_NULL(dev))
		return;
	oriel_device_revoke(dev);
	while (dev->registered && oriel_interfaces[i])
		i++;
	while (i--)
		oriel_interfaces[i]->remove(dev);
	dev->registered = false;
	oriel_device_withdraw(dev);
	oriel_device_put(dev);
}
EXPORT_SYMBOL_GPL(oriel_device_unregister);
