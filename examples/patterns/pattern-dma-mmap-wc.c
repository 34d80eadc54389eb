// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern: write-combined DMA memory with dma_mmap_wc(), as /dev/pattern-dma-mmap-wc.
 *
 * What dma_alloc_wc() gave is a cookie: which frames it is made of, and with which cache
 * mode they may be mapped, only the DMA API knows. It checks offset and length itself.
 * (Where caches follow DMA, as on x86, the memory is in truth cached.)
 *
 * What it cannot do: the mapping is VM_PFNMAP, so get_user_pages refuses it; it cannot be
 * taken back, but the memory must be freed before its device is gone (here none goes).
 * What Oriel adds: buffers are counted pages wherever the platform allows, and what can
 * only be had this way is revoked with its device.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>

#define PATTERN_BYTES SZ_64K

static struct platform_device *pattern_dma;
static void *pattern_buffer;
static dma_addr_t pattern_bus_address;

static int pattern_mmap(struct file *file, struct vm_area_struct *vma)
{
	/* A private writable mapping would be copied on write: not what was asked. */
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	return dma_mmap_wc(&pattern_dma->dev, vma, pattern_buffer, pattern_bus_address,
			   PATTERN_BYTES);
}

static const struct file_operations pattern_fops = {
	.owner = THIS_MODULE,
	.mmap  = pattern_mmap,
};

static struct miscdevice pattern_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name  = "pattern-dma-mmap-wc",
	.fops  = &pattern_fops,
};

static int __init pattern_init(void)
{
	int err = -ENOMEM;

	/* In a driver: the device that does the DMA. */
	pattern_dma = platform_device_register_simple("pattern-dma-mmap-wc", -1, NULL, 0);
	if (IS_ERR(pattern_dma))
		return PTR_ERR(pattern_dma);
	pattern_buffer = dma_alloc_wc(&pattern_dma->dev, PATTERN_BYTES, &pattern_bus_address,
				      GFP_KERNEL);
	if (!pattern_buffer)
		goto err_device;
	err = misc_register(&pattern_device);
	if (!err)
		return 0;
	dma_free_wc(&pattern_dma->dev, PATTERN_BYTES, pattern_buffer, pattern_bus_address);
err_device:
	platform_device_unregister(pattern_dma);
	return err;
}
module_init(pattern_init);

static void __exit pattern_exit(void)
{
	misc_deregister(&pattern_device);
	dma_free_wc(&pattern_dma->dev, PATTERN_BYTES, pattern_buffer, pattern_bus_address);
	platform_device_unregister(pattern_dma);
}
module_exit(pattern_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Pattern: write-combined DMA memory with dma_mmap_wc()");
