// SPDX-License-Identifier: GPL-2.0-only
/* platform_driver.remove returns nothing. */
#include <linux/platform_device.h>

static void oriel_probe(struct platform_device *pdev)
{
}

struct platform_driver oriel_probe_driver;
struct platform_driver oriel_probe_driver = {
	.remove = oriel_probe,
};
