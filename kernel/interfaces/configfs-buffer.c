// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/config/oriel/buffers/NAME/{size,kind,cache,device,numa_node,live}
 * and the read-only "bus_address" and "refused": ABI. See core/named.c for what
 * a named buffer is.
 *
 * Everything but live can only be written while live is 0; live=1 checks it all.
 * Directories that the module parameter asked for (named-param.c) are there as
 * long as the module: nobody else can remove them, but live=0 frees the memory.
 * Lock: item->lock, for all of an item. A removal of the device never takes it.
 */
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/device.h"
#include "core/name.h"
#include "core/named.h"
#include "core/refusal.h"
#include "interfaces/configfs.h"
#include "interfaces/named-text.h"
#include "interfaces/names.h"
#include "interfaces/sysfs.h"

/**
 * struct oriel_buffer_item - a directory below buffers/
 * @group:   its place in configfs, and its reference count
 * @of_module: in the list of those that are there as long as the module is
 * @lock:    protects all below
 * @device:  name of the device that it is for, or empty
 * @desc:    what else it is; name and target are filled in for a moment only
 * @named:   what live=1 made, or NULL
 * @refused: the last refusal
 */
struct oriel_buffer_item {
	struct config_group group;
	struct list_head of_module;
	struct mutex lock;
	char device[ORIEL_NAME_BYTES];
	struct oriel_named_desc desc;
	struct oriel_named *named;
	struct oriel_explain refused;
};

static struct oriel_buffer_item *oriel_buffer_item_of(struct config_item *item)
{
	return container_of(to_config_group(item), struct oriel_buffer_item, group);
}

static int oriel_buffer_item_refuse(struct oriel_buffer_item *item, int err, u32 reason)
{
	item->refused = (struct oriel_explain){ .call = ORIEL_CALL_BUFFER_NAME };
	return oriel_refuse(&item->refused, err, reason, 0, 0);
}

/*
 * Each of these sets one value of the item from NUL-terminated text.
 * Return: 0 or a negative errno.
 */
typedef int (*oriel_buffer_set)(struct oriel_buffer_item *item, const char *text);

static ssize_t oriel_buffer_item_store(struct config_item *ci, const char *text, size_t bytes,
				       oriel_buffer_set set)
{
	struct oriel_buffer_item *item = oriel_buffer_item_of(ci);
	char value[ORIEL_NAME_BYTES];
	int err;

	mutex_lock(&item->lock);
	if (item->named) {
		err = oriel_buffer_item_refuse(item, -EBUSY, ORIEL_REASON_BUFFER_LIVE);
	} else {
		err = oriel_configfs_value(value, sizeof(value), text, bytes);
		if (!err)
			err = set(item, value);
		if (err)
			err = oriel_buffer_item_refuse(item, err, ORIEL_REASON_BUFFER_TEXT);
	}
	mutex_unlock(&item->lock);
	return err ?: bytes;
}

/* Empty: for no device. */
static int oriel_buffer_set_device(struct oriel_buffer_item *item, const char *text)
{
	if (*text && !oriel_name_valid(text, sizeof(item->device)))
		return -EINVAL;
	strscpy(item->device, text, sizeof(item->device));
	return 0;
}

static int oriel_buffer_set_size(struct oriel_buffer_item *item, const char *text)
{
	return oriel_named_set_size(&item->desc, text);
}

static int oriel_buffer_set_kind(struct oriel_buffer_item *item, const char *text)
{
	return oriel_named_set_kind(&item->desc, text);
}

static int oriel_buffer_set_cache(struct oriel_buffer_item *item, const char *text)
{
	return oriel_named_set_cache(&item->desc, text);
}

static int oriel_buffer_set_numa_node(struct oriel_buffer_item *item, const char *text)
{
	return oriel_named_set_numa_node(&item->desc, text);
}

static void oriel_buffer_item_close(struct oriel_buffer_item *item)
{
	if (item->named)
		oriel_named_destroy(item->named);
	item->named = NULL;
}

static int oriel_buffer_item_open(struct oriel_buffer_item *item)
{
	struct oriel_explain why = { .call = ORIEL_CALL_BUFFER_NAME };
	struct oriel_named_desc desc = item->desc;
	int err = 0;

	desc.name = config_item_name(&item->group.cg_item);
	if (item->device[0]) {
		strscpy(why.name, item->device, sizeof(why.name));
		desc.target = oriel_sysfs_find(item->device);
		if (!desc.target)
			err = oriel_refuse(&why, -ENODEV, ORIEL_REASON_BUFFER_DEVICE, 0, 0);
	}
	if (!err) {
		item->named = oriel_named_create(&desc, &why);
		err = PTR_ERR_OR_ZERO(item->named);
	}
	oriel_device_put(desc.target);
	if (err) {
		item->named = NULL;
		item->refused = why;
	}
	return err;
}

static ssize_t oriel_buffer_live_store(struct config_item *ci, const char *text, size_t bytes)
{
	struct oriel_buffer_item *item = oriel_buffer_item_of(ci);
	bool wanted;
	int err;

	mutex_lock(&item->lock);
	err = kstrtobool(text, &wanted);
	if (err)
		err = oriel_buffer_item_refuse(item, err, ORIEL_REASON_BUFFER_TEXT);
	else if (!wanted)
		oriel_buffer_item_close(item);
	else if (!item->named)
		err = oriel_buffer_item_open(item);
	mutex_unlock(&item->lock);
	return err ?: bytes;
}

/* A file whose value is shown with the item's lock held. */
#define ORIEL_BUFFER_SHOW(_name, _format, ...)							\
static ssize_t oriel_buffer_##_name##_show(struct config_item *ci, char *page)			\
{												\
	struct oriel_buffer_item *item = oriel_buffer_item_of(ci);				\
	ssize_t length;										\
												\
	mutex_lock(&item->lock);								\
	length = sysfs_emit(page, _format "\n", __VA_ARGS__);					\
	mutex_unlock(&item->lock);								\
	return length;										\
}

/* One that can be written too. */
#define ORIEL_BUFFER_ATTR(_name, _format, _value)						\
ORIEL_BUFFER_SHOW(_name, _format, _value)							\
												\
static ssize_t oriel_buffer_##_name##_store(struct config_item *ci, const char *text,		\
					    size_t bytes)					\
{												\
	return oriel_buffer_item_store(ci, text, bytes, oriel_buffer_set_##_name);		\
}												\
CONFIGFS_ATTR(oriel_buffer_, _name)

ORIEL_BUFFER_ATTR(device, "%s", item->device);
ORIEL_BUFFER_ATTR(size, "%llu", item->desc.size_bytes);
ORIEL_BUFFER_ATTR(kind, "%s", oriel_named_kind(&item->desc));
ORIEL_BUFFER_ATTR(cache, "%s", oriel_cache_name(item->desc.cache));
ORIEL_BUFFER_ATTR(numa_node, "%d", item->desc.numa_node);

ORIEL_BUFFER_SHOW(live, "%d", !!item->named)
CONFIGFS_ATTR(oriel_buffer_, live);

/* The fields of struct oriel_explain, for programs; all 0 if nothing was refused. */
ORIEL_BUFFER_SHOW(refused, "error=%u reason=%u value0=%llu value1=%llu name=%s",
		  item->refused.error, item->refused.reason, item->refused.value[0],
		  item->refused.value[1], item->refused.name)
CONFIGFS_ATTR_RO(oriel_buffer_, refused);

static ssize_t oriel_buffer_bus_address_show(struct config_item *ci, char *page)
{
	struct oriel_buffer_item *item = oriel_buffer_item_of(ci);
	u64 address;
	int err;

	mutex_lock(&item->lock);
	err = item->named ? oriel_named_bus_address(item->named, &address) : -ENXIO;
	mutex_unlock(&item->lock);
	return err ?: sysfs_emit(page, "%#llx\n", address);
}

/* Mostly a physical address, which is not for everybody. */
static struct configfs_attribute oriel_buffer_attr_bus_address = {
	.ca_name  = "bus_address",
	.ca_mode  = 0400,
	.ca_owner = THIS_MODULE,
	.show	  = oriel_buffer_bus_address_show,
};

static struct configfs_attribute *oriel_buffer_attrs[] = {
	&oriel_buffer_attr_size,
	&oriel_buffer_attr_kind,
	&oriel_buffer_attr_cache,
	&oriel_buffer_attr_device,
	&oriel_buffer_attr_numa_node,
	&oriel_buffer_attr_live,
	&oriel_buffer_attr_bus_address,
	&oriel_buffer_attr_refused,
	NULL
};

static void oriel_buffer_item_release(struct config_item *ci)
{
	struct oriel_buffer_item *item = oriel_buffer_item_of(ci);

	mutex_destroy(&item->lock);
	kfree(item);
}

static struct configfs_item_operations oriel_buffer_item_ops = {
	.release = oriel_buffer_item_release,
};

static const struct config_item_type oriel_buffer_item_type = {
	.ct_owner    = THIS_MODULE,
	.ct_item_ops = &oriel_buffer_item_ops,
	.ct_attrs    = oriel_buffer_attrs,
};

/* Return: an item that is in no directory yet, or NULL. */
static struct oriel_buffer_item *oriel_buffer_item_create(const char *name)
{
	struct oriel_buffer_item *item = kzalloc(sizeof(*item), GFP_KERNEL_ACCOUNT);

	if (!item)
		return NULL;
	mutex_init(&item->lock);
	oriel_named_default(&item->desc);
	config_group_init_type_name(&item->group, name, &oriel_buffer_item_type);
	return item;
}

static struct config_group *oriel_buffer_make(struct config_group *group, const char *name)
{
	struct oriel_buffer_item *item;

	if (!oriel_name_valid(name, ORIEL_NAME_BYTES) || oriel_name_is_reserved(name))
		return ERR_PTR(-EINVAL);
	item = oriel_buffer_item_create(name);
	return item ? &item->group : ERR_PTR(-ENOMEM);
}

/* rmdir: configfs has seen to it that no file of the item is being written. */
static void oriel_buffer_drop(struct config_group *group, struct config_item *ci)
{
	struct oriel_buffer_item *item = oriel_buffer_item_of(ci);

	mutex_lock(&item->lock);
	oriel_buffer_item_close(item);
	mutex_unlock(&item->lock);
	config_item_put(ci);
}

static struct configfs_group_operations oriel_buffers_group_ops = {
	.make_group = oriel_buffer_make,
	.drop_item  = oriel_buffer_drop,
};

static const struct config_item_type oriel_buffers_type = {
	.ct_owner     = THIS_MODULE,
	.ct_group_ops = &oriel_buffers_group_ops,
};

/* Changed while the module is loaded and unloaded: nobody else is there. */
static LIST_HEAD(oriel_buffers_of_module);

/**
 * oriel_configfs_buffer_add() - a directory for as long as the module is there, live
 * @parent: the directory buffers/, registered
 * @desc:   what the buffer is; no target
 *
 * Without memory for the buffer, it is reported, and the directory says why.
 *
 * Return: 0, -EEXIST if there is such a directory, -ENOMEM.
 */
int oriel_configfs_buffer_add(struct config_group *parent, const struct oriel_named_desc *desc)
{
	struct oriel_buffer_item *item = oriel_buffer_item_create(desc->name);
	int err;

	if (!item)
		return -ENOMEM;
	item->desc = *desc;
	item->desc.name = NULL;
	err = configfs_register_group(parent, &item->group);
	if (err) {
		config_group_put(&item->group);
		return err;
	}
	list_add(&item->of_module, &oriel_buffers_of_module);
	mutex_lock(&item->lock);
	if (!item->named)
		err = oriel_buffer_item_open(item);
	if (err)
		pr_warn("oriel: no buffer %s: error %d, reason %u\n", desc->name, err,
			item->refused.reason);
	mutex_unlock(&item->lock);
	return 0;
}

/** oriel_configfs_buffers_exit() - undo oriel_configfs_buffer_add() */
void oriel_configfs_buffers_exit(void)
{
	struct oriel_buffer_item *item, *next;

	list_for_each_entry_safe(item, next, &oriel_buffers_of_module, of_module) {
		list_del(&item->of_module);
		configfs_unregister_group(&item->group);
		mutex_lock(&item->lock);
		oriel_buffer_item_close(item);
		mutex_unlock(&item->lock);
		config_group_put(&item->group);
	}
}

/**
 * oriel_configfs_buffers_init() - prepare the directory buffers/
 * @group: the directory, not registered yet
 */
void oriel_configfs_buffers_init(struct config_group *group)
{
	config_group_init_type_name(group, "buffers", &oriel_buffers_type);
}
