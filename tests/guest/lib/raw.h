/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmap() as the kernel has it: the C library refuses some offsets itself. On
 * 32 bit, the call takes a length of 32 bits, and offsets in units of 4 KiB.
 */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_mmap2
static inline bool raw_mmap_takes(uint64_t bytes, uint64_t offset)
{
	return bytes <= SIZE_MAX && offset >> 12 <= UINT32_MAX && offset % 4096 == 0;
}

static inline long raw_mmap(uint64_t bytes, int prot, int flags, int fd, uint64_t offset)
{
	return syscall(SYS_mmap2, 0ul, (size_t)bytes, prot, flags, fd, (unsigned long)(offset >> 12));
}
#else
static inline bool raw_mmap_takes(uint64_t bytes, uint64_t offset)
{
	return true;
}

static inline long raw_mmap(uint64_t bytes, int prot, int flags, int fd, uint64_t offset)
{
	return syscall(SYS_mmap, 0ul, bytes, prot, flags, fd, offset);
}
#endif

#endif /* TESTS_RAW_H */
