/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What oriel-testdev writes into its regions, for the module and for the tests:
 * each aligned 64-bit word tells which region it is in and where.
 */
#ifndef TESTS_PATTERN_H
#define TESTS_PATTERN_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
typedef uint64_t u64;
typedef uint32_t u32;
#endif

/* Mark of the regions that oriel-foreign and others make without an index. */
#define PATTERN_FOREIGN	0x7ff

/**
 * pattern_word() - the word that belongs somewhere
 * @index:        the region's index in its device
 * @offset_bytes: a multiple of 8
 */
static inline u64 pattern_word(u32 index, u64 offset_bytes)
{
	return ((u64)(index + 1) << 48) | offset_bytes;
}

#endif /* TESTS_PATTERN_H */
