/* SPDX-License-Identifier: GPL-2.0-only */
/* Failing allocations, one at a time, in the calling thread (fail-nth). */
#ifndef TESTS_INJECT_H
#define TESTS_INJECT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"

#define INJECT_DIR "/sys/kernel/debug/"

static int inject_fd;

/* Every allocation may fail, of any order, sleeping or not; no traces. */
static int inject_open(void)
{
	static const char *const settings[][2] = {
		{ INJECT_DIR "failslab/ignore-gfp-wait", "N" },
		{ INJECT_DIR "failslab/verbose", "0" },
		{ INJECT_DIR "fail_page_alloc/ignore-gfp-wait", "N" },
		{ INJECT_DIR "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ INJECT_DIR "fail_page_alloc/min-order", "0" },
		{ INJECT_DIR "fail_page_alloc/verbose", "0" },
		{ INJECT_DIR "fail_usercopy/verbose", "0" },
	};
	unsigned int i;
	int err;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		err = text_write(settings[i][0], settings[i][1]);
		if (err) {
			printf("# %s: errno %d\n", settings[i][0], -err);
			return err;
		}
	}
	inject_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return inject_fd < 0 ? -errno : 0;
}

/* The @nth chance to fail from here on is taken. */
static void inject_arm(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	if (write(inject_fd, text, length) != length)
		abort();
}

/*
 * Return: whether there was an nth chance. Reading the counter copies to user
 * memory, which is itself a chance to fail: then the counter was at 1.
 */
static bool inject_disarm(void)
{
	char text[16] = "1";
	bool taken = pread(inject_fd, text, sizeof(text) - 1, 0) > 0 && atoi(text) == 0;

	while (write(inject_fd, "0", 1) != 1)
		if (errno != EFAULT)
			abort();
	return taken;
}

/*
 * To be called first. What glibc asks of the kernel must not fail: rseq, which the kernel writes on the
 * way back from any call if there was a switch to somebody else, and if that is
 * the first write to its page after a fork, it allocates. Who cannot is killed.
 */
static void inject_without_rseq(char **arguments)
{
	static const char variable[] = "GLIBC_TUNABLES", wanted[] = "glibc.pthread.rseq=0";
	const char *set = getenv(variable);
	char self[256] = "";

	if (set && !strcmp(set, wanted))
		return;
	setenv(variable, wanted, 1);
	/* By its name: the kernel's log is judged by it. */
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) > 0)
		execv(self, arguments);
	perror("execv");
	exit(EXIT_FAILURE);
}

#endif /* TESTS_INJECT_H */
