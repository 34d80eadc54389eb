// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the drivers of frame buffers have in common; linked into each of them.
 *
 * Programs reach the memory through the core only, whichever node they use; the
 * console draws through a mapping of the kernel's, unless the display is away.
 * fbdev's calls may overtake the removal, so nothing here relies on the device.
 */
#include <linux/console.h>
#include <linux/err.h>
#include <linux/fb.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "buses/fb.h"

/**
 * oriel_fb_init() - what is the same for all
 * @info: just allocated
 * @name: of the driver
 * @ops:  its operations
 */
void oriel_fb_init(struct fb_info *info, const char *name, const struct fb_ops *ops)
{
	struct oriel_fb *fb = info->par;

	spin_lock_init(&fb->lock);
	strscpy(info->fix.id, name, sizeof(info->fix.id));
	info->fix.type = FB_TYPE_PACKED_PIXELS;
	info->fix.visual = FB_VISUAL_TRUECOLOR;
	info->fix.accel = FB_ACCEL_NONE;
	info->fbops = ops;
	info->pseudo_palette = fb->palette;
	info->var.activate = FB_ACTIVATE_NOW;
	info->var.vmode = FB_VMODE_NONINTERLACED;
}

/**
 * oriel_fb_add_region() - offer a part of the display on its node
 * @fb:   with a device that is not registered yet
 * @desc: the part
 *
 * Return: the region with a reference, which the caller owns; or an ERR_PTR().
 */
struct oriel_region *oriel_fb_add_region(struct oriel_fb *fb, const struct oriel_mmio_desc *desc)
{
	struct oriel_region *region = oriel_region_create_mmio(desc);
	int err;

	if (IS_ERR(region))
		return region;
	err = oriel_device_add_region(fb->device, region);
	if (err) {
		oriel_region_put(region);
		return ERR_PTR(err);
	}
	return region;
}

/**
 * oriel_fb_set_fields() - where the colours are in a pixel
 * @var: of 16 or 32 bits
 */
void oriel_fb_set_fields(struct fb_var_screeninfo *var)
{
	bool small = var->bits_per_pixel == 16;

	var->blue = (struct fb_bitfield){ .offset = 0, .length = small ? 5 : 8 };
	var->green = (struct fb_bitfield){ .offset = small ? 5 : 8, .length = small ? 6 : 8 };
	var->red = (struct fb_bitfield){ .offset = small ? 11 : 16, .length = small ? 5 : 8 };
	var->transp = (struct fb_bitfield){};
	var->grayscale = 0;
	var->nonstd = 0;
}

/**
 * oriel_fb_find_mode() - the mode to begin with, in info->var
 * @info: complete but for that
 * @mode: as of the module's parameter
 *
 * Return: 0, -EINVAL for a mode that there is not, or as fb_set_par.
 */
int oriel_fb_find_mode(struct fb_info *info, const char *mode)
{
	if (!fb_find_mode(&info->var, info, mode, NULL, 0, NULL, 32))
		return -EINVAL;
	/* Room to draw in while the other half is shown. */
	info->var.yres_virtual = 2 * info->var.yres;
	if (info->fbops->fb_check_var(&info->var, info))
		info->var.yres_virtual = info->var.yres;
	return info->fbops->fb_set_par(info) ?: fb_alloc_cmap(&info->cmap, 256, 0);
}

/**
 * oriel_fb_leave() - registers and memory are not ours from now on
 * @info: the frame buffer
 *
 * Context: May sleep: waits for the console.
 */
void oriel_fb_leave(struct fb_info *info)
{
	struct oriel_fb *fb = info->par;
	unsigned long flags;

	console_lock();
	spin_lock_irqsave(&fb->lock, flags);
	fb->away = true;
	spin_unlock_irqrestore(&fb->lock, flags);
	console_unlock();
}

/**
 * oriel_fb_release() - end of fb_ops.fb_destroy
 * @info: what nobody uses any more, or what was never registered
 */
void oriel_fb_release(struct fb_info *info)
{
	struct oriel_fb *fb = info->par;

	oriel_region_put(fb->frame);
	oriel_device_put(fb->device);
	fb_dealloc_cmap(&info->cmap);
	framebuffer_release(info);
}

/** oriel_fb_read() - fb_ops.fb_read */
ssize_t oriel_fb_read(struct fb_info *info, char __user *user, size_t length, loff_t *position)
{
	struct oriel_fb *fb = info->par;

	return oriel_region_read_user(fb->frame, user, length, position);
}

/** oriel_fb_write() - fb_ops.fb_write */
ssize_t oriel_fb_write(struct fb_info *info, const char __user *user, size_t length,
		       loff_t *position)
{
	struct oriel_fb *fb = info->par;

	return oriel_region_write_user(fb->frame, user, length, position);
}

/** oriel_fb_mmap() - fb_ops.fb_mmap */
int oriel_fb_mmap(struct fb_info *info, struct vm_area_struct *vma)
{
	struct oriel_fb *fb = info->par;

	return oriel_device_mmap(fb->device, fb->frame, vma);
}

/* The console draws under its lock, which oriel_fb_leave() takes too. */

/** oriel_fb_fillrect() - fb_ops.fb_fillrect */
void oriel_fb_fillrect(struct fb_info *info, const struct fb_fillrect *rect)
{
	struct oriel_fb *fb = info->par;

	if (!fb->away)
		cfb_fillrect(info, rect);
}

/** oriel_fb_copyarea() - fb_ops.fb_copyarea */
void oriel_fb_copyarea(struct fb_info *info, const struct fb_copyarea *area)
{
	struct oriel_fb *fb = info->par;

	if (!fb->away)
		cfb_copyarea(info, area);
}

/** oriel_fb_imageblit() - fb_ops.fb_imageblit */
void oriel_fb_imageblit(struct fb_info *info, const struct fb_image *image)
{
	struct oriel_fb *fb = info->par;

	if (!fb->away)
		cfb_imageblit(info, image);
}

static u32 oriel_fb_field(unsigned int value, const struct fb_bitfield *field)
{
	return value >> (16 - field->length) << field->offset;
}

/**
 * oriel_fb_set_color() - fb_ops.fb_setcolreg: a colour of the console's
 * @index:        which
 * @red:          16 bits, as are
 * @green:        this
 * @blue:         and this
 * @transparency: not used
 * @info:         the frame buffer
 *
 * Return: 0 or -EINVAL.
 */
int oriel_fb_set_color(unsigned int index, unsigned int red, unsigned int green,
		       unsigned int blue, unsigned int transparency, struct fb_info *info)
{
	struct oriel_fb *fb = info->par;

	if (index >= ARRAY_SIZE(fb->palette))
		return -EINVAL;
	fb->palette[index] = oriel_fb_field(red & 0xffff, &info->var.red) |
			     oriel_fb_field(green & 0xffff, &info->var.green) |
			     oriel_fb_field(blue & 0xffff, &info->var.blue);
	return 0;
}
