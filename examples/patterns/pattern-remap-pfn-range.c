// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern: contiguous RAM with remap_pfn_range(), as /dev/pattern-remap-pfn-range.
 *
 * All page-table entries are written at once in mmap(); the frame number is a
 * physical address shifted right, and nothing but this code checks the bounds.
 *
 * What it cannot do: the mapping is VM_PFNMAP, so get_user_pages refuses it, and
 * with it O_DIRECT, RDMA, process_vm_readv and gdb's view; no reference is
 * taken, so the memory has to outlive every mapping (here: the module stays as
 * long as a file or mapping does); there is no way to take it back.
 * What Oriel adds: a contig region is made of counted pages.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define PATTERN_ORDER 1

static unsigned long pattern_buffer;

static int pattern_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;
	unsigned long size = PAGE_SIZE << PATTERN_ORDER;

	/* In this order, nothing can wrap. */
	if (bytes > size || vma->vm_pgoff > (size - bytes) >> PAGE_SHIFT)
		return -ENXIO;
	/* A private writable mapping would be copied on write: not what was asked. */
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	/* Sets VM_IO, VM_PFNMAP, VM_DONTEXPAND and VM_DONTDUMP by itself. */
	return remap_pfn_range(vma, vma->vm_start,
			       (virt_to_phys((void *)pattern_buffer) >> PAGE_SHIFT) +
			       vma->vm_pgoff, bytes, vma->vm_page_prot);
}

static const struct file_operations pattern_fops = {
	.owner = THIS_MODULE,
	.mmap  = pattern_mmap,
};

static struct miscdevice pattern_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "pattern-remap-pfn-range",
	.fops  = &pattern_fops,
};

static int __init pattern_init(void)
{
	int err;

	/* Whole pages, zeroed: a slab object's page is shared with strangers. */
	pattern_buffer = __get_free_pages(GFP_KERNEL | __GFP_ZERO, PATTERN_ORDER);
	if (!pattern_buffer)
		return -ENOMEM;
	err = misc_register(&pattern_device);
	if (err)
		free_pages(pattern_buffer, PATTERN_ORDER);
	return err;
}
module_init(pattern_init);

static void __exit pattern_exit(void)
{
	misc_deregister(&pattern_device);
	free_pages(pattern_buffer, PATTERN_ORDER);
}
module_exit(pattern_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Pattern: contiguous RAM with remap_pfn_range()");
