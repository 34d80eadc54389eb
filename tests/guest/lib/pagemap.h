/* SPDX-License-Identifier: GPL-2.0-only */
/* Which frame is behind an address, and what the kernel knows of it. */
#ifndef TESTS_PAGEMAP_H
#define TESTS_PAGEMAP_H

#include <stdbool.h>
#include <stdint.h>

bool pagemap_present(const void *address);
/* 0 if the page is not present. */
uint64_t pagemap_frame(const void *address);
/* The KPF_* bits of /proc/kpageflags. */
uint64_t pagemap_flags(uint64_t frame);

#endif /* TESTS_PAGEMAP_H */
