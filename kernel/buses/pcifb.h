/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of oriel-pcifb.ko. */
#ifndef ORIEL_BUSES_PCIFB_H
#define ORIEL_BUSES_PCIFB_H

#include <linux/fb.h>
#include <linux/types.h>

#include "buses/fb.h"

struct pci_dev;

/**
 * struct oriel_pcifb - a display, fb_info.par
 * @common:  what all frame buffers have
 * @pdev:    underneath; not to be used once @common.away
 * @regs:    the registers
 * @has_vga: the VGA registers are there too, next to those of the display interface
 */
struct oriel_pcifb {
	struct oriel_fb common;
	struct pci_dev *pdev;
	void __iomem *regs;
	bool has_vga;
};

/* pcifb-mode.c */
int oriel_pcifb_detect(struct oriel_pcifb *fb, u64 *memory_bytes);
int oriel_pcifb_check_var(struct fb_var_screeninfo *var, struct fb_info *info);
int oriel_pcifb_set_par(struct fb_info *info);
int oriel_pcifb_pan(struct fb_var_screeninfo *var, struct fb_info *info);
int oriel_pcifb_blank(int blank, struct fb_info *info);
void oriel_pcifb_come_back(struct fb_info *info);

#endif /* ORIEL_BUSES_PCIFB_H */
