// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever memory advice, locking or reclaim is asked for: the data stay and
 * the mapping stays what it was.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/smaps.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static const char *const regions[] = { "contig8k", "scattered4m", "blocks-and-tail", "revocable" };

/*
 * What each advice answers for a mapping of ours; ANY: as the kernel pleases;
 * HUGE: EINVAL from a kernel that knows none of these.
 */
#define ANY -1
#define HUGE -2

static const struct {
	const char *name;
	int advice;
	int error;
} advices[] = {
	{ "NORMAL", MADV_NORMAL, 0 },
	{ "RANDOM", MADV_RANDOM, 0 },
	{ "SEQUENTIAL", MADV_SEQUENTIAL, 0 },
	{ "WILLNEED", MADV_WILLNEED, ANY },
	{ "DONTNEED", MADV_DONTNEED, 0 },
	{ "COLD", MADV_COLD, 0 },
	{ "PAGEOUT", MADV_PAGEOUT, 0 },
	{ "FREE", MADV_FREE, EINVAL },
	{ "REMOVE", MADV_REMOVE, ANY },
	{ "HUGEPAGE", MADV_HUGEPAGE, HUGE },
	{ "NOHUGEPAGE", MADV_NOHUGEPAGE, HUGE },
	{ "COLLAPSE", MADV_COLLAPSE, ANY },
	{ "MERGEABLE", MADV_MERGEABLE, ANY },
	{ "UNMERGEABLE", MADV_UNMERGEABLE, ANY },
	{ "WIPEONFORK", MADV_WIPEONFORK, EINVAL },
	{ "POPULATE_READ", 22, 0 },
	{ "POPULATE_WRITE", 23, 0 },
	{ "DODUMP", MADV_DODUMP, EINVAL },
	{ "DONTDUMP", MADV_DONTDUMP, 0 },
	{ "DONTFORK", MADV_DONTFORK, 0 },
	{ "DOFORK", MADV_DOFORK, 0 },
};

static void advise(const struct area *area, size_t i, uint8_t *at, size_t bytes)
{
	char what[64];
	int error = madvise(at, bytes, advices[i].advice) ? errno : 0;
	int wanted = advices[i].error;

	snprintf(what, sizeof(what), "%s of %s", advices[i].name, area->info.name);
	if (wanted == HUGE)
		wanted = kernel_has_blocks() ? 0 : EINVAL;
	if (wanted != ANY)
		assert_case(what, error, wanted);
	if (area_check(area))
		fail_msg("%s: data are not intact", what);
}

/* On the whole mapping, on a page in its middle, on all that is not touched. */
static void test_advice(void **state)
{
	size_t i, r;

	for (r = 0; r < ARRAY_SIZE(regions); r++) {
		for (i = 0; i < ARRAY_SIZE(advices); i++) {
			struct area area = area_open(regions[r], PROT_READ | PROT_WRITE);

			advise(&area, i, area.address, area.bytes);
			advise(&area, i, area.address + page_bytes(), page_bytes());
			assert_true(smaps_has_flag(area.address, "dd"));
			assert_true(smaps_has_flag(area.address, "de"));
			assert_int_equal(touch_write(area.address), 0);
			area_close(&area);
		}
	}
}

static void test_locked(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], 0);

		area.address = area_map(&area, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_LOCKED);
		assert_int_equal(area_check(&area), 0);
		munmap(area.address, area.bytes);
		area.address = area_map(&area, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE);
		assert_int_equal(area_check(&area), 0);
		assert_int_equal(mlock(area.address, area.bytes), 0);
		assert_int_equal(mlock2(area.address, area.bytes, MLOCK_ONFAULT), 0);
		assert_int_equal(munlock(area.address, page_bytes()), 0);
		assert_int_equal(area_check(&area), 0);
		area_close(&area);
	}
}

static int lock_everything(void *argument)
{
	const int *flags = argument;
	size_t i;

	CHECK(!mlockall(*flags));
	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		CHECK(!area_check(&area));
		CHECK(!mlockall(*flags));
		CHECK(!mprotect(area.address, page_bytes(), PROT_READ));
		CHECK(!area_check(&area));
		CHECK(!munlockall());
		area_close(&area);
	}
	return 0;
}

static void test_mlockall(void **state)
{
	static int flags[] = {
		MCL_CURRENT, MCL_CURRENT | MCL_FUTURE, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		assert_int_equal(child_run(lock_everything, &flags[i]), 0);
}

/* The kernel reclaims and compacts what it can; ours it cannot. */
static void test_reclaim(void **state)
{
	struct area one = area_open("scattered4m", PROT_READ | PROT_WRITE);
	struct area two = area_open("revocable", PROT_READ | PROT_WRITE);

	assert_int_equal(area_check(&one), 0);
	assert_int_equal(area_check(&two), 0);
	text_write("/proc/sys/vm/drop_caches", "3");
	text_write("/proc/sys/vm/compact_memory", "1");
	assert_int_equal(area_check(&one), 0);
	assert_int_equal(area_check(&two), 0);
	area_close(&one);
	area_close(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_advice),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_mlockall),
		cmocka_unit_test(test_reclaim),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
