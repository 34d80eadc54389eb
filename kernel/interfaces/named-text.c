// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a named buffer is to be, from text, for configfs and the module
 * parameter. Each oriel_named_set_*() returns 0, -EINVAL, or -EOVERFLOW for a
 * number that has no room, and changes nothing on error.
 */
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/numa.h>
#include <linux/string.h>

#include "core/kind.h"
#include "core/named.h"
#include "interfaces/names.h"
#include "interfaces/named-text.h"

/**
 * oriel_named_default() - what holds for what nobody said
 * @desc: to be filled in, all but the size
 */
void oriel_named_default(struct oriel_named_desc *desc)
{
	*desc = (struct oriel_named_desc){
		.kind = ORIEL_KIND_SCATTERED, .cache = ORIEL_CACHE_CACHED,
		.numa_node = NUMA_NO_NODE,
	};
}

int oriel_named_set_size(struct oriel_named_desc *desc, const char *text)
{
	int err = kstrtou64(text, 0, &desc->size_bytes);

	return err == -ERANGE ? -EOVERFLOW : err;
}

/* Which kinds buffers can be of is for core/buffer-memory.c to say: these have a word. */
int oriel_named_set_kind(struct oriel_named_desc *desc, const char *text)
{
	static const u32 kinds[] = {
		ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED, ORIEL_KIND_COHERENT,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(text, oriel_kind_find(kinds[i])->name))
			continue;
		desc->kind = kinds[i];
		return 0;
	}
	return -EINVAL;
}

int oriel_named_set_cache(struct oriel_named_desc *desc, const char *text)
{
	u32 cache;

	for (cache = ORIEL_CACHE_CACHED; cache <= ORIEL_CACHE_WRITE_COMBINED; cache++) {
		if (strcmp(text, oriel_cache_name(cache)))
			continue;
		desc->cache = cache;
		return 0;
	}
	return -EINVAL;
}

int oriel_named_set_numa_node(struct oriel_named_desc *desc, const char *text)
{
	int err = kstrtoint(text, 10, &desc->numa_node);

	return err == -ERANGE ? -EOVERFLOW : err;
}

/** oriel_named_kind() - the word for @desc->kind */
const char *oriel_named_kind(const struct oriel_named_desc *desc)
{
	return oriel_kind_find(desc->kind)->name;
}
