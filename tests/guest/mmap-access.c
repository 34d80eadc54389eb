// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nobody gets more rights than file and region give: neither at mmap(), nor
 * later by mprotect(), nor through the back doors of /proc/PID/mem.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/smaps.h"
#include "lib/testdev.h"
#include "lib/touch.h"

#define R PROT_READ
#define W PROT_WRITE
#define X PROT_EXEC
#define NONE ORIEL_REASON_NONE
#ifndef MAP_SHARED_VALIDATE
#define MAP_SHARED_VALIDATE 0x03
#endif

struct access_case {
	const char *region;
	int open_flags;
	int prot;
	int flags;
	int error;
	uint32_t reason;	/* NONE: the kernel refuses before it asks, or nobody does */
};

static const struct access_case cases[] = {
	{ "contig8k", O_RDWR, R, MAP_SHARED, 0, NONE },
	{ "contig8k", O_RDWR, W, MAP_SHARED, 0, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED, 0, NONE },
	{ "contig8k", O_RDWR, PROT_NONE, MAP_SHARED, 0, NONE },
	{ "contig8k", O_RDWR, X, MAP_SHARED, EPERM, ORIEL_REASON_EXEC },
	{ "contig8k", O_RDWR, R | X, MAP_SHARED, EPERM, ORIEL_REASON_EXEC },
	{ "contig8k", O_RDWR, R | W | X, MAP_SHARED, EPERM, ORIEL_REASON_EXEC },
	{ "contig8k", O_RDWR, R, MAP_PRIVATE, 0, NONE },
	{ "contig8k", O_RDWR, PROT_NONE, MAP_PRIVATE, 0, NONE },
	{ "contig8k", O_RDWR, W, MAP_PRIVATE, EINVAL, ORIEL_REASON_PRIVATE_WRITE },
	{ "contig8k", O_RDWR, R | W, MAP_PRIVATE, EINVAL, ORIEL_REASON_PRIVATE_WRITE },
	{ "contig8k", O_RDWR, R | X, MAP_PRIVATE, EPERM, ORIEL_REASON_EXEC },
	{ "contig8k", O_RDONLY, R, MAP_SHARED, 0, NONE },
	{ "contig8k", O_RDONLY, R | W, MAP_SHARED, EACCES, NONE },
	{ "contig8k", O_RDONLY, W, MAP_SHARED, EACCES, NONE },
	{ "contig8k", O_RDONLY, R | X, MAP_SHARED, EPERM, ORIEL_REASON_EXEC },
	{ "contig8k", O_RDONLY, R, MAP_PRIVATE, 0, NONE },
	{ "contig8k", O_RDONLY, R | W, MAP_PRIVATE, EINVAL, ORIEL_REASON_PRIVATE_WRITE },
	{ "contig8k", O_WRONLY, R, MAP_SHARED, EACCES, NONE },
	{ "contig8k", O_WRONLY, W, MAP_SHARED, EACCES, NONE },
	{ "contig8k", O_WRONLY, R, MAP_PRIVATE, EACCES, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED_VALIDATE, 0, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED_VALIDATE | 0x800000, EOPNOTSUPP, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED_VALIDATE | MAP_SYNC, EOPNOTSUPP, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED | MAP_POPULATE | MAP_LOCKED, 0, NONE },
	{ "contig8k", O_RDWR, R, MAP_PRIVATE | MAP_POPULATE | MAP_LOCKED, 0, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED | MAP_NORESERVE, 0, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED | MAP_GROWSDOWN, EINVAL, NONE },
	{ "contig8k", O_RDWR, R | W, MAP_SHARED | MAP_HUGETLB, EINVAL, NONE },
	{ "scattered4m", O_RDWR, R | W, MAP_SHARED, 0, NONE },
	{ "scattered4m", O_RDWR, R, MAP_PRIVATE, 0, NONE },
	{ "scattered4m", O_RDWR, R | W, MAP_PRIVATE, EINVAL, ORIEL_REASON_PRIVATE_WRITE },
	{ "scattered4m", O_RDWR, R | X, MAP_SHARED, EPERM, ORIEL_REASON_EXEC },
	{ "read-only", O_RDWR, R, MAP_SHARED, 0, NONE },
	{ "read-only", O_RDWR, R | W, MAP_SHARED, EACCES, ORIEL_REASON_READ_ONLY },
	{ "read-only", O_RDWR, W, MAP_SHARED, EACCES, ORIEL_REASON_READ_ONLY },
	{ "read-only", O_RDWR, R, MAP_PRIVATE, 0, NONE },
	{ "read-only", O_RDWR, R | W, MAP_PRIVATE, EINVAL, ORIEL_REASON_PRIVATE_WRITE },
	{ "read-only", O_RDONLY, R, MAP_SHARED, 0, NONE },
	{ "write-only", O_RDWR, R, MAP_SHARED, EOPNOTSUPP, ORIEL_REASON_NOT_MAPPABLE },
	{ "write-only", O_RDWR, W, MAP_SHARED, EOPNOTSUPP, ORIEL_REASON_NOT_MAPPABLE },
	{ "write-only", O_RDWR, PROT_NONE, MAP_SHARED, EOPNOTSUPP, ORIEL_REASON_NOT_MAPPABLE },
	{ "revocable", O_RDWR, R | W, MAP_SHARED, 0, NONE },
	{ "revocable", O_RDWR, R | W, MAP_PRIVATE, EINVAL, ORIEL_REASON_PRIVATE_WRITE },
	{ "revocable", O_RDWR, R | X, MAP_SHARED, EPERM, ORIEL_REASON_EXEC },
};

static const char *case_name(const struct access_case *c)
{
	static char text[96];

	snprintf(text, sizeof(text), "%s open=%#x prot=%d flags=%#x", c->region,
		 c->open_flags, c->prot, c->flags);
	return text;
}

/* Return: the address, or NULL with errno. */
static void *case_map(const struct access_case *c, int fd, size_t *bytes)
{
	int info_fd = testdev_open(O_RDWR);
	struct oriel_region_info info = region_find(info_fd, c->region);
	void *address;

	close(info_fd);
	*bytes = info.size_bytes;
	address = mmap(NULL, info.size_bytes, c->prot, c->flags, fd, info.offset_bytes);
	return address == MAP_FAILED ? NULL : address;
}

/* What may never be had, whatever a mapping started with. */
static void case_upgrade(const struct access_case *c, void *address)
{
	bool shared = (c->flags & MAP_TYPE) != MAP_PRIVATE;
	bool writable = shared && c->open_flags == O_RDWR && strcmp(c->region, "read-only");
	size_t bytes = page_bytes();

	assert_case(case_name(c), mprotect(address, bytes, R | X) ? errno : 0, EACCES);
	assert_case(case_name(c), mprotect(address, bytes, X) ? errno : 0, EACCES);
	assert_case(case_name(c), mprotect(address, bytes, R | W) ? errno : 0,
		    writable ? 0 : EACCES);
	assert_case(case_name(c), touch_write(address), writable ? 0 : SIGSEGV);
	assert_case(case_name(c), mprotect(address, bytes, R) ? errno : 0, 0);
	assert_case(case_name(c), touch_write(address), SIGSEGV);
	assert_case(case_name(c), touch_read(address), 0);
	assert_case(case_name(c), smaps_has_flag(address, "ex"), false);
	assert_case(case_name(c), smaps_has_flag(address, "me"), false);
	assert_case(case_name(c), smaps_has_flag(address, "mw"), writable);
}

static void test_table(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct access_case *c = &cases[i];
		int fd = testdev_open(c->open_flags);
		size_t bytes;
		void *address = case_map(c, fd, &bytes);

		assert_case(case_name(c), address ? 0 : errno, c->error);
		assert_case(case_name(c), explain(fd).reason, c->reason);
		if (c->reason != NONE) {
			assert_case(case_name(c), explain(fd).call, ORIEL_CALL_MMAP);
			assert_case(case_name(c), explain(fd).error, c->error);
			assert_string_equal(explain(fd).name, c->region);
		}
		if (address) {
			case_upgrade(c, address);
			munmap(address, bytes);
		}
		close(fd);
	}
}

/* A program of old that wants everything readable to be executable. */
static int read_implies_exec(void *unused)
{
	int fd = open(TESTDEV_NODE, O_RDWR);
	void *address;

	CHECK(fd >= 0);
	address = mmap(NULL, 4096, R, MAP_SHARED, fd, 0);
	CHECK(address != MAP_FAILED);
	CHECK(personality(READ_IMPLIES_EXEC) != -1);
	CHECK(mmap(NULL, 4096, R, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK(errno == EPERM);
	/* mprotect() adds PROT_EXEC only where it may. */
	CHECK(!mprotect(address, 4096, R | W));
	CHECK(!smaps_has_flag(address, "ex"));
	return 0;
}

static void test_read_implies_exec(void **state)
{
	assert_int_equal(child_run(read_implies_exec, NULL), 0);
}

static int mem_write(void *address, const void *data, size_t bytes)
{
	int fd = open("/proc/self/mem", O_RDWR), error;
	ssize_t done = pwrite(fd, data, bytes, (uintptr_t)address);

	error = done < 0 ? errno : 0;
	close(fd);
	return error;
}

/* What debuggers may write to ordinary private mappings, they may not here. */
static void test_forced_write(void **state)
{
	static const char *const regions[] = { "contig8k", "scattered4m", "read-only" };
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };
	uint64_t poison = ~0ull;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		for (j = 0; j < ARRAY_SIZE(flags); j++) {
			struct area area = area_open(regions[i], 0);

			area.address = area_map(&area, R, flags[j]);
			assert_int_equal(area_check(&area), 0);
			assert_case(regions[i], mem_write(area.address, &poison, 8), EIO);
			assert_int_equal(area_check(&area), 0);
			area_close(&area);
		}
	}
}

static void test_prot_none(void **state)
{
	struct area area = area_open("contig8k", 0);

	area.address = area_map(&area, PROT_NONE, MAP_SHARED);
	assert_int_equal(touch_read(area.address), SIGSEGV);
	assert_int_equal(mprotect(area.address, area.bytes, R | W), 0);
	assert_int_equal(area_check(&area), 0);
	assert_int_equal(touch_write(area.address), 0);
	assert_int_equal(mprotect(area.address, area.bytes, PROT_NONE), 0);
	assert_int_equal(touch_read(area.address), SIGSEGV);
	area_close(&area);
}

/* A private mapping shows the region itself, not a copy of some moment. */
static void test_private_is_not_a_copy(void **state)
{
	static const char *const regions[] = { "contig8k", "scattered4m" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], R | W);
		volatile uint64_t *private = area_map(&area, R, MAP_PRIVATE);
		volatile uint64_t *shared = (void *)area.address;
		uint64_t before = private[1];

		shared[1] = ~before;
		assert_true(private[1] == ~before);
		shared[1] = before;
		assert_true(private[1] == before);
		munmap((void *)private, area.bytes);
		area_close(&area);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_read_implies_exec),
		cmocka_unit_test(test_forced_write),
		cmocka_unit_test(test_prot_none),
		cmocka_unit_test(test_private_is_not_a_copy),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
