// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-pcifb.ko: a PCI display with a linear frame buffer (QEMU's bochs-display and
 * standard VGA) as /dev/fbN and as /dev/oriel/pcifb-DDDD-BB-SS.F.
 *
 * The kernel's own mapping stays until the last user of /dev/fbN is gone: fbdev's
 * calls may overtake the removal.
 */
#include <linux/aperture.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "buses/decode.h"
#include "buses/pcifb.h"

#define PCIFB_FRAME	0 /* BARs */
#define PCIFB_REGS	2
#define PCIFB_REGS_BYTES 0x1000

static char *mode = "1024x768-32";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "mode to begin with: WIDTHxHEIGHT-BITS, of 16 or 32 bits");

/* After the last user of /dev/fbN; or when one was never registered. */
static void oriel_pcifb_destroy(struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;

	if (info->screen_base)
		iounmap(info->screen_base);
	if (fb->regs)
		iounmap(fb->regs);
	oriel_fb_release(info);
}

static const struct fb_ops oriel_pcifb_ops = {
	.owner		= THIS_MODULE,
	.fb_read	= oriel_fb_read,
	.fb_write	= oriel_fb_write,
	.fb_check_var	= oriel_pcifb_check_var,
	.fb_set_par	= oriel_pcifb_set_par,
	.fb_setcolreg	= oriel_fb_set_color,
	.fb_blank	= oriel_pcifb_blank,
	.fb_pan_display	= oriel_pcifb_pan,
	.fb_fillrect	= oriel_fb_fillrect,
	.fb_copyarea	= oriel_fb_copyarea,
	.fb_imageblit	= oriel_fb_imageblit,
	.fb_mmap	= oriel_fb_mmap,
	.fb_destroy	= oriel_pcifb_destroy,
};

static bool oriel_pcifb_is_reachable(void *owner)
{
	return oriel_pci_decodes(owner, PCI_COMMAND_MEMORY);
}

/* The memory first, at offset 0: what a program that maps the node wants. */
static int oriel_pcifb_add_regions(struct oriel_pcifb *fb, u64 frame_bytes)
{
	struct oriel_mmio_desc desc = {
		.name = "frame", .start = pci_resource_start(fb->pdev, PCIFB_FRAME),
		.size_bytes = frame_bytes, .cache = ORIEL_CACHE_WRITE_COMBINED,
		.mappable = PAGE_ALIGNED(pci_resource_start(fb->pdev, PCIFB_FRAME)),
		.reachable = oriel_pcifb_is_reachable, .owner = fb->pdev,
	};
	struct oriel_region *frame, *registers;

	frame = oriel_fb_add_region(&fb->common, &desc);
	if (IS_ERR(frame))
		return PTR_ERR(frame);
	fb->common.frame = frame;
	desc.name = "registers";
	desc.start = pci_resource_start(fb->pdev, PCIFB_REGS);
	desc.size_bytes = pci_resource_len(fb->pdev, PCIFB_REGS);
	desc.cache = ORIEL_CACHE_UNCACHED;
	desc.access = ORIEL_REGION_READABLE;
	desc.mappable = PAGE_ALIGNED(desc.start | desc.size_bytes);
	registers = oriel_fb_add_region(&fb->common, &desc);
	oriel_region_put(registers);
	return PTR_ERR_OR_ZERO(registers);
}

static int oriel_pcifb_create_device(struct oriel_pcifb *fb, u64 frame_bytes)
{
	struct pci_dev *pdev = fb->pdev;
	char name[ORIEL_NAME_BYTES];
	const struct oriel_device_desc desc = {
		.name = name, .bus_address = pci_name(pdev), .owner = THIS_MODULE,
		.parent = &pdev->dev,
	};
	struct oriel_device *device;

	snprintf(name, sizeof(name), "pcifb-%04x-%02x-%02x.%x", pci_domain_nr(pdev->bus),
		 pdev->bus->number, PCI_SLOT(pdev->devfn), PCI_FUNC(pdev->devfn));
	device = oriel_device_create(&desc);
	if (IS_ERR(device))
		return PTR_ERR(device);
	fb->common.device = device;
	return oriel_pcifb_add_regions(fb, frame_bytes);
}

/* What belongs to the display, in the hardware's terms. */
static int oriel_pcifb_setup_hardware(struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;
	u64 bytes;
	int err;

	fb->regs = pci_ioremap_bar(fb->pdev, PCIFB_REGS);
	if (!fb->regs)
		return -ENOMEM;
	err = oriel_pcifb_detect(fb, &bytes);
	if (err)
		return err;
	bytes = min_t(u64, bytes, pci_resource_len(fb->pdev, PCIFB_FRAME));
	info->screen_base = ioremap_wc(pci_resource_start(fb->pdev, PCIFB_FRAME), bytes);
	if (!info->screen_base)
		return -ENOMEM;
	info->screen_size = bytes;
	/* What others drew is nobody's business. */
	memset_io(info->screen_base, 0, bytes);
	return oriel_pcifb_create_device(fb, bytes);
}

/* ... and in fbdev's. */
static int oriel_pcifb_setup_info(struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;

	info->fix.smem_start = pci_resource_start(fb->pdev, PCIFB_FRAME);
	info->fix.smem_len = info->screen_size;
	return oriel_fb_find_mode(info, mode);
}

static int oriel_pcifb_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct oriel_pcifb *fb;
	struct fb_info *info;
	int err;

	if (pci_resource_len(pdev, PCIFB_REGS) < PCIFB_REGS_BYTES)
		return -ENODEV;
	err = aperture_remove_conflicting_pci_devices(pdev, "oriel-pcifb");
	if (err)
		return err;
	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = pci_request_regions(pdev, "oriel-pcifb");
	if (err)
		goto err_disable;
	info = framebuffer_alloc(sizeof(*fb), &pdev->dev);
	if (!info) {
		err = -ENOMEM;
		goto err_regions;
	}
	fb = info->par;
	fb->pdev = pdev;
	fb->has_vga = pdev->class >> 8 == PCI_CLASS_DISPLAY_VGA;
	oriel_fb_init(info, "oriel-pcifb", &oriel_pcifb_ops);
	err = oriel_pcifb_setup_hardware(info) ?: oriel_pcifb_setup_info(info);
	if (err)
		goto err_destroy;
	pci_set_drvdata(pdev, info);
	err = oriel_device_register(fb->common.device);
	if (err)
		goto err_destroy;
	/* One reference is the node's, this one is for as long as /dev/fbN is open. */
	oriel_device_get(fb->common.device);
	err = register_framebuffer(info);
	if (err)
		goto err_unregister;
	return 0;

err_unregister:
	/* fbdev may know it already. */
	oriel_fb_leave(info);
	oriel_device_unregister(fb->common.device);
err_destroy:
	oriel_pcifb_destroy(info);
err_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return err;
}

/* Mappings first; the rest goes when fbdev has let go of it. */
static void oriel_pcifb_remove(struct pci_dev *pdev)
{
	struct fb_info *info = pci_get_drvdata(pdev);
	struct oriel_pcifb *fb = info->par;

	oriel_fb_leave(info);
	oriel_device_unregister(fb->common.device);
	unregister_framebuffer(info);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

/* Around a reset and in sleep, nobody reaches anything; then the mode is set anew. */
static void oriel_pcifb_pause(struct pci_dev *pdev)
{
	struct fb_info *info = pci_get_drvdata(pdev);
	struct oriel_pcifb *fb = info->par;

	oriel_device_pause(fb->common.device, true);
	oriel_fb_leave(info);
}

static void oriel_pcifb_go_on(struct pci_dev *pdev)
{
	struct fb_info *info = pci_get_drvdata(pdev);
	struct oriel_pcifb *fb = info->par;

	oriel_pcifb_come_back(info);
	oriel_device_pause(fb->common.device, false);
}

static const struct pci_error_handlers oriel_pcifb_error_handlers = {
	.reset_prepare	= oriel_pcifb_pause,
	.reset_done	= oriel_pcifb_go_on,
};

static int oriel_pcifb_suspend(struct device *dev)
{
	oriel_pcifb_pause(to_pci_dev(dev));
	return 0;
}

static int oriel_pcifb_resume(struct device *dev)
{
	oriel_pcifb_go_on(to_pci_dev(dev));
	return 0;
}

static const struct dev_pm_ops oriel_pcifb_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(oriel_pcifb_suspend, oriel_pcifb_resume)
};

/*
 * Distributions have a driver for these already, by which people see their
 * screens: this one is not loaded by itself, so no MODULE_DEVICE_TABLE().
 */
static const struct pci_device_id oriel_pcifb_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1111) }, /* bochs-display, standard VGA */
	{ }
};

static struct pci_driver oriel_pcifb_driver = {
	.name	     = "oriel-pcifb",
	.id_table    = oriel_pcifb_ids,
	.probe	     = oriel_pcifb_probe,
	.remove	     = oriel_pcifb_remove,
	.err_handler = &oriel_pcifb_error_handlers,
	.driver.pm   = pm_sleep_ptr(&oriel_pcifb_pm_ops),
};
module_pci_driver(oriel_pcifb_driver);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Oriel authors");
MODULE_DESCRIPTION("PCI displays with a linear frame buffer as /dev/fbN");
