/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of oriel-clcd.ko, and the registers of Arm's colour LCD controllers: Arm
 * DDI 0293, "PrimeCell Color LCD Controller (PL111) Technical Reference Manual", and
 * DDI 0161 for the PL110. Cited are titles within section 3.3 of DDI 0293C, in chapter 3,
 * "Programmer's Model"; section 3.2 lists the registers.
 */
#ifndef ORIEL_BUSES_CLCD_H
#define ORIEL_BUSES_CLCD_H

#include <linux/bits.h>
#include <linux/types.h>

#include "buses/fb.h"

struct clk;
struct device;

/* "Horizontal Axis Panel Control Register, LCDTiming0" */
#define CLCD_TIMING0		0x00
#define CLCD_TIMING0_PPL(pixels)	(((pixels) / 16 - 1) << 2)
#define CLCD_TIMING0_HSW(clocks)	(((clocks) - 1) << 8)
#define CLCD_TIMING0_HFP(clocks)	(((clocks) - 1) << 16)
#define CLCD_TIMING0_HBP(clocks)	(((clocks) - 1) << 24)
#define CLCD_MOST_PIXELS	1024u	/* 6 bits of 16 pixels each */
#define CLCD_MOST_CLOCKS	256u

/* "Vertical Axis Panel Control Register, LCDTiming1" */
#define CLCD_TIMING1		0x04
#define CLCD_TIMING1_LPP(lines)		((lines) - 1)
#define CLCD_TIMING1_VSW(lines)		(((lines) - 1) << 10)
#define CLCD_TIMING1_VFP(lines)		((lines) << 16)
#define CLCD_TIMING1_VBP(lines)		((lines) << 24)
#define CLCD_MOST_LINES		1024u
#define CLCD_MOST_SYNC_LINES	64u
#define CLCD_MOST_PORCH_LINES	255u

/* "Clock and Signal Polarity Control Register, LCDTiming2" */
#define CLCD_TIMING2		0x08
#define CLCD_TIMING2_IVS	BIT(11)	/* the vertical synchronisation is active low */
#define CLCD_TIMING2_IHS	BIT(12)	/* the horizontal one */
#define CLCD_TIMING2_CPL(pixels)	(((pixels) - 1) << 16)
#define CLCD_TIMING2_BCD	BIT(26)	/* CLCDCLK is not divided */

/* "Line End Control Register, LCDTiming3" */
#define CLCD_TIMING3		0x0c

/* "Upper and Lower Panel Frame Base Address Registers": used from the next frame on */
#define CLCD_UPBASE		0x10

/* "LCD Control Register, LCDControl" and "Interrupt Mask Set/Clear Register, LCDIMSC" */
#define CLCD_PL111_CONTROL	0x18
#define CLCD_PL111_IMSC		0x1c
#define CLCD_PL110_IMSC		0x18	/* the other way round */
#define CLCD_PL110_CONTROL	0x1c
#define CLCD_CONTROL_EN		BIT(0)
#define CLCD_CONTROL_24BPP	(5 << 1)
#define CLCD_CONTROL_565	(6 << 1)
#define CLCD_CONTROL_TFT	BIT(5)
#define CLCD_CONTROL_BGR	BIT(8)	/* blue is in the lowest bits of a pixel */
#define CLCD_CONTROL_PWR	BIT(11)

/**
 * struct oriel_clcd_dma - the memory that is shown
 * @kernel:      the kernel's mapping, write-combined
 * @bus_address: where the controller finds it
 * @start:       where the processors do
 * @size_bytes:  whole pages
 */
struct oriel_clcd_dma {
	void *kernel;
	dma_addr_t bus_address;
	phys_addr_t start;
	size_t size_bytes;
};

/**
 * struct oriel_clcd - a controller, fb_info.par
 * @common:  what all frame buffers have
 * @dev:     underneath; like all that follows, not to be used once @common.away
 * @clock:   CLCDCLK, or NULL where nobody says what makes it
 * @regs:    the registers
 * @control: offset of the control register
 * @imsc:    offset of the interrupt mask
 * @dma:     what is shown
 */
struct oriel_clcd {
	struct oriel_fb common;
	struct device *dev;
	struct clk *clock;
	void __iomem *regs;
	u32 control;
	u32 imsc;
	struct oriel_clcd_dma dma;
};

/* clcd-dma.c */
int oriel_clcd_setup_dma(struct device *dev, struct oriel_clcd_dma *dma);
int oriel_clcd_mmap_dma(struct fb_info *info, struct vm_area_struct *vma);
void oriel_clcd_remove_dma(struct device *dev, struct oriel_clcd_dma *dma);

/* clcd-mode.c */
int oriel_clcd_check_var(struct fb_var_screeninfo *var, struct fb_info *info);
int oriel_clcd_set_par(struct fb_info *info);
int oriel_clcd_pan(struct fb_var_screeninfo *var, struct fb_info *info);
int oriel_clcd_blank(int blank, struct fb_info *info);
void oriel_clcd_quiet(struct oriel_clcd *clcd);
void oriel_clcd_leave(struct fb_info *info);
void oriel_clcd_come_back(struct fb_info *info);

#endif /* ORIEL_BUSES_CLCD_H */
