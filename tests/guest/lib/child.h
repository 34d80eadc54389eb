/* SPDX-License-Identifier: GPL-2.0-only */
/* Work done in a child process. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <sys/types.h>

/* Starts a child that ends with what @work returns. Return: its id. */
pid_t child_start(int (*work)(void *), void *argument);
/* Return: its exit status, or 128 plus the signal that ended it. */
int child_wait(pid_t pid);
int child_run(int (*work)(void *), void *argument);

#endif /* TESTS_CHILD_H */
