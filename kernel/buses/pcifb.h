/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of oriel-pcifb.ko. */
#ifndef ORIEL_BUSES_PCIFB_H
#define ORIEL_BUSES_PCIFB_H

#include <linux/fb.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct oriel_device;
struct oriel_region;
struct pci_dev;

/**
 * struct oriel_pcifb - a display, fb_info.par
 * @pdev:    underneath; not to be used once @away
 * @device:  the node, with a reference
 * @frame:   the frame-buffer memory, with a reference
 * @regs:    the registers
 * @has_vga: the VGA registers are there too, next to those of the display interface
 * @lock:    protects @away and the registers; fb_pan_display may come from printk()
 * @away:    removed, asleep or in reset: registers and memory are not ours; set under
 *           the console's lock too, under which it draws
 * @palette: what fbcon writes for each of its colours
 */
struct oriel_pcifb {
	struct pci_dev *pdev;
	struct oriel_device *device;
	struct oriel_region *frame;
	void __iomem *regs;
	bool has_vga;
	spinlock_t lock;
	bool away;
	u32 palette[16];
};

/* pcifb-mode.c */
int oriel_pcifb_detect(struct oriel_pcifb *fb, u64 *memory_bytes);
int oriel_pcifb_check_var(struct fb_var_screeninfo *var, struct fb_info *info);
int oriel_pcifb_set_par(struct fb_info *info);
int oriel_pcifb_pan(struct fb_var_screeninfo *var, struct fb_info *info);
int oriel_pcifb_blank(int blank, struct fb_info *info);
int oriel_pcifb_set_color(unsigned int index, unsigned int red, unsigned int green,
			  unsigned int blue, unsigned int transparency, struct fb_info *info);
void oriel_pcifb_leave(struct fb_info *info);
void oriel_pcifb_come_back(struct fb_info *info);

#endif /* ORIEL_BUSES_PCIFB_H */
