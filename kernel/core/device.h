/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a device; what driver authors see is in <oriel/device.h>. */
#ifndef ORIEL_CORE_DEVICE_H
#define ORIEL_CORE_DEVICE_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <oriel/device.h>

struct file;
struct inode;
struct kobject;
struct oriel_irqs;
struct oriel_named;
struct oriel_region;

/**
 * struct oriel_slot - a region's place in the device's file
 * @region:       with a reference
 * @offset_bytes: where it begins
 * @dir:          belongs to interfaces/sysfs.c
 */
struct oriel_slot {
	struct oriel_region *region;
	u64 offset_bytes;
	struct kobject *dir;
};

/**
 * struct oriel_device - a named set of regions
 * @dev:         its face in sysfs, and its reference count
 * @inode:       its address_space holds all mappings of all its open files, so
 *               that one call reaches them all
 * @wait:        sleepers in poll(), woken by revocation
 * @revoked:     set once, read without a lock
 * @registered:  between oriel_device_register() and _unregister()
 * @nr_slots:    in @slots; neither changes after registration
 * @slots:       in the order of their offsets
 * @bus_address: or empty
 * @driver:      the module that registered it
 * @groups:      of the driver
 * @regions_dir: belongs to interfaces/sysfs.c
 * @control:     held while the driver is asked to do something, and while it is
 *               cut off. Protects the following, and nothing else is taken
 *               outside of it but what the driver's bus holds. Never held while
 *               user memory is copied.
 * @ops:         what the driver does for us; NULL once the device is revoked
 * @owner:       for @ops
 * @irqs:        interrupt vectors; the pointer never changes
 * @nr_clients:  open files
 * @nr_dma:      how many of them switched DMA on
 * @dma_used:    it was on since the device was last idle, or may have been
 * @dma_always:  see struct oriel_device_desc
 * @buffers:     what it has mapped of the memory that clients allocated
 * @dma_allowed: root said that any user may switch DMA on
 * @dma_mask_bits: what the device has ...
 * @dma_mask_now:  ... and what users left it
 * @named:       the named buffer whose node it is, or NULL (core/named.c); there as
 *               long as the device is registered
 * @is_window:   see core/window.c, whose lock protects the following
 * @paused:      by oriel_device_pause()
 * @windows:     those of this device
 * @in_windows:  a window's place in that list
 */
struct oriel_device {
	struct device dev;
	struct inode *inode;
	wait_queue_head_t wait;
	bool revoked;
	bool registered;
	unsigned int nr_slots;
	struct oriel_slot *slots;
	char bus_address[ORIEL_NAME_BYTES];
	char driver[ORIEL_NAME_BYTES];
	const struct attribute_group **groups;
	struct kobject *regions_dir;
	struct mutex control;
	const struct oriel_device_ops *ops;
	void *owner;
	struct oriel_irqs *irqs;
	unsigned int nr_clients;
	unsigned int nr_dma;
	struct list_head buffers;
	bool dma_used;
	bool dma_always;
	bool dma_allowed;
	u32 dma_mask_bits;
	u32 dma_mask_now;
	struct oriel_named *named;
	bool is_window;
	bool paused;
	struct list_head windows;
	struct list_head in_windows;
};

/**
 * struct oriel_interface - one of the ways in which users get at devices
 * @add:    makes a device visible. Return: 0 or a negative errno.
 * @remove: undoes @add; no callback of the driver runs after it returned
 */
struct oriel_interface {
	int (*add)(struct oriel_device *dev);
	void (*remove)(struct oriel_device *dev);
};

/* In main.c, in the order in which they are added; ends with NULL. */
extern const struct oriel_interface *const oriel_interfaces[];

void oriel_device_close(struct oriel_device *dev);
void oriel_device_halt(struct oriel_device *dev, bool paused);
bool oriel_device_is_revoked(const struct oriel_device *dev);
const struct oriel_slot *oriel_device_find(const struct oriel_device *dev, u64 offset_bytes);

static inline const char *oriel_device_name(const struct oriel_device *dev)
{
	return dev_name(&dev->dev);
}

/* core/inode.c */
struct inode *oriel_inode_create(void);
struct file *oriel_inode_open(struct inode *inode, const char *name);
void oriel_inode_destroy(struct inode *inode);

#endif /* ORIEL_CORE_DEVICE_H */
