/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Places: regions of each sort, mapped in each way there is, for tests that ask
 * whether the rest of the kernel takes them for memory.
 */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include "lib/testdev.h"

struct place {
	const char *what;
	const char *module;	/* its driver; its node if that is not testdev's */
	const char *node;
	const char *region;
	bool misaligned;	/* so that no 2 MiB entry is possible */
};

/* Group set-up and tear-down: all drivers are there, and gone without a trace. */
int places_load(void **state);
int places_unload(void **state);

/* Runs a test on each place, mapped for reading and writing. */
void places_each(void (*test)(const struct place *place, struct area *area));

/* Maps a place whole and shared, afresh: nothing of it has been touched. */
struct area place_open(const struct place *place, int prot);
/* Unmaps, closes, and takes away the driver: only pins are left. */
void place_vanish(const struct place *place, struct area *area);
/* Lets the driver come back, with new memory. */
void place_return(const struct place *place);

/* Fills a range, offset_bytes deep in something, so that pattern_check() likes it. */
void pattern_write(void *to, uint32_t mark, uint64_t offset_bytes, size_t bytes);

/*
 * Takes much memory and fills it: what was freed too early is in there soon.
 * Return: 1 if somebody else has written to it meanwhile.
 */
void *scribble(void);
int scribble_check(void *scribbled);

#endif /* TESTS_PLACE_H */
