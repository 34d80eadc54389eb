/* SPDX-License-Identifier: GPL-2.0-only */
/* Directories in /sys/kernel/config/oriel that become nodes, and their files. */
#ifndef TESTS_CONFIGFS_H
#define TESTS_CONFIGFS_H

#include <stddef.h>

/* @parent is the directory's path. These return 0 or -errno. */
int configfs_mkdir(const char *parent, const char *name);
int configfs_rmdir(const char *parent, const char *name);
/* A @text such as "4M-1p", of MiB, pages and bytes, is written as so many bytes. */
int configfs_set(const char *parent, const char *name, const char *file, const char *text);
/*
 * mkdir, one word of @what for each of the @files (up to NULL), live=1. "-", and
 * what is missing at the end, stay as mkdir left them. On error the directory
 * stays if it came to that.
 */
int configfs_make(const char *parent, const char *name, const char *const *files,
		  const char *what);
/* Removes all that can be. Return: 0, or 1 if there is no such parent. */
int configfs_clear(const char *parent);

void configfs_get(const char *parent, const char *name, const char *file, char *text,
		  size_t bytes);
/* ORIEL_REASON_* of the last refusal. */
unsigned int configfs_reason(const char *parent, const char *name);

/* Opens the node of that name. Return: a file descriptor or -errno. */
int configfs_open(const char *name, int flags);

#endif /* TESTS_CONFIGFS_H */
