// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-clcd: what a program draws into /dev/fb0 is what is on the screen, as the
 * machine outside sees it, pixel by pixel; its registers say the same.
 * oriel-test: timeout=600 needs=clcd
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fb.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/clcd.h"
#include "lib/display.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/sleep.h"
#include "lib/testdev.h"
#include "lib/walk.h"
#include "lib/window.h"

#define BYTES	(8u << 20)	/* of the frame buffer: the region on the A15, or what is asked for */

/* Registers of the PL111 and what is in them */
#define TIMING0		0x00
#define TIMING1		0x04
#define UPBASE		0x10
#define CONTROL		0x18
#define CONTROL_ON	0x801	/* LCDEN, LCDPWR */

static void check_registers(const struct screen *screen)
{
	assert_case("pixels", (clcd_register(TIMING0) & 0xfc) / 4 * 16 + 16, screen->var.xres);
	assert_case("lines", (clcd_register(TIMING1) & 0x3ff) + 1, screen->var.yres);
	assert_case("on", clcd_register(CONTROL) & CONTROL_ON, CONTROL_ON);
	assert_case("bits", clcd_register(CONTROL) >> 1 & 7,
		    screen->var.bits_per_pixel == 32 ? 5 : 6);
}

static void test_modes(void **state)
{
	static const struct { uint32_t x, y, bits; const char *name; } modes[] = {
		{ 640, 480, 32, "clcd-640x480-32" }, { 640, 480, 16, "clcd-640x480-16" },
		{ 1024, 768, 32, "clcd-1024x768-32" }, { 800, 600, 16, "clcd-800x600-16" },
	};
	struct screen screen = screen_open();
	size_t i;

	assert_string_equal(screen.fix.id, "oriel-clcd");
	assert_case("mode at the start", screen.var.xres, 640);
	assert_case("bytes", screen.fix.smem_len, BYTES);
	assert_case("room for two pictures", screen.var.yres_virtual, 960);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		screen_set(&screen, modes[i].x, modes[i].y, modes[i].bits, 0, 0);
		check_registers(&screen);
		picture_draw(&screen, 0, 0, i + 1);
		picture_check(&screen, modes[i].name, i + 1);
	}
	screen_close(&screen);
}

/* What there is not is refused, and what there was stays. */
static void test_bad_modes(void **state)
{
	struct screen screen = screen_open();
	static const struct fb_var_screeninfo bad[] = {
		{ .xres = 640, .yres = 480 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 33 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = ~0u },
		{ .xres = 0, .yres = 480, .bits_per_pixel = 16 },
		{ .xres = 640, .yres = 0, .bits_per_pixel = 16 },
		{ .xres = 1025, .yres = 480, .bits_per_pixel = 16 },
		{ .xres = 640, .yres = 1025, .bits_per_pixel = 16 },
		{ .xres = ~0u, .yres = ~0u, .bits_per_pixel = 32 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .xres_virtual = 656 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .yres_virtual = ~0u },
		{ .xres = 1024, .yres = 1024, .bits_per_pixel = 32, .yres_virtual = 2049 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .xoffset = 1 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .yoffset = 1 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .yoffset = ~0u },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .pixclock = 39722 },
	};
	size_t i;

	screen_set(&screen, 640, 480, 32, 0, 0);
	picture_draw(&screen, 0, 0, 77);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (screen_try(&screen, bad[i]) != EINVAL)
			fail_msg("bad mode %zu was taken", i);
	picture_check(&screen, "clcd-still-there", 77);
	/* As much as there is, to the last byte. */
	screen_set(&screen, 1024, 1024, 32, 0, 1024);
	screen_close(&screen);
}

/* Each alone, of a timing that would be right. */
static void test_bad_timing(void **state)
{
	static const struct fb_var_screeninfo right = {
		.xres = 640, .yres = 480, .bits_per_pixel = 32, .pixclock = 39722,
		.left_margin = 48, .right_margin = 16, .upper_margin = 33, .lower_margin = 10,
		.hsync_len = 96, .vsync_len = 2,
	};
	static const struct { const char *name; size_t at; uint32_t value; } bad[] = {
		{ "too fast", offsetof(struct fb_var_screeninfo, pixclock), 1 },
		{ "0 Hz", offsetof(struct fb_var_screeninfo, pixclock), 2000000000 },
		{ "left margin", offsetof(struct fb_var_screeninfo, left_margin), 257 },
		{ "horizontal sync", offsetof(struct fb_var_screeninfo, hsync_len), ~0u },
		{ "upper margin", offsetof(struct fb_var_screeninfo, upper_margin), 256 },
		{ "vertical sync", offsetof(struct fb_var_screeninfo, vsync_len), 65 },
	};
	struct screen screen = screen_open();
	size_t i;

	assert_case("right", screen_try(&screen, right), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fb_var_screeninfo var = right;

		*(uint32_t *)((char *)&var + bad[i].at) = bad[i].value;
		assert_case(bad[i].name, screen_try(&screen, var), EINVAL);
	}
	screen_close(&screen);
}

static void check_pan(uint32_t bits)
{
	struct screen screen = screen_open();
	uint32_t base;

	screen_set(&screen, 640, 480, bits, 0, 480);
	base = clcd_register(UPBASE);
	picture_draw(&screen, 0, 0, 1);
	picture_draw(&screen, 0, 480, 2);
	picture_check(&screen, "clcd-pan-first", 1);
	assert_int_equal(screen_pan(&screen, 0, 480), 0);
	assert_case("base", clcd_register(UPBASE) - base, 480 * screen.fix.line_length);
	picture_check(&screen, "clcd-pan-second", 2);
	assert_case("too far", screen_pan(&screen, 0, 481), EINVAL);
	assert_case("too far", screen_pan(&screen, 0, ~0u), EINVAL);
	assert_case("to the side", screen_pan(&screen, 16, 0), EINVAL);
	picture_check(&screen, "clcd-pan-second", 2);
	assert_int_equal(screen_pan(&screen, 0, 0), 0);
	picture_check(&screen, "clcd-pan-first", 1);
	screen_close(&screen);
}

static void test_pan(void **state)
{
	check_pan(32);
	check_pan(16);
}

/* Of what is switched off QEMU shows the last picture; the register tells. */
static void test_blank(void **state)
{
	struct screen screen = screen_open();

	screen_set(&screen, 640, 480, 32, 0, 0);
	picture_draw(&screen, 0, 0, 5);
	picture_check(&screen, "clcd-lit", 5);
	assert_case("on", clcd_register(CONTROL) & CONTROL_ON, CONTROL_ON);
	assert_int_equal(ioctl(screen.fd, FBIOBLANK, FB_BLANK_POWERDOWN), 0);
	assert_case("off", clcd_register(CONTROL) & CONTROL_ON, 0);
	picture_draw(&screen, 0, 0, 6);
	assert_int_equal(ioctl(screen.fd, FBIOBLANK, FB_BLANK_UNBLANK), 0);
	assert_case("on again", clcd_register(CONTROL) & CONTROL_ON, CONTROL_ON);
	picture_check(&screen, "clcd-lit-again", 6);
	screen_close(&screen);
}

/* For reading, uncached; the driver says what is shown. */
static void test_registers(void **state)
{
	int fd = open(clcd_node(), O_RDWR | O_CLOEXEC);
	struct oriel_region_info info = region_find(fd, "registers");
	volatile uint32_t *mapped;
	uint32_t word = 0;

	assert_int_equal(info.size_bytes, 4096);
	assert_int_equal(info.cache, ORIEL_CACHE_UNCACHED);
	assert_false(info.flags & ORIEL_REGION_WRITABLE);
	assert_case("write", pwrite(fd, &word, 4, info.offset_bytes + CONTROL) < 0 ? errno : 0,
		    EACCES);
	assert_case("map to write", map_errno(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
					    info.offset_bytes), EACCES);
	mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, info.offset_bytes);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	assert_case("control", mapped[CONTROL / 4], clcd_register(CONTROL));
	assert_case("on", mapped[CONTROL / 4] & CONTROL_ON, CONTROL_ON);
	assert_string_equal(walk((void *)mapped).cache, "uc");
	assert_case("upgrade", mprotect((void *)mapped, 4096, PROT_READ | PROT_WRITE) ? errno : 0,
		    EACCES);
	munmap((void *)mapped, 4096);
	close(fd);
}

/* What others drew is nobody's business. */
static void test_clean(void **state)
{
	struct screen screen = screen_open();
	size_t i;

	picture_draw(&screen, 0, 0, 1);
	screen_close(&screen);
	display_remove();
	display_return();
	screen = screen_open();
	for (i = 0; i < screen.fix.smem_len; i += 4)
		if (*(volatile uint32_t *)(screen.address + i))
			fail_msg("%zu: %#x is left", i, *(uint32_t *)(screen.address + i));
	screen_close(&screen);
}

/* The kernel has it mapped write-combined, whoever else does. */
static void test_one_cache_mode(void **state)
{
	struct area area;
	uint32_t word;
	char what[64];

	snprintf(what, sizeof(what), "%s frame 0 4096 uncached", strrchr(clcd_node(), '/') + 1);
	window_create("odd", what);
	area = window_area("odd", 0);
	assert_ptr_equal(area_try(&area, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("map", errno, EBUSY);
	assert_case("read", pread(area.fd, &word, 4, 0) < 0 ? errno : 0, EBUSY);
	area_close(&area);
	window_remove("odd");
}

/* Awake, the mode is as it was. */
static void test_suspend(void **state)
{
	struct screen screen = screen_open();

	screen_set(&screen, 800, 600, 16, 0, 0);
	assert_case("sleep", pretend_sleep(), 0);
	check_registers(&screen);
	screen_close(&screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_bad_modes),
		cmocka_unit_test(test_bad_timing),
		cmocka_unit_test(test_pan),
		cmocka_unit_test(test_blank),
		cmocka_unit_test(test_registers),
		cmocka_unit_test_teardown(test_one_cache_mode, windows_clear),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_suspend),
	};

	return cmocka_run_group_tests(tests, display_load, display_unload);
}
