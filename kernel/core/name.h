/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of devices and regions: what may stand in them. */
#ifndef ORIEL_CORE_NAME_H
#define ORIEL_CORE_NAME_H

#include <linux/string.h>
#include <linux/types.h>

/**
 * oriel_name_valid() - may this be a name?
 * @name:  any text, or NULL
 * @bytes: room for it, terminating NUL included
 *
 * Names become file names: [a-z0-9_.-], not empty, not beginning with '.'. They
 * hold no colon, on which container tools and others split.
 */
static inline bool oriel_name_valid(const char *name, size_t bytes)
{
	size_t i, len;

	if (!name)
		return false;
	len = strnlen(name, bytes);
	if (!len || len == bytes || name[0] == '.')
		return false;
	for (i = 0; i < len; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') &&
		    !(name[i] >= '0' && name[i] <= '9') && !strchr("_.-", name[i]))
			return false;
	return true;
}

#endif /* ORIEL_CORE_NAME_H */
