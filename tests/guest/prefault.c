// SPDX-License-Identifier: GPL-2.0-only
/*
 * ORIEL_PREFAULT: afterwards every page is there, so that touching it enters
 * the kernel no more; what it may not touch it refuses.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "lib/check.h"
#include "lib/pagemap.h"
#include "lib/testdev.h"

static const char *const regions[] = {
	"contig8k", "odd", "scattered4m", "contig4m", "blocks-and-tail", "revocable",
};

static int prefault_at(int fd, uint64_t address, uint64_t bytes)
{
	struct oriel_prefault range = { .address = address, .length_bytes = bytes };

	return ioctl(fd, ORIEL_PREFAULT, &range) ? errno : 0;
}

static int prefault(int fd, const void *address, uint64_t bytes)
{
	return prefault_at(fd, (uintptr_t)address, bytes);
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* Return: how many faults it takes to touch a range. */
static long touch_all(uint8_t *address, size_t bytes, bool write)
{
	volatile uint8_t *map = address;
	long before = faults();
	size_t at;

	for (at = 0; at < bytes; at += page_bytes()) {
		uint8_t value = map[at];

		if (write)
			map[at] = value;
	}
	return faults() - before;
}

static size_t count_present(const uint8_t *address, size_t bytes)
{
	size_t at, count = 0;

	for (at = 0; at < bytes; at += page_bytes())
		count += pagemap_present(address + at);
	return count;
}

static void test_no_faults_afterwards(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		assert_int_equal(prefault(area.fd, area.address, area.bytes), 0);
		assert_int_equal(count_present(area.address, area.bytes),
				 area.bytes / page_bytes());
		touch_all(area.address, page_bytes(), false);
		assert_case(regions[i], touch_all(area.address, area.bytes, true), 0);
		assert_int_equal(area_check(&area), 0);
		/* What is there already does not disturb it. */
		assert_int_equal(prefault(area.fd, area.address, area.bytes), 0);
		area_close(&area);
	}
}

/* The control: where nothing is inserted at mmap(), there are faults to be seen. */
static void test_faults_otherwise(void **state)
{
	struct area area = area_open("revocable", PROT_READ | PROT_WRITE);

	assert_int_equal(count_present(area.address, area.bytes), 0);
	assert_true(touch_all(area.address, area.bytes, true) > 0);
	area_close(&area);
}

static void test_read_only_mappings(void **state)
{
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		for (j = 0; j < ARRAY_SIZE(flags); j++) {
			struct area area = area_open(regions[i], 0);

			area.address = area_map(&area, PROT_READ, flags[j]);
			assert_int_equal(prefault(area.fd, area.address, area.bytes), 0);
			assert_case(regions[i], touch_all(area.address, area.bytes, false), 0);
			area_close(&area);
		}
	}
}

/* Rounded up to whole pages; some were there before, a part is not asked for. */
static void test_parts(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		uint8_t *last = area.address + area.bytes - page_bytes();

		assert_int_equal(prefault(area.fd, last, 1), 0);
		assert_true(pagemap_present(last));
		assert_int_equal(touch_all(last, page_bytes(), true), 0);
		assert_int_equal(prefault(area.fd, area.address, area.bytes - page_bytes() + 1), 0);
		assert_case(regions[i], touch_all(area.address, area.bytes, true), 0);
		area_close(&area);
	}
}

/* Several mappings of one file, next to each other. */
static void test_across_mappings(void **state)
{
	struct area area = area_open("scattered4m", PROT_READ | PROT_WRITE);
	uint8_t *middle = area.address + 5 * page_bytes();

	assert_int_equal(mprotect(middle, page_bytes(), PROT_READ), 0);
	assert_int_equal(prefault(area.fd, area.address, area.bytes), 0);
	assert_int_equal(touch_all(area.address, area.bytes, false), 0);
	/* A PROT_NONE page in it, and a hole. */
	assert_int_equal(mprotect(middle, page_bytes(), PROT_NONE), 0);
	assert_int_equal(prefault(area.fd, area.address, area.bytes), EACCES);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_INACCESSIBLE);
	assert_int_equal(explain(area.fd).value[0], (uintptr_t)middle);
	munmap(middle, page_bytes());
	assert_int_equal(prefault(area.fd, area.address, area.bytes), EINVAL);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_FOREIGN);
	assert_int_equal(explain(area.fd).value[0], (uintptr_t)middle);
	area_close(&area);
}

static void test_write_after_upgrade(void **state)
{
	struct area area = area_open("contig8k", PROT_READ);

	assert_int_equal(prefault(area.fd, area.address, area.bytes), 0);
	assert_int_equal(mprotect(area.address, area.bytes, PROT_READ | PROT_WRITE), 0);
	assert_int_equal(prefault(area.fd, area.address, area.bytes), 0);
	assert_int_equal(touch_all(area.address, area.bytes, true), 0);
	area_close(&area);
}

static void test_refused(void **state)
{
	struct area area = area_open("scattered4m", PROT_READ | PROT_WRITE);
	struct area other = area_open("scattered4m", PROT_READ | PROT_WRITE);
	uint8_t *anonymous = mmap(NULL, page_bytes(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
				  -1, 0);
	uint64_t start = (uintptr_t)area.address, page = page_bytes();
	const struct {
		uint64_t address;
		uint64_t bytes;
		int error;
		uint32_t reason;
	} cases[] = {
		{ start + 1, page, EINVAL, ORIEL_REASON_MISALIGNED },
		{ start + 2048, page, EINVAL, ORIEL_REASON_MISALIGNED },
		{ start, 0, EINVAL, ORIEL_REASON_EMPTY },
		{ start, area.bytes + 1, EINVAL, ORIEL_REASON_FOREIGN },
		{ start - page_bytes(), page, EINVAL, ORIEL_REASON_FOREIGN },
		{ start, 1ull << 40, EINVAL, ORIEL_REASON_FOREIGN },
		{ start, 1ull << 63, EINVAL, ORIEL_REASON_FOREIGN },
		{ start, UINT64_MAX, EOVERFLOW, ORIEL_REASON_OVERFLOW },
		{ start, -start, EOVERFLOW, ORIEL_REASON_OVERFLOW },
		/* Of another address only the lower half. */
		{ start + (1ull << 32), page, EINVAL, ORIEL_REASON_FOREIGN },
		{ start, (1ull << 32) + page, EINVAL, ORIEL_REASON_FOREIGN },
		{ 0, page, EINVAL, ORIEL_REASON_FOREIGN },
		{ 1ull << 63, page, EINVAL, ORIEL_REASON_FOREIGN },
		{ -page, page, EOVERFLOW, ORIEL_REASON_OVERFLOW },
		{ -page, page - 1, EINVAL, ORIEL_REASON_FOREIGN },
		{ (uintptr_t)anonymous, page, EINVAL, ORIEL_REASON_FOREIGN },
		{ (uintptr_t)other.address, page, EINVAL, ORIEL_REASON_FOREIGN },
	};
	char what[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(what, sizeof(what), "case %zu", i);
		assert_case(what, prefault_at(area.fd, cases[i].address, cases[i].bytes),
			    cases[i].error);
		assert_case(what, explain(area.fd).reason, cases[i].reason);
		assert_case(what, explain(area.fd).call, ORIEL_CALL_PREFAULT);
	}
	munmap(anonymous, page_bytes());
	area_close(&area);
	area_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_faults_afterwards),
		cmocka_unit_test(test_faults_otherwise),
		cmocka_unit_test(test_read_only_mappings),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_across_mappings),
		cmocka_unit_test(test_write_after_upgrade),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
