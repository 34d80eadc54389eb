/* SPDX-License-Identifier: GPL-2.0-only */
/* The 1 GiB BAR 2 of pci-testdev: no memory behind it, but frames to look at. */
#ifndef TESTS_BAR_H
#define TESTS_BAR_H

#include "lib/pci.h"

/* Group set-up and tear-down: bound to oriel-pci, and oriel-walk is there. */
int bar_load(void **state);
int bar_unload(void **state);

/* Maps a part of a region of it, shared; prot 0: not at all. */
struct area bar_open(const char *region, size_t offset, size_t bytes, int prot);
/* A free range of addresses at a multiple of 1 GiB. */
uint8_t *bar_room(size_t bytes);
/* The physical address of a BAR, as the kernel tells root. */
uint64_t bar_start(const char *device, unsigned int bar);
/*
 * Are all pages of a part, or its first ones, there and the right ones? entry:
 * how large each entry has to be, or 0: any.
 */
void bar_check(const struct area *area, size_t offset, size_t bytes, size_t entry);

#endif /* TESTS_BAR_H */
