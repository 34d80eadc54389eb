/* SPDX-License-Identifier: GPL-2.0-only */
/* Refusals: an errno together with the reason that ORIEL_EXPLAIN will tell. */
#ifndef ORIEL_CORE_REFUSAL_H
#define ORIEL_CORE_REFUSAL_H

#include <linux/types.h>
#include <uapi/oriel.h>

int oriel_refuse(struct oriel_explain *why, int error, u32 reason, u64 value0, u64 value1);
int oriel_refuse_span(struct oriel_explain *why, int error, u64 start, u64 length, u64 size);

#endif /* ORIEL_CORE_REFUSAL_H */
