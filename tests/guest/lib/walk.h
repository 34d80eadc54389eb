/* SPDX-License-Identifier: GPL-2.0-only */
/* Page-table entries of this process, through kmod/oriel-walk.c. */
#ifndef TESTS_WALK_H
#define TESTS_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an entry of the second and third table maps: with pages of 4 KiB, 2 MiB and 1 GiB. */
#define WALK_PMD walk_pmd_bytes()
#define WALK_PUD ((size_t)1 << 30)	/* with larger pages, no kernel has such entries */

/* bytes: what the entry maps, 0 if there is none; then the rest is empty. */
struct walk {
	size_t bytes;
	uint64_t frame;	/* of the entry's first page */
	char cache[8];	/* uc, uc-, wc, wt, wp, wb */
	bool write;
	bool young;
	bool dirty;
};

size_t walk_pmd_bytes(void);
struct walk walk(const void *address);
/* How the kernel's own map of all memory has a frame, or what it vmapped; x86 only. */
struct walk walk_frame(uint64_t frame);
struct walk walk_kernel(uint64_t address);
/* The largest entry up to a size that this kernel has for device memory. */
size_t walk_largest_entry(size_t most);
/* Is it what a region of this ORIEL_CACHE_* should be mapped with? */
bool walk_is_cache(const struct walk *walk, uint32_t cache);

#endif /* TESTS_WALK_H */
