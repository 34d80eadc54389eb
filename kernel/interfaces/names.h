/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of the UAPI as words, the same wherever people read them. */
#ifndef ORIEL_INTERFACES_NAMES_H
#define ORIEL_INTERFACES_NAMES_H

#include <uapi/oriel.h>

static inline const char *oriel_cache_name(u32 cache)
{
	switch (cache) {
	case ORIEL_CACHE_CACHED:
		return "cached";
	case ORIEL_CACHE_UNCACHED:
		return "uncached";
	case ORIEL_CACHE_WRITE_COMBINED:
		return "write-combined";
	default:
		return "unknown";
	}
}

/* The name of region flag number @bit, or NULL behind the last one. */
static inline const char *oriel_region_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"readable", "writable", "mappable", "direct_io", "huge", "revocable",
	};

	return bit < ARRAY_SIZE(names) ? names[bit] : NULL;
}

#endif /* ORIEL_INTERFACES_NAMES_H */
