// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kinds of memory that can be asked for.
 */
#include <string.h>

#include "cli.h"

int cli_parse_kind(const char *text, uint32_t *kind)
{
	static const uint32_t kinds[] = {
		ORIEL_KIND_SCATTERED, ORIEL_KIND_CONTIG, ORIEL_KIND_COHERENT,
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(text, oriel_kind_get_name(kinds[i])))
			continue;
		*kind = kinds[i];
		return CLI_OK;
	}

	return cli_usage_error("\"%s\" is no kind of buffer: scattered, contig or coherent.", text);
}
