/* SPDX-License-Identifier: GPL-2.0-only */
/* The first frame buffer, and what the machine outside sees of it. */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include <linux/fb.h>
#include <stdbool.h>
#include <stdint.h>

struct area;

struct screen {
	int fd;
	struct fb_var_screeninfo var;
	struct fb_fix_screeninfo fix;
	uint8_t *address;
};

/* /dev/fb0, mapped whole; fails the test if that fails. */
struct screen screen_open(void);
void screen_close(struct screen *screen);
/* May the console, if there is one, draw its text and its cursor? */
void screen_console(bool draws);
/* A mode with room beyond what is shown; or with 0 just that. Maps anew. */
void screen_set(struct screen *screen, uint32_t x, uint32_t y, uint32_t bits,
		uint32_t more_x, uint32_t more_y);
/* These return 0 or an errno. */
int screen_try(const struct screen *screen, struct fb_var_screeninfo var);
int screen_pan(const struct screen *screen, uint32_t x, uint32_t y);
/* Where this pixel stands in memory */
void *screen_pixel(const struct screen *screen, uint32_t x, uint32_t y);
/* What is shown for a colour: 16 bits are widened as the display last opened does it. */
uint32_t screen_shown(uint32_t rgb, uint32_t bits);

/*
 * The screen as the machine outside dumps it: three bytes a pixel, in @area, which
 * the caller closes; and the artefact NAME.png.
 */
const uint8_t *screen_dump(struct area *area, const char *name, uint32_t x, uint32_t y);

#endif
