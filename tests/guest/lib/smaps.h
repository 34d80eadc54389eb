/* SPDX-License-Identifier: GPL-2.0-only */
/* What /proc/self/smaps says of the mapping at an address. */
#ifndef TESTS_SMAPS_H
#define TESTS_SMAPS_H

#include <stdbool.h>

/* Has it the two-letter flag (see VmFlags in proc(5))? */
bool smaps_has_flag(const void *address, const char *flag);
/* The value of a field such as "FilePmdMapped" in KiB, or -1. */
long smaps_kib(const void *address, const char *field);

#endif /* TESTS_SMAPS_H */
