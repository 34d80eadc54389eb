// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to map, to touch and to unmap memory, per 4 KiB page.
 *
 *	map-bench NAME BYTES file:PATH[@OFFSET]   mmap of a file
 *	map-bench NAME BYTES skewed:PATH[@OFFSET] the same at an address at which
 *	                                          nothing huge fits
 *	map-bench NAME BYTES heap:PATH            a dma-buf from a dma-heap
 *	map-bench NAME BYTES memfd
 *	map-bench NAME BYTES hugetlb
 *
 * Prints one line of JSON. Times are in nanoseconds of the monotonic clock: in
 * a guest that counts instructions, one is one instruction. The median of
 * several rounds after a first one that is thrown away.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE		4096UL
#define HUGE		(2UL << 20)
#define ROUNDS		5

enum phase { PHASE_MAP, PHASE_TOUCH, PHASE_UNMAP, PHASES };

struct target {
	int fd;
	off_t offset;
	size_t bytes;
	size_t skew;
};

static long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static int open_memfd(size_t bytes, unsigned int flags)
{
	int fd = memfd_create("bench", flags);

	if (fd < 0 || ftruncate(fd, bytes))
		die("memfd");
	return fd;
}

static int open_dmabuf(const char *path, size_t bytes)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = O_RDWR };
	int heap = open(path, O_RDWR);

	if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		die(path);
	close(heap);
	return data.fd;
}

static void open_target(struct target *target, char *spec)
{
	char *path = strchr(spec, ':'), *offset;

	if (!strcmp(spec, "memfd")) {
		target->fd = open_memfd(target->bytes, 0);
		return;
	}
	if (!strcmp(spec, "hugetlb")) {
		target->fd = open_memfd(target->bytes, MFD_HUGETLB);
		return;
	}
	if (!path)
		die(spec);
	if (!strncmp(spec, "heap:", 5)) {
		target->fd = open_dmabuf(path + 1, target->bytes);
		return;
	}
	if (!strncmp(spec, "skewed:", 7))
		target->skew = PAGE;
	offset = strchr(++path, '@');
	if (offset) {
		*offset = '\0';
		target->offset = strtoull(offset + 1, NULL, 0);
	}
	target->fd = open(path, O_RDWR | O_SYNC);
	if (target->fd < 0)
		die(path);
}

/* An address with room for the mapping that is aligned, or skewed on purpose. */
static char *find_room(const struct target *target)
{
	char *room = mmap(NULL, target->bytes + 2 * HUGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		die("mmap room");
	munmap(room, target->bytes + 2 * HUGE);
	return (char *)(((unsigned long)room + HUGE - 1) & ~(HUGE - 1)) + target->skew;
}

static void run_round(const struct target *target, char *room, long took[PHASES])
{
	long start = now_ns(), mapped, touched;
	volatile char *p;
	size_t i;

	p = mmap(room, target->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		 target->fd, target->offset);
	if (p == MAP_FAILED)
		die("mmap");
	mapped = now_ns();
	for (i = 0; i < target->bytes; i += PAGE)
		p[i] = 1;
	touched = now_ns();
	if (munmap((void *)p, target->bytes))
		die("munmap");
	took[PHASE_UNMAP] = now_ns() - touched;
	took[PHASE_TOUCH] = touched - mapped;
	took[PHASE_MAP] = mapped - start;
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static double median_per_page(long rounds[ROUNDS], size_t bytes)
{
	qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
	return (double)rounds[ROUNDS / 2] / (bytes / PAGE);
}

int main(int argc, char **argv)
{
	long took[PHASES], all[PHASES][ROUNDS];
	struct target target = { .fd = -1 };
	double cost[PHASES];
	int round, phase;
	char *room;

	if (argc != 4) {
		fprintf(stderr, "usage: map-bench NAME BYTES TARGET\n");
		return 2;
	}
	target.bytes = strtoull(argv[2], NULL, 0);
	open_target(&target, argv[3]);
	room = find_room(&target);

	run_round(&target, room, took);
	for (round = 0; round < ROUNDS; round++) {
		run_round(&target, room, took);
		for (phase = 0; phase < PHASES; phase++)
			all[phase][round] = took[phase];
	}
	for (phase = 0; phase < PHASES; phase++)
		cost[phase] = median_per_page(all[phase], target.bytes);
	printf("{\"target\": \"%s\", \"bytes\": %zu, \"map\": %.1f, \"touch\": %.1f, "
	       "\"unmap\": %.1f, \"total\": %.1f}\n", argv[1], target.bytes, cost[PHASE_MAP],
	       cost[PHASE_TOUCH], cost[PHASE_UNMAP],
	       cost[PHASE_MAP] + cost[PHASE_TOUCH] + cost[PHASE_UNMAP]);
	return EXIT_SUCCESS;
}
