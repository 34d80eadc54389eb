/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that nobody here wrote, on the machine "clients" (vm/machines/clients.sh). */
#ifndef TESTS_CLIENT_H
#define TESTS_CLIENT_H

#include <sys/types.h>

/*
 * Runs one, with /tmp as it is here. What it prints goes into the file client-output.
 * Return: its status, as that of system().
 */
int client_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same; fails the test if it fails, with its last words. */
void client_do(const char *format, ...) __attribute__((format(printf, 1, 2)));
/*
 * Has them find a copy of a directory of theirs in memory. What 9p shows, programs of 32
 * bits cannot list unless they were built for large files.
 */
void client_copy(const char *directory);
/* Ends all that are called so, and waits until they are gone. */
void client_end(const char *name);

#endif /* TESTS_CLIENT_H */
