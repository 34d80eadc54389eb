// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of a mapping in a pipe: not copied, still there when all else is gone,
 * and free memory again when the pipe has given them up.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/place.h"
#include "lib/text.h"

#define MARK		0x400
#define PIPE_BYTES	(8 << 20)	/* one page for each 4 KiB of it */
#define MOST_BYTES	(6 << 20)
#define BIG_BYTES	(64l << 20)
#define BLOCK_BYTES	(2l << 20)
#define ROUNDS		12

static uint8_t copy[MOST_BYTES];

static void pipe_open(int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_in_range(fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES), PIPE_BYTES, 2 * PIPE_BYTES);
}

static void pipe_close(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static void splice_in(int ends[2], void *from, size_t bytes, unsigned int flags)
{
	size_t in = 0;

	while (in < bytes) {
		struct iovec vector = { (uint8_t *)from + in, bytes - in };
		ssize_t n = vmsplice(ends[1], &vector, 1, SPLICE_F_NONBLOCK | flags);

		if (n <= 0)
			fail_msg("vmsplice, %zu bytes of %zu in: %s", in, bytes, strerror(errno));
		in += n;
	}
}

static void read_out(int ends[2], size_t bytes)
{
	size_t out = 0;

	while (out < bytes) {
		ssize_t n = read(ends[0], copy + out, bytes - out);

		assert_true(n > 0);
		out += n;
	}
}

/* What is written after the call is in the pipe as well: it is the same page. */
static void is_not_copied(const struct place *place, struct area *area)
{
	int ends[2];

	pipe_open(ends);
	splice_in(ends, area->address, area->bytes, 0);
	pattern_write(area->address, MARK, 0, area->bytes);
	read_out(ends, area->bytes);
	assert_int_equal(pattern_check(copy, MARK, 0, area->bytes, 8), 0);
	pipe_close(ends);
}

static void test_is_not_copied(void **state)
{
	places_each(is_not_copied);
}

/* From a pipe into the mapping, which is a copy. */
static void into(const struct place *place, struct area *area)
{
	struct iovec vector = { area->address, page_bytes() };
	int ends[2];

	pattern_write(copy, MARK, 0, page_bytes());
	pipe_open(ends);
	assert_int_equal(write(ends[1], copy, page_bytes()), page_bytes());
	assert_int_equal(vmsplice(ends[0], &vector, 1, 0), page_bytes());
	assert_int_equal(pattern_check(area->address, MARK, 0, page_bytes(), 8), 0);
	pipe_close(ends);
}

static void test_into_the_mapping(void **state)
{
	places_each(into);
}

/* A gift that the kernel cannot take: the page stays ours. */
static void given(const struct place *place, struct area *area)
{
	int ends[2], file = open("given", O_RDWR | O_CREAT | O_TRUNC, 0600);
	size_t out = 0;

	pattern_write(area->address, MARK, 0, area->bytes);
	pipe_open(ends);
	splice_in(ends, area->address, area->bytes, SPLICE_F_GIFT);
	while (out < area->bytes) {
		ssize_t n = splice(ends[0], NULL, file, NULL, area->bytes - out, SPLICE_F_MOVE);

		assert_true(n > 0);
		out += n;
	}
	memset(area->address, 0, area->bytes);
	assert_int_equal(pread(file, copy, area->bytes, 0), area->bytes);
	assert_int_equal(pattern_check(copy, MARK, 0, area->bytes, 8), 0);
	pipe_close(ends);
	close(file);
}

static void test_given_away(void **state)
{
	places_each(given);
}

static void outlives(const struct place *place, struct area *area)
{
	size_t bytes = area->bytes;
	void *scribbled;
	int ends[2];

	pattern_write(area->address, MARK, 0, bytes);
	pipe_open(ends);
	splice_in(ends, area->address, bytes, 0);
	place_vanish(place, area);
	scribbled = scribble();
	read_out(ends, bytes);
	assert_int_equal(pattern_check(copy, MARK, 0, bytes, 8), 0);
	assert_int_equal(scribble_check(scribbled), 0);
	pipe_close(ends);
	place_return(place);
	*area = place_open(place, PROT_READ | PROT_WRITE);
}

static void test_outlives_all(void **state)
{
	places_each(outlives);
}

/* Free memory, with the pages that processors keep at hand. */
static long free_bytes(void)
{
	FILE *file = fopen("/proc/zoneinfo", "r");
	long pages, all = 0;
	char line[256];

	text_write("/proc/sys/vm/drop_caches", "3");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %ld", &pages) == 1 ||
		    sscanf(line, " pages free %ld", &pages) == 1)
			all += pages;
	fclose(file);
	return all * page_bytes();
}

/* A device with the region "big" of so many bytes, mapped. */
static struct area big_open(long bytes)
{
	char parameter[32];

	snprintf(parameter, sizeof(parameter), "big=%ld", bytes);
	assert_int_equal(module_load("oriel-testdev", parameter), 0);
	return area_open("big", PROT_READ | PROT_WRITE);
}

/*
 * One page of each 2 MiB block keeps the block, and no longer than that; of
 * single pages, it keeps itself.
 */
static void test_last_pin_frees_blocks(void **state)
{
	long each = kernel_has_blocks() ? BLOCK_BYTES : page_bytes();
	long kept = BIG_BYTES / BLOCK_BYTES * each;
	long before, held, after, offset;
	struct area big;
	int ends[2];

	assert_int_equal(module_unload("oriel-testdev"), 0);
	before = free_bytes();
	big = big_open(BIG_BYTES);
	pipe_open(ends);
	for (offset = 0; offset < BIG_BYTES; offset += BLOCK_BYTES)
		splice_in(ends, big.address + offset, page_bytes(), 0);
	area_close(&big);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	held = free_bytes();
	pipe_close(ends);
	after = free_bytes();
	printf("# free: %ld KiB, %ld while pinned, %ld afterwards\n", before >> 10, held >> 10,
	       after >> 10);
	assert_true(before - held > kept - BLOCK_BYTES);
	assert_true(before - held < kept + 4 * BLOCK_BYTES);
	assert_true(after > before - BLOCK_BYTES);
	assert_int_equal(module_load("oriel-testdev", ""), 0);
}

/*
 * The same with single pages, over and over: none is lost, read out or not. A
 * debug kernel keeps freed objects of its own for a while (0.4 MiB a round).
 */
static void test_last_pin_frees_pages(void **state)
{
	size_t bytes = BLOCK_BYTES - page_bytes();
	long before = 0, after, round;
	struct area big;
	int ends[2];

	assert_int_equal(module_unload("oriel-testdev"), 0);
	for (round = 0; round < ROUNDS; round++) {
		/* The first round fills what the kernel caches. */
		if (round == 1)
			before = free_bytes();
		big = big_open(bytes);
		pipe_open(ends);
		splice_in(ends, big.address, bytes, 0);
		area_close(&big);
		assert_int_equal(module_unload("oriel-testdev"), 0);
		if (round % 2)
			read_out(ends, bytes);
		pipe_close(ends);
	}
	after = free_bytes();
	printf("# free: %ld KiB, %ld afterwards\n", before >> 10, after >> 10);
	assert_true(after > before - (ROUNDS - 1) * BLOCK_BYTES / 4);
	assert_int_equal(module_load("oriel-testdev", ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_not_copied),
		cmocka_unit_test(test_into_the_mapping),
		cmocka_unit_test(test_given_away),
		cmocka_unit_test(test_outlives_all),
		cmocka_unit_test(test_last_pin_frees_blocks),
		cmocka_unit_test(test_last_pin_frees_pages),
	};

	return cmocka_run_group_tests(tests, places_load, places_unload);
}
