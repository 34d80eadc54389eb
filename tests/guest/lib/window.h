/* SPDX-License-Identifier: GPL-2.0-only */
/* Windows: made by mkdir, as root does it in a shell. */
#ifndef TESTS_WINDOW_H
#define TESTS_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/testdev.h"

#define WINDOWS "/sys/kernel/config/oriel/windows"

/* These return 0 or -errno. */
int window_mkdir(const char *name);
int window_rmdir(const char *name);
int window_set(const char *name, const char *file, const char *text);
/*
 * mkdir, the files, live=1. @what: "DEVICE REGION OFFSET SIZE CACHE ACCESS", where
 * "-" and what is missing at the end stay as mkdir left them; numbers as
 * configfs_set() takes them. On error the
 * directory stays if it came to that.
 */
int window_make(const char *name, const char *what);

/* The same, but fails the test on error. */
void window_create(const char *name, const char *what);
void window_remove(const char *name);

/* Group set-up and tear-down: what windows are made of, and gone without a trace. */
int windows_load(void **state);
int windows_unload(void **state);
/* A test's tear-down: removes what a failure has left. */
int windows_clear(void **state);

void window_get(const char *name, const char *file, char *text, size_t bytes);
bool window_is_live(const char *name);
/* ORIEL_REASON_* of the last refusal. */
unsigned int window_reason(const char *name);

/* Return: a file descriptor or -errno. */
int window_open(const char *name, int flags);
/* Opens the node read-write and maps its only region whole, or with 0 not at all. */
struct area window_area(const char *name, int prot);

#endif /* TESTS_WINDOW_H */
