/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oriel command, run in a child of a test.
 */
#ifndef _RUN_CLI_H
#define _RUN_CLI_H

#include <sys/types.h>

#include "test.h"

/* What the last run printed on standard output and standard error */
extern char out[64 * 1024];
extern char err[4096];

/* Run "oriel ARGUMENTS", words apart by blanks; return its exit status. */
int oriel(const char *arguments);

/* The same, with @input as its standard input */
int oriel_with_input(const char *arguments, const void *input, size_t length);

/* Start it in the background, with these as standard input, output and error */
pid_t oriel_start(const char *arguments, int in_fd, int out_fd, int err_fd);

/* The command must fail: this status, one line that has this in it, no output. */
void fails(const char *arguments, int status, const char *words);

/* It must succeed, print this and no error. */
void prints(const char *arguments, const char *text);

#endif /* _RUN_CLI_H */
