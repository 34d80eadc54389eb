// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/config/oriel/windows/NAME/{device,region,offset,size,cache,access,
 * live} and the read-only "refused": ABI. See core/window.c for what a window is.
 *
 * Everything but live can only be written while live is 0; live=1 checks it all.
 * Lock: item->lock, for all of an item. A removal of the device never takes it.
 */
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/device.h"
#include "core/name.h"
#include "core/refusal.h"
#include "core/window.h"
#include "interfaces/configfs.h"
#include "interfaces/names.h"
#include "interfaces/sysfs.h"

/**
 * struct oriel_window_item - a directory below windows/
 * @item:    its place in configfs, and its reference count
 * @lock:    protects all below
 * @device:  name of the device, or empty
 * @region:  name of the device's region, or empty
 * @view:    which part of it
 * @window:  what live=1 made; it may have been revoked since; or NULL
 * @refused: the last refusal
 */
struct oriel_window_item {
	struct config_item item;
	struct mutex lock;
	char device[ORIEL_NAME_BYTES];
	char region[ORIEL_REGION_NAME_BYTES];
	struct oriel_view_desc view;
	struct oriel_device *window;
	struct oriel_explain refused;
};

static struct oriel_window_item *oriel_window_item_of(struct config_item *item)
{
	return container_of(item, struct oriel_window_item, item);
}

static bool oriel_window_item_is_live(const struct oriel_window_item *item)
{
	lockdep_assert_held(&item->lock);
	return item->window && !oriel_device_is_revoked(item->window);
}

static int oriel_window_item_refuse(struct oriel_window_item *item, int err, u32 reason)
{
	item->refused = (struct oriel_explain){ .call = ORIEL_CALL_WINDOW };
	return oriel_refuse(&item->refused, err, reason, 0, 0);
}

/*
 * Each of these sets one value of the item from NUL-terminated text.
 * Return: 0 or a negative errno.
 */
typedef int (*oriel_window_set)(struct oriel_window_item *item, const char *text);

static ssize_t oriel_window_item_store(struct config_item *ci, const char *text, size_t bytes,
				       oriel_window_set set)
{
	struct oriel_window_item *item = oriel_window_item_of(ci);
	char value[ORIEL_NAME_BYTES];
	int err;

	mutex_lock(&item->lock);
	if (oriel_window_item_is_live(item)) {
		err = oriel_window_item_refuse(item, -EBUSY, ORIEL_REASON_WINDOW_LIVE);
	} else {
		err = oriel_configfs_value(value, sizeof(value), text, bytes);
		if (!err)
			err = set(item, value);
		if (err)
			err = oriel_window_item_refuse(item, err, ORIEL_REASON_WINDOW_TEXT);
	}
	mutex_unlock(&item->lock);
	return err ?: bytes;
}

static int oriel_window_set_device(struct oriel_window_item *item, const char *text)
{
	if (!oriel_name_valid(text, sizeof(item->device)))
		return -EINVAL;
	strscpy(item->device, text, sizeof(item->device));
	return 0;
}

static int oriel_window_set_region(struct oriel_window_item *item, const char *text)
{
	if (!oriel_name_valid(text, sizeof(item->region)))
		return -EINVAL;
	strscpy(item->region, text, sizeof(item->region));
	return 0;
}

static int oriel_window_parse(const char *text, u64 *value)
{
	int err = kstrtou64(text, 0, value);

	return err == -ERANGE ? -EOVERFLOW : err;
}

static int oriel_window_set_offset(struct oriel_window_item *item, const char *text)
{
	return oriel_window_parse(text, &item->view.offset_bytes);
}

static int oriel_window_set_size(struct oriel_window_item *item, const char *text)
{
	return oriel_window_parse(text, &item->view.size_bytes);
}

/* The words for 0: what the region has. */
#define ORIEL_WINDOW_SAME "same"

static int oriel_window_set_cache(struct oriel_window_item *item, const char *text)
{
	u32 cache;

	if (!strcmp(text, ORIEL_WINDOW_SAME)) {
		item->view.cache = 0;
		return 0;
	}
	for (cache = ORIEL_CACHE_CACHED; cache <= ORIEL_CACHE_WRITE_COMBINED; cache++) {
		if (strcmp(text, oriel_cache_name(cache)))
			continue;
		item->view.cache = cache;
		return 0;
	}
	return -EINVAL;
}

/* The index is the set of ORIEL_REGION_READABLE and _WRITABLE. */
static const char *const oriel_window_access_names[] = { ORIEL_WINDOW_SAME, "r", "w", "rw" };

static int oriel_window_set_access(struct oriel_window_item *item, const char *text)
{
	u32 access;

	for (access = 0; access < ARRAY_SIZE(oriel_window_access_names); access++) {
		if (strcmp(text, oriel_window_access_names[access]))
			continue;
		item->view.access = access;
		return 0;
	}
	return -EINVAL;
}

static void oriel_window_item_close(struct oriel_window_item *item)
{
	if (item->window)
		oriel_window_destroy(item->window);
	item->window = NULL;
}

static int oriel_window_item_open(struct oriel_window_item *item)
{
	struct oriel_explain why = { .call = ORIEL_CALL_WINDOW };
	struct oriel_window_desc desc = {
		.name = config_item_name(&item->item),
		.parent = oriel_sysfs_find(item->device),
		.region = item->region,
		.view = item->view,
	};
	int err;

	strscpy(why.name, item->device, sizeof(why.name));
	if (desc.parent) {
		item->window = oriel_window_create(&desc, &why);
		err = PTR_ERR_OR_ZERO(item->window);
		oriel_device_put(desc.parent);
	} else {
		err = oriel_refuse(&why, -ENODEV, ORIEL_REASON_WINDOW_DEVICE, 0, 0);
	}
	if (err) {
		item->window = NULL;
		item->refused = why;
	}
	return err;
}

static ssize_t oriel_window_live_store(struct config_item *ci, const char *text, size_t bytes)
{
	struct oriel_window_item *item = oriel_window_item_of(ci);
	bool wanted;
	int err;

	mutex_lock(&item->lock);
	err = kstrtobool(text, &wanted);
	if (err) {
		err = oriel_window_item_refuse(item, err, ORIEL_REASON_WINDOW_TEXT);
	} else if (!wanted || !oriel_window_item_is_live(item)) {
		/* What died with its device goes too: its node is still there. */
		oriel_window_item_close(item);
		err = wanted ? oriel_window_item_open(item) : 0;
	}
	mutex_unlock(&item->lock);
	return err ?: bytes;
}

static ssize_t oriel_window_live_show(struct config_item *ci, char *page)
{
	struct oriel_window_item *item = oriel_window_item_of(ci);
	bool live;

	mutex_lock(&item->lock);
	live = oriel_window_item_is_live(item);
	mutex_unlock(&item->lock);
	return sysfs_emit(page, "%d\n", live);
}

/* A file whose value is shown with the item's lock held. */
#define ORIEL_WINDOW_ATTR(_name, _format, _value)						\
static ssize_t oriel_window_##_name##_show(struct config_item *ci, char *page)			\
{												\
	struct oriel_window_item *item = oriel_window_item_of(ci);				\
	ssize_t length;										\
												\
	mutex_lock(&item->lock);								\
	length = sysfs_emit(page, _format "\n", _value);					\
	mutex_unlock(&item->lock);								\
	return length;										\
}												\
												\
static ssize_t oriel_window_##_name##_store(struct config_item *ci, const char *text,		\
					    size_t bytes)					\
{												\
	return oriel_window_item_store(ci, text, bytes, oriel_window_set_##_name);		\
}												\
CONFIGFS_ATTR(oriel_window_, _name)

ORIEL_WINDOW_ATTR(device, "%s", item->device);
ORIEL_WINDOW_ATTR(region, "%s", item->region);
ORIEL_WINDOW_ATTR(offset, "%llu", item->view.offset_bytes);
ORIEL_WINDOW_ATTR(size, "%llu", item->view.size_bytes);
ORIEL_WINDOW_ATTR(cache, "%s", item->view.cache ? oriel_cache_name(item->view.cache) :
						  ORIEL_WINDOW_SAME);
ORIEL_WINDOW_ATTR(access, "%s", oriel_window_access_names[item->view.access]);
CONFIGFS_ATTR(oriel_window_, live);

/* The fields of struct oriel_explain, for programs; all 0 if nothing was refused. */
static ssize_t oriel_window_refused_show(struct config_item *ci, char *page)
{
	struct oriel_window_item *item = oriel_window_item_of(ci);
	struct oriel_explain why;

	mutex_lock(&item->lock);
	why = item->refused;
	mutex_unlock(&item->lock);
	return sysfs_emit(page, "error=%u reason=%u value0=%llu value1=%llu name=%s\n", why.error,
			  why.reason, why.value[0], why.value[1], why.name);
}
CONFIGFS_ATTR_RO(oriel_window_, refused);

static struct configfs_attribute *oriel_window_attrs[] = {
	&oriel_window_attr_device,
	&oriel_window_attr_region,
	&oriel_window_attr_offset,
	&oriel_window_attr_size,
	&oriel_window_attr_cache,
	&oriel_window_attr_access,
	&oriel_window_attr_live,
	&oriel_window_attr_refused,
	NULL
};

static void oriel_window_item_release(struct config_item *ci)
{
	struct oriel_window_item *item = oriel_window_item_of(ci);

	mutex_destroy(&item->lock);
	kfree(item);
}

static struct configfs_item_operations oriel_window_item_ops = {
	.release = oriel_window_item_release,
};

static const struct config_item_type oriel_window_item_type = {
	.ct_owner    = THIS_MODULE,
	.ct_item_ops = &oriel_window_item_ops,
	.ct_attrs    = oriel_window_attrs,
};

static struct config_item *oriel_window_make(struct config_group *group, const char *name)
{
	struct oriel_window_item *item;

	if (!oriel_name_valid(name, ORIEL_NAME_BYTES) || oriel_name_is_reserved(name))
		return ERR_PTR(-EINVAL);
	item = kzalloc(sizeof(*item), GFP_KERNEL);
	if (!item)
		return ERR_PTR(-ENOMEM);
	mutex_init(&item->lock);
	config_item_init_type_name(&item->item, name, &oriel_window_item_type);
	return &item->item;
}

/* rmdir: configfs has seen to it that no file of the item is being written. */
static void oriel_window_drop(struct config_group *group, struct config_item *ci)
{
	struct oriel_window_item *item = oriel_window_item_of(ci);

	mutex_lock(&item->lock);
	oriel_window_item_close(item);
	mutex_unlock(&item->lock);
	config_item_put(ci);
}

static struct configfs_group_operations oriel_windows_group_ops = {
	.make_item = oriel_window_make,
	.drop_item = oriel_window_drop,
};

static const struct config_item_type oriel_windows_type = {
	.ct_owner     = THIS_MODULE,
	.ct_group_ops = &oriel_windows_group_ops,
};

/**
 * oriel_configfs_windows_init() - prepare the directory windows/
 * @group: the directory, not registered yet
 */
void oriel_configfs_windows_init(struct config_group *group)
{
	config_group_init_type_name(group, "windows", &oriel_windows_type);
}
