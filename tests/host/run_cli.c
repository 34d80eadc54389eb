// SPDX-License-Identifier: GPL-2.0-only
/*
 * The oriel command, run in a child of a test.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_cli.h"

int cli_main(int argc, char **argv); /* main() of cli/main.c */

char out[64 * 1024];
char err[4096];

static void read_all(FILE *file, char *text, size_t size)
{
	rewind(file);
	text[fread(text, 1, size - 1, file)] = 0;
	fclose(file);
}

pid_t oriel_start(const char *arguments, int in_fd, int out_fd, int err_fd)
{
	char line[512], *argv[32] = { line };
	char *word;
	int argc = 0;
	pid_t child;

	snprintf(line, sizeof(line), "oriel %s", arguments);
	for (word = strtok(line, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;

	fflush(stdout);
	child = fork();
	if (!child) {
		dup2(in_fd, STDIN_FILENO);
		dup2(out_fd, STDOUT_FILENO);
		dup2(err_fd, STDERR_FILENO);
		exit(cli_main(argc, argv));
	}

	return child;
}

static int run(const char *arguments, int in_fd)
{
	FILE *out_file = tmpfile(), *err_file = tmpfile();
	int status = -1;
	pid_t child;

	child = oriel_start(arguments, in_fd, fileno(out_file), fileno(err_file));
	waitpid(child, &status, 0);
	read_all(out_file, out, sizeof(out));
	read_all(err_file, err, sizeof(err));

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A pipe has to hold all of it. */
int oriel_with_input(const char *arguments, const void *input, size_t length)
{
	int fds[2], status;

	if (pipe2(fds, O_CLOEXEC) || write(fds[1], input, length) != (ssize_t)length)
		return -1;
	close(fds[1]);
	status = run(arguments, fds[0]);
	close(fds[0]);

	return status;
}

int oriel(const char *arguments)
{
	return oriel_with_input(arguments, "", 0);
}

void fails(const char *arguments, int status, const char *words)
{
	CHECK_INT(oriel(arguments), status);
	CHECK_TEXT(out, "");
	if (strncmp(err, "oriel: ", 7) || !strstr(err, words) ||
	    strchr(err, '\n') != err + strlen(err) - 1) {
		printf("# oriel %s: wanted one line with \"%s\", got: %s\n",
		       arguments, words, err);
		test_failed = true;
	}
}

void prints(const char *arguments, const char *text)
{
	CHECK_INT(oriel(arguments), 0);
	CHECK_TEXT(out, text);
	CHECK_TEXT(err, "");
}
