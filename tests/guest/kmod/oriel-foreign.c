// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only driver with a node of its own, /dev/oriel-foreign, which only wants
 * a safe mmap(): its whole .mmap is a call of oriel_region_mmap().
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <oriel/region.h>

#include "pattern.h"

static struct oriel_region *foreign_region;

static int foreign_mmap(struct file *file, struct vm_area_struct *vma)
{
	return oriel_region_mmap(foreign_region, vma, 0, NULL);
}

static const struct file_operations foreign_fops = {
	.owner = THIS_MODULE,
	.mmap  = foreign_mmap,
};

static struct miscdevice foreign_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "oriel-foreign",
	.fops  = &foreign_fops,
};

static int __init foreign_init(void)
{
	const struct oriel_region_desc desc = {
		.name = "foreign", .kind = ORIEL_KIND_SCATTERED, .size_bytes = SZ_4M,
	};
	u64 offset, *buffer;
	int err;

	foreign_region = oriel_region_create(&desc);
	if (IS_ERR(foreign_region))
		return PTR_ERR(foreign_region);
	buffer = oriel_region_vmap(foreign_region);
	err = PTR_ERR_OR_ZERO(buffer);
	if (err)
		goto err_region;
	for (offset = 0; offset < desc.size_bytes; offset += sizeof(*buffer))
		buffer[offset / sizeof(*buffer)] = pattern_word(PATTERN_FOREIGN, offset);
	err = misc_register(&foreign_device);
	if (err)
		goto err_region;
	return 0;

err_region:
	oriel_region_put(foreign_region);
	return err;
}
module_init(foreign_init);

static void __exit foreign_exit(void)
{
	misc_deregister(&foreign_device);
	oriel_region_put(foreign_region);
}
module_exit(foreign_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel tests: somebody's own driver that maps a region");
