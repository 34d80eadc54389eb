// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern: registers with vm_iomap_memory(), as /dev/pattern-vm-iomap-memory.
 * insmod ... start=ADDRESS size=BYTES
 *
 * The shortest way to map a whole resource: it checks offset and length itself,
 * also of a resource that does not begin on a page boundary.
 *
 * What it cannot do: keep what else lies on the first and last page out (so this
 * module takes whole pages only); take the mapping back: the module stays as
 * long as a file or mapping does, and a device that is pulled out stays mapped.
 * What Oriel adds: an mmio region is revoked; a BAR smaller than a page is mapped
 * only if nobody else's registers share it.
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned long start, size;
module_param(start, ulong, 0400);
module_param(size, ulong, 0444);

static int pattern_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	/* Every access reaches the device, in order: it does not see to that itself. */
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return vm_iomap_memory(vma, start, size);
}

static const struct file_operations pattern_fops = {
	.owner = THIS_MODULE,
	.mmap  = pattern_mmap,
};

static struct miscdevice pattern_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "pattern-vm-iomap-memory",
	.fops  = &pattern_fops,
};

static int __init pattern_init(void)
{
	int err;

	if (!size || !PAGE_ALIGNED(start | size))
		return -EINVAL;
	/* Nobody else's, and nobody else gets it. */
	if (!request_mem_region(start, size, pattern_device.name))
		return -EBUSY;
	err = misc_register(&pattern_device);
	if (err)
		release_mem_region(start, size);
	return err;
}
module_init(pattern_init);

static void __exit pattern_exit(void)
{
	misc_deregister(&pattern_device);
	release_mem_region(start, size);
}
module_exit(pattern_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Pattern: registers with vm_iomap_memory()");
