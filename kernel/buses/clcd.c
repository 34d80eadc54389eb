// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-clcd.ko: Arm's colour LCD controllers PL110 and PL111 as /dev/fbN and as
 * /dev/oriel/clcd-ADDRESS, which offers the memory that is shown ("frame") and the
 * registers, for reading only: where the controller reads from is for the driver to say.
 *
 * When the device goes, so do its memory and its registers; what is left for those who
 * still have /dev/fbN open, or who are inside fbdev, is to be told so.
 */
#include <linux/amba/bus.h>
#include <linux/clk.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pm.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "buses/clcd.h"

#define CLCD_PART_PL110	0x110

static char *mode = "640x480-32";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "mode to begin with: WIDTHxHEIGHT-BITS, of 16 or 32 bits");

static const struct fb_ops oriel_clcd_ops = {
	.owner		= THIS_MODULE,
	.fb_read	= oriel_fb_read,
	.fb_write	= oriel_fb_write,
	.fb_check_var	= oriel_clcd_check_var,
	.fb_set_par	= oriel_clcd_set_par,
	.fb_setcolreg	= oriel_fb_set_color,
	.fb_blank	= oriel_clcd_blank,
	.fb_pan_display	= oriel_clcd_pan,
	.fb_fillrect	= oriel_fb_fillrect,
	.fb_copyarea	= oriel_fb_copyarea,
	.fb_imageblit	= oriel_fb_imageblit,
	.fb_mmap	= oriel_clcd_mmap_dma,
	.fb_destroy	= oriel_fb_release,
};

/* The memory first, at offset 0: what a program that maps the node wants. */
static int oriel_clcd_add_regions(struct oriel_clcd *clcd, const struct resource *res)
{
	struct oriel_mmio_desc desc = {
		.name = "frame", .start = clcd->dma.start, .size_bytes = clcd->dma.size_bytes,
		.cache = ORIEL_CACHE_WRITE_COMBINED, .mappable = true,
		.kernel = clcd->dma.kernel,
	};
	struct oriel_region *frame, *registers;

	frame = oriel_fb_add_region(&clcd->common, &desc);
	if (IS_ERR(frame))
		return PTR_ERR(frame);
	clcd->common.frame = frame;
	desc = (struct oriel_mmio_desc){
		.name = "registers", .start = res->start, .size_bytes = resource_size(res),
		.cache = ORIEL_CACHE_UNCACHED, .access = ORIEL_REGION_READABLE,
		.mappable = PAGE_ALIGNED(res->start) && PAGE_ALIGNED(resource_size(res)),
	};
	registers = oriel_fb_add_region(&clcd->common, &desc);
	oriel_region_put(registers);
	return PTR_ERR_OR_ZERO(registers);
}

static int oriel_clcd_create_device(struct oriel_clcd *clcd, const struct resource *res)
{
	char name[ORIEL_NAME_BYTES];
	const struct oriel_device_desc desc = {
		.name = name, .bus_address = dev_name(clcd->dev), .owner = THIS_MODULE,
		.parent = clcd->dev,
	};
	struct oriel_device *device;

	snprintf(name, sizeof(name), "clcd-%llx", (unsigned long long)res->start);
	device = oriel_device_create(&desc);
	if (IS_ERR(device))
		return PTR_ERR(device);
	clcd->common.device = device;
	return oriel_clcd_add_regions(clcd, res);
}

/* What belongs to the controller; devm gives it back when the driver lets go. */
static int oriel_clcd_setup_hardware(struct oriel_clcd *clcd, struct amba_device *adev)
{
	bool is_pl110 = amba_part(adev) == CLCD_PART_PL110;
	int err;

	clcd->dev = &adev->dev;
	clcd->control = is_pl110 ? CLCD_PL110_CONTROL : CLCD_PL111_CONTROL;
	clcd->imsc = is_pl110 ? CLCD_PL110_IMSC : CLCD_PL111_IMSC;
	clcd->regs = devm_ioremap(clcd->dev, adev->res.start, resource_size(&adev->res));
	if (!clcd->regs)
		return -ENOMEM;
	oriel_clcd_quiet(clcd);
	clcd->clock = devm_clk_get_optional(clcd->dev, "clcdclk");
	if (IS_ERR(clcd->clock))
		return PTR_ERR(clcd->clock);
	err = dma_set_mask_and_coherent(clcd->dev, DMA_BIT_MASK(32));
	return err ?: clk_prepare_enable(clcd->clock);
}

static int oriel_clcd_setup_info(struct fb_info *info)
{
	struct oriel_clcd *clcd = info->par;

	/* Where memory is, in contrast to a BAR, is not for everybody. */
	info->flags |= FBINFO_HIDE_SMEM_START;
	info->fix.smem_start = clcd->dma.start;
	info->fix.smem_len = clcd->dma.size_bytes;
	info->screen_base = (char __iomem __force *)clcd->dma.kernel;
	info->screen_size = clcd->dma.size_bytes;
	return oriel_fb_find_mode(info, mode);
}

static int oriel_clcd_register(struct fb_info *info)
{
	struct oriel_fb *fb = info->par;
	int err = oriel_device_register(fb->device);

	if (err)
		return err;
	/* One reference is the node's, this one is for as long as /dev/fbN is open. */
	oriel_device_get(fb->device);
	err = register_framebuffer(info);
	if (err) {
		/* fbdev may know it already. */
		oriel_clcd_leave(info);
		oriel_device_unregister(fb->device);
	}
	return err;
}

static int oriel_clcd_probe(struct amba_device *adev, const struct amba_id *id)
{
	struct oriel_clcd *clcd;
	struct fb_info *info;
	int err;

	err = amba_request_regions(adev, "oriel-clcd");
	if (err)
		return err;
	err = -ENOMEM;
	info = framebuffer_alloc(sizeof(*clcd), &adev->dev);
	if (!info)
		goto err_regions;
	clcd = info->par;
	oriel_fb_init(info, "oriel-clcd", &oriel_clcd_ops);
	err = oriel_clcd_setup_hardware(clcd, adev);
	if (err)
		goto err_info;
	err = oriel_clcd_setup_dma(clcd->dev, &clcd->dma);
	if (err)
		goto err_clock;
	err = oriel_clcd_create_device(clcd, &adev->res) ?: oriel_clcd_setup_info(info) ?:
	      oriel_clcd_register(info);
	if (err)
		goto err_dma;
	amba_set_drvdata(adev, info);
	return 0;

err_dma:
	oriel_clcd_quiet(clcd);
	oriel_clcd_remove_dma(clcd->dev, &clcd->dma);
err_clock:
	clk_disable_unprepare(clcd->clock);
err_info:
	oriel_fb_release(info);
err_regions:
	amba_release_regions(adev);
	return err;
}

/*
 * The console draws no more, then no program does; then nobody uses the memory. What
 * @info is in goes with fbdev's last user, which may be at once.
 */
static void oriel_clcd_remove(struct amba_device *adev)
{
	struct fb_info *info = amba_get_drvdata(adev);
	struct oriel_clcd *clcd = info->par;

	oriel_clcd_leave(info);
	oriel_device_unregister(clcd->common.device);
	oriel_clcd_remove_dma(clcd->dev, &clcd->dma);
	clk_disable_unprepare(clcd->clock);
	unregister_framebuffer(info);
	amba_release_regions(adev);
}

/* In sleep, nobody reaches anything; then the mode is set anew. */
static int oriel_clcd_suspend(struct device *dev)
{
	struct fb_info *info = dev_get_drvdata(dev);
	struct oriel_clcd *clcd = info->par;

	oriel_device_pause(clcd->common.device, true);
	oriel_clcd_leave(info);
	return 0;
}

static int oriel_clcd_resume(struct device *dev)
{
	struct fb_info *info = dev_get_drvdata(dev);
	struct oriel_clcd *clcd = info->par;

	oriel_clcd_come_back(info);
	oriel_device_pause(clcd->common.device, false);
	return 0;
}

static const struct dev_pm_ops oriel_clcd_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(oriel_clcd_suspend, oriel_clcd_resume)
};

/*
 * Distributions have a driver for these already, by which people see their
 * screens: this one is not loaded by itself, so no MODULE_DEVICE_TABLE().
 */
static const struct amba_id oriel_clcd_ids[] = {
	{ .id = 0x00041110, .mask = 0x000ffffe }, /* PL110, PL111 */
	{ }
};

static struct amba_driver oriel_clcd_driver = {
	.drv.name = "oriel-clcd",
	.drv.pm	  = pm_sleep_ptr(&oriel_clcd_pm_ops),
	.id_table = oriel_clcd_ids,
	.probe	  = oriel_clcd_probe,
	.remove	  = oriel_clcd_remove,
};
module_amba_driver(oriel_clcd_driver);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Oriel authors");
MODULE_DESCRIPTION("PL110 and PL111 LCD controllers as /dev/fbN");
