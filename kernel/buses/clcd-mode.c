// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modes of a colour LCD controller: its registers, see clcd.h. Lock: that of struct
 * oriel_fb around the registers.
 *
 * A line in memory is as long as one on the screen: the controller knows no other.
 */
#include <linux/clk.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "buses/clcd.h"

/* Around the picture, where nobody says: VESA DMT, 640x480 at 60 Hz. */
enum { HFP = 16, HSW = 96, HBP = 48, VFP = 10, VSW = 2, VBP = 33, FRAMES_PER_S = 60 };

/* Faster than any of these controllers, and slower than any panel: no clock of 0 Hz. */
#define CLCD_LEAST_PIXCLOCK_PS	4000
#define CLCD_MOST_PIXCLOCK_PS	1000000

static void oriel_clcd_set_timing(struct fb_var_screeninfo *var)
{
	u32 clocks = var->xres + HFP + HSW + HBP;
	u32 lines = var->yres + VFP + VSW + VBP;

	var->right_margin = HFP;
	var->hsync_len = HSW;
	var->left_margin = HBP;
	var->lower_margin = VFP;
	var->vsync_len = VSW;
	var->upper_margin = VBP;
	var->sync = 0;
	var->pixclock = div_u64(1000000000000ull, clocks * lines * FRAMES_PER_S);
}

static bool oriel_clcd_fits(u32 clocks, u32 most)
{
	return clocks >= 1 && clocks <= most;
}

static bool oriel_clcd_has_timing(const struct fb_var_screeninfo *var)
{
	return var->pixclock >= CLCD_LEAST_PIXCLOCK_PS &&
	       var->pixclock <= CLCD_MOST_PIXCLOCK_PS &&
	       oriel_clcd_fits(var->right_margin, CLCD_MOST_CLOCKS) &&
	       oriel_clcd_fits(var->hsync_len, CLCD_MOST_CLOCKS) &&
	       oriel_clcd_fits(var->left_margin, CLCD_MOST_CLOCKS) &&
	       oriel_clcd_fits(var->vsync_len, CLCD_MOST_SYNC_LINES) &&
	       var->lower_margin <= CLCD_MOST_PORCH_LINES &&
	       var->upper_margin <= CLCD_MOST_PORCH_LINES;
}

/**
 * oriel_clcd_check_var() - fb_ops.fb_check_var: make a mode of what is wanted
 * @var:  what is wanted, of a user; rounded up to what there is
 * @info: the frame buffer
 *
 * Return: 0 or -EINVAL.
 */
int oriel_clcd_check_var(struct fb_var_screeninfo *var, struct fb_info *info)
{
	u64 line_bytes;

	if (!var->bits_per_pixel || var->bits_per_pixel > 32)
		return -EINVAL;
	var->bits_per_pixel = var->bits_per_pixel <= 16 ? 16 : 32;
	if (!var->xres || var->xres > CLCD_MOST_PIXELS || !var->yres ||
	    var->yres > CLCD_MOST_LINES)
		return -EINVAL;
	var->xres = round_up(var->xres, 16);
	if (var->xres_virtual > var->xres || var->xoffset)
		return -EINVAL;
	var->xres_virtual = var->xres;
	var->yres_virtual = max(var->yres_virtual, var->yres);

	line_bytes = (u64)var->xres * var->bits_per_pixel / 8;
	if (line_bytes * var->yres_virtual > info->fix.smem_len)
		return -EINVAL;
	if (var->yoffset > var->yres_virtual - var->yres)
		return -EINVAL;
	if (!var->pixclock)
		oriel_clcd_set_timing(var);
	else if (!oriel_clcd_has_timing(var))
		return -EINVAL;
	var->vmode = FB_VMODE_NONINTERLACED;
	oriel_fb_set_fields(var);
	return 0;
}

static u32 oriel_clcd_base(const struct oriel_clcd *clcd, const struct fb_var_screeninfo *var)
{
	return clcd->dma.bus_address + var->yoffset * (var->xres * var->bits_per_pixel / 8);
}

/* Off while the timing changes; the panel's supply comes last. */
static void oriel_clcd_program(struct oriel_clcd *clcd, const struct fb_var_screeninfo *var)
{
	u32 control = CLCD_CONTROL_EN | CLCD_CONTROL_TFT | CLCD_CONTROL_BGR;
	u32 polarity = (var->sync & FB_SYNC_HOR_HIGH_ACT ? 0 : CLCD_TIMING2_IHS) |
		       (var->sync & FB_SYNC_VERT_HIGH_ACT ? 0 : CLCD_TIMING2_IVS);

	control |= var->bits_per_pixel == 32 ? CLCD_CONTROL_24BPP : CLCD_CONTROL_565;
	writel(0, clcd->regs + clcd->control);
	writel(CLCD_TIMING0_PPL(var->xres) | CLCD_TIMING0_HSW(var->hsync_len) |
	       CLCD_TIMING0_HFP(var->right_margin) | CLCD_TIMING0_HBP(var->left_margin),
	       clcd->regs + CLCD_TIMING0);
	writel(CLCD_TIMING1_LPP(var->yres) | CLCD_TIMING1_VSW(var->vsync_len) |
	       CLCD_TIMING1_VFP(var->lower_margin) | CLCD_TIMING1_VBP(var->upper_margin),
	       clcd->regs + CLCD_TIMING1);
	writel(polarity | CLCD_TIMING2_CPL(var->xres) | CLCD_TIMING2_BCD,
	       clcd->regs + CLCD_TIMING2);
	writel(0, clcd->regs + CLCD_TIMING3);
	writel(oriel_clcd_base(clcd, var), clcd->regs + CLCD_UPBASE);
	writel(control, clcd->regs + clcd->control);
	writel(control | CLCD_CONTROL_PWR, clcd->regs + clcd->control);
}

/**
 * oriel_clcd_set_par() - fb_ops.fb_set_par: set the mode in info->var
 * @info: the frame buffer
 *
 * Return: 0, -ENODEV, or why the pixel clock cannot be had.
 */
int oriel_clcd_set_par(struct fb_info *info)
{
	struct oriel_clcd *clcd = info->par;
	unsigned long flags;
	int err;

	/* Who leaves waits for the console's lock, which is held. */
	if (clcd->common.away)
		return -ENODEV;
	err = clk_set_rate(clcd->clock, PICOS2KHZ(info->var.pixclock) * 1000);
	if (err)
		return err;
	spin_lock_irqsave(&clcd->common.lock, flags);
	oriel_clcd_program(clcd, &info->var);
	spin_unlock_irqrestore(&clcd->common.lock, flags);
	info->fix.line_length = info->var.xres * info->var.bits_per_pixel / 8;
	info->fix.ypanstep = 1;
	return 0;
}

/**
 * oriel_clcd_pan() - fb_ops.fb_pan_display: show another part of the memory
 * @var:  which, checked by the caller
 * @info: the frame buffer
 *
 * Context: Any.
 * Return: 0 or -ENODEV.
 */
int oriel_clcd_pan(struct fb_var_screeninfo *var, struct fb_info *info)
{
	struct oriel_clcd *clcd = info->par;
	struct fb_var_screeninfo shown = info->var;
	unsigned long flags;
	int err = -ENODEV;

	shown.yoffset = var->yoffset;
	spin_lock_irqsave(&clcd->common.lock, flags);
	if (!clcd->common.away) {
		writel(oriel_clcd_base(clcd, &shown), clcd->regs + CLCD_UPBASE);
		err = 0;
	}
	spin_unlock_irqrestore(&clcd->common.lock, flags);
	return err;
}

/**
 * oriel_clcd_blank() - fb_ops.fb_blank: show nothing, or the picture again
 * @blank: FB_BLANK_*
 * @info:  the frame buffer
 *
 * Return: 0 or -ENODEV.
 */
int oriel_clcd_blank(int blank, struct fb_info *info)
{
	struct oriel_clcd *clcd = info->par;
	unsigned long flags;
	int err = -ENODEV;

	spin_lock_irqsave(&clcd->common.lock, flags);
	if (!clcd->common.away) {
		if (blank == FB_BLANK_UNBLANK)
			oriel_clcd_program(clcd, &info->var);
		else
			writel(0, clcd->regs + clcd->control);
		err = 0;
	}
	spin_unlock_irqrestore(&clcd->common.lock, flags);
	return err;
}

/**
 * oriel_clcd_quiet() - no DMA and no interrupts
 * @clcd: with its registers mapped
 *
 * Context: Any.
 */
void oriel_clcd_quiet(struct oriel_clcd *clcd)
{
	writel(0, clcd->regs + clcd->control);
	writel(0, clcd->regs + clcd->imsc);
}

/**
 * oriel_clcd_leave() - memory and registers are not ours from now on
 * @info: the frame buffer
 *
 * Context: May sleep: waits for the console and for who sets a mode.
 */
void oriel_clcd_leave(struct fb_info *info)
{
	struct oriel_clcd *clcd = info->par;

	oriel_fb_leave(info);
	oriel_clcd_quiet(clcd);
}

/**
 * oriel_clcd_come_back() - they are again; the mode is as it was
 * @info: the frame buffer
 *
 * Context: May sleep.
 */
void oriel_clcd_come_back(struct fb_info *info)
{
	struct oriel_clcd *clcd = info->par;
	unsigned long flags;

	spin_lock_irqsave(&clcd->common.lock, flags);
	clcd->common.away = false;
	oriel_clcd_quiet(clcd);
	oriel_clcd_program(clcd, &info->var);
	spin_unlock_irqrestore(&clcd->common.lock, flags);
}
