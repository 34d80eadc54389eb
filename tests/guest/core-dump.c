// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in a region is not written into core files, and a mapping's flags are
 * those that DESIGN.md wants.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/smaps.h"
#include "lib/testdev.h"
#include "lib/text.h"

static const char *const regions[] = {
	"contig8k", "odd", "scattered4m", "read-only", "revocable", "small39",
};

static void test_flags(void **state)
{
	/* ex, me: executable; io, pf: not for get_user_pages(); pm: page merging. */
	static const char *const never[] = { "ex", "me", "io", "pf", "lo", "ht", "mg" };
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };
	size_t i, j, k;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		for (j = 0; j < ARRAY_SIZE(flags); j++) {
			struct area area = area_open(regions[i], 0);

			area.address = area_map(&area, PROT_READ, flags[j]);
			assert_true(smaps_has_flag(area.address, "dd"));
			assert_true(smaps_has_flag(area.address, "de"));
			for (k = 0; k < ARRAY_SIZE(never); k++)
				assert_case(never[k], smaps_has_flag(area.address, never[k]), 0);
			assert_int_equal(madvise(area.address, area.bytes, MADV_DODUMP), -1);
			assert_int_equal(errno, EINVAL);
			assert_true(smaps_has_flag(area.address, "dd"));
			area_close(&area);
		}
	}
}

#define MARK 0x6f7269656c2d6f6bull	/* in memory of the process's own */

/* Dumps core with everything that a filter can let through. */
static int dying_child(void *unused)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	volatile uint64_t *own = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	CHECK(!text_write("/proc/self/coredump_filter", "0xff"));
	CHECK(!setrlimit(RLIMIT_CORE, &all));
	own[0] = MARK + 1;
	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ);

		CHECK(!area_check(&area));
	}
	signal(SIGABRT, SIG_DFL);
	abort();
}

/* Counts aligned words of a file: the mark, and what is in the regions. */
static void search_core(const char *path, const uint32_t *indices, size_t *marks, size_t *words)
{
	static uint64_t buffer[8192];
	int fd = open(path, O_RDONLY);
	ssize_t got, i;
	size_t k;

	*marks = *words = 0;
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
		for (i = 0; i < got / 8; i++) {
			*marks += buffer[i] == MARK + 1;
			/* A word deep in a page: no register or stack holds it. */
			for (k = 0; k < ARRAY_SIZE(regions); k++)
				*words += buffer[i] == pattern_word(indices[k], 2048);
		}
	}
	close(fd);
}

static void test_core_file(void **state)
{
	uint32_t indices[ARRAY_SIZE(regions)];
	char pattern[128], path[128], cwd[64];
	size_t marks, words, i;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], 0);

		indices[i] = area.info.index;
		area_close(&area);
	}
	text_line("/proc/sys/kernel/core_pattern", pattern, sizeof(pattern));
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(path, sizeof(path), "%s/core.%%p", cwd);
	assert_int_equal(text_write("/proc/sys/kernel/core_pattern", path), 0);
	pid = child_start(dying_child, NULL);
	assert_int_equal(child_wait(pid), 128 + SIGABRT);
	text_write("/proc/sys/kernel/core_pattern", pattern);
	snprintf(path, sizeof(path), "%s/core.%d", cwd, pid);
	search_core(path, indices, &marks, &words);
	unlink(path);
	assert_true(marks > 0);
	assert_int_equal(words, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_core_file),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
