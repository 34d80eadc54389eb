/* SPDX-License-Identifier: GPL-2.0-only */
/* All kinds of memory. */
#ifndef ORIEL_MEMORY_KINDS_H
#define ORIEL_MEMORY_KINDS_H

#include "core/kind.h"

extern const struct oriel_kind oriel_kind_coherent;
extern const struct oriel_kind oriel_kind_contig;
extern const struct oriel_kind oriel_kind_import;
extern const struct oriel_kind oriel_kind_mmio;
extern const struct oriel_kind oriel_kind_scattered;

#endif /* ORIEL_MEMORY_KINDS_H */
