/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of devices and regions: what may stand in them. */
#ifndef ORIEL_CORE_NAME_H
#define ORIEL_CORE_NAME_H

#include <linux/kernel.h>
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

/**
 * oriel_name_is_reserved() - is this a name that only a bus gives?
 * @name: a valid name
 *
 * So that nobody can make a node that a program takes for a piece of hardware,
 * or that keeps a piece of hardware from getting its own.
 */
static inline bool oriel_name_is_reserved(const char *name)
{
	static const char *const prefixes[] = {
		"amba-", "clcd-", "pci-", "pcifb-", "platform-", "sim-",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	/* udev's directory. */
	return !strcmp(name, "by-id");
}

#endif /* ORIEL_CORE_NAME_H */
