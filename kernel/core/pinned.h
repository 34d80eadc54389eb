/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory users have pinned, and may have. */
#ifndef ORIEL_CORE_PINNED_H
#define ORIEL_CORE_PINNED_H

#include <linux/types.h>

struct cred;
struct mm_struct;
struct oriel_explain;

/**
 * struct oriel_pinned - who pays for pinned memory
 * @mm:    of the process that pinned it, with a reference that does not keep its
 *         memory; NULL if nothing is pinned
 * @payer: of the user whose limit it counts against, with a reference; NULL if
 *         there is none
 */
struct oriel_pinned {
	struct mm_struct *mm;
	const struct cred *payer;
};

int oriel_pinned_charge(struct oriel_pinned *pinned, u64 nr_pages, struct oriel_explain *why);
void oriel_pinned_uncharge(const struct oriel_pinned *pinned, u64 nr_pages);

#endif /* ORIEL_CORE_PINNED_H */
