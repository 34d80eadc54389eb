// SPDX-License-Identifier: GPL-2.0-only
/* The list of all kinds of memory. */
#include <linux/kernel.h>

#include "memory/kinds.h"

static const struct oriel_kind *const oriel_kinds[] = {
	&oriel_kind_coherent,
	&oriel_kind_contig,
	&oriel_kind_import,
	&oriel_kind_mmio,
	&oriel_kind_scattered,
};

/**
 * oriel_kind_find() - the kind with a number
 * @id: ORIEL_KIND_*
 *
 * Return: its operations, or NULL if there is no such kind.
 */
const struct oriel_kind *oriel_kind_find(u32 id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(oriel_kinds); i++)
		if (oriel_kinds[i]->id == id)
			return oriel_kinds[i];
	return NULL;
}
