// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/oriel/hello: 8 KiB of contiguous memory that the kernel and programs
 * have mapped at once.
 *
 * Writing a number to /sys/class/oriel/hello/xor makes the driver XOR each byte
 * of the buffer with it, in place, through its own address of the buffer: a
 * program that has it mapped sees its bytes change.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <oriel/device.h>
#include <oriel/region.h>

static struct oriel_device *hello_device;
static struct oriel_region *hello_region;
static u8 *hello_buffer;

static ssize_t xor_store(struct device *dev, struct device_attribute *attr,
			 const char *text, size_t length)
{
	size_t i;
	u8 key;
	int err;

	err = kstrtou8(text, 0, &key);
	if (err)
		return err;
	/* A program may write at the same time: each byte is read once. */
	for (i = 0; i < SZ_8K; i++)
		WRITE_ONCE(hello_buffer[i], READ_ONCE(hello_buffer[i]) ^ key);
	return length;
}
static DEVICE_ATTR_WO(xor);

static struct attribute *hello_attrs[] = { &dev_attr_xor.attr, NULL };
ATTRIBUTE_GROUPS(hello);

static int __init hello_init(void)
{
	const struct oriel_device_desc device = {
		.name = "hello", .owner = THIS_MODULE, .groups = hello_groups,
	};
	const struct oriel_region_desc region = {
		.name = "buffer", .kind = ORIEL_KIND_CONTIG, .size_bytes = SZ_8K,
	};
	int err;

	hello_region = oriel_region_create(&region);
	if (IS_ERR(hello_region))
		return PTR_ERR(hello_region);
	hello_buffer = oriel_region_vmap(hello_region);
	err = PTR_ERR_OR_ZERO(hello_buffer);
	if (err)
		goto err_region;
	hello_device = oriel_device_create(&device);
	err = PTR_ERR_OR_ZERO(hello_device);
	if (err)
		goto err_region;
	err = oriel_device_add_region(hello_device, hello_region);
	if (!err)
		err = oriel_device_register(hello_device);
	if (err)
		goto err_device;
	return 0;

err_device:
	oriel_device_put(hello_device);
err_region:
	oriel_region_put(hello_region);
	return err;
}
module_init(hello_init);

/* Whoever has the buffer mapped keeps it; nobody new gets at it. */
static void __exit hello_exit(void)
{
	oriel_device_unregister(hello_device);
	oriel_region_put(hello_region);
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel example: 8 KiB shared by the kernel and programs");
