// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/oriel/NAME/{driver_info,irqs,allow_dma,revoked} and below it
 * regions/REGION/{offset,size,kind,cache,flags} and, of a named buffer that a
 * device has mapped, bus_address: ABI, one value a file (irqs: one for each vector).
 *
 * Making the device visible here makes its node appear in /dev/oriel.
 */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat/compat.h"
#include "core/device.h"
#include "core/irq.h"
#include "core/named.h"
#include "core/region.h"
#include "interfaces/names.h"
#include "interfaces/sysfs.h"

static struct oriel_device *oriel_device_of(struct device *d)
{
	return container_of(d, struct oriel_device, dev);
}

static ssize_t driver_info_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", oriel_device_of(d)->driver);
}
static DEVICE_ATTR_RO(driver_info);

static ssize_t irqs_show(struct device *d, struct device_attribute *attr, char *buf)
{
	const struct oriel_irqs *irqs = oriel_device_of(d)->irqs;
	int length = 0;
	u32 i;

	for (i = 0; i < irqs->nr; i++)
		length += sysfs_emit_at(buf, length, "%s%lld", i ? " " : "",
					(long long)atomic64_read(&irqs->irq[i].count));
	return length + sysfs_emit_at(buf, length, "\n");
}
static DEVICE_ATTR_RO(irqs);

static ssize_t allow_dma_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(oriel_device_of(d)->dma_allowed));
}

/* A file's owner can be changed, and its mode; who may do raw I/O not. */
static ssize_t allow_dma_store(struct device *d, struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct oriel_device *dev = oriel_device_of(d);
	bool allowed;
	int err;

	err = kstrtobool(buf, &allowed);
	if (err)
		return err;
	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	mutex_lock(&dev->control);
	dev->dma_allowed = allowed;
	mutex_unlock(&dev->control);
	return count;
}
static DEVICE_ATTR_RW(allow_dma);

static ssize_t revoked_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", oriel_device_is_revoked(oriel_device_of(d)));
}
static DEVICE_ATTR_RO(revoked);

static struct attribute *oriel_device_attrs[] = {
	&dev_attr_driver_info.attr,
	&dev_attr_irqs.attr,
	&dev_attr_allow_dma.attr,
	&dev_attr_revoked.attr,
	NULL
};
ATTRIBUTE_GROUPS(oriel_device);

static char *oriel_devnode(oriel_devnode_device *d, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "oriel/%s", dev_name(d));
}

static struct class oriel_class = {
	.name	    = "oriel",
	.dev_groups = oriel_device_groups,
	.devnode    = oriel_devnode,
};

/* A directory below regions/. */
struct oriel_region_dir {
	struct kobject kobj;
	struct oriel_region *region;
	u64 offset_bytes;
	struct oriel_named *named;
};

struct oriel_region_attribute {
	struct attribute attr;
	ssize_t (*show)(const struct oriel_region_dir *dir, char *buf);
};

static ssize_t offset_show(const struct oriel_region_dir *dir, char *buf)
{
	return sysfs_emit(buf, "%llu\n", dir->offset_bytes);
}

static ssize_t size_show(const struct oriel_region_dir *dir, char *buf)
{
	return sysfs_emit(buf, "%llu\n", dir->region->size_bytes);
}

static ssize_t kind_show(const struct oriel_region_dir *dir, char *buf)
{
	return sysfs_emit(buf, "%s\n", dir->region->kind->name);
}

static ssize_t cache_show(const struct oriel_region_dir *dir, char *buf)
{
	return sysfs_emit(buf, "%s\n", oriel_cache_name(dir->region->cache));
}

static ssize_t flags_show(const struct oriel_region_dir *dir, char *buf)
{
	const char *name;
	unsigned int bit;
	int length = 0;

	for (bit = 0; (name = oriel_region_flag_name(bit)); bit++)
		if (dir->region->flags & BIT(bit))
			length += sysfs_emit_at(buf, length, "%s%s", length ? " " : "", name);
	return length + sysfs_emit_at(buf, length, "\n");
}

static ssize_t bus_address_show(const struct oriel_region_dir *dir, char *buf)
{
	u64 address;
	int err = oriel_named_bus_address(dir->named, &address);

	return err ?: sysfs_emit(buf, "%#llx\n", address);
}

#define ORIEL_REGION_ATTR(_name) \
	static struct oriel_region_attribute oriel_region_attr_##_name = __ATTR_RO(_name)

ORIEL_REGION_ATTR(offset);
ORIEL_REGION_ATTR(size);
ORIEL_REGION_ATTR(kind);
ORIEL_REGION_ATTR(cache);
ORIEL_REGION_ATTR(flags);
/* Mostly a physical address, which is not for everybody. */
static struct oriel_region_attribute oriel_region_attr_bus_address =
	__ATTR_RO_MODE(bus_address, 0400);

static struct attribute *oriel_region_attrs[] = {
	&oriel_region_attr_offset.attr,
	&oriel_region_attr_size.attr,
	&oriel_region_attr_kind.attr,
	&oriel_region_attr_cache.attr,
	&oriel_region_attr_flags.attr,
	&oriel_region_attr_bus_address.attr,
	NULL
};

static umode_t oriel_region_attr_is_visible(struct kobject *kobj, struct attribute *attr,
					    int index)
{
	const struct oriel_named *named = container_of(kobj, struct oriel_region_dir, kobj)->named;

	if (attr != &oriel_region_attr_bus_address.attr)
		return attr->mode;
	return named && oriel_named_has_bus_address(named) ? attr->mode : 0;
}

static const struct attribute_group oriel_region_group = {
	.attrs	    = oriel_region_attrs,
	.is_visible = oriel_region_attr_is_visible,
};
__ATTRIBUTE_GROUPS(oriel_region);

static ssize_t oriel_region_dir_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	return container_of(attr, struct oriel_region_attribute, attr)
		->show(container_of(kobj, struct oriel_region_dir, kobj), buf);
}

static const struct sysfs_ops oriel_region_dir_ops = {
	.show = oriel_region_dir_show,
};

static void oriel_region_dir_release(struct kobject *kobj)
{
	struct oriel_region_dir *dir = container_of(kobj, struct oriel_region_dir, kobj);

	oriel_region_put(dir->region);
	kfree(dir);
}

static const struct kobj_type oriel_region_dir_type = {
	.sysfs_ops	= &oriel_region_dir_ops,
	.default_groups	= oriel_region_groups,
	.release	= oriel_region_dir_release,
};

static int oriel_region_dir_add(const struct oriel_device *dev, struct oriel_slot *slot)
{
	struct oriel_region_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	int err;

	if (!dir)
		return -ENOMEM;
	dir->region = oriel_region_get(slot->region);
	dir->offset_bytes = slot->offset_bytes;
	dir->named = dev->named;
	err = kobject_init_and_add(&dir->kobj, &oriel_region_dir_type, dev->regions_dir, "%s",
				   slot->region->name);
	if (err) {
		kobject_put(&dir->kobj);
		return err;
	}
	slot->dir = &dir->kobj;
	return 0;
}

/* Putting the last reference of a directory waits for its readers. */
static void oriel_region_dirs_remove(struct oriel_device *dev)
{
	unsigned int i = dev->nr_slots;

	while (i--) {
		kobject_put(dev->slots[i].dir);
		dev->slots[i].dir = NULL;
	}
	kobject_put(dev->regions_dir);
	dev->regions_dir = NULL;
}

static int oriel_region_dirs_add(struct oriel_device *dev)
{
	unsigned int i;
	int err;

	dev->regions_dir = kobject_create_and_add("regions", &dev->dev.kobj);
	if (!dev->regions_dir)
		return -ENOMEM;
	for (i = 0; i < dev->nr_slots; i++) {
		err = oriel_region_dir_add(dev, &dev->slots[i]);
		if (err) {
			oriel_region_dirs_remove(dev);
			return err;
		}
	}
	return 0;
}

static int oriel_sysfs_add(struct oriel_device *dev)
{
	int err;

	dev->dev.class = &oriel_class;
	dev->dev.groups = dev->groups;
	/* Who is told of the device shall find its regions. */
	dev_set_uevent_suppress(&dev->dev, true);
	err = device_add(&dev->dev);
	if (err)
		return err;
	err = oriel_region_dirs_add(dev);
	dev_set_uevent_suppress(&dev->dev, false);
	if (err) {
		device_del(&dev->dev);
		return err;
	}
	kobject_uevent(&dev->dev.kobj, KOBJ_ADD);
	return 0;
}

static void oriel_sysfs_remove(struct oriel_device *dev)
{
	oriel_region_dirs_remove(dev);
	device_del(&dev->dev);
}

const struct oriel_interface oriel_sysfs_interface = {
	.add	= oriel_sysfs_add,
	.remove	= oriel_sysfs_remove,
};

/**
 * oriel_sysfs_init() - make /sys/class/oriel
 *
 * Return: 0 or a negative errno.
 */
int oriel_sysfs_init(void)
{
	return class_register(&oriel_class);
}

/** oriel_sysfs_exit() - take it away */
void oriel_sysfs_exit(void)
{
	class_unregister(&oriel_class);
}

/**
 * oriel_sysfs_find() - the device of a name
 * @name: any text
 *
 * Context: May sleep.
 * Return: the device, with a reference that the caller gives up with
 * oriel_device_put(), or NULL if there is none, or it is going.
 */
struct oriel_device *oriel_sysfs_find(const char *name)
{
	struct device *d = class_find_device_by_name(&oriel_class, name);

	return d ? oriel_device_of(d) : NULL;
}
