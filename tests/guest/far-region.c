// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions that lie beyond 4 GiB in the file: mapped, read, written, prefaulted and
 * revoked as any other, on machines of 32 bit too; what has the same lower 32 bits
 * is something else.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/testdev.h"
#include "lib/touch.h"

#define FAR (4ull << 30)

static const char *const regions[] = { "far", "far-revocable" };

static int far_errno(const struct area *area, size_t bytes, uint64_t offset)
{
	return map_errno(area->fd, bytes, PROT_READ, MAP_SHARED, offset);
}

static void test_mapped(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		struct area last = area_open(regions[i], 0);
		volatile uint32_t *word;
		struct oriel_mapping_info mapping = {
			.address = (uintptr_t)area.address + 5 * page_bytes() + 7,
		};

		assert_true(area.info.offset_bytes > FAR);
		assert_int_equal(area_check(&area), 0);
		assert_int_equal(ioctl(area.fd, ORIEL_MAPPING_INFO, &mapping), 0);
		assert_int_equal(mapping.index, area.info.index);
		assert_int_equal(mapping.offset_bytes, 5 * page_bytes() + 7);
		/* The last page of it alone is the same memory. */
		last.info.offset_bytes += last.bytes - page_bytes();
		last.bytes = page_bytes();
		last.address = area_map(&last, PROT_READ, MAP_SHARED);
		word = (uint32_t *)(area.address + area.bytes - 4);
		*word = ~*word;
		assert_int_equal(*(volatile uint32_t *)(last.address + page_bytes() - 4), *word);
		*word = ~*word;
		area_close(&last);
		area_close(&area);
	}
}

static void test_bounds(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], 0);
		uint64_t start = area.info.offset_bytes, end = start + area.bytes;

		assert_int_equal(far_errno(&area, area.bytes, start), 0);
		assert_int_equal(far_errno(&area, area.bytes + page_bytes(), start), ENXIO);
		assert_int_equal(explain(area.fd).value[1], area.info.size_bytes);
		assert_int_equal(far_errno(&area, page_bytes(), end), ENXIO);
		assert_int_equal(far_errno(&area, page_bytes(), end + page_bytes()), ENXIO);
		assert_int_equal(explain(area.fd).value[0], end + page_bytes());
		/* The same lower 32 bits. */
		assert_int_not_equal(far_errno(&area, page_bytes(), start - FAR), 0);
		area_close(&area);
	}
}

static void test_holes(void **state)
{
	static const char *const holes[] = { "hole0", "hole1" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		struct area area = area_open(holes[i], 0);
		uint64_t last = area.info.offset_bytes + area.info.size_bytes - page_bytes();

		assert_true(area.info.size_bytes == 3ull << 30);
		assert_int_equal(far_errno(&area, page_bytes(), area.info.offset_bytes), EOPNOTSUPP);
		assert_int_equal(far_errno(&area, page_bytes(), last), EOPNOTSUPP);
		assert_int_equal(far_errno(&area, page_bytes(), last + page_bytes()), ENXIO);
		area_close(&area);
	}
}

static void test_copied(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		uint64_t at = area.info.offset_bytes + 3 * page_bytes(), word = 0;

		assert_int_equal(pread(area.fd, &word, 8, at), 8);
		assert_true(word == *(uint64_t *)(area.address + 3 * page_bytes()));
		word = ~word;
		assert_int_equal(pwrite(area.fd, &word, 8, at), 8);
		assert_true(word == *(volatile uint64_t *)(area.address + 3 * page_bytes()));
		word = ~word;
		assert_true(lseek(area.fd, at, SEEK_SET) == (off_t)at);
		assert_int_equal(write(area.fd, &word, 8), 8);
		assert_true(lseek(area.fd, 0, SEEK_CUR) == (off_t)at + 8);
		assert_int_equal(area_check(&area), 0);
		area_close(&area);
	}
}

static void test_prefaulted_and_revoked(void **state)
{
	struct area ram = area_open("far", PROT_READ | PROT_WRITE);
	struct area gone = area_open("far-revocable", PROT_READ | PROT_WRITE);
	struct oriel_prefault range = {
		.address = (uintptr_t)gone.address, .length_bytes = gone.bytes,
	};

	assert_int_equal(ioctl(gone.fd, ORIEL_PREFAULT, &range), 0);
	assert_int_equal(touch_read(gone.address + gone.bytes - 1), 0);
	testdev_set("registered", "0");
	assert_int_equal(touch_read(gone.address), SIGBUS);
	assert_int_equal(touch_write(gone.address + gone.bytes - 1), SIGBUS);
	assert_int_equal(area_check(&ram), 0);
	testdev_set("registered", "1");
	area_close(&ram);
	area_close(&gone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_copied),
		cmocka_unit_test(test_prefaulted_and_revoked),
	};

	return cmocka_run_group_tests(tests, testdev_load_far, testdev_unload);
}
