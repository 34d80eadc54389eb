/* SPDX-License-Identifier: GPL-2.0-only */
/* MSI-X tables in BARs: where they are, and that no user gets to write there. */
#ifndef TESTS_MSIX_H
#define TESTS_MSIX_H

#include <stdint.h>

struct msix {
	unsigned int bar;
	uint64_t offset;	/* of the table in the BAR */
	uint64_t bytes;
};

/* As the device's configuration space says; fails the test if it has no MSI-X. */
struct msix msix_find(const char *address);
/* Tries every way of writing to the table of a device bound to oriel-pci. */
void msix_check_guarded(const char *address);

#endif /* TESTS_MSIX_H */
