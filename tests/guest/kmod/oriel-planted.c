// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only: makes one mistake on purpose, to show that a debug kernel's
 * detector for it is alive. insmod oriel-planted.ko bug=NAME
 *
 * It has nothing to do with Oriel, and must never run on a machine that
 * matters.
 */
#include <linux/anon_inodes.h>
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/vmalloc.h>

#define PLANTED_BYTES 64

static char *bug = "none";
module_param(bug, charp, 0444);

/* 0, but the compiler does not know. */
static unsigned int planted_zero(void)
{
	unsigned int zero = 0;

	OPTIMIZER_HIDE_VAR(zero);
	return zero;
}

static int planted_slab_oob(void)
{
	char *memory = kmalloc(PLANTED_BYTES, GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	memory[planted_zero() + PLANTED_BYTES] = 1;
	kfree(memory);
	return 0;
}

static int planted_vmalloc_oob(void)
{
	char *memory = vmalloc(PLANTED_BYTES);

	if (!memory)
		return -ENOMEM;
	memory[planted_zero() + PLANTED_BYTES] = 1;
	vfree(memory);
	return 0;
}

static int planted_use_after_free(void)
{
	char *memory = kmalloc(PLANTED_BYTES, GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	kfree(memory);
	WRITE_ONCE(memory[planted_zero()], 1);
	return 0;
}

static int planted_sleep_in_atomic(void)
{
	preempt_disable();
	msleep(20);
	preempt_enable();
	return 0;
}

static int planted_lock_order(void)
{
	static DEFINE_MUTEX(one);
	static DEFINE_MUTEX(other);

	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);

	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
	return 0;
}

static int planted_shift(void)
{
	int shifted = 1 << (planted_zero() + 40);

	OPTIMIZER_HIDE_VAR(shifted);
	return 0;
}

static int planted_list(void)
{
	LIST_HEAD(list);
	struct list_head one;

	list_add(&one, &list);
	list_add(&one, &list);
	return 0;
}

static int planted_dma_size(void)
{
	struct pci_dev *device = pci_get_device(0x1234, 0x11e8, NULL);
	void *memory = kmalloc(PLANTED_BYTES, GFP_KERNEL | GFP_DMA);
	dma_addr_t address;
	int err = -ENODEV;

	if (!device || !memory)
		goto out;
	address = dma_map_single(&device->dev, memory, PLANTED_BYTES, DMA_TO_DEVICE);
	err = dma_mapping_error(&device->dev, address);
	if (!err)
		dma_unmap_single(&device->dev, address, PLANTED_BYTES / 2, DMA_TO_DEVICE);
out:
	kfree(memory);
	pci_dev_put(device);
	return err;
}

static int planted_leak(void)
{
	int i;

	/* More than one: a stale pointer may lie about somewhere. */
	for (i = 0; i < 16; i++)
		if (!kmalloc(PLANTED_BYTES, GFP_KERNEL))
			return -ENOMEM;
	return 0;
}

static int planted_mmap(struct file *file, struct vm_area_struct *vma)
{
	return vm_insert_page(vma, vma->vm_start, file->private_data);
}

static const struct file_operations planted_fops = {
	.owner = THIS_MODULE,
	.mmap  = planted_mmap,
};

/*
 * insmod gets a page mapped, and it is freed with its counts in good order, so
 * that only who looks into page tables can know. (A mapping by frame number
 * would not do: special entries are not tracked.)
 */
static int planted_mapped_page(void)
{
	struct page *page = alloc_page(GFP_USER | __GFP_ZERO);
	unsigned long address;
	struct file *file;

	if (!page)
		return -ENOMEM;
	file = anon_inode_getfile("oriel-planted", &planted_fops, page, O_RDWR);
	if (IS_ERR(file))
		return PTR_ERR(file);
	address = vm_mmap(file, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	fput(file);
	if (IS_ERR_VALUE(address))
		return address;
	atomic_set(&page->_mapcount, -1);
	put_page(page);
	__free_page(page);
	return 0;
}

static const struct {
	const char *name;
	int (*make)(void);
} planted_bugs[] = {
	{ "slab-out-of-bounds", planted_slab_oob },
	{ "vmalloc-out-of-bounds", planted_vmalloc_oob },
	{ "use-after-free", planted_use_after_free },
	{ "sleep-in-atomic", planted_sleep_in_atomic },
	{ "lock-order", planted_lock_order },
	{ "shift", planted_shift },
	{ "list", planted_list },
	{ "dma-size", planted_dma_size },
	{ "leak", planted_leak },
	{ "mapped-page-freed", planted_mapped_page },
};

static int __init planted_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(planted_bugs); i++)
		if (sysfs_streq(planted_bugs[i].name, bug))
			return planted_bugs[i].make();
	return -EINVAL;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
}
module_exit(planted_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel tests: mistakes on purpose, for the debug kernel to find");
