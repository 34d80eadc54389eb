// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copying against mapping: what it costs a program to look at data, or to make
 * it, of 64 bytes to 16 MiB.
 *
 *	copy-bench NODE
 *
 * copy: pread() into a buffer and add up the words there; fill a buffer and
 * pwrite() it. map: the same adding up and filling in the mapping itself. One
 * line of JSON for each size, with nanoseconds of wall-clock time per transfer,
 * the median of several rounds. On an emulated or busy machine only the ratios
 * mean anything.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SMALLEST	64UL
#define LARGEST		(16UL << 20)
#define ROUNDS		7
#define ROUND_BYTES	(4UL << 20)

enum way { READ_COPY, READ_MAP, WRITE_COPY, WRITE_MAP, WAYS };

struct bench {
	int fd;
	uint64_t *mapping;
	uint64_t *buffer;
	uint64_t sum;
};

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static uint64_t add_up(const uint64_t *words, size_t bytes)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		sum += words[i];
	return sum;
}

static void fill(uint64_t *words, size_t bytes, uint64_t value)
{
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		words[i] = value + i;
	/* What was stored has to be there before the next round. */
	__asm__ volatile("" ::: "memory");
}

static void transfer(struct bench *bench, enum way way, size_t bytes)
{
	switch (way) {
	case READ_COPY:
		if (pread(bench->fd, bench->buffer, bytes, 0) != (ssize_t)bytes)
			die("pread");
		bench->sum += add_up(bench->buffer, bytes);
		break;
	case READ_MAP:
		__asm__ volatile("" ::: "memory");
		bench->sum += add_up(bench->mapping, bytes);
		break;
	case WRITE_COPY:
		fill(bench->buffer, bytes, bench->sum);
		if (pwrite(bench->fd, bench->buffer, bytes, 0) != (ssize_t)bytes)
			die("pwrite");
		break;
	default:
		fill(bench->mapping, bytes, bench->sum);
		break;
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median_ns(struct bench *bench, enum way way, size_t bytes)
{
	size_t i, times = bytes < ROUND_BYTES ? ROUND_BYTES / bytes : 1;
	double took[ROUNDS], start;
	int round;

	if (times > 2000)
		times = 2000;
	transfer(bench, way, bytes); /* page faults are not what is measured */
	for (round = 0; round < ROUNDS; round++) {
		start = now_ns();
		for (i = 0; i < times; i++)
			transfer(bench, way, bytes);
		took[round] = (now_ns() - start) / times;
	}
	qsort(took, ROUNDS, sizeof(took[0]), compare);
	return took[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	struct bench bench = { .sum = 1 };
	double ns[WAYS];
	size_t bytes;
	int way;

	if (argc != 2) {
		fprintf(stderr, "usage: copy-bench NODE\n");
		return 2;
	}
	bench.fd = open(argv[1], O_RDWR);
	if (bench.fd < 0)
		die(argv[1]);
	bench.mapping = mmap(NULL, LARGEST, PROT_READ | PROT_WRITE, MAP_SHARED, bench.fd, 0);
	if (bench.mapping == MAP_FAILED)
		die("mmap");
	bench.buffer = aligned_alloc(4096, LARGEST);
	if (!bench.buffer)
		die("aligned_alloc");
	memset(bench.buffer, 0, LARGEST);

	for (bytes = SMALLEST; bytes <= LARGEST; bytes *= 8) {
		for (way = 0; way < WAYS; way++)
			ns[way] = median_ns(&bench, way, bytes);
		printf("{\"bytes\": %zu, \"read_copy_ns\": %.0f, \"read_map_ns\": %.0f, "
		       "\"write_copy_ns\": %.0f, \"write_map_ns\": %.0f, "
		       "\"read_ratio\": %.2f, \"write_ratio\": %.2f}\n",
		       bytes, ns[READ_COPY], ns[READ_MAP], ns[WRITE_COPY], ns[WRITE_MAP],
		       ns[READ_COPY] / ns[READ_MAP], ns[WRITE_COPY] / ns[WRITE_MAP]);
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
