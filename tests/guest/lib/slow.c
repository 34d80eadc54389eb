// SPDX-License-Identifier: GPL-2.0-only
#include "lib/slow.h"

#include <stdlib.h>

unsigned int slow_one_in(void)
{
	const char *said = getenv("oriel_one_in");
	unsigned int n = said ? strtoul(said, NULL, 0) : 1;

	return n ? n : 1;
}
