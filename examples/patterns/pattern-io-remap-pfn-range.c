// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern: device memory with io_remap_pfn_range(), as
 * /dev/pattern-io-remap-pfn-range. insmod ... start=ADDRESS size=BYTES
 *
 * Not remap_pfn_range(): with memory encryption I/O has to be mapped decrypted,
 * and some machines have it elsewhere in physical memory than drivers see it.
 * The cache mode is the author's to choose, here write-combined, for memory.
 *
 * What it cannot do: take the mapping back, so that the module stays as long as
 * a file or mapping does, and a device that is pulled out stays mapped; be used
 * by get_user_pages; notice that somebody maps the same page with another mode.
 * What Oriel adds: an mmio region is revoked, and has one mode at a time.
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
	unsigned long bytes = vma->vm_end - vma->vm_start;

	/* In this order, nothing can wrap. */
	if (bytes > size || vma->vm_pgoff > (size - bytes) >> PAGE_SHIFT)
		return -ENXIO;
	/* Copied on write, the device would be RAM. */
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	/* Sets VM_IO, VM_PFNMAP, VM_DONTEXPAND and VM_DONTDUMP by itself. */
	return io_remap_pfn_range(vma, vma->vm_start, (start >> PAGE_SHIFT) + vma->vm_pgoff,
				  bytes, vma->vm_page_prot);
}

static const struct file_operations pattern_fops = {
	.owner = THIS_MODULE,
	.mmap  = pattern_mmap,
};

static struct miscdevice pattern_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "pattern-io-remap-pfn-range",
	.fops  = &pattern_fops,
};

static int __init pattern_init(void)
{
	int err;

	/* Whole pages: what else is on them would be given away as well. */
	if (!size || !PAGE_ALIGNED(start | size) || start + size < start)
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
MODULE_DESCRIPTION("Pattern: device memory with io_remap_pfn_range()");
