// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody's own character device whose .mmap is a call of oriel_region_mmap():
 * it gets the same checks, flags and life time.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/module.h"
#include "lib/raw.h"
#include "lib/smaps.h"
#include "lib/testdev.h"
#include "lib/touch.h"

#define NODE "/dev/oriel-foreign"
#define BYTES (4 << 20)

static int foreign_open(int flags)
{
	int fd = open(NODE, flags | O_CLOEXEC);

	if (fd < 0)
		fail_msg(NODE ": %s", strerror(errno));
	return fd;
}

static int child_checks(void *argument)
{
	return pattern_check(argument, PATTERN_FOREIGN, 0, BYTES, 8);
}

static void test_maps(void **state)
{
	int fd = foreign_open(O_RDWR);
	uint8_t *map = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	assert_true(map != MAP_FAILED);
	close(fd);
	assert_int_equal(child_checks(map), 0);
	assert_int_equal(child_run(child_checks, map), 0);
	assert_int_equal(touch_write(map + BYTES - 1), 0);
	assert_true(smaps_has_flag(map, "dd"));
	assert_true(smaps_has_flag(map, "de"));
	assert_false(smaps_has_flag(map, "me"));
	assert_int_equal(mprotect(map, page_bytes(), PROT_READ | PROT_EXEC), -1);
	assert_true(mremap(map, BYTES, 2 * BYTES, MREMAP_MAYMOVE) == MAP_FAILED);
	assert_int_equal(errno, EFAULT);
	/* Its file_operations are its own: it stays as long as it is mapped. */
	assert_int_equal(module_unload("oriel-foreign"), -EWOULDBLOCK);
	munmap(map, BYTES);
}

static void test_refuses(void **state)
{
	const size_t page = page_bytes();
	const struct {
		size_t bytes;
		off_t offset;
		int prot, flags, error;
	} cases[] = {
		{ BYTES + page, 0, PROT_READ, MAP_SHARED, ENXIO },
		{ BYTES, page, PROT_READ, MAP_SHARED, ENXIO },
		{ page, BYTES, PROT_READ, MAP_SHARED, ENXIO },
		{ page, BYTES - page, PROT_READ, MAP_SHARED, 0 },
		{ page, 1u << 31, PROT_READ, MAP_SHARED, ENXIO },
		{ page, INT64_MAX - (off_t)(page - 1), PROT_READ, MAP_SHARED, ENXIO },
		{ page, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE, EINVAL },
		{ page, 0, PROT_READ | PROT_EXEC, MAP_SHARED, EPERM },
		{ page, 0, PROT_READ, MAP_PRIVATE, 0 },
	};
	int fd = foreign_open(O_RDWR);
	char what[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		void *map;

		if (!raw_mmap_takes(cases[i].bytes, cases[i].offset))
			continue;
		map = mmap(NULL, cases[i].bytes, cases[i].prot, cases[i].flags, fd,
			   cases[i].offset);
		snprintf(what, sizeof(what), "case %zu", i);
		assert_case(what, map == MAP_FAILED ? errno : 0, cases[i].error);
		if (map != MAP_FAILED) {
			assert_case(what, touch_read(map), 0);
			munmap(map, cases[i].bytes);
		}
	}
	close(fd);
}

static void test_read_only_file(void **state)
{
	int fd = foreign_open(O_RDONLY);
	void *map = mmap(NULL, page_bytes(), PROT_READ, MAP_SHARED, fd, 0);

	assert_true(map != MAP_FAILED);
	assert_int_equal(mprotect(map, page_bytes(), PROT_READ | PROT_WRITE), -1);
	assert_int_equal(errno, EACCES);
	munmap(map, page_bytes());
	close(fd);
}

static void test_goes(void **state)
{
	assert_int_equal(module_unload("oriel-foreign"), 0);
	assert_int_equal(module_load("oriel-foreign", ""), 0);
}

static int load(void **state)
{
	return module_load("oriel-foreign", "");
}

static int unload(void **state)
{
	return module_unload("oriel-foreign");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_read_only_file),
		cmocka_unit_test(test_goes),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
