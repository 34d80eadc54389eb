// SPDX-License-Identifier: GPL-2.0-only
/* class.devnode takes a const struct device. */
#include <linux/device.h>

static char *oriel_probe(const struct device *dev, umode_t *mode)
{
	return NULL;
}

struct class oriel_probe_class;
struct class oriel_probe_class = {
	.devnode = oriel_probe,
};
