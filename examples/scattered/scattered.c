// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/oriel/scattered: memory from wherever it was free, contiguous for the
 * kernel and for programs alike. insmod scattered.ko size=BYTES
 *
 * The driver writes each page's number at the page's start.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <oriel/device.h>
#include <oriel/region.h>

static unsigned long size = SZ_1M;
module_param(size, ulong, 0444);
MODULE_PARM_DESC(size, "size in bytes, not 0 (default: 1 MiB)");

static struct oriel_device *scattered_device;

static int scattered_number_pages(struct oriel_region *region)
{
	u8 *buffer = oriel_region_vmap(region);
	unsigned long page;

	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	for (page = 0; page < size >> PAGE_SHIFT; page++)
		*(u64 *)(buffer + (page << PAGE_SHIFT)) = page;
	return 0;
}

static int __init scattered_init(void)
{
	const struct oriel_device_desc device = {
		.name = "scattered", .owner = THIS_MODULE,
	};
	const struct oriel_region_desc desc = {
		.name = "buffer", .kind = ORIEL_KIND_SCATTERED, .size_bytes = size,
	};
	struct oriel_region *region;
	int err;

	region = oriel_region_create(&desc);
	if (IS_ERR(region))
		return PTR_ERR(region);
	err = scattered_number_pages(region);
	if (err)
		goto out_region;
	scattered_device = oriel_device_create(&device);
	err = PTR_ERR_OR_ZERO(scattered_device);
	if (err)
		goto out_region;
	err = oriel_device_add_region(scattered_device, region);
	if (!err)
		err = oriel_device_register(scattered_device);
	if (err)
		oriel_device_put(scattered_device);
out_region:
	/* The device has a reference of its own. */
	oriel_region_put(region);
	return err;
}
module_init(scattered_init);

static void __exit scattered_exit(void)
{
	oriel_device_unregister(scattered_device);
}
module_exit(scattered_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel example: a buffer of any size, contiguous only virtually");
