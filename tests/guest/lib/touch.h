/* SPDX-License-Identifier: GPL-2.0-only */
/* Touching memory that may not be there. */
#ifndef TESTS_TOUCH_H
#define TESTS_TOUCH_H

#include <stdint.h>

/* Return: 0, or the signal (SIGBUS, SIGSEGV) that it brought. Not for threads. */
int touch_read(const void *address);
int touch_write(void *address);

#endif /* TESTS_TOUCH_H */
