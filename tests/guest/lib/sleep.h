/* SPDX-License-Identifier: GPL-2.0-only */
/* Suspending, as far as devices' drivers notice. */
#ifndef TESTS_SLEEP_H
#define TESTS_SLEEP_H

/* All devices to sleep, and awake again. Return: 0 or -errno. */
int pretend_sleep(void);

#endif /* TESTS_SLEEP_H */
