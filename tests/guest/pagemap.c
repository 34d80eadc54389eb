// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which frames are behind a mapping: the same ones in each, adjacent ones where
 * contiguity is promised, whole blocks where huge entries are, no slab pages.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <linux/kernel-page-flags.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/pagemap.h"
#include "lib/smaps.h"
#include "lib/testdev.h"

#define BLOCK_PAGES 512

static void test_same_frames(void **state)
{
	static const char *const regions[] = {
		"contig8k", "odd", "scattered4m", "contig4m", "revocable",
	};
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area one = area_open(regions[i], PROT_READ | PROT_WRITE);
		struct area two = area_open(regions[i], PROT_READ);

		assert_int_equal(area_check(&one), 0);
		assert_int_equal(area_check(&two), 0);
		for (at = 0; at < one.bytes; at += page_bytes()) {
			uint64_t frame = pagemap_frame(one.address + at);

			assert_true(frame != 0);
			assert_true(pagemap_frame(two.address + at) == frame);
		}
		area_close(&one);
		area_close(&two);
	}
}

static void test_contiguous(void **state)
{
	static const char *const regions[] = { "contig8k", "read-only", "contig4m" };
	size_t i, page;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ);
		uint64_t first;

		assert_int_equal(area_check(&area), 0);
		first = pagemap_frame(area.address);
		for (page = 0; page < area.bytes / page_bytes(); page++)
			assert_true(pagemap_frame(area.address + page * page_bytes()) ==
				    first + page);
		area_close(&area);
	}
}

/* The first blocks to be had are not neighbours: those that are have to be found. */
static void test_contiguous_in_fragmented_memory(void **state)
{
	struct area area;
	uint64_t first;
	size_t page;

	testdev_set("registered", "0");
	testdev_set("fragment", "1");
	testdev_set("registered", "1");
	area = area_open("contig4m", PROT_READ);
	assert_int_equal(area_check(&area), 0);
	first = pagemap_frame(area.address);
	for (page = 0; page < area.bytes / page_bytes(); page++)
		assert_true(pagemap_frame(area.address + page * page_bytes()) == first + page);
	area_close(&area);
	testdev_set("fragment", "0");
}

/* Nothing that the slab allocator, the page cache or anybody else owns. */
static void test_whole_pages_of_our_own(void **state)
{
	static const char *const regions[] = {
		"contig8k", "odd", "read-only", "fresh-contig", "small00", "scattered4m",
	};
	const uint64_t never = 1ull << KPF_SLAB | 1ull << KPF_BUDDY | 1ull << KPF_ANON |
			       1ull << KPF_LRU | 1ull << KPF_HUGE;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ);

		for (at = 0; at < area.bytes; at += page_bytes()) {
			uint64_t flags;

			(void)*(volatile uint8_t *)(area.address + at);
			flags = pagemap_flags(pagemap_frame(area.address + at));
			assert_int_equal(flags & never, 0);
		}
		area_close(&area);
	}
}

static void check_block(const uint8_t *block)
{
	uint64_t first = pagemap_frame(block);
	size_t page;

	assert_int_equal(first % BLOCK_PAGES, 0);
	assert_true(pagemap_flags(first) & 1ull << KPF_COMPOUND_HEAD);
	for (page = 1; page < BLOCK_PAGES; page++) {
		assert_int_equal(pagemap_frame(block + page * page_bytes()), first + page);
		assert_true(pagemap_flags(first + page) & 1ull << KPF_COMPOUND_TAIL);
	}
}

static void check_single_pages(const struct area *area)
{
	const uint64_t compound = 1ull << KPF_COMPOUND_HEAD | 1ull << KPF_COMPOUND_TAIL;
	size_t at;

	for (at = 0; at < area->bytes; at += page_bytes())
		assert_int_equal(pagemap_flags(pagemap_frame(area->address + at)) & compound, 0);
}

static void test_small_ones_are_single_pages(void **state)
{
	struct area area = area_open("contig8k", PROT_READ);

	assert_int_equal(area_check(&area), 0);
	check_single_pages(&area);
	area_close(&area);
}

/*
 * 4 MiB at an address that the kernel chose: two entries, two blocks. A kernel
 * without such entries has single pages, each with a count of its own.
 */
static void test_huge_entries(void **state)
{
	static const char *const regions[] = { "scattered4m", "contig4m" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		assert_int_equal(area_check(&area), 0);
		assert_case(regions[i], smaps_kib(area.address, "FilePmdMapped"),
			    kernel_maps_blocks() ? 4096 : 0);
		assert_int_equal(smaps_kib(area.address, "Rss"), 4096);
		if (kernel_maps_blocks()) {
			assert_int_equal((uintptr_t)area.address % (2 << 20), 0);
			check_block(area.address);
			check_block(area.address + (2 << 20));
		} else {
			check_single_pages(&area);
		}
		area_close(&area);
	}
}

/* The tail behind whole blocks is mapped page by page. */
static void test_blocks_and_tail(void **state)
{
	struct area area = area_open("blocks-and-tail", PROT_READ | PROT_WRITE);

	assert_int_equal(area_check(&area), 0);
	assert_int_equal(smaps_kib(area.address, "FilePmdMapped"), kernel_maps_blocks() ? 4096 : 0);
	assert_int_equal(smaps_kib(area.address, "Rss"), 4096 + 4 * page_bytes() / 1024);
	area_close(&area);
}

/* Where nothing fits, there are small entries, and nothing is counted twice. */
static void test_misaligned(void **state)
{
	struct area area = area_open("scattered4m", 0);
	uint8_t *map = mmap(NULL, 8 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *at = (uint8_t *)((((uintptr_t)map >> 21) + 1) << 21) + page_bytes();

	assert_ptr_equal(mmap(at, area.bytes, PROT_READ, MAP_SHARED | MAP_FIXED, area.fd,
			      area.info.offset_bytes), at);
	area.address = at;
	assert_int_equal(area_check(&area), 0);
	assert_int_equal(smaps_kib(at, "FilePmdMapped"), 0);
	assert_int_equal(smaps_kib(at, "Rss"), 4096);
	area_close(&area);
	munmap(map, 8 << 20);
}

/* munmap() of a page, mprotect() of a page: the entry is cut, the rest stays. */
static void test_cut(void **state)
{
	struct area area = area_open("scattered4m", PROT_READ | PROT_WRITE);

	assert_int_equal(area_check(&area), 0);
	assert_int_equal(mprotect(area.address + page_bytes(), page_bytes(), PROT_READ), 0);
	assert_int_equal(area_check(&area), 0);
	munmap(area.address + (3 << 20), page_bytes());
	assert_int_equal(pattern_check(area.address, area.info.index, 0, 3 << 20, 8), 0);
	assert_int_equal(pattern_check(area.address + (3 << 20) + page_bytes(), area.info.index,
				       (3 << 20) + page_bytes(), (1 << 20) - page_bytes(), 8), 0);
	area_close(&area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_frames),
		cmocka_unit_test(test_contiguous),
		cmocka_unit_test(test_contiguous_in_fragmented_memory),
		cmocka_unit_test(test_whole_pages_of_our_own),
		cmocka_unit_test(test_small_ones_are_single_pages),
		cmocka_unit_test(test_huge_entries),
		cmocka_unit_test(test_blocks_and_tail),
		cmocka_unit_test(test_misaligned),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
