// SPDX-License-Identifier: GPL-2.0-only
#include "lib/picture.h"

#include <sys/ioctl.h>

#include "lib/check.h"
#include "lib/screen.h"
#include "lib/testdev.h"

uint32_t picture_color(uint32_t x, uint32_t y, uint32_t seed)
{
	uint32_t value = (x * 2654435761u) ^ (y * 40503u * 65537u) ^ (seed * 362437u);

	return (value ^ value >> 15) & 0xffffff;
}

void picture_draw(const struct screen *screen, uint32_t left, uint32_t top, uint32_t seed)
{
	uint32_t x, y, rgb;

	for (y = 0; y < screen->var.yres; y++) {
		for (x = 0; x < screen->var.xres; x++) {
			rgb = picture_color(x, y, seed);
			if (screen->var.bits_per_pixel == 32)
				*(volatile uint32_t *)screen_pixel(screen, left + x, top + y) = rgb;
			else
				*(volatile uint16_t *)screen_pixel(screen, left + x, top + y) =
					(rgb >> 8 & 0xf800) | (rgb >> 5 & 0x07e0) | (rgb >> 3 & 0x1f);
		}
	}
}

/* Return: the first pixel that is another, or the number of all. */
static uint32_t picture_compare(const struct screen *screen, const uint8_t *dump, long seed)
{
	uint32_t width = screen->var.xres, pixels = width * screen->var.yres, i;

	for (i = 0; i < pixels; i++, dump += 3)
		if ((uint32_t)(dump[0] << 16 | dump[1] << 8 | dump[2]) !=
		    picture_shown(screen, i % width, i / width, seed))
			break;
	return i;
}

uint32_t picture_shown(const struct screen *screen, uint32_t x, uint32_t y, long seed)
{
	return seed < 0 ? 0 : screen_shown(picture_color(x, y, seed), screen->var.bits_per_pixel);
}

void picture_check(const struct screen *screen, const char *name, long seed)
{
	uint32_t width = screen->var.xres, i;
	struct area shared;
	const uint8_t *dump = screen_dump(&shared, name, width, screen->var.yres);

	i = picture_compare(screen, dump, seed);
	if (i < width * screen->var.yres)
		fail_msg("%s: pixel %u,%u is %02x%02x%02x, drawn was %06x", name, i % width,
			 i / width, dump[3 * i], dump[3 * i + 1], dump[3 * i + 2],
			 picture_shown(screen, i % width, i / width, seed));
	area_close(&shared);
}

/* Is the mode still, or by now, that of @screen? */
static bool picture_fits(const struct screen *screen)
{
	struct fb_var_screeninfo var;

	assert_int_equal(ioctl(screen->fd, FBIOGET_VSCREENINFO, &var), 0);
	return var.xres == screen->var.xres && var.yres == screen->var.yres &&
	       var.bits_per_pixel == screen->var.bits_per_pixel;
}

void picture_await(const struct screen *screen, const char *name, long seed)
{
	uint32_t pixels = screen->var.xres * screen->var.yres, same = 0;
	int tries;

	for (tries = 100; tries && same < pixels; tries--) {
		struct area shared;

		usleep(300000);
		if (!picture_fits(screen))
			continue;
		same = picture_compare(screen, screen_dump(&shared, name, screen->var.xres,
							   screen->var.yres), seed);
		area_close(&shared);
	}
	picture_check(screen, name, seed);
}
