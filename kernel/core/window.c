// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: a part of a device's region as a device of its own, with its own
 * node, cache mode and access rights.
 *
 * A window lives as long as whoever made it wants. What happens to the device
 * happens to its windows: revoked with it, a window is a dead node until it is
 * destroyed. Holds a reference of the region, not of the device.
 *
 * Lock: oriel_windows_lock protects all lists of windows, and dev->paused. It is
 * held while mappings are swept out, never while nodes or sysfs files come or
 * go: a removal waits for nobody's registration. A device's control lock may be
 * held outside of it (a reset pauses), so none is taken inside.
 */
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "core/device.h"
#include "core/refusal.h"
#include "core/region.h"
#include "core/window.h"

static DEFINE_MUTEX(oriel_windows_lock);

/**
 * oriel_windows_revoke() - a device is gone, so are its windows
 * @dev: the device, which is revoked
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_windows_revoke(struct oriel_device *dev)
{
	struct oriel_device *window, *next;

	mutex_lock(&oriel_windows_lock);
	list_for_each_entry_safe(window, next, &dev->windows, in_windows) {
		oriel_device_close(window);
		list_del_init(&window->in_windows);
	}
	mutex_unlock(&oriel_windows_lock);
}

/**
 * oriel_windows_pause() - a device cannot be reached for a while, or can again
 * @dev:    the device
 * @paused: which of the two
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_windows_pause(struct oriel_device *dev, bool paused)
{
	struct oriel_device *window;

	mutex_lock(&oriel_windows_lock);
	dev->paused = paused;
	list_for_each_entry(window, &dev->windows, in_windows)
		oriel_device_halt(window, paused);
	mutex_unlock(&oriel_windows_lock);
}

/* From here on, it shares the parent's fate. */
static int oriel_window_link(struct oriel_device *window, struct oriel_device *parent,
			     struct oriel_explain *why)
{
	int err = 0;

	mutex_lock(&oriel_windows_lock);
	if (oriel_device_is_revoked(parent)) {
		err = oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	} else {
		list_add_tail(&window->in_windows, &parent->windows);
		if (parent->paused)
			oriel_device_halt(window, true);
	}
	mutex_unlock(&oriel_windows_lock);
	return err;
}

static void oriel_window_unlink(struct oriel_device *window)
{
	mutex_lock(&oriel_windows_lock);
	list_del_init(&window->in_windows);
	mutex_unlock(&oriel_windows_lock);
}

static struct oriel_region *oriel_window_find_region(const struct oriel_window_desc *desc,
						     struct oriel_explain *why)
{
	const struct oriel_device *parent = desc->parent;
	unsigned int i;

	if (parent->is_window)
		return ERR_PTR(oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_WINDOW_NESTED, 0, 0));
	strscpy(why->name, desc->region, sizeof(why->name));
	for (i = 0; i < parent->nr_slots; i++)
		if (!strcmp(parent->slots[i].region->name, desc->region))
			return parent->slots[i].region;
	return ERR_PTR(oriel_refuse(why, -ENXIO, ORIEL_REASON_WINDOW_REGION, 0, 0));
}

/* Return: the window with its region, not linked or registered yet, or an ERR_PTR(). */
static struct oriel_device *oriel_window_alloc(const struct oriel_window_desc *desc,
					       struct oriel_explain *why)
{
	const struct oriel_device_desc device = { .name = desc->name, .owner = THIS_MODULE };
	struct oriel_region *region = oriel_window_find_region(desc, why);
	struct oriel_device *window;
	int err;

	if (!IS_ERR(region))
		region = oriel_view_create(region, &desc->view, why);
	if (IS_ERR(region))
		return ERR_CAST(region);
	window = oriel_device_create(&device);
	err = PTR_ERR_OR_ZERO(window);
	if (!err) {
		window->is_window = true;
		err = oriel_device_add_region(window, region);
	}
	oriel_region_put(region);
	if (!err)
		return window;
	oriel_device_put(window);
	if (err == -ENOMEM)
		oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY, sizeof(*window), 0);
	return ERR_PTR(err);
}

/**
 * oriel_window_create() - publish a part of a region
 * @desc: what is wanted; not needed after the call
 * @why:  where to say why it was refused; ->call is set by the caller
 *
 * Context: May sleep.
 * Return: the window, which is to be given up with oriel_window_destroy(), or an
 * ERR_PTR():
 *
 * * -ENXIO: the device has no such region
 * * -EOPNOTSUPP: the device is a window itself
 * * -ENODEV: the device is gone
 * * -EEXIST: there is a device of the window's name
 * * -EINVAL for a bad name, and whatever oriel_view_create() returns
 */
struct oriel_device *oriel_window_create(const struct oriel_window_desc *desc,
					 struct oriel_explain *why)
{
	struct oriel_device *window = oriel_window_alloc(desc, why);
	int err;

	if (IS_ERR(window))
		return window;
	err = oriel_window_link(window, desc->parent, why);
	if (err)
		goto err_put;
	err = oriel_device_register(window);
	if (err)
		goto err_unlink;
	return window;

err_unlink:
	oriel_window_unlink(window);
	if (oriel_device_is_revoked(desc->parent))
		err = oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	else if (err == -EEXIST)
		oriel_refuse(why, err, ORIEL_REASON_WINDOW_NAME, 0, 0);
	else if (err == -ENOMEM)
		oriel_refuse(why, err, ORIEL_REASON_NO_MEMORY, 0, 0);
err_put:
	oriel_device_put(window);
	return ERR_PTR(err);
}

/**
 * oriel_window_destroy() - take a window away
 * @window: from oriel_window_create(); dead or alive
 *
 * Mappings of device memory turn into SIGBUS, RAM stays for those who have it
 * mapped. Does not wait for users.
 *
 * Context: May sleep.
 */
void oriel_window_destroy(struct oriel_device *window)
{
	/* Closed before it leaves the list: the driver must not go in between. */
	oriel_device_close(window);
	oriel_window_unlink(window);
	oriel_device_unregister(window);
}
