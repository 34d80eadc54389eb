/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every guest test includes: cmocka, and checks that also work where
 * cmocka's do not, in child processes and threads.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* In a function that returns 0 for success, mostly in a child. */
#define CHECK(condition)							\
	do {									\
		if (!(condition)) {						\
			printf("# %s:%d: %s (errno %d)\n", __FILE__, __LINE__,	\
			       #condition, errno);				\
			fflush(stdout);						\
			return 1;						\
		}								\
	} while (0)

/* A table's case that came out wrong: says which before it fails. */
#define assert_case(what, got, wanted)						\
	do {									\
		long long got_ = (got), wanted_ = (wanted);			\
		if (got_ != wanted_)						\
			fail_msg("%s: got %lld, wanted %lld", what, got_, wanted_); \
	} while (0)

#endif /* TESTS_CHECK_H */
