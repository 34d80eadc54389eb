/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test program: a table of tests, run in order, printed as TAP. A test that
 * leaves a file descriptor open fails.
 */
#ifndef _TEST_H
#define _TEST_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};

extern bool test_failed;

#define TEST(function)	{ #function, function }

#define CHECK(condition) do {						\
	if (!(condition)) {						\
		printf("# %s:%d: not true: %s\n", __FILE__, __LINE__,	\
		       #condition);					\
		test_failed = true;					\
	}								\
} while (0)

#define CHECK_INT(got, wanted) do {					\
	long long got_ = (long long)(got), wanted_ = (long long)(wanted); \
	if (got_ != wanted_) {						\
		printf("# %s:%d: %s is %lld (0x%llx), wanted %lld\n",	\
		       __FILE__, __LINE__, #got, got_,			\
		       (unsigned long long)got_, wanted_);		\
		test_failed = true;					\
	}								\
} while (0)

#define CHECK_TEXT(got, wanted) do {					\
	const char *got_ = (got), *wanted_ = (wanted);			\
	if (strcmp(got_, wanted_)) {					\
		printf("# %s:%d: %s is \"%s\", wanted \"%s\"\n",	\
		       __FILE__, __LINE__, #got, got_, wanted_);	\
		test_failed = true;					\
	}								\
} while (0)

/* @setup and @teardown surround each test; either may be NULL. */
int test_main(const char *program, const struct test *tests, size_t count,
	      void (*setup)(void), void (*teardown)(void));

#define TEST_MAIN(tests, setup, teardown)				\
int main(int argc, char **argv)						\
{									\
	const char *slash = strrchr(argv[0], '/');			\
									\
	(void)argc;							\
	return test_main(slash ? slash + 1 : argv[0], tests,		\
			 sizeof(tests) / sizeof(tests[0]), setup,	\
			 teardown);					\
}

#endif /* _TEST_H */
