/* SPDX-License-Identifier: GPL-2.0-only */
/* Windows: devices that show a part of another device's region. */
#ifndef ORIEL_CORE_WINDOW_H
#define ORIEL_CORE_WINDOW_H

#include <linux/types.h>

#include "core/view.h"

struct oriel_device;
struct oriel_explain;

/**
 * struct oriel_window_desc - what a window is
 * @name:   the node's name, not a reserved one
 * @parent: the device that it looks into
 * @region: name of the device's region
 * @view:   which part, and how
 */
struct oriel_window_desc {
	const char *name;
	struct oriel_device *parent;
	const char *region;
	struct oriel_view_desc view;
};

struct oriel_device *oriel_window_create(const struct oriel_window_desc *desc,
					 struct oriel_explain *why);
void oriel_window_destroy(struct oriel_device *window);

/* For core/device.c: what happens to a device happens to its windows. */
void oriel_windows_revoke(struct oriel_device *dev);
void oriel_windows_pause(struct oriel_device *dev, bool paused);

#endif /* ORIEL_CORE_WINDOW_H */
