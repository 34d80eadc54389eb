// SPDX-License-Identifier: GPL-2.0-only
/*
 * fbset, fbcat and fbi, unchanged, and the kernel's console, on the frame buffer of this
 * machine's display: modes are set, and what they read and show is on the screen, as the
 * machine outside sees it.
 * oriel-test: machine=clients timeout=240
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <linux/fb.h>
#include <sys/ioctl.h>

#include "lib/check.h"
#include "lib/client.h"
#include "lib/display.h"
#include "lib/module.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define WIDTH	640
#define HEIGHT	480
#define IMAGE	"/tmp/fbdev/image.ppm"	/* for clients, too */
#define INK	0xaaaaaa		/* of the console */

static void check_told(const struct screen *screen)
{
	char words[64];

	client_do("fbset -fb /dev/fb0 -i");
	snprintf(words, sizeof(words), "geometry %u %u %u %u %u", screen->var.xres,
		 screen->var.yres, screen->var.xres_virtual, screen->var.yres_virtual,
		 screen->var.bits_per_pixel);
	if (!text_file_has("client-output", words))
		fail_msg("fbset does not say %s", words);
	snprintf(words, sizeof(words), "Name        : %s", display_driver());
	assert_true(text_file_has("client-output", words));
	snprintf(words, sizeof(words), "Size        : %u", screen->fix.smem_len);
	assert_true(text_file_has("client-output", words));
}

static void fbset(uint32_t width, uint32_t height, uint32_t bits)
{
	client_do("fbset -fb /dev/fb0 -xres %u -yres %u -vxres %u -vyres %u -depth %u", width,
		  height, width, height, bits);
}

static void test_fbset(void **state)
{
	static const struct { uint32_t x, y, bits; const char *name; } modes[] = {
		{ 640, 480, 16, "fbset-640x480-16" }, { 640, 480, 32, "fbset-640x480-32" },
		{ 800, 600, 16, "fbset-800x600-16" },
	};
	struct screen screen = screen_open();
	size_t i;

	check_told(&screen);
	screen_close(&screen);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		fbset(modes[i].x, modes[i].y, modes[i].bits);
		screen = screen_open();
		assert_case("x", screen.var.xres, modes[i].x);
		assert_case("y", screen.var.yres, modes[i].y);
		assert_case("bits", screen.var.bits_per_pixel, modes[i].bits);
		check_told(&screen);
		picture_draw(&screen, 0, 0, i);
		picture_check(&screen, modes[i].name, i);
		screen_close(&screen);
	}
	assert_int_not_equal(client_run("fbset -fb /dev/fb0 -xres 50000"), 0);
}

/* What fbcat says, pixel by pixel. It widens 16 bits as most displays do. */
static void check_dump(const struct screen *screen, const char *path, uint32_t seed)
{
	static const char head[] = "P6 640 480 255\n";
	FILE *file = fopen(path, "r");
	char line[sizeof(head)] = "";
	uint8_t pixel[3];
	uint32_t i, got, want;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, head);
	for (i = 0; i < WIDTH * HEIGHT; i++) {
		assert_int_equal(fread(pixel, sizeof(pixel), 1, file), 1);
		got = pixel[0] << 16 | pixel[1] << 8 | pixel[2];
		want = picture_shown(screen, i % WIDTH, i / WIDTH, seed);
		if (screen_shown(got, screen->var.bits_per_pixel) != want)
			fail_msg("pixel %u,%u is %06x, seen is %06x", i % WIDTH, i / WIDTH, got, want);
	}
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
}

static void check_fbcat(uint32_t bits, const char *name)
{
	struct screen screen = screen_open();

	screen_set(&screen, WIDTH, HEIGHT, bits, 0, 0);
	picture_draw(&screen, 0, 0, bits);
	picture_check(&screen, name, bits);
	client_do("fbcat /dev/fb0");
	check_dump(&screen, "client-output", bits);
	screen_close(&screen);
}

static void test_fbcat(void **state)
{
	check_fbcat(16, "fbcat-16");
	check_fbcat(32, "fbcat-32");
}

/* With line ends in its head, which fbi insists on, and fbcat does not write. */
static void make_image(uint32_t seed)
{
	FILE *file = fopen(IMAGE, "w");
	uint32_t i, rgb;

	assert_non_null(file);
	fprintf(file, "P6\n%u %u\n255\n", WIDTH, HEIGHT);
	for (i = 0; i < WIDTH * HEIGHT; i++) {
		rgb = picture_color(i % WIDTH, i / WIDTH, seed);
		fprintf(file, "%c%c%c", rgb >> 16, rgb >> 8, rgb);
	}
	assert_int_equal(fclose(file), 0);
}

static void test_fbi(void **state)
{
	struct screen screen = screen_open();

	/* It wants a console with text, which has the mode that is set meanwhile. */
	screen_console(true);
	screen_set(&screen, WIDTH, HEIGHT, 32, 0, 0);
	screen_console(false);
	make_image(3);
	picture_draw(&screen, 0, 0, 4);
	screen_console(true);
	/* It goes on by itself. */
	client_do("fbi --device /dev/fb0 --vt 1 --noverbose " IMAGE);
	picture_await(&screen, "fbi", 3);
	client_end("fbi");
	screen_console(false);
	screen_close(&screen);
}

static void console_bind(bool bind)
{
	glob_t all;
	size_t i;
	char path[128], name[64];

	assert_int_equal(glob("/sys/class/vtconsole/*", 0, NULL, &all), 0);
	for (i = 0; i < all.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s/name", all.gl_pathv[i]);
		text_line(path, name, sizeof(name));
		if (strstr(name, "frame buffer"))
			break;
	}
	assert_true(i < all.gl_pathc);
	snprintf(path, sizeof(path), "%s/bind", all.gl_pathv[i]);
	assert_case("bind", text_write(path, bind ? "1" : "0"), 0);
	assert_case("bound", text_number(path), bind);
	globfree(&all);
}

/* One blank, reversed, in the upper left corner of an empty console without a cursor. */
static struct winsize console_write(void)
{
	static const char words[] = "\033[0m\033[?25l\033[2J\033[H\033[7m \033[0m";
	int fd = open("/dev/tty0", O_RDWR | O_NOCTTY);
	struct winsize size;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, words, sizeof(words) - 1), sizeof(words) - 1);
	assert_int_equal(ioctl(fd, TIOCGWINSZ, &size), 0);
	close(fd);
	return size;
}

static void check_letter(struct screen *screen, const char *name, struct winsize size)
{
	uint32_t width = WIDTH / size.ws_col, height = HEIGHT / size.ws_row, x, y, got;
	struct area shared;
	const uint8_t *dump = screen_dump(&shared, name, WIDTH, HEIGHT);

	assert_in_range(width, 6, 32);
	assert_in_range(height, 6, 32);
	for (y = 0; y < HEIGHT; y++) {
		for (x = 0; x < WIDTH; x++, dump += 3) {
			got = dump[0] << 16 | dump[1] << 8 | dump[2];
			assert_case(name, got, x < width && y < height ?
				    screen_shown(INK, screen->var.bits_per_pixel) : 0);
		}
	}
	area_close(&shared);
}

static void check_console(uint32_t bits, const char *name)
{
	struct screen screen = screen_open();
	long users;

	console_bind(false);
	screen_console(true);
	screen_set(&screen, WIDTH, HEIGHT, bits, 0, 0);
	picture_draw(&screen, 0, 0, 1);
	console_write();
	picture_check(&screen, "console-away", 1);
	users = module_users(display_driver());

	console_bind(true);
	assert_case("users", module_users(display_driver()), users + 1);
	check_letter(&screen, name, console_write());

	console_bind(false);
	assert_case("users", module_users(display_driver()), users);
	picture_draw(&screen, 0, 0, 2);
	console_write();
	picture_check(&screen, "console-gone", 2);
	screen_close(&screen);
	console_bind(true);
	screen_console(false);
}

static void test_console(void **state)
{
	check_console(16, "console-16");
	check_console(32, "console-32");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fbset),
		cmocka_unit_test(test_fbcat),
		cmocka_unit_test(test_fbi),
		cmocka_unit_test(test_console),
	};

	return cmocka_run_group_tests(tests, display_load, display_unload);
}
