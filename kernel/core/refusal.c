// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusals: fills in why something was refused and shows it to who traces.
 * Users can trigger these at will, so nothing is printed.
 */
#include <linux/printk.h>
#include <linux/string.h>

#include "core/refusal.h"
#include "core/trace.h"

/**
 * oriel_refuse() - refuse a call
 * @why:    where to say so: ->call and ->name were set by the caller, the rest
 *          is filled in
 * @error:  a negative errno
 * @reason: ORIEL_REASON_*
 * @value0: figures as the UAPI header says for @reason
 * @value1: the second of them
 *
 * Context: Any.
 * Return: @error, so that the caller can return it at once.
 */
int oriel_refuse(struct oriel_explain *why, int error, u32 reason, u64 value0, u64 value1)
{
	why->error = -error;
	why->reason = reason;
	why->value[0] = value0;
	why->value[1] = value1;
	trace_oriel_refuse(why);
	pr_debug("call %u refused: error %d, reason %u, values %#llx %#llx\n",
		 why->call, error, reason, value0, value1);
	return error;
}

/**
 * oriel_refuse_span() - refuse what a function of span.h found fault with
 * @why:    as for oriel_refuse()
 * @error:  what the function returned, not 0
 * @start:  where the request started
 * @length: how much was wanted
 * @size:   how much there is; all three in bytes
 *
 * Return: @error.
 */
int oriel_refuse_span(struct oriel_explain *why, int error, u64 start, u64 length, u64 size)
{
	switch (error) {
	case -EINVAL:
		return oriel_refuse(why, error, ORIEL_REASON_EMPTY, 0, 0);
	case -EOVERFLOW:
		return oriel_refuse(why, error, ORIEL_REASON_OVERFLOW, start, length);
	default:
		return oriel_refuse(why, error, ORIEL_REASON_BEYOND, start + length, size);
	}
}
