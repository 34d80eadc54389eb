/* SPDX-License-Identifier: GPL-2.0-only */
/* The device that kmod/oriel-testdev.c makes, and regions in general. */
#ifndef TESTS_TESTDEV_H
#define TESTS_TESTDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <oriel.h>

#include "kmod/pattern.h"

#define TESTDEV_NODE "/dev/oriel/testdev"

/* An open node and one of its regions, mapped whole and shared, or not. */
struct area {
	int fd;
	struct oriel_region_info info;
	size_t bytes;		/* in whole pages */
	uint8_t *address;	/* NULL: not mapped */
};

size_t page_bytes(void);
/* Of a word of the kernel's, which may have programs with shorter ones. */
unsigned int kernel_bits(void);
/* Does the kernel map blocks of RAM by one entry? Fails where it should and does not. */
bool kernel_has_blocks(void);
/* Are those of 2 MiB? With larger pages, blocks are larger, and small regions have none. */
bool kernel_maps_blocks(void);
size_t page_round(uint64_t bytes);

/* Group set-up and tear-down: the module is there, and gone without a trace. */
int testdev_load(void **state);
/* See the module's parameters: light, for who makes the device anew many times, and far. */
int testdev_load_light(void **state);
int testdev_load_far(void **state);
int testdev_unload(void **state);
/* Writes to a parameter of the module. */
void testdev_set(const char *parameter, const char *value);

int testdev_open(int flags);
/* Tells of a region by its name; fails the test if there is none. */
struct oriel_region_info region_find(int fd, const char *name);
struct oriel_explain explain(int fd);

/* Opens the node read-write and maps the region whole, or with 0 not at all. */
struct area area_open(const char *region, int prot);
/* The same of a node that is open, which the area takes over. */
struct area area_of(int fd, const char *region, int prot);
void area_close(struct area *area);
void *area_map(const struct area *area, int prot, int flags);
/* The same, or not: MAP_FAILED, and errno says why. */
void *area_try(const struct area *area, int prot, int flags);
/* Tries to map, and unmaps. Return: 0 or an errno. */
int map_errno(int fd, size_t bytes, int prot, int flags, off_t offset);

/* Does each word of a range hold what the kernel wrote? Return: 0 or 1. */
int pattern_check(const void *from, uint32_t index, uint64_t offset, size_t bytes, size_t stride);
int area_check(const struct area *area);

#endif /* TESTS_TESTDEV_H */
