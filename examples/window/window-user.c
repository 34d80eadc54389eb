// SPDX-License-Identifier: GPL-2.0-only
/*
 * A window on a frame buffer, whatever driver has it: title, text, and a ball that
 * bounces.
 *
 *	window-user [-m] [-n FRAMES] [/dev/fbN]
 *
 * The frame buffer is mapped, and all drawing is stores. Where the driver can pan, each
 * picture is drawn where nobody sees it and then shown as a whole: no picture is seen
 * half done. -m asks for a mode with room for two pictures first. Without -n, ends with
 * the first signal; the last picture stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "font.h"

#define FRAME_US	20000
#define BORDER		4	/* all in units of scale_of() pixels */
#define TITLE_HEIGHT	13
#define BALL_RADIUS	9
#define BALL_STEP	2

#define DESKTOP		0x305878
#define FRAME		0x101820
#define TITLE		0xd07020
#define PAPER		0xf0f0e8
#define INK		0x202020
#define BALL		0xc02040

struct screen {
	int fd;
	struct fb_var_screeninfo var;
	struct fb_fix_screeninfo fix;
	uint8_t *memory;
	uint32_t top;		/* of the picture that is drawn now, in lines */
};

struct box {
	int x, y, width, height;
};

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static bool can_pan(const struct screen *screen)
{
	return screen->fix.ypanstep && screen->var.yres_virtual >= 2 * screen->var.yres;
}

/* A picture below the one that is shown; a driver without the memory says no. */
static void ask_for_two(struct screen *screen)
{
	struct fb_var_screeninfo var = screen->var;

	var.yres_virtual = 2 * var.yres;
	var.xoffset = var.yoffset = 0;
	if (ioctl(screen->fd, FBIOPUT_VSCREENINFO, &var))
		fprintf(stderr, "no room for two pictures: %s\n", strerror(errno));
}

static void screen_read(struct screen *screen)
{
	if (ioctl(screen->fd, FBIOGET_VSCREENINFO, &screen->var) ||
	    ioctl(screen->fd, FBIOGET_FSCREENINFO, &screen->fix))
		fail("what screen it is");
}

static void screen_open(struct screen *screen, const char *path, bool two)
{
	screen->fd = open(path, O_RDWR | O_CLOEXEC);
	if (screen->fd < 0)
		fail(path);
	screen_read(screen);
	if (two)
		ask_for_two(screen);
	screen_read(screen);
	if (screen->var.bits_per_pixel != 16 && screen->var.bits_per_pixel != 32) {
		fprintf(stderr, "%s has %u bits for a pixel; 16 and 32 are known here\n", path,
			screen->var.bits_per_pixel);
		exit(EXIT_FAILURE);
	}
	screen->memory = mmap(NULL, screen->fix.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED,
			      screen->fd, 0);
	if (screen->memory == MAP_FAILED)
		fail("mmap");
}

static uint32_t channel(const struct fb_bitfield *field, uint32_t value)
{
	return value >> (8 - field->length) << field->offset;
}

/* What stands in memory for red, green and blue of 8 bits each. */
static uint32_t pixel_of(const struct screen *screen, uint32_t rgb)
{
	return channel(&screen->var.red, rgb >> 16 & 0xff) |
	       channel(&screen->var.green, rgb >> 8 & 0xff) |
	       channel(&screen->var.blue, rgb & 0xff);
}

static void fill(const struct screen *screen, struct box box, uint32_t rgb)
{
	uint32_t pixel = pixel_of(screen, rgb);
	int x, y;

	for (y = box.y; y < box.y + box.height; y++) {
		uint8_t *line = screen->memory +
				(size_t)(screen->top + y) * screen->fix.line_length;

		for (x = box.x; x < box.x + box.width; x++) {
			if (screen->var.bits_per_pixel == 32)
				((uint32_t *)line)[x] = pixel;
			else
				((uint16_t *)line)[x] = pixel;
		}
	}
}

static void text(const struct screen *screen, int x, int y, int scale, uint32_t rgb,
		 const char *words)
{
	int row, column;

	for (; *words; words++, x += (FONT_WIDTH + 1) * scale)
		for (row = 0; row < FONT_HEIGHT; row++)
			for (column = 0; column < FONT_WIDTH; column++)
				if (font[*words & 0x7f][row] & 0x10 >> column)
					fill(screen, (struct box){ x + column * scale, y + row * scale,
								   scale, scale }, rgb);
}

static int scale_of(const struct screen *screen)
{
	return screen->var.xres >= 640 ? 2 : 1;
}

/* Inside of the window, below the title */
static struct box inside_of(const struct screen *screen)
{
	int scale = scale_of(screen), width = screen->var.xres, height = screen->var.yres;

	return (struct box){
		.x = width / 8 + BORDER * scale,
		.y = height / 8 + (BORDER + TITLE_HEIGHT) * scale,
		.width = width - width / 8 * 2 - 2 * BORDER * scale,
		.height = height - height / 8 * 2 - (2 * BORDER + TITLE_HEIGHT) * scale,
	};
}

/* Back and forth between 0 and @room */
static int bounce(unsigned long way, int room)
{
	int at = way % (2ul * room);

	return at < room ? at : 2 * room - at;
}

static void draw_ball(const struct screen *screen, struct box inside, unsigned long frame)
{
	int scale = scale_of(screen), radius = BALL_RADIUS * scale, y;
	int x0 = inside.x + radius + bounce(frame * BALL_STEP * scale, inside.width - 2 * radius);
	int y0 = inside.y + radius + bounce(frame * BALL_STEP * scale, inside.height - 2 * radius);

	for (y = -radius; y < radius; y++) {
		int half = 0;

		while ((half + 1) * (half + 1) + y * y < radius * radius)
			half++;
		fill(screen, (struct box){ x0 - half, y0 + y, 2 * half, 1 }, BALL);
	}
}

static void draw(const struct screen *screen, unsigned long frame)
{
	struct box inside = inside_of(screen);
	int scale = scale_of(screen), line = (FONT_HEIGHT + 3) * scale;
	int x = inside.x + 4 * scale, y = inside.y + 4 * scale;
	char words[64];

	fill(screen, (struct box){ 0, 0, screen->var.xres, screen->var.yres }, DESKTOP);
	fill(screen, (struct box){ inside.x - BORDER * scale,
				   inside.y - (BORDER + TITLE_HEIGHT) * scale,
				   inside.width + 2 * BORDER * scale,
				   inside.height + (2 * BORDER + TITLE_HEIGHT) * scale }, FRAME);
	fill(screen, (struct box){ inside.x, inside.y - TITLE_HEIGHT * scale, inside.width,
				   (TITLE_HEIGHT - 1) * scale }, TITLE);
	text(screen, x, inside.y - (TITLE_HEIGHT - 3) * scale, scale, PAPER, "ORIEL");
	fill(screen, inside, PAPER);
	text(screen, x, y, scale, INK, "A FRAME BUFFER, MAPPED.");
	snprintf(words, sizeof(words), "%u X %u, %u BITS", screen->var.xres, screen->var.yres,
		 screen->var.bits_per_pixel);
	text(screen, x, y + line, scale, INK, words);
	snprintf(words, sizeof(words), "PICTURE %lu%s", frame,
		 can_pan(screen) ? ", SHOWN WHEN DONE" : "");
	text(screen, x, y + 2 * line, scale, INK, words);
	draw_ball(screen, inside, frame);
}

static void show(struct screen *screen)
{
	if (!can_pan(screen))
		return;
	screen->var.yoffset = screen->top;
	if (ioctl(screen->fd, FBIOPAN_DISPLAY, &screen->var))
		fail("pan");
}

int main(int argc, char **argv)
{
	struct screen screen = { .fd = -1 };
	unsigned long frame, frames = 0;
	bool two = false;
	int option;

	while ((option = getopt(argc, argv, "mn:")) >= 0) {
		if (option == 'm') {
			two = true;
		} else if (option == 'n') {
			frames = strtoul(optarg, NULL, 0);
		} else {
			fprintf(stderr, "usage: %s [-m] [-n FRAMES] [/dev/fbN]\n", argv[0]);
			return EXIT_FAILURE;
		}
	}
	screen_open(&screen, argv[optind] ?: "/dev/fb0", two);
	for (frame = 0; !frames || frame < frames; frame++) {
		if (frame)
			usleep(FRAME_US);
		if (can_pan(&screen))
			screen.top = screen.var.yoffset ? 0 : screen.var.yres;
		else
			screen.top = screen.var.yoffset;
		draw(&screen, frame);
		show(&screen);
	}

	return EXIT_SUCCESS;
}
