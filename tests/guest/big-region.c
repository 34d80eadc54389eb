// SPDX-License-Identifier: GPL-2.0-only
/*
 * A region of 1 GiB, every page of it touched; and requests for more than any
 * machine has, which fail without harm. On 32 bit it is as much as the kernel
 * has addresses for.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/testdev.h"

#define BIG	(kernel_bits() == 32 ? 96ull << 20 : 1ull << 30)
#define BLOCK	(2ull << 20)

static int load_big(void **state)
{
	char parameter[32];

	snprintf(parameter, sizeof(parameter), "big=%llu", BIG);
	return module_load("oriel-testdev", parameter);
}

static void test_every_page(void **state)
{
	struct area area = area_open("big", PROT_READ | PROT_WRITE);
	struct area last;
	size_t at;

	assert_int_equal(area.info.size_bytes, BIG);
	assert_int_equal(area.info.offset_bytes % (kernel_maps_blocks() ? BIG : BLOCK), 0);
	assert_int_equal(pattern_check(area.address, area.info.index, 0, BIG, page_bytes()), 0);
	for (at = 0; at < BIG; at += page_bytes())
		*(volatile uint64_t *)(area.address + at + 8) = ~at;
	for (at = 0; at < BIG; at += page_bytes())
		if (*(volatile uint64_t *)(area.address + at + 8) != ~at)
			fail_msg("page at %#zx holds something else", at);
	assert_int_equal(pattern_check(area.address, area.info.index, 0, BIG, page_bytes()), 0);

	/* The region behind it lies where it ends in the file: beyond 2 GiB. */
	last = area_open("small39", PROT_READ);
	assert_true(last.info.offset_bytes > area.info.offset_bytes + BIG);
	assert_true(last.info.offset_bytes > 2 * BIG || !kernel_maps_blocks());
	assert_int_equal(area_check(&last), 0);
	area_close(&last);
	area_close(&area);
}

static void test_borders(void **state)
{
	struct area area = area_open("big", 0);
	off_t end = area.info.offset_bytes + BIG;
	uint64_t word = 0;

	assert_true(mmap(NULL, BIG + page_bytes(), PROT_READ, MAP_SHARED, area.fd,
			 area.info.offset_bytes) == MAP_FAILED);
	assert_int_equal(errno, ENXIO);
	assert_int_equal(pread(area.fd, &word, 8, end - page_bytes()), 8);
	assert_true(word == pattern_word(area.info.index, BIG - page_bytes()));
	assert_int_equal(pread(area.fd, &word, 8, end), 0);
	area_close(&area);
}

/* A second one cannot be had beside it; the first stays what it is. */
static void test_more_than_there_is(void **state)
{
	struct area area = area_open("big", PROT_READ);
	int i;

	for (i = 0; i < 2; i++)
		assert_int_equal(module_load("scattered", "size=1900000000"), -ENOMEM);
	assert_false(module_is_loaded("scattered"));
	assert_int_equal(pattern_check(area.address, area.info.index, 0, BIG, page_bytes()), 0);
	area_close(&area);
}

static int unload_big(void **state)
{
	return module_unload("oriel-testdev");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_page),
		cmocka_unit_test(test_borders),
		cmocka_unit_test(test_more_than_there_is),
	};

	return cmocka_run_group_tests(tests, load_big, unload_big);
}
