// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a command while memory has no free block of 2 MiB left.
 *
 *	fragmented-bench COMMAND [ARGUMENT...]
 *
 * Takes most of the free memory in single pages, gives back every other one,
 * and keeps the rest locked, out of reach of compaction. What is left in whole
 * blocks goes into the pool of huge pages. Needs root; ends with the command's
 * status. All of it is undone when the program ends, but for the pool.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE		4096UL
#define LEAVE_BYTES	(96UL << 20)

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void write_setting(const char *path, const char *value)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(value, f) < 0 || fclose(f))
		die(path);
}

static void take_every_other_page(void)
{
	struct sysinfo info;
	size_t bytes, i;
	char *p;

	if (sysinfo(&info))
		die("sysinfo");
	bytes = info.freeram * info.mem_unit;
	bytes = bytes > 2 * LEAVE_BYTES ? bytes - LEAVE_BYTES : LEAVE_BYTES;
	bytes &= ~(PAGE - 1);
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || madvise(p, bytes, MADV_NOHUGEPAGE))
		die("mmap");
	if (mlock(p, bytes))
		die("mlock");
	memset(p, 1, bytes);
	/* munmap() of every other page would make too many mappings. */
	if (munlock(p, bytes))
		die("munlock");
	for (i = 0; i < bytes; i += 2 * PAGE)
		if (madvise(p + i, PAGE, MADV_DONTNEED))
			die("madvise");
	if (mlock2(p, bytes, MLOCK_ONFAULT))
		die("mlock2");
}

int main(int argc, char **argv)
{
	int status;
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: fragmented-bench COMMAND [ARGUMENT...]\n");
		return 2;
	}
	write_setting("/proc/sys/vm/compact_unevictable_allowed", "0");
	take_every_other_page();
	write_setting("/proc/sys/vm/nr_hugepages", "4096");

	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		execvp(argv[1], argv + 1);
		die(argv[1]);
	}
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
