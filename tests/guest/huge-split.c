// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings with huge entries of device memory are cut, moved and forked: no entry
 * reaches beyond its mapping, and what is left still maps the right frames.
 * oriel-test: timeout=240 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "lib/bar.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define HALF (WALK_PMD / 2)	/* of the smallest huge entry */
#define ROUNDS 2000

static size_t sizes[] = { 4 /* HALF */, WALK_PUD };

/* Mapped whole, and in the largest entries there are. */
static struct area open_touched(size_t bytes, int prot)
{
	struct area area = bar_open("bar2", 0, bytes, prot);

	assert_int_equal(touch_read(area.address), 0);
	assert_int_equal(touch_read(area.address + bytes - 1), 0);
	assert_int_equal(walk(area.address).bytes, walk_largest_entry(bytes));
	return area;
}

static void check_hole(const uint8_t *address)
{
	assert_int_equal(walk(address).bytes, 0);
	assert_int_equal(touch_read(address), SIGSEGV);
}

static void check_part(const struct area *area, size_t offset, size_t bytes)
{
	struct area part = *area;
	size_t at;

	part.address += offset;
	for (at = 0; at < bytes; at += bytes / 16)
		assert_int_equal(touch_read(part.address + at), 0);
	assert_int_equal(touch_read(part.address + bytes - 1), 0);
	bar_check(&part, offset, page_bytes(), 0);
	part.address += bytes - page_bytes();
	bar_check(&part, offset + bytes - page_bytes(), page_bytes(), 0);
}

static void check_unmap(size_t bytes, size_t from, size_t length)
{
	struct area area = open_touched(bytes, PROT_READ | PROT_WRITE);

	assert_int_equal(munmap(area.address + from, length), 0);
	check_hole(area.address + from);
	check_hole(area.address + from + length - page_bytes());
	if (from)
		check_part(&area, 0, from);
	if (from + length < bytes)
		check_part(&area, from + length, bytes - from - length);
	check_hole(area.address + from);
	area_close(&area);
}

static void test_unmap(void **state)
{
	size_t page = page_bytes(), i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		check_unmap(sizes[i], HALF, page);
		check_unmap(sizes[i], 0, page);
		check_unmap(sizes[i], sizes[i] - page, page);
		check_unmap(sizes[i], 2 * HALF, HALF);
		check_unmap(sizes[i], 0, 2 * HALF);
		check_unmap(sizes[i], 2 * HALF, 2 * HALF);
	}
}

static void check_protect(size_t bytes, size_t from, size_t length)
{
	struct area area = open_touched(bytes, PROT_READ | PROT_WRITE);

	assert_int_equal(mprotect(area.address + from, length, PROT_READ), 0);
	assert_int_equal(touch_write(area.address + from), SIGSEGV);
	assert_int_equal(touch_write(area.address + from + length - 1), SIGSEGV);
	if (from)
		assert_int_equal(touch_write(area.address + from - 1), 0);
	if (from + length < bytes)
		assert_int_equal(touch_write(area.address + from + length), 0);
	assert_int_equal(mprotect(area.address + from, length, PROT_NONE), 0);
	assert_int_equal(touch_read(area.address + from), SIGSEGV);
	assert_int_equal(mprotect(area.address, bytes, PROT_READ | PROT_WRITE), 0);
	check_part(&area, 0, bytes);
	check_part(&area, from, length);
	area_close(&area);
}

static void test_protect(void **state)
{
	size_t page = page_bytes(), i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		check_protect(sizes[i], HALF, page);
		check_protect(sizes[i], 0, 2 * HALF);
		check_protect(sizes[i], 2 * HALF, 2 * HALF);
		check_protect(sizes[i], 0, sizes[i]);
	}
}

static int child_looks(void *argument)
{
	const struct area *area = argument;

	CHECK(!touch_read(area->address));
	CHECK(!touch_write(area->address + area->bytes - 1));
	CHECK(walk(area->address).bytes == walk_largest_entry(area->bytes));
	CHECK(!munmap(area->address + HALF, page_bytes()));
	CHECK(touch_read(area->address + HALF) == SIGSEGV);
	CHECK(!touch_read(area->address));
	return 0;
}

/* The second half is not for the child: nor may an entry of the first reach it. */
static int child_has_half(void *argument)
{
	const struct area *area = argument;
	uint8_t *half = area->address + area->bytes / 2;
	volatile uint8_t *other;

	CHECK(!walk(half).bytes);
	CHECK(touch_read(half) == SIGSEGV);
	CHECK(!touch_read(area->address));
	CHECK(!walk(half).bytes);
	other = mmap(half, page_bytes(), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(other == half);
	*other = 0x5a;
	CHECK(*other == 0x5a);
	CHECK(walk(half).bytes == page_bytes());
	return 0;
}

static void test_fork(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct area area = open_touched(sizes[i], PROT_READ | PROT_WRITE);

		assert_int_equal(child_wait(child_start(child_looks, &area)), 0);
		check_part(&area, 0, sizes[i]);
		assert_int_equal(madvise(area.address + sizes[i] / 2, sizes[i] / 2,
					 MADV_DONTFORK), 0);
		assert_int_equal(touch_read(area.address), 0);
		assert_int_equal(child_wait(child_start(child_has_half, &area)), 0);
		check_part(&area, 0, sizes[i]);
		area_close(&area);
	}
}

static volatile bool stop;

static void *touch_always(void *address)
{
	while (!stop)
		(void)*(volatile uint8_t *)address;
	return NULL;
}

/*
 * Cut in two, without anything being unmapped, while another thread brings entries
 * back: none of 1 GiB may come in between and stay across the border.
 */
static void test_cut_while_touched(void **state)
{
	struct area area = open_touched(WALK_PUD, PROT_READ);
	size_t largest = walk_largest_entry(WALK_PMD);
	uint8_t *half = area.address + WALK_PUD / 2;
	pthread_t toucher;
	unsigned int i;

	stop = false;
	assert_int_equal(pthread_create(&toucher, NULL, touch_always, area.address), 0);
	for (i = 0; i < ROUNDS; i++) {
		if (mmap(area.address, WALK_PUD, PROT_READ, MAP_SHARED | MAP_FIXED, area.fd,
			 area.info.offset_bytes) != area.address)
			break;
		(void)*(volatile uint8_t *)half;
		if (madvise(half, WALK_PUD / 2, MADV_RANDOM))
			break;
		if (walk(half).bytes > largest || walk(area.address).bytes > largest)
			break;
	}
	stop = true;
	pthread_join(toucher, NULL);
	assert_int_equal(i, ROUNDS);
	area_close(&area);
}

/* Moves a part, shift bytes beyond where huge entries would fit. */
static void check_move(size_t bytes, size_t from, size_t length, size_t shift)
{
	struct area area = open_touched(bytes, PROT_READ | PROT_WRITE);
	uint8_t *room = bar_room(length + WALK_PUD) + from % WALK_PUD + shift;
	struct area moved = area;

	moved.address = mremap(area.address + from, length, length,
			       MREMAP_MAYMOVE | MREMAP_FIXED, room);
	assert_ptr_equal(moved.address, room);
	check_hole(area.address + from);
	assert_int_equal(walk(room - page_bytes()).bytes, 0);
	assert_int_equal(walk(room + length).bytes, 0);
	moved.address -= from;
	check_part(&moved, from, length);
	if (from)
		check_part(&area, 0, from);
	if (from + length < bytes)
		check_part(&area, from + length, bytes - from - length);
	munmap(room, length);
	area_close(&area);
}

static void test_move(void **state)
{
	const size_t page = page_bytes();
	const size_t shifts[] = { 0, page, WALK_PMD, WALK_PUD / 2, WALK_PUD / 2 + page };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (j = 0; j < ARRAY_SIZE(shifts); j++) {
			check_move(sizes[i], 0, sizes[i], shifts[j]);
			check_move(sizes[i], 0, 2 * HALF, shifts[j]);
			check_move(sizes[i], 2 * HALF, HALF, shifts[j]);
			check_move(sizes[i], page_bytes(), page_bytes(), shifts[j]);
		}
	}
}

/* Where the kernel chooses, it chooses well again; and no mapping grows. */
static void test_move_anywhere(void **state)
{
	struct area area = open_touched(WALK_PUD, PROT_READ);
	uint8_t *moved;

	moved = mremap(area.address, area.bytes, area.bytes + page_bytes(), MREMAP_MAYMOVE);
	assert_ptr_equal(moved, MAP_FAILED);
	moved = mremap(area.address, area.bytes, area.bytes / 2, 0);
	assert_ptr_equal(moved, area.address);
	check_hole(area.address + area.bytes / 2);
	check_part(&area, 0, area.bytes / 2);
	munmap(area.address, area.bytes);
	area.address = mmap(NULL, area.bytes, PROT_READ, MAP_SHARED, area.fd,
			    area.info.offset_bytes);
	assert_int_equal(touch_read(area.address), 0);
	bar_check(&area, 0, WALK_PMD, walk_largest_entry(WALK_PUD));
	area_close(&area);
}

static int load(void **state)
{
	sizes[0] *= HALF;
	return bar_load(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unmap),
		cmocka_unit_test(test_protect),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_cut_while_touched),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_move_anywhere),
	};

	return cmocka_run_group_tests(tests, load, bar_unload);
}
