// SPDX-License-Identifier: GPL-2.0-only
/*
 * examples/window on /dev/fb0: what it draws is what the machine outside sees, each
 * picture whole; title, text and the ball are where they belong.
 * oriel-test: timeout=120 machine=pc,virt,vexpress-a15,vexpress-a9
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "lib/check.h"
#include "lib/display.h"
#include "lib/screen.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define WIDTH	640
#define HEIGHT	480
#define FRAMES	31	/* odd: with panning, the last one is seen in the lower half */

/* As the program has them for this size. */
#define DESKTOP	0x305878
#define TITLE	0xd07020
#define PAPER	0xf0f0e8
#define INK	0x202020
#define BALL	0xc02040
#define LEFT	88	/* of the paper */
#define TOP	94
#define RADIUS	18
#define STEP	4	/* of the ball from picture to picture, both ways */

static uint32_t in_dump(const uint8_t *dump, uint32_t x, uint32_t y)
{
	dump += 3 * (y * WIDTH + x);
	return dump[0] << 16 | dump[1] << 8 | dump[2];
}

static uint32_t in_memory(const struct screen *screen, uint32_t x, uint32_t y)
{
	uint32_t word;

	if (screen->var.bits_per_pixel == 32)
		return *(uint32_t *)screen_pixel(screen, x, y) & 0xffffff;
	word = *(uint16_t *)screen_pixel(screen, x, y);
	return screen_shown((word & 0xf800) << 8 | (word & 0x07e0) << 5 | (word & 0x1f) << 3, 16);
}

static void check_all(const struct screen *screen, const uint8_t *dump)
{
	uint32_t x, y, drawn, seen;

	for (y = 0; y < HEIGHT; y++) {
		for (x = 0; x < WIDTH; x++) {
			drawn = in_memory(screen, x, screen->var.yoffset + y);
			seen = in_dump(dump, x, y);
			if (drawn != seen)
				fail_msg("%u,%u: drawn was %06x, seen is %06x", x, y, drawn, seen);
		}
	}
}

/* Of a line of text: how many pixels have its colour? */
static unsigned int count(const uint8_t *dump, uint32_t y, uint32_t lines, uint32_t rgb)
{
	unsigned int found = 0;
	uint32_t x, end = y + lines;

	for (; y < end; y++)
		for (x = LEFT; x < LEFT + 300; x++)
			found += in_dump(dump, x, y) == rgb;
	return found;
}

static void check_window(const uint8_t *dump, uint32_t bits)
{
	uint32_t ball = RADIUS + (FRAMES - 1) * STEP;
	unsigned int line;

	assert_case("desktop", in_dump(dump, 0, 0), screen_shown(DESKTOP, bits));
	assert_case("desktop", in_dump(dump, WIDTH - 1, HEIGHT - 1), screen_shown(DESKTOP, bits));
	assert_case("title", in_dump(dump, LEFT, TOP - 20), screen_shown(TITLE, bits));
	assert_in_range(count(dump, TOP - 20, 14, screen_shown(PAPER, bits)), 200, 400);
	assert_case("paper", in_dump(dump, LEFT, TOP), screen_shown(PAPER, bits));
	for (line = 0; line < 3; line++)
		assert_in_range(count(dump, TOP + 8 + 20 * line, 14, screen_shown(INK, bits)),
				300, 2000);
	assert_case("ball", in_dump(dump, LEFT + ball, TOP + ball), screen_shown(BALL, bits));
	assert_case("its left end", in_dump(dump, LEFT + ball - RADIUS + 1, TOP + ball),
		    screen_shown(BALL, bits));
	assert_case("left of it", in_dump(dump, LEFT + ball - RADIUS - 1, TOP + ball),
		    screen_shown(PAPER, bits));
	assert_case("its right end", in_dump(dump, LEFT + ball + RADIUS - 2, TOP + ball),
		    screen_shown(BALL, bits));
	assert_case("right of it", in_dump(dump, LEFT + ball + RADIUS + 1, TOP + ball),
		    screen_shown(PAPER, bits));
}

/* The picture before is where nobody sees it, or is gone. */
static void check_before(const struct screen *screen, bool panned)
{
	uint32_t ball = RADIUS + (FRAMES - 2) * STEP, bits = screen->var.bits_per_pixel;

	uint32_t now = screen->var.yoffset, before = HEIGHT - now;

	assert_case("where it is seen", now, panned ? HEIGHT : 0);
	assert_case("lines", screen->var.yres_virtual, panned ? 2 * HEIGHT : HEIGHT);
	assert_case("left end of the ball now",
		    in_memory(screen, LEFT + ball - RADIUS + 1, now + TOP + ball),
		    screen_shown(PAPER, bits));
	if (panned)
		assert_case("left end of the ball before",
			    in_memory(screen, LEFT + ball - RADIUS + 1, before + TOP + ball),
			    screen_shown(BALL, bits));
}

static void check_run(uint32_t bits, bool panned, const char *name)
{
	struct screen screen = screen_open();
	struct area shared;
	const uint8_t *dump;
	char words[64];

	screen_set(&screen, WIDTH, HEIGHT, bits, 0, 0);
	screen_close(&screen);
	snprintf(words, sizeof(words), "window-user %s -n %u", panned ? "-m" : "", FRAMES);
	assert_int_equal(system(words), 0);
	screen = screen_open();
	assert_case("bits", screen.var.bits_per_pixel, bits);
	dump = screen_dump(&shared, name, WIDTH, HEIGHT);
	check_all(&screen, dump);
	check_window(dump, bits);
	check_before(&screen, panned);
	area_close(&shared);
	screen_close(&screen);
}

static void test_32_bits(void **state)
{
	check_run(32, true, "window-32");
}

static void test_16_bits(void **state)
{
	check_run(16, true, "window-16");
}

static void test_without_panning(void **state)
{
	check_run(32, false, "window-in-place");
	check_run(16, false, "window-in-place");
}

static void test_no_screen(void **state)
{
	assert_int_not_equal(system("window-user -n 1 /dev/fb9 2>output"), 0);
	assert_true(text_file_has("output", "/dev/fb9: No such file"));
	assert_int_not_equal(system("window-user -n 1 /dev/null 2>output"), 0);
	assert_true(text_file_has("output", "what screen it is"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_32_bits),
		cmocka_unit_test(test_16_bits),
		cmocka_unit_test(test_without_panning),
		cmocka_unit_test(test_no_screen),
	};

	return cmocka_run_group_tests(tests, display_load, display_unload);
}
