// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAM that the board keeps for one device (memory-region), here for the LCD controller:
 * a region beside the registers, write-combined, which goes with the device.
 * oriel-test: timeout=180 needs=tree,clcd
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/platform.h"
#include "lib/sleep.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define MIB	((size_t)1 << 20)
#define BYTES	(8 * MIB)	/* of the region on the A15 tile */
#define CYCLES	100

static struct platform lcd = { .bus = "amba" };

static uint32_t word_at(const struct area *area, size_t offset)
{
	return *platform_reg(area, offset);
}

static void test_memory(void **state)
{
	struct area area = platform_open(&lcd, "memory0", PROT_READ | PROT_WRITE);
	uint32_t word = 0x12345678;

	assert_int_equal(area.info.kind, ORIEL_KIND_MMIO);
	assert_int_equal(area.info.cache, ORIEL_CACHE_WRITE_COMBINED);
	assert_int_equal(area.info.size_bytes, BYTES);
	assert_true(area.info.flags & ORIEL_REGION_MAPPABLE);
	assert_true(area.info.flags & ORIEL_REGION_REVOCABLE);
	assert_false(area.info.flags & ORIEL_REGION_DIRECT_IO);
	*platform_reg(&area, MIB) = word;
	assert_string_equal(walk(area.address + MIB).cache, "wc");
	assert_int_equal(platform_read(&area, MIB), word);
	platform_write(&area, BYTES - 4, ~word);
	assert_int_equal(word_at(&area, BYTES - 4), ~word);
	assert_int_equal(pread(area.fd, &word, 4, area.info.offset_bytes + BYTES), 0);
	area_close(&area);
}

/* Its registers are there as well, and neither is anybody else's. */
static void test_claims(void **state)
{
	struct area area = platform_open(&lcd, "reg0", PROT_READ);

	assert_int_equal(word_at(&area, 0xfe0) & 0xff, 0x11); /* PL111 */
	assert_true(text_file_has("/proc/iomem", "oriel-platform (memory)"));
	area_close(&area);
	platform_unbind(&lcd);
	assert_false(text_file_has("/proc/iomem", "oriel-platform (memory)"));
	platform_bind(&lcd);
}

/* What others left there is nobody's business. */
static void test_zeroed(void **state)
{
	struct area area = platform_open(&lcd, "memory0", PROT_READ | PROT_WRITE);
	size_t at;

	memset(area.address, 0xa5, BYTES);
	platform_unbind(&lcd);
	area_close(&area);
	platform_bind(&lcd);
	area = platform_open(&lcd, "memory0", PROT_READ);
	for (at = 0; at < BYTES; at += 4)
		if (word_at(&area, at))
			fail_msg("%#zx: %#x is left", at, word_at(&area, at));
	area_close(&area);
}

static void test_sleep(void **state)
{
	struct area area = platform_open(&lcd, "memory0", PROT_READ | PROT_WRITE);

	*platform_reg(&area, 0) = 1;
	assert_case("sleep", pretend_sleep(), 0);
	assert_int_equal(walk(area.address).bytes, 0);
	assert_int_equal(word_at(&area, 0), 1);
	area_close(&area);
}

static void test_removal(void **state)
{
	int i;

	for (i = 0; i < CYCLES; i++) {
		struct area area = platform_open(&lcd, "memory0", PROT_READ | PROT_WRITE);
		uint32_t word;

		assert_case("write", touch_write(area.address), 0);
		assert_case("last page", touch_write(area.address + BYTES - 4), 0);
		platform_unbind(&lcd);
		assert_case("touch", touch_read(area.address), SIGBUS);
		assert_case("write", touch_write(area.address + BYTES - 4), SIGBUS);
		assert_case("pread", pread(area.fd, &word, 4, area.info.offset_bytes) < 0 ? errno : 0,
			    ENODEV);
		area_close(&area);
		platform_bind(&lcd);
	}
}

static int load(void **state)
{
	platform_load(state);
	assert_true(platform_find(&lcd, "1c1f0000.clcd", true));
	platform_bind(&lcd);
	return 0;
}

static int unload(void **state)
{
	platform_unbind(&lcd);
	return platform_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_zeroed),
		cmocka_unit_test(test_sleep),
		cmocka_unit_test(test_removal),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
