// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only: does to the interface for driver authors what it should not, in the
 * order of a table, each time this module is loaded with step=N. The module
 * stays loaded if the interface answered as it says, otherwise insmod fails with
 * EPROTO.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <oriel/device.h>
#include <oriel/region.h>

static unsigned int step;
module_param(step, uint, 0444);

static struct oriel_device *misuse_device(const char *name)
{
	const struct oriel_device_desc desc = { .name = name, .owner = THIS_MODULE };

	return oriel_device_create(&desc);
}

static struct oriel_region *misuse_region(const char *name, u64 size_bytes, bool revocable)
{
	const struct oriel_region_desc desc = {
		.name = name, .kind = ORIEL_KIND_SCATTERED, .size_bytes = size_bytes,
		.revocable = revocable,
	};

	return oriel_region_create(&desc);
}

/* A second device of one name, and registering it once more. */
static int misuse_name_twice(void)
{
	struct oriel_device *one = misuse_device("misuse"), *other = misuse_device("misuse");
	int first = oriel_device_register(one), clash = oriel_device_register(other);
	int again = oriel_device_register(other), twice = oriel_device_register(one);

	oriel_device_unregister(other); /* never was */
	oriel_device_unregister(one);
	return first == 0 && clash == -EEXIST && again == -EINVAL && twice == -EINVAL;
}

static int misuse_unregister_unregistered(void)
{
	oriel_device_unregister(misuse_device("misuse"));
	oriel_device_unregister(NULL);
	oriel_device_unregister(ERR_PTR(-ENOMEM));
	oriel_device_put(NULL);
	oriel_region_put(ERR_PTR(-EINVAL));
	return 1;
}

/* What is revocable belongs to one device; what is not, to any number. */
static int misuse_region_twice(void)
{
	struct oriel_region *revocable = misuse_region("a", SZ_4K, true);
	struct oriel_region *shared = misuse_region("b", SZ_4K, false);
	struct oriel_device *one = misuse_device("misuse"), *other = misuse_device("misuse2");
	int right = !oriel_device_add_region(one, revocable) &&
		    oriel_device_add_region(other, revocable) == -EBUSY &&
		    oriel_device_add_region(one, revocable) == -EEXIST &&
		    !oriel_device_add_region(one, shared) &&
		    !oriel_device_add_region(other, shared);

	oriel_device_put(one);
	oriel_device_put(other);
	oriel_region_put(revocable);
	oriel_region_put(shared);
	return right;
}

static int misuse_add_region_late(void)
{
	struct oriel_region *region = misuse_region("a", SZ_4K, false);
	struct oriel_device *device = misuse_device("misuse");
	int right = !oriel_device_register(device) &&
		    oriel_device_add_region(device, region) == -EINVAL;

	oriel_device_unregister(device);
	oriel_region_put(region);
	return right;
}

static int misuse_bad_names(void)
{
	static const char *const names[] = {
		"", ".", ".hidden", "a/b", "a:b", "A", "by-id", "\xe4", "a b",
		"0123456789012345678901234567890123456789012345678901234567890123",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (PTR_ERR(misuse_device(names[i])) != -EINVAL)
			return 0;
	return PTR_ERR(misuse_device(NULL)) == -EINVAL &&
	       PTR_ERR(misuse_region("0123456789012345678901234567890", 0, false)) == -EINVAL &&
	       PTR_ERR(misuse_region("01234567890123456789012345678901", 1, false)) == -EINVAL;
}

/* On 32 bit, 4 GiB are not only more than there is, but more than can be counted. */
static int misuse_bad_sizes(void)
{
	int beyond = sizeof(long) == 4 ? -EOVERFLOW : -ENOMEM;

	return PTR_ERR(misuse_region("a", 0, false)) == -EINVAL &&
	       PTR_ERR(misuse_region("a", 1ULL << 63, false)) == -EOVERFLOW &&
	       PTR_ERR(misuse_region("a", U64_MAX - 4094, false)) == -EOVERFLOW &&
	       PTR_ERR(misuse_region("a", (1ULL << 32) - PAGE_SIZE, false)) == -ENOMEM &&
	       PTR_ERR(misuse_region("a", 1ULL << 32, false)) == beyond &&
	       PTR_ERR(misuse_region("a", (1ULL << 32) + 1, false)) == beyond &&
	       PTR_ERR(misuse_region("a", 1ULL << 50, false)) == beyond;
}

static int (*const misuse_steps[])(void) = {
	misuse_name_twice,
	misuse_unregister_unregistered,
	misuse_region_twice,
	misuse_add_region_late,
	misuse_bad_names,
	misuse_bad_sizes,
};

static int __init misuse_init(void)
{
	if (step >= ARRAY_SIZE(misuse_steps))
		return -ENOENT;
	return misuse_steps[step]() ? 0 : -EPROTO;
}
module_init(misuse_init);

static void __exit misuse_exit(void)
{
}
module_exit(misuse_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel: what drivers should not do");
