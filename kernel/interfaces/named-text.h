/* SPDX-License-Identifier: GPL-2.0-only */
/* What a named buffer is to be, as people write it. */
#ifndef ORIEL_INTERFACES_NAMED_TEXT_H
#define ORIEL_INTERFACES_NAMED_TEXT_H

#include <linux/types.h>

struct oriel_named_desc;

void oriel_named_default(struct oriel_named_desc *desc);
int oriel_named_set_size(struct oriel_named_desc *desc, const char *text);
int oriel_named_set_kind(struct oriel_named_desc *desc, const char *text);
int oriel_named_set_cache(struct oriel_named_desc *desc, const char *text);
int oriel_named_set_numa_node(struct oriel_named_desc *desc, const char *text);
const char *oriel_named_kind(const struct oriel_named_desc *desc);

#endif /* ORIEL_INTERFACES_NAMED_TEXT_H */
