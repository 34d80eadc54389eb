/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices: named sets of regions behind one node /dev/oriel/NAME.
 *
 * For driver authors. A driver creates a device, adds regions, registers it;
 * that is all that its mmap(), pread(), ioctl() and sysfs files need:
 *
 *	dev = oriel_device_create(&desc);
 *	err = oriel_device_add_region(dev, region);
 *	err = oriel_device_register(dev);
 *	...
 *	oriel_device_unregister(dev);
 *
 * A driver's module may be unloaded at any time: oriel_device_unregister() cuts
 * every way back into it before it returns, whoever has the node open or mapped.
 */
#ifndef _ORIEL_DEVICE_H
#define _ORIEL_DEVICE_H

#include <linux/types.h>
#include <uapi/oriel.h>

struct attribute_group;
struct device;
struct module;
struct oriel_device;
struct oriel_region;
struct vm_area_struct;

/**
 * struct oriel_device_ops - what a driver can do for its device
 * @irq_type:  which type of interrupt there is: @wanted if the device has it, the
 *             best for ORIEL_IRQ_BEST. Returns ORIEL_IRQ_*, or 0 if there is none.
 * @irq_open:  from now on call oriel_device_interrupt() for vector @index, which
 *             is closed. All open vectors are of one @type. Returns 0, -ENOMEM,
 *             -EOPNOTSUPP if the type has no such vector, or another errno.
 * @irq_close: never again, from when this returns; @index is open
 * @irq_mask:  hold interrupts of the open vector @index back, or no more; what
 *             was held back then comes once. May be asked twice for the same.
 * @dma_set:   let the device reach memory by itself, or no more; after "no more"
 *             no access is under way. Not asked of a device with dma_always.
 * @dma_is_confined: does the device reach nothing but what is mapped for it, that
 *             is, does an IOMMU translate its addresses? NULL: no.
 * @dma_mask:  the device reaches so many bits of address from now on. Returns 0
 *             or a negative errno.
 * @reset:     reset the device as its user asks. Returns 0, -EOPNOTSUPP, -EBUSY
 *             if it cannot be had for that now, or another errno.
 * @idle:      nobody has the device open any more (windows of it do not count), and
 *             DMA had been on (it is off again); or somebody could write to it,
 *             without @dma_set: make it forget what it was doing
 *
 * All are called in process context, may sleep, one at a time, with the @drvdata
 * of the device; never after oriel_device_revoke() returned. They call nothing of
 * Oriel but oriel_device_interrupt() and oriel_device_pause(). Those of a group
 * (irq_*; dma_set and dma_mask) are there together or NULL.
 */
struct oriel_device_ops {
	u32 (*irq_type)(void *owner, u32 wanted);
	int (*irq_open)(void *owner, u32 index, u32 type);
	void (*irq_close)(void *owner, u32 index);
	void (*irq_mask)(void *owner, u32 index, bool masked);
	void (*dma_set)(void *owner, bool on);
	bool (*dma_is_confined)(void *owner);
	int (*dma_mask)(void *owner, u32 bits);
	int (*reset)(void *owner);
	void (*idle)(void *owner);
};

/**
 * struct oriel_device_desc - what a device is
 * @name:        the node's name: at most ORIEL_NAME_BYTES - 1 characters of
 *               [a-z0-9_.-], not beginning with '.'; copied
 * @bus_address: the device's address on its bus as the bus's tools print it, or
 *               NULL; copied
 * @owner:       THIS_MODULE of the driver; its name is what users see as driver
 * @parent:      the device underneath, or NULL
 * @groups:      further sysfs attributes of the driver below
 *               /sys/class/oriel/NAME, or NULL; their callbacks find
 *               @drvdata with dev_get_drvdata(). The names regions, driver_info,
 *               irqs, allow_dma and revoked are taken.
 * @ops:         what the driver can do for the device, or NULL
 * @drvdata:     the driver's own pointer
 * @nr_irqs:     how many interrupt vectors it has; not 0 only with @ops->irq_*
 * @dma_mask_bits: how many bits of address it reaches by itself, with @ops->dma_*
 * @dma_always:  the device cannot do DMA although it is a bus master, which it
 *               needs for its interrupts: nobody has to switch that on
 */
struct oriel_device_desc {
	const char *name;
	const char *bus_address;
	struct module *owner;
	struct device *parent;
	const struct attribute_group **groups;
	const struct oriel_device_ops *ops;
	void *drvdata;
	u32 nr_irqs;
	u32 dma_mask_bits;
	bool dma_always;
};

struct oriel_device *oriel_device_create(const struct oriel_device_desc *desc);
int oriel_device_add_region(struct oriel_device *dev, struct oriel_region *region);
int oriel_device_register(struct oriel_device *dev);
void oriel_device_revoke(struct oriel_device *dev);
void oriel_device_pause(struct oriel_device *dev, bool paused);
void oriel_device_interrupt(struct oriel_device *dev, u32 index);
void oriel_device_unregister(struct oriel_device *dev);
struct oriel_device *oriel_device_get(struct oriel_device *dev);
void oriel_device_put(struct oriel_device *dev);
int oriel_device_mmap(struct oriel_device *dev, struct oriel_region *region,
		      struct vm_area_struct *vma);

#endif /* _ORIEL_DEVICE_H */
