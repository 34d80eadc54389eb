// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping shows: the memory that the kernel has, at the right place,
 * zeroed before anybody used it, whichever way it is reached.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/testdev.h"
#include "lib/text.h"

static const char *const filled[] = {
	"contig8k", "odd", "scattered4m", "contig4m", "blocks-and-tail", "read-only", "revocable",
	"small00", "small39",
};

static void test_kernel_pattern(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(filled); i++) {
		struct area area = area_open(filled[i], PROT_READ);

		assert_int_equal(area_check(&area), 0);
		area_close(&area);
	}
}

/* The bits that the kernel inverts through its address change in the mapping. */
static void test_kernel_writes(void **state)
{
	static const char *const inverted[] = {
		"contig8k", "odd", "scattered4m", "contig4m", "blocks-and-tail", "revocable",
	};
	size_t i, w;

	for (i = 0; i < ARRAY_SIZE(inverted); i++) {
		struct area area = area_open(inverted[i], PROT_READ | PROT_WRITE);
		volatile uint64_t *words = (void *)area.address;
		size_t count = area.info.size_bytes / 8;

		for (w = 0; w < count; w += 61)
			words[w] = w;
		testdev_set("invert", inverted[i]);
		for (w = 0; w < count; w += 61)
			assert_true(words[w] == ~(uint64_t)w);
		for (w = 0; w < count; w++)
			words[w] = pattern_word(area.info.index, w * 8);
		area_close(&area);
	}
}

/* Fills most of what is free with something to be found, and frees it. */
static void dirty_free_memory(void)
{
	uint64_t bytes = (uint64_t)text_field("/proc/meminfo", "MemAvailable:") * 1024 / 10 * 6;
	uint64_t *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(map != MAP_FAILED);
	memset(map, 0xa5, bytes);
	munmap(map, bytes);
}

static void test_no_stale_data(void **state)
{
	static const char *const fresh[] = { "fresh-contig", "fresh-scattered", "fresh-contig4m" };
	size_t i, b;

	testdev_set("registered", "0");
	dirty_free_memory();
	testdev_set("registered", "1");
	for (i = 0; i < ARRAY_SIZE(fresh); i++) {
		struct area area = area_open(fresh[i], PROT_READ);

		for (b = 0; b < area.bytes; b++)
			if (area.address[b])
				fail_msg("%s, byte %#zx of %#zx: %#x", fresh[i], b, area.bytes,
					 area.address[b]);
		area_close(&area);
	}
}

/* Behind the region's last byte, to the end of its page. */
static void test_no_stale_tail(void **state)
{
	static const char *const tailed[] = { "odd", "blocks-and-tail" };
	size_t i, b;

	for (i = 0; i < ARRAY_SIZE(tailed); i++) {
		struct area area = area_open(tailed[i], PROT_READ);

		assert_true(area.info.size_bytes < area.bytes);
		for (b = area.info.size_bytes; b < area.bytes; b++)
			assert_int_equal(area.address[b], 0);
		area_close(&area);
	}
}

/* Aligned with the blocks, a page beside that, and half of the address range. */
static void test_any_address(void **state)
{
	static const char *const regions[] = { "scattered4m", "contig4m", "blocks-and-tail" };
	const size_t align = 2 << 20;
	size_t i, shift;
	uint8_t *room = mmap(NULL, 8 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *base = (uint8_t *)(((uintptr_t)room + align - 1) & ~(align - 1));

	assert_true(room != MAP_FAILED);
	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		for (shift = 0; shift <= align / 2; shift = shift ? shift * 512 : page_bytes()) {
			struct area area = area_open(regions[i], 0);

			area.address = mmap(base + shift, area.bytes, PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_FIXED, area.fd,
					    area.info.offset_bytes);
			assert_true(area.address == base + shift);
			assert_int_equal(area_check(&area), 0);
			area_close(&area);
		}
	}
}

/* A mapping of a part begins where it was asked to. */
static void test_any_offset(void **state)
{
	struct area area = area_open("scattered4m", 0);
	size_t half = area.bytes / page_bytes() / 2;
	const size_t pages[] = { 0, 1, half - 1, half, half + 1, 2 * half - 1 };
	size_t i, skip_bytes, bytes;
	void *map;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		skip_bytes = pages[i] * page_bytes();
		bytes = area.bytes - skip_bytes;
		map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, area.fd,
			   area.info.offset_bytes + skip_bytes);
		assert_true(map != MAP_FAILED);
		assert_int_equal(pattern_check(map, area.info.index, skip_bytes, bytes, 8), 0);
		munmap(map, bytes);
	}
	area_close(&area);
}

/* Two mappings through two open files, and in two places, are one memory. */
static void test_two_mappings(void **state)
{
	static const char *const regions[] = { "contig8k", "scattered4m", "revocable" };
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area one = area_open(regions[i], PROT_READ | PROT_WRITE);
		struct area two = area_open(regions[i], PROT_READ | PROT_WRITE);

		for (at = 9; at < one.bytes; at += page_bytes()) {
			uint8_t before = one.address[at];

			((volatile uint8_t *)one.address)[at] = ~before;
			assert_int_equal(((volatile uint8_t *)two.address)[at],
					 (uint8_t)~before);
			((volatile uint8_t *)two.address)[at] = before;
			assert_int_equal(((volatile uint8_t *)one.address)[at], before);
		}
		area_close(&one);
		area_close(&two);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel_pattern),
		cmocka_unit_test(test_kernel_writes),
		cmocka_unit_test(test_no_stale_data),
		cmocka_unit_test(test_no_stale_tail),
		cmocka_unit_test(test_any_address),
		cmocka_unit_test(test_any_offset),
		cmocka_unit_test(test_two_mappings),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
