// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the benchmarks map: /dev/oriel/bench with a region of each kind.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <oriel/device.h>
#include <oriel/region.h>

static unsigned long scattered = SZ_256M;
module_param(scattered, ulong, 0444);
MODULE_PARM_DESC(scattered, "size of the scattered region in bytes");

static unsigned long contig = SZ_64M;
module_param(contig, ulong, 0444);
MODULE_PARM_DESC(contig, "size of the contig region in bytes");

static struct oriel_device *bench_device;

static int bench_add(const char *name, u32 kind, u64 size_bytes)
{
	const struct oriel_region_desc desc = {
		.name = name, .kind = kind, .size_bytes = size_bytes,
	};
	struct oriel_region *region = oriel_region_create(&desc);
	int err;

	if (IS_ERR(region))
		return PTR_ERR(region);
	err = oriel_device_add_region(bench_device, region);
	oriel_region_put(region);
	return err;
}

static int __init bench_init(void)
{
	const struct oriel_device_desc desc = { .name = "bench", .owner = THIS_MODULE };
	int err;

	bench_device = oriel_device_create(&desc);
	if (IS_ERR(bench_device))
		return PTR_ERR(bench_device);
	err = bench_add("contig", ORIEL_KIND_CONTIG, contig);
	if (!err)
		err = bench_add("scattered", ORIEL_KIND_SCATTERED, scattered);
	if (!err)
		err = oriel_device_register(bench_device);
	if (err)
		oriel_device_put(bench_device);
	return err;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	oriel_device_unregister(bench_device);
}
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel: regions for benchmarks");
