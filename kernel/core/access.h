/* SPDX-License-Identifier: GPL-2.0-only */
/* Access by copying: what pread() and pwrite() do to a region. */
#ifndef ORIEL_CORE_ACCESS_H
#define ORIEL_CORE_ACCESS_H

#include <linux/types.h>

struct iov_iter;
struct oriel_region;

void oriel_memory_transfer(void *memory, u64 offset_bytes, void *buffer, size_t bytes,
			   bool write);
int oriel_region_transfer(struct oriel_region *region, u64 offset_bytes, void *buffer,
			  size_t bytes, bool write);
ssize_t oriel_region_read(struct oriel_region *region, u64 offset_bytes, u64 length_bytes,
			  struct iov_iter *to);
ssize_t oriel_region_write(struct oriel_region *region, u64 offset_bytes, u64 length_bytes,
			   struct iov_iter *from);

#endif /* ORIEL_CORE_ACCESS_H */
