// SPDX-License-Identifier: GPL-2.0-only
/*
 * The README's five lines of C, as they stand there, do what their comments say.
 * oriel-test: timeout=60
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"

static void five_lines(void)
{
#include "readme-lines.h"
}

static void test_five_lines(void **state)
{
	volatile uint32_t *map;
	int fd;

	assert_int_equal(module_load("hello", ""), 0);
	five_lines();
	fd = open("/dev/oriel/hello", O_RDONLY);
	assert_true(fd >= 0);
	map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(map != MAP_FAILED);
	assert_int_equal(map[0], 0x1234);
	assert_int_equal(map[1], 0);
	munmap((void *)map, 8192);
	close(fd);
	assert_int_equal(module_unload("hello"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_five_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
