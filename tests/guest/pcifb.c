// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-pcifb: what a program draws into /dev/fb0 is what is on the screen, as the
 * machine outside sees it, pixel by pixel; and it is safe to take the display away.
 * oriel-test: timeout=600 machine=pc,vga
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fb.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define MIB	((size_t)1 << 20)
#define DRIVER	"/sys/bus/pci/drivers/oriel-pcifb/"
#define NODE	"/dev/oriel/pcifb-0000-00-12.0"
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
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		screen_set(&screen, modes[i].x, modes[i].y, modes[i].bits, 0, 0);
		picture_draw(&screen, 0, 0, i + 1);
		picture_check(&screen, modes[i].name, i + 1);
	}
	screen_close(&screen);
}

static int set_mode(int fd, struct fb_var_screeninfo var)
{
	return ioctl(fd, FBIOPUT_VSCREENINFO, &var) ? errno : 0;
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
		if (set_mode(screen.fd, bad[i]) != EINVAL)
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
	int fd = open(NODE, O_RDONLY);
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

/* The same memory by both nodes, copied or mapped, write-combined. */
static void test_memory(void **state)
{
	struct screen screen = screen_open();
	int fd = open(NODE, O_RDWR);
	struct oriel_region_info info = region_find(fd, "frame");
	uint32_t word = 0x12345678, got = 0;
	volatile uint32_t *mapped;

	assert_int_equal(info.index, 0);
	assert_int_equal(info.offset_bytes, 0);
	assert_int_equal(info.size_bytes, screen.fix.smem_len);
	assert_int_equal(info.size_bytes, 16 * MIB);
	assert_int_equal(info.cache, ORIEL_CACHE_WRITE_COMBINED);
	assert_false(region_find(fd, "registers").flags & ORIEL_REGION_WRITABLE);
	mapped = mmap(NULL, info.size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	mapped[MIB] = word;
	assert_int_equal(*(volatile uint32_t *)(screen.address + 4 * MIB), word);
	assert_string_equal(walk(screen.address + 4 * MIB).cache, "wc");
	assert_string_equal(walk((void *)(mapped + MIB)).cache, "wc");
	assert_int_equal(pread(screen.fd, &got, 4, 4 * MIB), 4);
	assert_int_equal(got, word);
	word = ~word;
	assert_int_equal(pwrite(screen.fd, &word, 4, 16 * MIB - 4), 4);
	assert_int_equal(mapped[4 * MIB - 1], word);
	assert_int_equal(pread(screen.fd, &got, 4, 16 * MIB - 2), 2);
	assert_int_equal(pread(screen.fd, &got, 4, 16 * MIB), 0);
	assert_case("write behind the end", pwrite(screen.fd, &word, 4, 16 * MIB) < 0 ? errno : 0,
		    ENOSPC);
	munmap((void *)mapped, info.size_bytes);
	close(fd);
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

/* The core's checks hold for this way in too. */
static void test_bounds(void **state)
{
	struct screen screen = screen_open();
	size_t page = page_bytes(), end = screen.fix.smem_len;
	int fd = open("/dev/fb0", O_RDONLY);
	uint8_t *mapped;

	assert_case("last page", try_map(screen.fd, page, PROT_READ, MAP_SHARED, end - page), 0);
	assert_case("a page more", try_map(screen.fd, end + page, PROT_READ, MAP_SHARED, 0), ENXIO);
	assert_case("behind", try_map(screen.fd, page, PROT_READ, MAP_SHARED, end), ENXIO);
	assert_case("registers", try_map(screen.fd, page, PROT_READ, MAP_SHARED, end + 16 * MIB),
		    ENXIO);
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

/* The driver has no switch for the device's DMA: it could not be made to let go. */
static void test_no_buffers(void **state)
{
	struct oriel_buffer_alloc alloc = { .size_bytes = page_bytes(), .kind = ORIEL_KIND_SCATTERED };
	int fd = open(NODE, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_case("buffer", ioctl(fd, ORIEL_BUFFER_ALLOC, &alloc) ? errno : 0, EOPNOTSUPP);
	assert_int_equal(explain(fd).reason, ORIEL_REASON_NO_DMA);
	close(fd);
}

static void display_remove(void)
{
	assert_case("unbind", text_write(DRIVER "unbind", PCI_DISPLAY), 0);
}

static void display_return(void)
{
	assert_case("bind", text_write(DRIVER "bind", PCI_DISPLAY), 0);
	screen_console(false);
}

static void test_removal(void **state)
{
	struct screen screen = screen_open(), after;
	uint32_t word = 0;

	picture_draw(&screen, 0, 0, 1);
	display_remove();
	assert_case("touch", touch_read(screen.address), SIGBUS);
	assert_case("write", touch_write(screen.address + MIB), SIGBUS);
	assert_int_equal(walk(screen.address).bytes, 0);
	assert_case("ioctl", ioctl(screen.fd, FBIOGET_VSCREENINFO, &after.var) ? errno : 0, ENODEV);
	assert_case("read", pread(screen.fd, &word, 4, 0) < 0 ? errno : 0, ENODEV);
	assert_case("mmap", try_map(screen.fd, 4096, PROT_READ, MAP_SHARED, 0), ENODEV);
	display_return();
	assert_case("after it came back", touch_read(screen.address), SIGBUS);
	after = screen_open();
	screen_set(&after, 640, 480, 32, 0, 0);
	picture_draw(&after, 0, 0, 9);
	picture_check(&after, "fb-after-removal", 9);
	screen_close(&after);
	screen_close(&screen);
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
		display_remove();
		assert_case("the child", child_wait(child), 128 + SIGBUS);
		assert_case("touch", touch_write(screen.address), SIGBUS);
		display_return();
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
	assert_case("suspend", text_write("/sys/power/state", "mem"), 0);
	assert_case("pm_test", text_write("/sys/power/pm_test", "none"), 0);
	assert_int_equal(walk(screen.address).bytes, 0);
	/* The console may have drawn meanwhile. */
	picture_draw(&screen, 0, 0, 4);
	picture_check(&screen, "fb-after-sleep", 4);
	screen_close(&screen);
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

static int load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (!err)
		err = module_load("oriel-walk", "");
	if (!err)
		err = module_load("oriel-pcifb", "");
	if (err)
		return err;
	display_remove();
	display_return();
	return 0;
}

static int unload(void **state)
{
	screen_console(true);
	/* The console holds on to the driver as long as it draws. */
	display_remove();
	return module_unload("oriel-pcifb") ?: module_unload("oriel-walk") ?:
	       module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_bad_modes),
		cmocka_unit_test(test_pan),
		cmocka_unit_test(test_blank),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_no_buffers),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_console),
		cmocka_unit_test(test_cycles),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
