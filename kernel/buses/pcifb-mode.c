// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modes of the Bochs display interface ("DISPI"), memory-mapped.
 *
 * Registers and the order in which a mode is set: Bochs, "VBE Display API", chapters
 * "API" and "Programming"; where they are in BAR 2: QEMU, "QEMU Standard VGA",
 * section "MMIO area spec". Lock: that of struct oriel_fb around the registers.
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/minmax.h>

#include "buses/pcifb.h"

/* QEMU Standard VGA, MMIO area spec. */
#define VGA_PORTS	0x400	/* the VGA ports from 0x3c0 on */
#define DISPI		0x500	/* the DISPI registers, 2 bytes each */

/* VGA ports, relative to 0x3c0. */
#define VGA_ATTRIBUTE	0x00
#define VGA_MISC	0x02
#define VGA_STATUS_1	0x1a
#define VGA_MISC_COLOR	0x01	/* ports are where colour adapters have them */
#define VGA_PALETTE_ON	0x20	/* attribute index: the picture is shown */

/* VBE Display API: indices. */
enum {
	DISPI_ID, DISPI_XRES, DISPI_YRES, DISPI_BPP, DISPI_ENABLE, DISPI_BANK,
	DISPI_VIRT_WIDTH, DISPI_VIRT_HEIGHT, DISPI_X_OFFSET, DISPI_Y_OFFSET,
	DISPI_MEMORY_64K,
};

#define DISPI_ID_MASK		0xfff0
#define DISPI_ID_ANY		0xb0c0
#define DISPI_ENABLED		0x01
#define DISPI_LINEAR		0x40
#define DISPI_NO_CLEAR		0x80

/* What a 16-bit register, and QEMU, can take. */
#define PCIFB_LEAST		64
#define PCIFB_MOST_X		16000
#define PCIFB_MOST_Y		12000
#define PCIFB_MOST_VIRTUAL	0xfff8

static u16 oriel_dispi_read(struct oriel_pcifb *fb, unsigned int index)
{
	return readw(fb->regs + DISPI + 2 * index);
}

static void oriel_dispi_write(struct oriel_pcifb *fb, unsigned int index, u16 value)
{
	writew(value, fb->regs + DISPI + 2 * index);
}

/* Attribute index and data share a port, until the status register was read. */
static void oriel_pcifb_show(struct oriel_pcifb *fb, bool shown)
{
	if (!fb->has_vga)
		return;
	writeb(VGA_MISC_COLOR, fb->regs + VGA_PORTS + VGA_MISC);
	readb(fb->regs + VGA_PORTS + VGA_STATUS_1);
	writeb(shown ? VGA_PALETTE_ON : 0, fb->regs + VGA_PORTS + VGA_ATTRIBUTE);
}

/**
 * oriel_pcifb_detect() - is this a display that we know?
 * @fb:           with its registers mapped
 * @memory_bytes: result: how much frame-buffer memory it has
 *
 * Return: 0 or -ENODEV.
 */
int oriel_pcifb_detect(struct oriel_pcifb *fb, u64 *memory_bytes)
{
	if ((oriel_dispi_read(fb, DISPI_ID) & DISPI_ID_MASK) != DISPI_ID_ANY)
		return -ENODEV;
	*memory_bytes = (u64)oriel_dispi_read(fb, DISPI_MEMORY_64K) << 16;
	return *memory_bytes ? 0 : -ENODEV;
}

/**
 * oriel_pcifb_check_var() - fb_ops.fb_check_var: make a mode of what is wanted
 * @var:  what is wanted, of a user; rounded up to what there is
 * @info: the frame buffer
 *
 * Return: 0 or -EINVAL.
 */
int oriel_pcifb_check_var(struct fb_var_screeninfo *var, struct fb_info *info)
{
	u64 line_bytes;

	if (!var->bits_per_pixel || var->bits_per_pixel > 32)
		return -EINVAL;
	var->bits_per_pixel = var->bits_per_pixel <= 16 ? 16 : 32;
	if (var->xres > PCIFB_MOST_X || var->yres > PCIFB_MOST_Y ||
	    var->xres_virtual > PCIFB_MOST_VIRTUAL || var->yres_virtual > PCIFB_MOST_VIRTUAL)
		return -EINVAL;
	var->xres = round_up(max_t(u32, var->xres, PCIFB_LEAST), 8);
	var->yres = max_t(u32, var->yres, PCIFB_LEAST);
	var->xres_virtual = round_up(max(var->xres_virtual, var->xres), 8);
	var->yres_virtual = max(var->yres_virtual, var->yres);

	line_bytes = (u64)var->xres_virtual * var->bits_per_pixel / 8;
	if (line_bytes * var->yres_virtual > info->fix.smem_len)
		return -EINVAL;
	if (var->xoffset > var->xres_virtual - var->xres ||
	    var->yoffset > var->yres_virtual - var->yres)
		return -EINVAL;
	oriel_fb_set_fields(var);
	return 0;
}

static void oriel_pcifb_program(struct oriel_pcifb *fb, const struct fb_var_screeninfo *var)
{
	oriel_dispi_write(fb, DISPI_ENABLE, 0);
	oriel_dispi_write(fb, DISPI_XRES, var->xres);
	oriel_dispi_write(fb, DISPI_YRES, var->yres);
	oriel_dispi_write(fb, DISPI_BPP, var->bits_per_pixel);
	oriel_dispi_write(fb, DISPI_BANK, 0);
	oriel_dispi_write(fb, DISPI_ENABLE, DISPI_ENABLED | DISPI_LINEAR | DISPI_NO_CLEAR);
	/* Enabling a mode resets these. */
	oriel_dispi_write(fb, DISPI_VIRT_WIDTH, var->xres_virtual);
	oriel_dispi_write(fb, DISPI_X_OFFSET, var->xoffset);
	oriel_dispi_write(fb, DISPI_Y_OFFSET, var->yoffset);
	oriel_pcifb_show(fb, true);
}

/**
 * oriel_pcifb_set_par() - fb_ops.fb_set_par: set the mode in info->var
 * @info: the frame buffer
 *
 * Return: 0 or -ENODEV.
 */
int oriel_pcifb_set_par(struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;
	unsigned long flags;
	int err = -ENODEV;

	spin_lock_irqsave(&fb->common.lock, flags);
	if (!fb->common.away) {
		oriel_pcifb_program(fb, &info->var);
		err = 0;
	}
	spin_unlock_irqrestore(&fb->common.lock, flags);
	if (err)
		return err;
	info->fix.line_length = info->var.xres_virtual * info->var.bits_per_pixel / 8;
	/* The start address counts in 4 bytes. */
	info->fix.xpanstep = 32 / info->var.bits_per_pixel;
	info->fix.ypanstep = 1;
	return 0;
}

/**
 * oriel_pcifb_pan() - fb_ops.fb_pan_display: show another part of the memory
 * @var:  which, checked by the caller
 * @info: the frame buffer
 *
 * Context: Any.
 * Return: 0 or -ENODEV.
 */
int oriel_pcifb_pan(struct fb_var_screeninfo *var, struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;
	unsigned long flags;
	int err = -ENODEV;

	spin_lock_irqsave(&fb->common.lock, flags);
	if (!fb->common.away) {
		oriel_dispi_write(fb, DISPI_X_OFFSET, var->xoffset);
		oriel_dispi_write(fb, DISPI_Y_OFFSET, var->yoffset);
		err = 0;
	}
	spin_unlock_irqrestore(&fb->common.lock, flags);
	return err;
}

/**
 * oriel_pcifb_blank() - fb_ops.fb_blank: show nothing, or the picture again
 * @blank: FB_BLANK_*
 * @info:  the frame buffer
 *
 * A display without VGA registers has its picture generation switched off.
 *
 * Return: 0 or -ENODEV.
 */
int oriel_pcifb_blank(int blank, struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;
	unsigned long flags;
	int err = -ENODEV;

	spin_lock_irqsave(&fb->common.lock, flags);
	if (!fb->common.away) {
		if (blank == FB_BLANK_UNBLANK)
			oriel_pcifb_program(fb, &info->var);
		else if (fb->has_vga)
			oriel_pcifb_show(fb, false);
		else
			oriel_dispi_write(fb, DISPI_ENABLE, 0);
		err = 0;
	}
	spin_unlock_irqrestore(&fb->common.lock, flags);
	return err;
}

/**
 * oriel_pcifb_come_back() - they are again, and have forgotten the mode
 * @info: the frame buffer
 *
 * Context: Any.
 */
void oriel_pcifb_come_back(struct fb_info *info)
{
	struct oriel_pcifb *fb = info->par;
	unsigned long flags;

	spin_lock_irqsave(&fb->common.lock, flags);
	fb->common.away = false;
	oriel_pcifb_program(fb, &info->var);
	spin_unlock_irqrestore(&fb->common.lock, flags);
}
