// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kinds of memory that can be asked for.
 */
#include <string.h>

#include "cli.h"

static const struct cli_kind kinds[] = {
	{ "scattered", ORIEL_KIND_SCATTERED, 0 },
	{ "contig", ORIEL_KIND_CONTIG, 0 },
	{ "coherent", ORIEL_KIND_COHERENT, 0 },
	{ "writecombine", ORIEL_KIND_COHERENT, ORIEL_CACHE_WRITE_COMBINED },
};

int cli_parse_kind(const char *text, const struct cli_kind **kind)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (text && strcmp(text, kinds[i].name))
			continue;
		*kind = &kinds[i];
		return CLI_OK;
	}

	return cli_usage_error("\"%s\" is no kind of buffer: scattered, contig, coherent or writecombine.",
			       text);
}
