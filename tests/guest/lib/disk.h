/* SPDX-License-Identifier: GPL-2.0-only */
/* The scratch disk, reached past the page cache. */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens it for direct I/O; a sector is 512 bytes. */
int disk_open(void);
/* Puts pattern_word(@mark, 0...) on its first @bytes, from ordinary memory. */
void disk_fill(int disk, uint32_t mark, size_t bytes);
/* Is that on it, from @offset on? Reads into ordinary memory. Return: 0 or 1. */
int disk_check(int disk, uint32_t mark, size_t bytes, uint64_t offset);
/* Lets nothing through until told otherwise. The runner does it. */
void disk_hold(int disk, bool hold);

#endif /* TESTS_DISK_H */
