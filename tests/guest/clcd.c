// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-clcd: what a program draws into /dev/fb0 is what is on the screen, as the
 * machine outside sees it, pixel by pixel; and it is safe to take the display away,
 * with its memory.
 * oriel-test: timeout=600 needs=clcd
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fb.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/clcd.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"
#include "lib/window.h"

#define MIB	((size_t)1 << 20)
#define BYTES	(8 * MIB)	/* of the frame buffer: the region on the A15, or what is asked for */

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
	assert_case("room for two pictures", screen.var.yres_virtual, 960);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		screen_set(&screen, modes[i].x, modes[i].y, modes[i].bits, 0, 0);
		check_registers(&screen);
		picture_draw(&screen, 0, 0, i + 1);
		picture_check(&screen, modes[i].name, i + 1);
	}
	screen_close(&screen);
}

static int set_mode(int fd, struct fb_var_screeninfo var)
{
	return ioctl(fd, FBIOPUT_VSCREENINFO, &var) ? errno : 0;
}

#define TIMING	.pixclock = 39722, .left_margin = 48, .right_margin = 16, .upper_margin = 33, \
		.lower_margin = 10, .hsync_len = 96, .vsync_len = 2

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
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, TIMING, .pixclock = 1 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, TIMING, .pixclock = 2000000000 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, TIMING, .left_margin = 257 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, TIMING, .hsync_len = ~0u },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, TIMING, .upper_margin = 256 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, TIMING, .vsync_len = 65 },
	};
	size_t i;

	screen_set(&screen, 640, 480, 32, 0, 0);
	picture_draw(&screen, 0, 0, 77);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (set_mode(screen.fd, bad[i]) != EINVAL)
			fail_msg("bad mode %zu was taken", i);
	picture_check(&screen, "clcd-still-there", 77);
	/* As much as there is, to the last byte. */
	screen_set(&screen, 1024, 1024, 32, 0, 1024);
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

static int try_map(int fd, size_t bytes, int prot, int flags, off_t offset)
{
	void *address = mmap(NULL, bytes, prot, flags, fd, offset);

	if (address == MAP_FAILED)
		return errno;
	munmap(address, bytes);
	return 0;
}

/* The same memory by both nodes, copied or mapped, write-combined. */
static void test_memory(void **state)
{
	struct screen screen = screen_open();
	int fd = open(clcd_node(), O_RDWR | O_CLOEXEC);
	struct oriel_region_info info = region_find(fd, "frame");
	uint32_t word = 0x12345678, got = 0;
	volatile uint32_t *mapped;

	assert_int_equal(info.index, 0);
	assert_int_equal(info.offset_bytes, 0);
	assert_int_equal(info.size_bytes, screen.fix.smem_len);
	assert_int_equal(info.size_bytes, BYTES);
	assert_int_equal(info.cache, ORIEL_CACHE_WRITE_COMBINED);
	assert_true(info.flags & ORIEL_REGION_REVOCABLE);
	mapped = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	mapped[MIB] = word;
	assert_int_equal(*(volatile uint32_t *)(screen.address + 4 * MIB), word);
	assert_string_equal(walk(screen.address + 4 * MIB).cache, "wc");
	assert_string_equal(walk((void *)(mapped + MIB)).cache, "wc");
	assert_int_equal(pread(screen.fd, &got, 4, 4 * MIB), 4);
	assert_int_equal(got, word);
	word = ~word;
	assert_int_equal(pwrite(screen.fd, &word, 4, BYTES - 4), 4);
	assert_int_equal(mapped[BYTES / 4 - 1], word);
	assert_int_equal(pread(screen.fd, &got, 4, BYTES - 2), 2);
	assert_int_equal(pread(screen.fd, &got, 4, BYTES), 0);
	assert_case("write behind the end", pwrite(screen.fd, &word, 4, BYTES) < 0 ? errno : 0,
		    ENOSPC);
	munmap((void *)mapped, BYTES);
	close(fd);
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
	assert_case("map to write", try_map(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
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

/* The core's checks hold for this way in too. */
static void test_bounds(void **state)
{
	struct screen screen = screen_open();
	size_t page = page_bytes(), end = screen.fix.smem_len;
	int fd = open("/dev/fb0", O_RDONLY | O_CLOEXEC);
	uint8_t *mapped;

	assert_case("last page", try_map(screen.fd, page, PROT_READ, MAP_SHARED, end - page), 0);
	assert_case("a page more", try_map(screen.fd, end + page, PROT_READ, MAP_SHARED, 0), ENXIO);
	assert_case("behind", try_map(screen.fd, page, PROT_READ, MAP_SHARED, end), ENXIO);
	assert_case("private", try_map(screen.fd, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0),
		    EINVAL);
	assert_case("exec", try_map(screen.fd, page, PROT_READ | PROT_EXEC, MAP_SHARED, 0), EPERM);
	assert_case("not open for it", try_map(fd, page, PROT_WRITE, MAP_SHARED, 0), EACCES);
	mapped = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	assert_int_equal(touch_read(mapped), 0);
	assert_case("upgrade", mprotect(mapped, page, PROT_READ | PROT_WRITE) ? errno : 0, EACCES);
	assert_ptr_equal(mremap(mapped, page, 2 * page, MREMAP_MAYMOVE), MAP_FAILED);
	munmap(mapped, page);
	close(fd);
	screen_close(&screen);
}

static void test_removal(void **state)
{
	int fd = open(clcd_node(), O_RDWR | O_CLOEXEC);
	struct screen screen = screen_open(), after;
	uint32_t *mapped, word = 0;

	mapped = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	picture_draw(&screen, 0, 0, 1);
	*(volatile uint32_t *)mapped = 1;
	clcd_remove();
	assert_case("touch", touch_read(screen.address), SIGBUS);
	assert_case("write", touch_write(screen.address + MIB), SIGBUS);
	assert_case("other node", touch_write(mapped), SIGBUS);
	assert_int_equal(walk(screen.address).bytes, 0);
	assert_int_equal(walk(mapped).bytes, 0);
	assert_case("ioctl", ioctl(screen.fd, FBIOGET_VSCREENINFO, &after.var) ? errno : 0, ENODEV);
	assert_case("pan", screen_pan(&screen, 0, 0), ENODEV);
	assert_case("read", pread(screen.fd, &word, 4, 0) < 0 ? errno : 0, ENODEV);
	assert_case("read the node", pread(fd, &word, 4, 0) < 0 ? errno : 0, ENODEV);
	assert_case("mmap", try_map(screen.fd, 4096, PROT_READ, MAP_SHARED, 0), ENODEV);
	assert_case("mmap the node", try_map(fd, 4096, PROT_READ, MAP_SHARED, 0), ENODEV);
	clcd_return();
	assert_case("after it came back", touch_read(screen.address), SIGBUS);
	after = screen_open();
	/* What others drew is nobody's business. */
	for (word = 0; word < BYTES; word += 4)
		if (*(volatile uint32_t *)(after.address + word))
			fail_msg("%u: %#x is left", word, *(uint32_t *)(after.address + word));
	picture_draw(&after, 0, 0, 9);
	picture_check(&after, "clcd-after-removal", 9);
	screen_close(&after);
	screen_close(&screen);
	munmap(mapped, BYTES);
	close(fd);
}

/* Draws until the screen is taken away, again and again; ends by a signal. */
static int child_draws(void *argument)
{
	struct screen *screen = argument;
	uint32_t seed = 0;

	for (;;)
		picture_draw(screen, 0, 0, seed++);
	return 0;
}

static void test_cycles(void **state)
{
	long before = leftover_available_kib();
	int round;

	for (round = 0; round < 100; round++) {
		struct screen screen = screen_open();
		pid_t child = child_start(child_draws, &screen);

		close(screen.fd);
		usleep(2000 * (round % 5));
		clcd_remove();
		assert_case("the child", child_wait(child), 128 + SIGBUS);
		assert_case("touch", touch_write(screen.address), SIGBUS);
		clcd_return();
		munmap(screen.address, screen.fix.smem_len);
	}
	leftover_check(before);
}

/* Asleep it is out of the page tables; awake, the mode is as it was. */
static void test_suspend(void **state)
{
	struct screen screen = screen_open();

	screen_set(&screen, 800, 600, 16, 0, 0);
	picture_draw(&screen, 0, 0, 3);
	assert_case("pm_test", text_write("/sys/power/pm_test", "devices"), 0);
	text_write("/sys/module/suspend/parameters/pm_test_delay", "0");
	assert_case("suspend", text_write("/sys/power/state", "freeze"), 0);
	assert_case("pm_test", text_write("/sys/power/pm_test", "none"), 0);
	assert_int_equal(walk(screen.address).bytes, 0);
	/* The console may have drawn meanwhile. */
	picture_draw(&screen, 0, 0, 4);
	picture_check(&screen, "clcd-after-sleep", 4);
	check_registers(&screen);
	screen_close(&screen);
}

static int load(void **state)
{
	return module_load("oriel-walk", "") ?: clcd_load("");
}

static int unload(void **state)
{
	return clcd_unload() ?: module_unload("oriel-walk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_bad_modes),
		cmocka_unit_test(test_pan),
		cmocka_unit_test(test_blank),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_registers),
		cmocka_unit_test_teardown(test_one_cache_mode, windows_clear),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_cycles),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
