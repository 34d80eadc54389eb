// SPDX-License-Identifier: GPL-2.0-only
/*
 * mremap() makes no mapping larger than it was, and whatever it makes shows
 * the region and nothing else.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/smaps.h"
#include "lib/testdev.h"
#include "lib/touch.h"

static const char *const regions[] = { "contig8k", "scattered4m", "revocable" };

/* Return: 0 or errno; the mapping is where it was unless told otherwise. */
static int try(void *old, size_t old_bytes, size_t new_bytes, int flags)
{
	return mremap(old, old_bytes, new_bytes, flags) == MAP_FAILED ? errno : 0;
}

static void each_region(void (*test)(struct area *area))
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		test(&area);
		area_close(&area);
	}
}

/* The kernel's own answer to VM_DONTEXPAND is EFAULT. */
static void growth(struct area *area)
{
	size_t page = page_bytes();
	static const int flags[] = { 0, MREMAP_MAYMOVE };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		const char *name = area->info.name;
		uint8_t *map = area->address;

		assert_case(name, try(map, area->bytes, area->bytes + page, flags[i]), EFAULT);
		assert_case(name, try(map, area->bytes, 2 * area->bytes, flags[i]), EFAULT);
		assert_case(name, try(map, area->bytes, SIZE_MAX / 4 + 1, flags[i]), EFAULT);
		assert_case(name, try(map, page, 2 * page, flags[i]), EFAULT);
		assert_case(name, try(map + area->bytes - page, page, 2 * page, flags[i]), EFAULT);
	}
	assert_int_equal(area_check(area), 0);
}

static void test_growth(void **state)
{
	each_region(growth);
}

/* Neither does a mapping grow that is smaller than its region. */
static void test_growth_inside(void **state)
{
	struct area area = area_open("scattered4m", 0);
	uint8_t *map = mmap(NULL, page_bytes(), PROT_READ, MAP_SHARED, area.fd,
			    area.info.offset_bytes);

	assert_true(map != MAP_FAILED);
	assert_int_equal(try(map, page_bytes(), 2 * page_bytes(), MREMAP_MAYMOVE), EFAULT);
	munmap(map, page_bytes());
	area_close(&area);
}

/* Old length 0 asks for a second mapping of a shared one: a growth from 0. */
static void duplication(struct area *area)
{
	const char *name = area->info.name;

	assert_case(name, try(area->address, 0, page_bytes(), MREMAP_MAYMOVE), EFAULT);
	assert_case(name, try(area->address, 0, area->bytes, MREMAP_MAYMOVE), EFAULT);
	assert_case(name, try(area->address, 0, 2 * area->bytes, MREMAP_MAYMOVE), EFAULT);
	assert_case(name, try(area->address + area->bytes - page_bytes(), 0,
			      2 * page_bytes(), MREMAP_MAYMOVE), EFAULT);
	assert_int_equal(area_check(area), 0);
}

static void test_duplication(void **state)
{
	each_region(duplication);
}

static void test_dontunmap(void **state)
{
#ifdef MREMAP_DONTUNMAP
	struct area area = area_open("contig8k", PROT_READ);

	assert_int_equal(try(area.address, area.bytes, area.bytes,
			     MREMAP_MAYMOVE | MREMAP_DONTUNMAP), EINVAL);
	area_close(&area);
#else
	skip();
#endif
}

/* An address where nothing is, so aligned and a page away from that. */
static uint8_t *free_address(size_t bytes, size_t shift)
{
	size_t align = 4 << 20;
	uint8_t *map = mmap(NULL, bytes + 2 * align, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(map != MAP_FAILED);
	munmap(map, bytes + 2 * align);
	return (uint8_t *)(((uintptr_t)map + align) & ~(align - 1)) + shift;
}

static void move_to(struct area *area, size_t shift)
{
	uint8_t *to = free_address(area->bytes, shift), *from = area->address;

	to = mremap(from, area->bytes, area->bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	assert_true(to != MAP_FAILED);
	assert_int_equal(touch_read(from), SIGSEGV);
	area->address = to;
	assert_int_equal(area_check(area), 0);
	assert_int_equal(touch_write(to + area->bytes - 1), 0);
	assert_true(smaps_has_flag(to, "de"));
	assert_case(area->info.name, try(to, area->bytes, area->bytes + page_bytes(),
					 MREMAP_MAYMOVE), EFAULT);
}

/* Touched before or not, to where huge entries fit or not, and back. */
static void move(struct area *area)
{
	move_to(area, 0);
	move_to(area, page_bytes());
	move_to(area, 0);
}

static void test_move(void **state)
{
	each_region(move);
}

static void test_move_untouched(void **state)
{
	struct area area = area_open("scattered4m", PROT_READ | PROT_WRITE);

	move_to(&area, 3 * page_bytes());
	move_to(&area, 3 * page_bytes());
	area_close(&area);
}

/* The end goes away and stays away; the rest shows what it showed. */
static void shrink(struct area *area)
{
	size_t left = area->bytes / 2;

	assert_int_equal(area_check(area), 0);
	assert_int_equal(try(area->address, area->bytes, left, 0), 0);
	assert_int_equal(touch_read(area->address + left - 1), 0);
	assert_int_equal(touch_read(area->address + left), SIGSEGV);
	assert_case(area->info.name, try(area->address, left, area->bytes, MREMAP_MAYMOVE),
		    EFAULT);
	assert_int_equal(pattern_check(area->address, area->info.index, 0, left, 8), 0);
}

static void test_shrink(void **state)
{
	each_region(shrink);
}

/*
 * A part moved out of the middle leaves three mappings, each at its place in
 * the region. Before 7.x a huge entry cannot be cut so: EFAULT, nothing moved.
 */
static void move_part(struct area *area)
{
	size_t page = page_bytes(), offset = area->bytes / 2;
	uint8_t *to = free_address(page, 0), *from = area->address + offset;

	assert_int_equal(area_check(area), 0);
	to = mremap(from, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	if (to == MAP_FAILED) {
		assert_int_equal(errno, EFAULT);
		assert_int_equal(area_check(area), 0);
		return;
	}
	assert_int_equal(touch_read(from), SIGSEGV);
	assert_int_equal(pattern_check(to, area->info.index, offset, page, 8), 0);
	assert_int_equal(pattern_check(area->address, area->info.index, 0, offset, 8), 0);
	assert_int_equal(pattern_check(from + page, area->info.index, offset + page,
				       area->bytes - offset - page, 8), 0);
	munmap(to, page);
}

static void test_move_part(void **state)
{
	each_region(move_part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_growth_inside),
		cmocka_unit_test(test_duplication),
		cmocka_unit_test(test_dontunmap),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_move_untouched),
		cmocka_unit_test(test_shrink),
		cmocka_unit_test(test_move_part),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
