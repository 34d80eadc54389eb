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
 *               irqs and revoked are taken.
 * @drvdata:     the driver's own pointer
 */
struct oriel_device_desc {
	const char *name;
	const char *bus_address;
	struct module *owner;
	struct device *parent;
	const struct attribute_group **groups;
	void *drvdata;
};

struct oriel_device *oriel_device_create(const struct oriel_device_desc *desc);
int oriel_device_add_region(struct oriel_device *dev, struct oriel_region *region);
int oriel_device_register(struct oriel_device *dev);
void oriel_device_revoke(struct oriel_device *dev);
void oriel_device_pause(struct oriel_device *dev, bool paused);
void oriel_device_unregister(struct oriel_device *dev);
void oriel_device_put(struct oriel_device *dev);

#endif /* _ORIEL_DEVICE_H */
