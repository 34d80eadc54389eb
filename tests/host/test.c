// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a table of tests.
 */
#include "test.h"

bool test_failed;

static int count_open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);

	return count;
}

int test_main(const char *program, const struct test *tests, size_t count,
	      void (*setup)(void), void (*teardown)(void))
{
	bool any_failed = false;
	size_t i;

	printf("1..%zu\n", count);
	for (i = 0; i < count; i++) {
		int files = count_open_files();

		test_failed = false;
		if (setup)
			setup();
		tests[i].run();
		if (teardown)
			teardown();
		CHECK_INT(count_open_files(), files);

		printf("%sok %zu - %s: %s\n", test_failed ? "not " : "", i + 1,
		       program, tests[i].name);
		fflush(stdout);
		any_failed |= test_failed;
	}

	return any_failed;
}
