/* SPDX-License-Identifier: GPL-2.0-only */
/* Which dma-bufs the kernel has, whoever's they are. */
#ifndef TESTS_DMABUFS_H
#define TESTS_DMABUFS_H

long dmabufs_count(void);
/* How many devices are attached to all of them together. */
long dmabufs_count_attached(void);

#endif /* TESTS_DMABUFS_H */
