// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only driver of /dev/oriel/brief: one region, quickly made, for tests
 * that make a device a thousand times. It holds kmod/pattern.h as region 0.
 *
 *   kind        ORIEL_KIND_*, and
 *   bytes       the size of the region that is made next
 *   registered  0 unregisters the device, 1 makes it anew
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "pattern.h"

static unsigned int kind = ORIEL_KIND_CONTIG;
module_param(kind, uint, 0644);
static unsigned long bytes = SZ_8K;
module_param(bytes, ulong, 0644);

static DEFINE_MUTEX(brief_lock);
static struct oriel_device *brief_device;
static bool brief_ready;

static int brief_fill(struct oriel_region *region)
{
	u64 offset, size = oriel_region_size(region);
	u8 *buffer = oriel_region_vmap(region);

	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	for (offset = 0; offset + sizeof(u64) <= size; offset += sizeof(u64))
		*(u64 *)(buffer + offset) = pattern_word(0, offset);
	return 0;
}

static int brief_add_region(void)
{
	const struct oriel_region_desc desc = {
		.name = "buffer", .kind = kind, .size_bytes = bytes,
	};
	struct oriel_region *region = oriel_region_create(&desc);
	int err;

	if (IS_ERR(region))
		return PTR_ERR(region);
	err = brief_fill(region);
	if (!err)
		err = oriel_device_add_region(brief_device, region);
	oriel_region_put(region);
	return err;
}

static int brief_create(void)
{
	const struct oriel_device_desc desc = { .name = "brief", .owner = THIS_MODULE };
	int err;

	brief_device = oriel_device_create(&desc);
	err = PTR_ERR_OR_ZERO(brief_device);
	if (!err)
		err = brief_add_region();
	if (!err)
		err = oriel_device_register(brief_device);
	if (err) {
		oriel_device_put(brief_device);
		brief_device = NULL;
	}
	return err;
}

static void brief_destroy(void)
{
	oriel_device_unregister(brief_device);
	brief_device = NULL;
}

static int brief_set_registered(const char *text, const struct kernel_param *param)
{
	bool wanted;
	int err = kstrtobool(text, &wanted);

	if (err)
		return err;
	mutex_lock(&brief_lock);
	if (!brief_ready)
		err = -EAGAIN;
	else if (wanted && !brief_device)
		err = brief_create();
	else if (!wanted)
		brief_destroy();
	mutex_unlock(&brief_lock);
	return err;
}

static int brief_get_registered(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%d\n", !!brief_device);
}

static const struct kernel_param_ops brief_registered_ops = {
	.set = brief_set_registered,
	.get = brief_get_registered,
};
module_param_cb(registered, &brief_registered_ops, NULL, 0644);

static int __init brief_init(void)
{
	int err = brief_create();

	brief_ready = !err;
	return err;
}
module_init(brief_init);

static void __exit brief_exit(void)
{
	brief_destroy();
}
module_exit(brief_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel tests: a device with one region, quickly made");
