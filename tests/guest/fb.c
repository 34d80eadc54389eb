// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds for the frame buffer of each of our displays: it is the memory of a
 * region, it is bounded, and it is safe to take away.
 * oriel-test: timeout=600 machine=pc,vga,virt,vexpress-a15,vexpress-a9
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fb.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/display.h"
#include "lib/leftover.h"
#include "lib/picture.h"
#include "lib/screen.h"
#include "lib/sleep.h"
#include "lib/testdev.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define MIB	((size_t)1 << 20)

/* The same memory by both nodes, copied or mapped, write-combined. */
static void test_memory(void **state)
{
	struct screen screen = screen_open();
	int fd = open(display_node(), O_RDWR | O_CLOEXEC);
	struct oriel_region_info info = region_find(fd, "frame");
	uint32_t word = 0x12345678, got = 0;
	size_t bytes = screen.fix.smem_len;
	volatile uint32_t *mapped;

	assert_int_equal(info.index, 0);
	assert_int_equal(info.offset_bytes, 0);
	assert_int_equal(info.size_bytes, bytes);
	assert_int_equal(info.cache, ORIEL_CACHE_WRITE_COMBINED);
	assert_true(info.flags & ORIEL_REGION_REVOCABLE);
	assert_false(region_find(fd, "registers").flags & ORIEL_REGION_WRITABLE);
	mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	mapped[MIB] = word;
	assert_int_equal(*(volatile uint32_t *)(screen.address + 4 * MIB), word);
	assert_string_equal(walk(screen.address + 4 * MIB).cache, "wc");
	assert_string_equal(walk((void *)(mapped + MIB)).cache, "wc");
	assert_int_equal(pread(screen.fd, &got, 4, 4 * MIB), 4);
	assert_int_equal(got, word);
	word = ~word;
	assert_int_equal(pwrite(screen.fd, &word, 4, bytes - 4), 4);
	assert_int_equal(mapped[bytes / 4 - 1], word);
	assert_int_equal(pread(screen.fd, &got, 4, bytes - 2), 2);
	assert_int_equal(pread(screen.fd, &got, 4, bytes), 0);
	assert_case("write behind the end", pwrite(screen.fd, &word, 4, bytes) < 0 ? errno : 0,
		    ENOSPC);
	munmap((void *)mapped, bytes);
	close(fd);
	screen_close(&screen);
}

/* The core's checks hold for this way in too. */
static void test_bounds(void **state)
{
	struct screen screen = screen_open();
	size_t page = page_bytes(), end = screen.fix.smem_len;
	int fd = open("/dev/fb0", O_RDONLY | O_CLOEXEC);
	uint8_t *mapped;

	assert_case("last page", map_errno(screen.fd, page, PROT_READ, MAP_SHARED, end - page), 0);
	assert_case("a page more", map_errno(screen.fd, end + page, PROT_READ, MAP_SHARED, 0),
		    ENXIO);
	assert_case("behind", map_errno(screen.fd, page, PROT_READ, MAP_SHARED, end), ENXIO);
	assert_case("far behind", map_errno(screen.fd, page, PROT_READ, MAP_SHARED, 2 * end),
		    ENXIO);
	assert_case("private", map_errno(screen.fd, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0),
		    EINVAL);
	assert_case("exec", map_errno(screen.fd, page, PROT_READ | PROT_EXEC, MAP_SHARED, 0), EPERM);
	assert_case("not open for it", map_errno(fd, page, PROT_WRITE, MAP_SHARED, 0), EACCES);
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
	int fd = open(display_node(), O_RDWR | O_CLOEXEC);
	struct screen screen = screen_open(), after;
	size_t bytes = screen.fix.smem_len;
	uint32_t *mapped, word = 0;

	mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	picture_draw(&screen, 0, 0, 1);
	*(volatile uint32_t *)mapped = 1;
	display_remove();
	assert_case("touch", touch_read(screen.address), SIGBUS);
	assert_case("write", touch_write(screen.address + MIB), SIGBUS);
	assert_case("other node", touch_write(mapped), SIGBUS);
	assert_int_equal(walk(screen.address).bytes, 0);
	assert_int_equal(walk(mapped).bytes, 0);
	assert_case("ioctl", ioctl(screen.fd, FBIOGET_VSCREENINFO, &after.var) ? errno : 0, ENODEV);
	assert_case("pan", screen_pan(&screen, 0, 0), ENODEV);
	assert_case("read", pread(screen.fd, &word, 4, 0) < 0 ? errno : 0, ENODEV);
	assert_case("read the node", pread(fd, &word, 4, 0) < 0 ? errno : 0, ENODEV);
	assert_case("mmap", map_errno(screen.fd, 4096, PROT_READ, MAP_SHARED, 0), ENODEV);
	assert_case("mmap the node", map_errno(fd, 4096, PROT_READ, MAP_SHARED, 0), ENODEV);
	display_return();
	assert_case("after it came back", touch_read(screen.address), SIGBUS);
	after = screen_open();
	screen_set(&after, 640, 480, 32, 0, 0);
	picture_draw(&after, 0, 0, 9);
	picture_check(&after, "fb-after-removal", 9);
	screen_close(&after);
	screen_close(&screen);
	munmap(mapped, bytes);
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
	assert_case("sleep", pretend_sleep(), 0);
	assert_int_equal(walk(screen.address).bytes, 0);
	/* The console may have drawn meanwhile. */
	picture_draw(&screen, 0, 0, 4);
	picture_check(&screen, "fb-after-sleep", 4);
	screen_close(&screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_cycles),
	};

	return cmocka_run_group_tests(tests, display_load, display_unload);
}
