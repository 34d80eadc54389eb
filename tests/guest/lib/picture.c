// SPDX-License-Identifier: GPL-2.0-only
#include "lib/picture.h"

#include "lib/check.h"
#include "lib/screen.h"
#include "lib/testdev.h"

/* Of each pixel, another; all bits of all colours come up. */
static uint32_t pattern(uint32_t x, uint32_t y, uint32_t seed)
{
	uint32_t value = (x * 2654435761u) ^ (y * 40503u * 65537u) ^ (seed * 362437u);

	return (value ^ value >> 15) & 0xffffff;
}

void picture_draw(const struct screen *screen, uint32_t left, uint32_t top, uint32_t seed)
{
	uint32_t x, y, rgb;

	for (y = 0; y < screen->var.yres; y++) {
		for (x = 0; x < screen->var.xres; x++) {
			rgb = pattern(x, y, seed);
			if (screen->var.bits_per_pixel == 32)
				*(volatile uint32_t *)screen_pixel(screen, left + x, top + y) = rgb;
			else
				*(volatile uint16_t *)screen_pixel(screen, left + x, top + y) =
					(rgb >> 8 & 0xf800) | (rgb >> 5 & 0x07e0) | (rgb >> 3 & 0x1f);
		}
	}
}

void picture_check(const struct screen *screen, const char *name, long seed)
{
	struct area shared;
	const uint8_t *dump = screen_dump(&shared, name, screen->var.xres, screen->var.yres);
	uint32_t x, y;

	for (y = 0; y < screen->var.yres; y++) {
		for (x = 0; x < screen->var.xres; x++, dump += 3) {
			uint32_t want = seed < 0 ? 0 : screen_shown(pattern(x, y, seed),
							     screen->var.bits_per_pixel);
			uint32_t got = dump[0] << 16 | dump[1] << 8 | dump[2];

			if (got != want)
				fail_msg("%s: pixel %u,%u is %06x, drawn was %06x", name, x, y,
					 got, want);
		}
	}
	area_close(&shared);
}
