// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern: a vmalloc buffer with remap_vmalloc_range(), as
 * /dev/pattern-remap-vmalloc-range. insmod ... size=BYTES
 *
 * vmalloc_user() gives zeroed memory that is marked as meant for users;
 * remap_vmalloc_range() checks the bounds itself and inserts page by page, so
 * get_user_pages works.
 *
 * What it cannot do: free the buffer while it is mapped (the module stays as
 * long as a file or mapping does; a buffer of a shorter life needs a reference
 * count of its own, taken in vm_ops->open); anything faster than one page at a
 * time (some 1,100 instructions each).
 * What Oriel adds: a scattered region does both.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

static unsigned long size = SZ_1M;
module_param(size, ulong, 0444);
MODULE_PARM_DESC(size, "size in bytes (default: 1 MiB)");

static void *pattern_buffer;

/* With no vm_ops at all the VMA would count as anonymous memory. */
static const struct vm_operations_struct pattern_vm_ops = {};

static int pattern_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vma->vm_ops = &pattern_vm_ops;
	/* Sets VM_DONTEXPAND and VM_DONTDUMP by itself. */
	return remap_vmalloc_range(vma, pattern_buffer, vma->vm_pgoff);
}

static const struct file_operations pattern_fops = {
	.owner = THIS_MODULE,
	.mmap  = pattern_mmap,
};

static struct miscdevice pattern_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "pattern-remap-vmalloc-range",
	.fops  = &pattern_fops,
};

static int __init pattern_init(void)
{
	int err;

	pattern_buffer = size ? vmalloc_user(size) : NULL;
	if (!pattern_buffer)
		return -ENOMEM;
	err = misc_register(&pattern_device);
	if (err)
		vfree(pattern_buffer);
	return err;
}
module_init(pattern_init);

static void __exit pattern_exit(void)
{
	misc_deregister(&pattern_device);
	vfree(pattern_buffer);
}
module_exit(pattern_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Pattern: a vmalloc buffer with remap_vmalloc_range()");
