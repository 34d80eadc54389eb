/* SPDX-License-Identifier: GPL-2.0-only */
/* Small text files, as /proc and /sys have them. */
#ifndef TESTS_TEXT_H
#define TESTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Return: the length, the text NUL-terminated, or -errno, also of a read. */
int text_read(const char *path, char *text, size_t bytes);
/* The same without the newline at the end; fails the test on error, as all below do. */
void text_line(const char *path, char *text, size_t bytes);
uint64_t text_number(const char *path);
/* Return: 0 or -errno. */
int text_write(const char *path, const char *text);
/* Does a file, of any length, have a line with this in it? */
bool text_file_has(const char *path, const char *needle);
/* The number behind "KEY" in a file of lines "KEY NUMBER", or -1. */
long text_field(const char *path, const char *key);

#endif /* TESTS_TEXT_H */
