// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern: single pages with vm_insert_pages(), as /dev/pattern-vm-insert-pages.
 *
 * The pages may lie anywhere; each gets a reference from each mapping, so that
 * freeing them here is safe whenever it happens, and get_user_pages works.
 *
 * What it cannot do: map anything but single pages (some 700 instructions each);
 * get a page back after madvise(MADV_DONTNEED): there is no fault handler, so a
 * touch is SIGBUS. What Oriel adds: faults by window, 2 MiB entries.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define PATTERN_PAGES 16

static struct page *pattern_pages[PATTERN_PAGES];

/* With no vm_ops at all the VMA would count as anonymous memory. */
static const struct vm_operations_struct pattern_vm_ops = {};

static int pattern_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long count = vma_pages(vma);

	if (count > PATTERN_PAGES || vma->vm_pgoff > PATTERN_PAGES - count)
		return -ENXIO;
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vma->vm_ops = &pattern_vm_ops;
	/* Sets VM_MIXEDMAP by itself; what mremap() may add to it is SIGBUS. */
	return vm_insert_pages(vma, vma->vm_start, pattern_pages + vma->vm_pgoff, &count);
}

static const struct file_operations pattern_fops = {
	.owner = THIS_MODULE,
	.mmap  = pattern_mmap,
};

static struct miscdevice pattern_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "pattern-vm-insert-pages",
	.fops  = &pattern_fops,
};

static void pattern_free(void)
{
	for (int i = 0; i < PATTERN_PAGES && pattern_pages[i]; i++)
		put_page(pattern_pages[i]);
}

static int __init pattern_init(void)
{
	int i, err = 0;

	for (i = 0; i < PATTERN_PAGES && !err; i++) {
		pattern_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		err = pattern_pages[i] ? 0 : -ENOMEM;
	}
	err = err ?: misc_register(&pattern_device);
	if (err)
		pattern_free();
	return err;
}
module_init(pattern_init);

static void __exit pattern_exit(void)
{
	misc_deregister(&pattern_device);
	pattern_free();
}
module_exit(pattern_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Pattern: single pages with vm_insert_pages()");
