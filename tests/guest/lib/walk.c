// SPDX-License-Identifier: GPL-2.0-only
#include "lib/walk.h"

#include <inttypes.h>

#include <oriel.h>

#include "lib/check.h"
#include "lib/text.h"

#define PARAMETERS "/sys/module/oriel_walk/parameters/"
#define PARAMETER  PARAMETERS "address"

static struct walk walk_ask(const char *parameter, uint64_t what)
{
	int write = 0, young = 0, dirty = 0, fields;
	struct walk found = {};
	char text[128];

	snprintf(text, sizeof(text), "%#" PRIx64, what);
	assert_case("asking oriel-walk", text_write(parameter, text), 0);
	text_line(PARAMETER, text, sizeof(text));
	if (!strcmp(text, "level=none"))
		return found;
	fields = sscanf(text, "level=%*s bytes=%zu pfn=%" SCNx64
			" cache=%7s write=%d young=%d dirty=%d",
			&found.bytes, &found.frame, found.cache, &write, &young, &dirty);
	assert_case(text, fields, 6);
	found.write = write;
	found.young = young;
	found.dirty = dirty;
	return found;
}

size_t walk_pmd_bytes(void)
{
	size_t page = sysconf(_SC_PAGESIZE);

	return page * (page / 8);
}

struct walk walk(const void *address)
{
	return walk_ask(PARAMETER, (uintptr_t)address);
}

struct walk walk_frame(uint64_t frame)
{
	return walk_ask(PARAMETERS "frame", frame);
}

struct walk walk_kernel(uint64_t address)
{
	return walk_ask(PARAMETER, address);
}

static bool walk_kernel_has(const char *parameter)
{
	char line[8];

	text_line(parameter, line, sizeof(line));
	return line[0] == 'Y';
}

size_t walk_largest_entry(size_t most)
{
	if (most >= WALK_PUD && walk_kernel_has(PARAMETERS "pud_pfnmap"))
		return WALK_PUD;
	if (most >= WALK_PMD && walk_kernel_has(PARAMETERS "pmd_pfnmap"))
		return WALK_PMD;
	return sysconf(_SC_PAGESIZE);
}

bool walk_is_cache(const struct walk *walk, uint32_t cache)
{
	switch (cache) {
	case ORIEL_CACHE_CACHED:
		return !strcmp(walk->cache, "wb");
	case ORIEL_CACHE_UNCACHED:
		return !strcmp(walk->cache, "uc") || !strcmp(walk->cache, "uc-");
	case ORIEL_CACHE_WRITE_COMBINED:
		return !strcmp(walk->cache, "wc");
	default:
		return false;
	}
}
