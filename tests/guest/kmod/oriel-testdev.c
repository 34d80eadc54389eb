// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only driver of /dev/oriel/testdev: a region of each sort, filled with
 * kmod/pattern.h through the kernel's own address.
 *
 * Tests steer it through /sys/module/oriel_testdev/parameters:
 *   registered  0 unregisters the device, 1 makes it anew
 *   revoke      anything: revokes the device, which stays registered
 *   pause       1 pauses the device as around a reset, 0 resumes it
 *   twin        anything: tries to register another device of the same name;
 *               fails as that fails
 *   fragment    1 takes blocks of 2 MiB and gives some back that are not
 *               neighbours, 0 gives back the rest
 *   invert      NAME: inverts each bit of that region, in place
 *   big         (at load) bytes of a further region "big"; only the first word
 *               of each of its pages is filled
 *   far         (at load) further regions "far" and "far-revocable" behind 6 GiB of
 *               device memory that nobody maps or reads
 *   light       (at load) fills only the pages' first words, leaves out the many
 *               small regions: for who loads it hundreds of times
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "pattern.h"

#define TESTDEV_SMALL 40
#define TESTDEV_MOST  64

struct testdev_region {
	const char *name;
	u32 kind;
	u32 access;
	u64 size_bytes;
	bool revocable;
	bool fresh;
};

/* Names tell sizes where a page is 4 KiB: the small ones are so many pages anywhere. */
static const struct testdev_region testdev_regions[] = {
	{ "contig8k", ORIEL_KIND_CONTIG, .size_bytes = 2 * PAGE_SIZE },
	{ "odd", ORIEL_KIND_SCATTERED, .size_bytes = PAGE_SIZE + 904 },
	{ "scattered4m", ORIEL_KIND_SCATTERED, .size_bytes = SZ_4M },
	{ "contig4m", ORIEL_KIND_CONTIG, .size_bytes = SZ_4M },
	{ "blocks-and-tail", ORIEL_KIND_SCATTERED, .size_bytes = SZ_4M + 3 * PAGE_SIZE + 16 },
	{ "read-only", ORIEL_KIND_CONTIG, ORIEL_REGION_READABLE, 4 * PAGE_SIZE },
	{ "write-only", ORIEL_KIND_CONTIG, ORIEL_REGION_WRITABLE, 2 * PAGE_SIZE },
	{ "revocable", ORIEL_KIND_SCATTERED, .size_bytes = SZ_4M + SZ_1M, .revocable = true },
	{ "fresh-contig", ORIEL_KIND_CONTIG, .size_bytes = 4 * PAGE_SIZE + 100, .fresh = true },
	{ "fresh-scattered", ORIEL_KIND_SCATTERED, .size_bytes = 3 * SZ_1M + 123, .fresh = true },
	{ "fresh-contig4m", ORIEL_KIND_CONTIG, .size_bytes = SZ_4M, .fresh = true },
};

static unsigned long big;
module_param(big, ulong, 0444);

static bool far;
module_param(far, bool, 0444);

static bool light;
module_param(light, bool, 0444);

static DEFINE_MUTEX(testdev_lock);
static bool testdev_ready;
static struct oriel_device *testdev;
static struct oriel_region *testdev_made[TESTDEV_MOST];
static unsigned int testdev_count;

static int testdev_fill(struct oriel_region *region, unsigned int index, size_t stride)
{
	u64 offset, size = oriel_region_size(region);
	u8 *buffer = oriel_region_vmap(region);

	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	for (offset = 0; offset + sizeof(u64) <= size; offset += stride)
		*(u64 *)(buffer + offset) = pattern_word(index, offset);
	return 0;
}

static int testdev_add(const struct testdev_region *wanted, size_t stride)
{
	const struct oriel_region_desc desc = {
		.name = wanted->name,
		.kind = wanted->kind,
		.access = wanted->access,
		.size_bytes = wanted->size_bytes,
		.revocable = wanted->revocable,
	};
	struct oriel_region *region = oriel_region_create(&desc);
	int err = PTR_ERR_OR_ZERO(region);

	if (err)
		return err;
	if (!wanted->fresh)
		err = testdev_fill(region, testdev_count, stride);
	if (!err)
		err = oriel_device_add_region(testdev, region);
	if (err)
		oriel_region_put(region);
	else
		testdev_made[testdev_count++] = region;
	return err;
}

static int testdev_add_small(unsigned int number)
{
	struct testdev_region small = { .kind = ORIEL_KIND_SCATTERED, .size_bytes = PAGE_SIZE };
	char name[ORIEL_REGION_NAME_BYTES];

	snprintf(name, sizeof(name), "small%02u", number);
	small.name = name;
	return testdev_add(&small, sizeof(u64));
}

/* Takes room in the file and nowhere else. */
static int testdev_add_hole(const char *name)
{
	const struct oriel_mmio_desc desc = {
		.name = name, .start = SZ_64K, .size_bytes = 3ULL << 30,
		.cache = ORIEL_CACHE_UNCACHED,
	};
	struct oriel_region *region = oriel_region_create_mmio(&desc);
	int err = PTR_ERR_OR_ZERO(region);

	if (!err)
		err = oriel_device_add_region(testdev, region);
	if (err)
		oriel_region_put(region);
	else
		testdev_made[testdev_count++] = region;
	return err;
}

static int testdev_add_far(void)
{
	static const struct testdev_region ram[] = {
		{ "far", ORIEL_KIND_CONTIG, .size_bytes = 16 * PAGE_SIZE },
		{ "far-revocable", ORIEL_KIND_SCATTERED, .size_bytes = 16 * PAGE_SIZE, .revocable = true },
	};
	int err = testdev_add_hole("hole0");

	if (!err)
		err = testdev_add_hole("hole1");
	if (!err)
		err = testdev_add(&ram[0], sizeof(u64));
	return err ?: testdev_add(&ram[1], sizeof(u64));
}

static int testdev_add_all(void)
{
	const struct testdev_region wanted = {
		"big", ORIEL_KIND_SCATTERED, .size_bytes = big
	};
	size_t stride = light ? PAGE_SIZE : sizeof(u64);
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(testdev_regions) && !err; i++)
		err = testdev_add(&testdev_regions[i], stride);
	if (big && !err)
		err = testdev_add(&wanted, PAGE_SIZE);
	if (far && !err)
		err = testdev_add_far();
	for (i = 0; i < TESTDEV_SMALL && !light && !err; i++)
		err = testdev_add_small(i);
	return err;
}

static void testdev_forget_regions(void)
{
	while (testdev_count)
		oriel_region_put(testdev_made[--testdev_count]);
}

static int testdev_create(void)
{
	const struct oriel_device_desc desc = {
		.name = "testdev", .bus_address = "test:0", .owner = THIS_MODULE,
	};
	int err;

	testdev = oriel_device_create(&desc);
	err = PTR_ERR_OR_ZERO(testdev);
	if (!err)
		err = testdev_add_all();
	if (!err)
		err = oriel_device_register(testdev);
	if (err) {
		oriel_device_put(testdev);
		testdev_forget_regions();
		testdev = NULL;
	}
	return err;
}

static void testdev_destroy(void)
{
	oriel_device_unregister(testdev);
	testdev = NULL;
	testdev_forget_regions();
}

static int testdev_set_registered(const char *text, const struct kernel_param *param)
{
	bool wanted;
	int err = kstrtobool(text, &wanted);

	if (err)
		return err;
	mutex_lock(&testdev_lock);
	if (!testdev_ready)
		err = -EAGAIN;
	else if (wanted && !testdev)
		err = testdev_create();
	else if (!wanted && testdev)
		testdev_destroy();
	mutex_unlock(&testdev_lock);
	return err;
}

static int testdev_get_registered(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%d\n", !!testdev);
}

static const struct kernel_param_ops testdev_registered_ops = {
	.set = testdev_set_registered,
	.get = testdev_get_registered,
};
module_param_cb(registered, &testdev_registered_ops, NULL, 0644);

static int testdev_set_revoke(const char *text, const struct kernel_param *param)
{
	int err = -ENODEV;

	mutex_lock(&testdev_lock);
	if (testdev) {
		oriel_device_revoke(testdev);
		err = 0;
	}
	mutex_unlock(&testdev_lock);
	return err;
}

static const struct kernel_param_ops testdev_revoke_ops = {
	.set = testdev_set_revoke,
};
module_param_cb(revoke, &testdev_revoke_ops, NULL, 0200);

static int testdev_set_pause(const char *text, const struct kernel_param *param)
{
	bool wanted;
	int err = kstrtobool(text, &wanted);

	if (err)
		return err;
	mutex_lock(&testdev_lock);
	if (testdev)
		oriel_device_pause(testdev, wanted);
	else
		err = -ENODEV;
	mutex_unlock(&testdev_lock);
	return err;
}

static const struct kernel_param_ops testdev_pause_ops = {
	.set = testdev_set_pause,
};
module_param_cb(pause, &testdev_pause_ops, NULL, 0200);

static int testdev_set_twin(const char *text, const struct kernel_param *param)
{
	const struct oriel_device_desc desc = { .name = "testdev", .owner = THIS_MODULE };
	struct oriel_device *twin = oriel_device_create(&desc);
	int err = PTR_ERR_OR_ZERO(twin);

	if (err)
		return err;
	err = oriel_device_register(twin);
	if (err)
		oriel_device_put(twin);
	else
		oriel_device_unregister(twin);
	return err;
}

static const struct kernel_param_ops testdev_twin_ops = {
	.set = testdev_set_twin,
};
module_param_cb(twin, &testdev_twin_ops, NULL, 0200);

#define TESTDEV_BLOCK_ORDER 9
#define TESTDEV_HELD	    20

static struct page *testdev_held[TESTDEV_HELD];

static void testdev_release_held(unsigned int most, unsigned long odd)
{
	unsigned int i;

	for (i = 0; i < TESTDEV_HELD && most; i++) {
		struct page *page = testdev_held[i];

		if (!page || ((page_to_pfn(page) >> TESTDEV_BLOCK_ORDER) & odd) != odd)
			continue;
		__free_pages(page, TESTDEV_BLOCK_ORDER);
		testdev_held[i] = NULL;
		most--;
	}
}

/* Six odd blocks: the region before takes two of them, the search finds four. */
static int testdev_set_fragment(const char *text, const struct kernel_param *param)
{
	unsigned int i;
	bool wanted;
	int err = kstrtobool(text, &wanted);

	if (err)
		return err;
	mutex_lock(&testdev_lock);
	testdev_release_held(TESTDEV_HELD, 0);
	for (i = 0; i < TESTDEV_HELD && wanted; i++)
		testdev_held[i] = alloc_pages(GFP_KERNEL | __GFP_NOWARN, TESTDEV_BLOCK_ORDER);
	if (wanted)
		testdev_release_held(6, 1);
	mutex_unlock(&testdev_lock);
	return 0;
}

static const struct kernel_param_ops testdev_fragment_ops = {
	.set = testdev_set_fragment,
};
module_param_cb(fragment, &testdev_fragment_ops, NULL, 0200);

static int testdev_invert(struct oriel_region *region)
{
	u64 i, size = oriel_region_size(region);
	u8 *buffer = oriel_region_vmap(region);

	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	for (i = 0; i < size; i++)
		WRITE_ONCE(buffer[i], ~READ_ONCE(buffer[i]));
	return 0;
}

/* The regions were added in the order of the table. */
static int testdev_set_invert(const char *text, const struct kernel_param *param)
{
	unsigned int i;
	int err = -ENOENT;

	mutex_lock(&testdev_lock);
	for (i = 0; i < ARRAY_SIZE(testdev_regions) && i < testdev_count; i++)
		if (sysfs_streq(testdev_regions[i].name, text))
			err = testdev_invert(testdev_made[i]);
	mutex_unlock(&testdev_lock);
	return err;
}

static const struct kernel_param_ops testdev_invert_ops = {
	.set = testdev_set_invert,
};
module_param_cb(invert, &testdev_invert_ops, NULL, 0200);

static int __init testdev_init(void)
{
	int err = testdev_create();

	testdev_ready = !err;
	return err;
}
module_init(testdev_init);

static void __exit testdev_exit(void)
{
	mutex_lock(&testdev_lock);
	if (testdev)
		testdev_destroy();
	testdev_release_held(TESTDEV_HELD, 0);
	mutex_unlock(&testdev_lock);
}
module_exit(testdev_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel tests: a device with a region of each sort");
