/* SPDX-License-Identifier: GPL-2.0-only */
/* What the drivers of frame buffers have in common: fbdev's calls led to the core. */
#ifndef ORIEL_BUSES_FB_H
#define ORIEL_BUSES_FB_H

#include <linux/fb.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct oriel_device;
struct oriel_mmio_desc;
struct oriel_region;
struct vm_area_struct;

/**
 * struct oriel_fb - a frame buffer; what fb_info.par points at begins with it
 * @device:  the node, with a reference
 * @frame:   the frame-buffer memory, with a reference
 * @lock:    protects @away and the driver's registers; fb_pan_display may come from
 *           printk()
 * @away:    removed, asleep or in reset: registers and memory are not ours; set under
 *           the console's lock too, under which it draws
 * @palette: what fbcon writes for each of its colours
 */
struct oriel_fb {
	struct oriel_device *device;
	struct oriel_region *frame;
	spinlock_t lock;
	bool away;
	u32 palette[16];
};

void oriel_fb_init(struct fb_info *info, const char *name, const struct fb_ops *ops);
struct oriel_region *oriel_fb_add_region(struct oriel_fb *fb, const struct oriel_mmio_desc *desc);
void oriel_fb_set_fields(struct fb_var_screeninfo *var);
int oriel_fb_find_mode(struct fb_info *info, const char *mode);
void oriel_fb_leave(struct fb_info *info);
void oriel_fb_release(struct fb_info *info);

/* fb_ops */
ssize_t oriel_fb_read(struct fb_info *info, char __user *user, size_t length, loff_t *position);
ssize_t oriel_fb_write(struct fb_info *info, const char __user *user, size_t length,
		       loff_t *position);
int oriel_fb_mmap(struct fb_info *info, struct vm_area_struct *vma);
void oriel_fb_fillrect(struct fb_info *info, const struct fb_fillrect *rect);
void oriel_fb_copyarea(struct fb_info *info, const struct fb_copyarea *area);
void oriel_fb_imageblit(struct fb_info *info, const struct fb_image *image);
int oriel_fb_set_color(unsigned int index, unsigned int red, unsigned int green,
		       unsigned int blue, unsigned int transparency, struct fb_info *info);

#endif /* ORIEL_BUSES_FB_H */
