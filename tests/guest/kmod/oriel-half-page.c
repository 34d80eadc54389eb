// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only platform device "oriel-half-page": registers in the middle of a page where
 * the board has nothing, so nobody may touch them. With hold=1 this module has
 * registers behind them, on the same page.
 */
#include <linux/err.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

/* QEMU's virt has its devices below, and nothing there. */
#define HALF_PAGE	0x0b000000

static bool hold;
module_param(hold, bool, 0444);

static struct platform_device *half_device;

static int __init half_init(void)
{
	const struct resource window = DEFINE_RES_MEM(HALF_PAGE + 0x100, 0x100);
	struct platform_device_info info = {
		.name = "oriel-half-page", .id = PLATFORM_DEVID_NONE, .res = &window, .num_res = 1,
	};
	struct device_node *root = of_find_node_by_path("/");

	if (!root)
		return -ENODEV;
	if (hold && !request_mem_region(HALF_PAGE + 0x800, 0x100, "oriel-half-page (held)")) {
		of_node_put(root);
		return -EBUSY;
	}
	/* One of the tree, which knows of nobody there. */
	info.fwnode = of_fwnode_handle(root);
	info.of_node_reused = true;
	half_device = platform_device_register_full(&info);
	of_node_put(root);
	if (IS_ERR(half_device) && hold)
		release_mem_region(HALF_PAGE + 0x800, 0x100);
	return PTR_ERR_OR_ZERO(half_device);
}
module_init(half_init);

static void __exit half_exit(void)
{
	platform_device_unregister(half_device);
	if (hold)
		release_mem_region(HALF_PAGE + 0x800, 0x100);
}
module_exit(half_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Oriel authors");
MODULE_DESCRIPTION("A platform device that fills a part of a page, for tests");
