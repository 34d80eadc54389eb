// SPDX-License-Identifier: GPL-2.0-only
#include "lib/screen.h"

#include <fcntl.h>
#include <linux/kd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/disk.h"
#include "lib/pci.h"

/* QEMU's PL11x leaves the lowest bits of 16-bit pixels empty; others repeat the highest. */
static bool screen_repeats_bits = true;

static void screen_map(struct screen *screen)
{
	assert_int_equal(ioctl(screen->fd, FBIOGET_VSCREENINFO, &screen->var), 0);
	assert_int_equal(ioctl(screen->fd, FBIOGET_FSCREENINFO, &screen->fix), 0);
	screen_repeats_bits = strcmp(screen->fix.id, "oriel-clcd");
	screen->address = mmap(NULL, screen->fix.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED,
			       screen->fd, 0);
	assert_ptr_not_equal(screen->address, MAP_FAILED);
}

struct screen screen_open(void)
{
	struct screen screen = { .fd = open("/dev/fb0", O_RDWR) };

	assert_true(screen.fd >= 0);
	screen_map(&screen);
	return screen;
}

void screen_console(bool draws)
{
	int fd = open("/dev/tty0", O_RDWR);

	if (fd >= 0) {
		ioctl(fd, KDSETMODE, draws ? KD_TEXT : KD_GRAPHICS);
		close(fd);
	}
}

void screen_close(struct screen *screen)
{
	munmap(screen->address, screen->fix.smem_len);
	close(screen->fd);
}

void screen_set(struct screen *screen, uint32_t x, uint32_t y, uint32_t bits,
		uint32_t more_x, uint32_t more_y)
{
	struct fb_var_screeninfo var = {
		.xres = x, .yres = y, .bits_per_pixel = bits,
		.xres_virtual = x + more_x, .yres_virtual = y + more_y,
	};

	munmap(screen->address, screen->fix.smem_len);
	assert_case("set the mode", ioctl(screen->fd, FBIOPUT_VSCREENINFO, &var) ? errno : 0, 0);
	screen_map(screen);
	assert_case("x", screen->var.xres, x);
	assert_case("y", screen->var.yres, y);
	assert_case("bits", screen->var.bits_per_pixel, bits);
	assert_case("red", screen->var.red.offset, bits == 32 ? 16 : 11);
	assert_case("green", screen->var.green.length, bits == 32 ? 8 : 6);
	assert_case("line", screen->fix.line_length, (x + more_x) * bits / 8);
}

void *screen_pixel(const struct screen *screen, uint32_t x, uint32_t y)
{
	return screen->address + (size_t)y * screen->fix.line_length +
	       x * screen->var.bits_per_pixel / 8;
}

uint32_t screen_shown(uint32_t rgb, uint32_t bits)
{
	uint32_t red = rgb >> 16 & 0xf8, green = rgb >> 8 & 0xfc, blue = rgb & 0xf8;

	if (bits == 32)
		return rgb;
	if (!screen_repeats_bits)
		return red << 16 | green << 8 | blue;
	return (red | red >> 5) << 16 | (green | green >> 6) << 8 | blue | blue >> 5;
}

/* Of the machine outside, by the memory that it shares, or else by the disk. */
static struct area screen_fetch(const char *name, size_t bytes)
{
	bool shares = !access("/sys/bus/pci/devices/" PCI_IVSHMEM, F_OK);
	struct area area;
	char words[64];

	snprintf(words, sizeof(words), "%s %s", shares ? "screen_share" : "screen_disk", name);
	pci_ask_host(words);
	if (shares)
		return pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ);
	area = (struct area){ .fd = disk_open(), .bytes = page_round(bytes) };
	area.address = mmap(NULL, area.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	assert_ptr_not_equal(area.address, MAP_FAILED);
	assert_int_equal(pread(area.fd, area.address, area.bytes, 0), area.bytes);
	return area;
}

const uint8_t *screen_dump(struct area *area, const char *name, uint32_t x, uint32_t y)
{
	char head[32];
	size_t length = snprintf(head, sizeof(head), "P6\n%u %u\n255\n", x, y);

	*area = screen_fetch(name, length + 3ul * x * y);
	assert_memory_equal(area->address, head, length);
	return area->address + length;
}

int screen_pan(const struct screen *screen, uint32_t x, uint32_t y)
{
	struct fb_var_screeninfo var = screen->var;

	var.xoffset = x;
	var.yoffset = y;
	return ioctl(screen->fd, FBIOPAN_DISPLAY, &var) ? errno : 0;
}

int screen_try(const struct screen *screen, struct fb_var_screeninfo var)
{
	return ioctl(screen->fd, FBIOPUT_VSCREENINFO, &var) ? errno : 0;
}
