/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: which cache mode a range of physical memory is mapped with. */
#ifndef ORIEL_CORE_CLAIM_H
#define ORIEL_CORE_CLAIM_H

#include <linux/types.h>

struct oriel_claim;

struct oriel_claim *oriel_claim_create(const void *owner, unsigned long first_pfn,
				       unsigned long nr_pages, u32 cache);
void oriel_claim_destroy(struct oriel_claim *claim);
void oriel_claim_release(const void *owner);

#endif /* ORIEL_CORE_CLAIM_H */
