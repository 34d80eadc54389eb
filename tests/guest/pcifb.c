// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-pcifb: what a program draws into /dev/fb0 is what is on the screen, as the
 * machine outside sees it, pixel by pixel.
 * oriel-test: timeout=600 machine=pc,vga,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fb.h>
#include <sys/ioctl.h>

#include "lib/check.h"
#include "lib/display.h"
#include "lib/pci.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/text.h"

#define BYTES	(16u << 20)
#define VGA_CLASS 0x030000

static void test_modes(void **state)
{
	static const struct { uint32_t x, y, bits; const char *name; } modes[] = {
		{ 1024, 768, 32, "fb-1024x768-32" }, { 640, 480, 16, "fb-640x480-16" },
		{ 640, 480, 32, "fb-640x480-32" }, { 1000, 700, 16, "fb-1000x700-16" },
	};
	struct screen screen = screen_open();
	size_t i;

	assert_string_equal(screen.fix.id, "oriel-pcifb");
	assert_case("mode at the start", screen.var.xres, 1024);
	assert_case("bytes", screen.fix.smem_len, BYTES);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		screen_set(&screen, modes[i].x, modes[i].y, modes[i].bits, 0, 0);
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
		{ .xres = 16008, .yres = 480, .bits_per_pixel = 16 },
		{ .xres = 640, .yres = 12001, .bits_per_pixel = 16 },
		{ .xres = ~0u, .yres = ~0u, .bits_per_pixel = 32 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .xres_virtual = ~0u },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .yres_virtual = ~0u },
		{ .xres = 4096, .yres = 4096, .bits_per_pixel = 32 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .xoffset = 1 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .yoffset = 1 },
		{ .xres = 640, .yres = 480, .bits_per_pixel = 32, .yoffset = ~0u },
	};
	size_t i;

	screen_set(&screen, 640, 480, 32, 0, 0);
	picture_draw(&screen, 0, 0, 77);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (screen_try(&screen, bad[i]) != EINVAL)
			fail_msg("bad mode %zu was taken", i);
	picture_check(&screen, "fb-still-there", 77);
	screen_close(&screen);
}

static void check_pan(uint32_t bits)
{
	struct screen screen = screen_open();

	screen_set(&screen, 640, 480, bits, 128, 480);
	picture_draw(&screen, 0, 0, 1);
	picture_draw(&screen, 128, 480, 2);
	picture_check(&screen, "fb-pan-first", 1);
	assert_int_equal(screen_pan(&screen, 128, 480), 0);
	picture_check(&screen, "fb-pan-second", 2);
	assert_case("too far", screen_pan(&screen, 130, 480), EINVAL);
	assert_case("too far", screen_pan(&screen, 128, 481), EINVAL);
	assert_case("too far", screen_pan(&screen, 0, ~0u), EINVAL);
	picture_check(&screen, "fb-pan-second", 2);
	assert_int_equal(screen_pan(&screen, 0, 0), 0);
	picture_check(&screen, "fb-pan-first", 1);
	screen_close(&screen);
}

static void test_pan(void **state)
{
	check_pan(32);
	check_pan(16);
}

static uint16_t enable_register(void)
{
	uint16_t value = 0;
	int fd = open(display_node(), O_RDONLY);
	struct oriel_region_info info = region_find(fd, "registers");

	assert_int_equal(pread(fd, &value, 2, info.offset_bytes + 0x508), 2);
	close(fd);
	return value;
}

static bool is_vga(void)
{
	return pci_config32(PCI_DISPLAY, 8) >> 8 == VGA_CLASS;
}

/* QEMU shows black for VGA; of what is switched off it shows the last picture. */
static void test_blank(void **state)
{
	struct screen screen = screen_open();

	screen_set(&screen, 640, 480, 32, 0, 0);
	picture_draw(&screen, 0, 0, 5);
	picture_check(&screen, "fb-lit", 5);
	assert_case("on", enable_register() & 1, 1);
	assert_int_equal(ioctl(screen.fd, FBIOBLANK, FB_BLANK_POWERDOWN), 0);
	if (is_vga())
		picture_check(&screen, "fb-blank", -1);
	else
		assert_case("off", enable_register() & 1, 0);
	assert_int_equal(ioctl(screen.fd, FBIOBLANK, FB_BLANK_UNBLANK), 0);
	assert_case("on again", enable_register() & 1, 1);
	picture_check(&screen, "fb-lit", 5);
	screen_close(&screen);
}

/* The driver has no switch for the device's DMA: it could not be made to let go. */
static void test_no_buffers(void **state)
{
	struct oriel_buffer_alloc alloc = { .size_bytes = page_bytes(), .kind = ORIEL_KIND_SCATTERED };
	int fd = open(display_node(), O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_case("buffer", ioctl(fd, ORIEL_BUFFER_ALLOC, &alloc) ? errno : 0, EOPNOTSUPP);
	assert_int_equal(explain(fd).reason, ORIEL_REASON_NO_DMA);
	close(fd);
}

/* Of the console drivers, the one that draws on frame buffers. */
static bool console_find(char *path, size_t bytes)
{
	char name[64];
	int i;

	for (i = 0; i < 4; i++) {
		snprintf(path, bytes, "/sys/class/vtconsole/vtcon%d/name", i);
		if (text_read(path, name, sizeof(name)) > 0 && strstr(name, "frame buffer")) {
			snprintf(path, bytes, "/sys/class/vtconsole/vtcon%d/bind", i);
			return true;
		}
	}
	return false;
}

/*
 * The console takes it and lets it go, and it can be removed under the console.
 * Where the console was VGA's, the kernel has dropped that for us, and then binds
 * none by hand, whose driver ever (vt_bind() wants a built-in one to come back to).
 */
static void test_console(void **state)
{
	char bind[64];

	if (!console_find(bind, sizeof(bind)))
		skip();
	assert_case("bound at the start", text_number(bind), 1);
	assert_case("unbind", text_write(bind, "0"), 0);
	assert_case("unbound", text_number(bind), 0);
	assert_case("bind", text_write(bind, "1"), 0);
	assert_true(is_vga() || text_number(bind) == 1);
	display_remove();
	display_return();
	assert_true(console_find(bind, sizeof(bind)));
	assert_case("bound again", text_number(bind), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_bad_modes),
		cmocka_unit_test(test_pan),
		cmocka_unit_test(test_blank),
		cmocka_unit_test(test_no_buffers),
		cmocka_unit_test(test_console),
	};

	return cmocka_run_group_tests(tests, display_load, display_unload);
}
