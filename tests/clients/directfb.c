// SPDX-License-Identifier: GPL-2.0-only
/*
 * DirectFB's own tools, as Debian has them, on the frame buffer of this machine's
 * display: dfbinfo finds it, dfbshow shows an image on it, as the machine outside sees
 * it, and both leave the mode as it was.
 * oriel-test: machine=clients timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fb.h>
#include <sys/ioctl.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/client.h"
#include "lib/display.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define WIDTH	640
#define HEIGHT	480
#define IMAGE	"/tmp/directfb/image.dfiff"	/* for clients, too */

/* Without these words DirectFB begins with 640x480 of 8 bits. */
static int start(const char *words, uint32_t bits)
{
	return client_run("env DFBARGS=system=fbdev,mode=640x480,depth=%u,pixelformat=RGB%u %s",
			  bits, bits, words);
}

/* Its own format: a head, and pixels of 32 bits, or as here 16 for a screen of 16. */
static void make_image(uint32_t bits, uint32_t seed)
{
	const struct {
		char magic[5];
		uint8_t major, minor, flags;
		uint32_t width, height, format, pitch;
	} head = {
		.magic = { 'D', 'F', 'I', 'F', 'F' }, .flags = 1 /* little endian */,
		.width = WIDTH, .height = HEIGHT, .pitch = WIDTH * bits / 8,
		.format = bits == 32 ? 0x00400c03 : 0x00200801,
	};
	FILE *file = fopen(IMAGE, "w");
	uint32_t i, rgb;

	assert_non_null(file);
	assert_int_equal(fwrite(&head, sizeof(head), 1, file), 1);
	for (i = 0; i < WIDTH * HEIGHT; i++) {
		rgb = picture_color(i % WIDTH, i / WIDTH, seed);
		if (bits == 16)
			rgb = (rgb >> 8 & 0xf800) | (rgb >> 5 & 0x07e0) | (rgb >> 3 & 0x1f);
		assert_int_equal(fwrite(&rgb, bits / 8, 1, file), 1);
	}
	assert_int_equal(fclose(file), 0);
}

static void check_restored(const struct screen *screen)
{
	struct fb_var_screeninfo var;

	assert_int_equal(ioctl(screen->fd, FBIOGET_VSCREENINFO, &var), 0);
	assert_case("x", var.xres, screen->var.xres);
	assert_case("y", var.yres, screen->var.yres);
	assert_case("bits", var.bits_per_pixel, screen->var.bits_per_pixel);
}

static void test_info(void **state)
{
	struct screen screen = screen_open();
	char found[64];

	screen_set(&screen, 800, 600, 32, 0, 0);
	assert_case("dfbinfo", start("dfbinfo", 32), 0);
	snprintf(found, sizeof(found), "Found '%s'", display_driver());
	assert_true(text_file_has("client-output", found));
	assert_true(text_file_has("client-output", "Layer (00) FBDev Primary Layer"));
	check_restored(&screen);
	screen_close(&screen);
}

static int child_shows(void *bits)
{
	return start("dfbshow " IMAGE, *(uint32_t *)bits) ? 1 : 0;
}

static void check_show(uint32_t bits, const char *name)
{
	struct screen screen = screen_open(), other;
	pid_t child;

	make_image(bits, bits);
	screen_set(&screen, WIDTH, HEIGHT, bits, 0, 0);
	other = screen_open();
	screen_set(&other, 800, 600, bits, 0, 0);
	child = child_start(child_shows, &bits);
	picture_await(&screen, name, bits);
	client_end("dfbshow");
	child_wait(child);
	check_restored(&other);
	screen_close(&other);
	screen_close(&screen);
}

static void test_show(void **state)
{
	check_show(32, "dfbshow-32");
	check_show(16, "dfbshow-16");
}

/*
 * DirectFB runs on a console of its own, which the kernel changes to only from one with
 * text. So there is one; it keeps the mode that was set while it was shown.
 */
static int load(void **state)
{
	int err = display_load(state);

	client_copy("/usr/lib/*/directfb-1.7-7");
	screen_console(true);
	return err;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests(tests, load, display_unload);
}
