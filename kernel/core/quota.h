/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory a user may have in buffers. */
#ifndef ORIEL_CORE_QUOTA_H
#define ORIEL_CORE_QUOTA_H

#include <linux/types.h>

struct oriel_explain;
struct oriel_quota;

struct oriel_quota *oriel_quota_charge(u64 nr_pages, struct oriel_explain *why);
void oriel_quota_uncharge(struct oriel_quota *quota, u64 nr_pages);

#endif /* ORIEL_CORE_QUOTA_H */
