/* SPDX-License-Identifier: GPL-2.0-only */
/* Named buffers: made by mkdir, as root does it in a shell. */
#ifndef TESTS_NAMED_H
#define TESTS_NAMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/testdev.h"

#define BUFFERS "/sys/kernel/config/oriel/buffers"

/* These return 0 or -errno. */
int named_mkdir(const char *name);
int named_rmdir(const char *name);
int named_set(const char *name, const char *file, const char *text);
/*
 * mkdir, the files, live=1. @what: "SIZE KIND CACHE DEVICE NODE", where "-" and
 * what is missing at the end stay as mkdir left them. On error the directory
 * stays if it came to that.
 */
int named_make(const char *name, const char *what);

/* The same, but fails the test on error. */
void named_create(const char *name, const char *what);
void named_remove(const char *name);

/* Group set-up and tear-down: oriel-pci, and all memory is back. */
int named_load(void **state);
int named_unload(void **state);
/* A test's tear-down: removes what a failure has left. */
int named_clear(void **state);

void named_get(const char *name, const char *file, char *text, size_t bytes);
/* ORIEL_REASON_* of the last refusal. */
unsigned int named_reason(const char *name);
/* What bus_address says. Return: 0 or -errno. */
int named_bus_address(const char *name, uint64_t *address);
/* The same from /sys/class/oriel. */
int named_bus_address_sysfs(const char *name, uint64_t *address);

/* Return: a file descriptor or -errno. */
int named_open(const char *name, int flags);
/* Opens the node read-write and maps its only region whole, or with 0 not at all. */
struct area named_area(const char *name, int prot);

#endif /* TESTS_NAMED_H */
