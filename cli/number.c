// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers as users write them: decimal or 0x..., with K, M or G for powers of
 * 1024. A leading 0 alone means nothing: 010 is ten.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int parse(const char *text, uint64_t *value)
{
	unsigned int shift = 0;
	const char *digits = text;
	int base = 10;
	char *end;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		digits = text + 2;
		base = 16;
	}

	/* strtoull() takes blanks, signs and a second "0x". */
	if (!strchr("0123456789abcdefABCDEF", digits[0]) || !digits[0] ||
	    digits[1] == 'x' || digits[1] == 'X')
		return -EINVAL;

	errno = 0;
	*value = strtoull(digits, &end, base);
	if (errno)
		return -errno;
	if (end == digits)
		return -EINVAL;

	if (*end && strchr("kK", *end))
		shift = 10;
	else if (*end && strchr("mM", *end))
		shift = 20;
	else if (*end && strchr("gG", *end))
		shift = 30;
	if (shift)
		end++;

	if (*end)
		return -EINVAL;
	if (*value > UINT64_MAX >> shift)
		return -ERANGE;
	*value <<= shift;

	return 0;
}

static int parse_or_fail(const char *what, const char *text, uint64_t *value)
{
	switch (parse(text, value)) {
	case 0:
		return CLI_OK;
	case -ERANGE:
		return cli_usage_error("%s \"%s\" does not fit into 64 bits.",
				       what, text);
	default:
		return cli_usage_error("%s \"%s\" is not a number. Give decimal or 0x..., with K, M or G if wanted.",
				       what, text);
	}
}

int cli_parse_bytes(const char *what, const char *text, uint64_t *bytes)
{
	return parse_or_fail(what, text, bytes);
}

int cli_parse_width(const char *text, unsigned int *width_bits)
{
	uint64_t bits;

	if (parse(text, &bits) ||
	    (bits != 8 && bits != 16 && bits != 32 && bits != 64))
		return cli_usage_error("width \"%s\" is not 8, 16, 32 or 64.", text);

	*width_bits = (unsigned int)bits;
	return CLI_OK;
}

int cli_parse_value(const char *text, unsigned int width_bits, uint64_t *value)
{
	int status = parse_or_fail("value", text, value);

	if (status)
		return status;

	if (width_bits < 64 && *value >> width_bits)
		return cli_usage_error("value %s does not fit into %u bits. Give a smaller one or a larger --width.",
				       text, width_bits);
	return CLI_OK;
}

int cli_check_aligned(const char *what, uint64_t bytes, unsigned int width_bits)
{
	if (bytes % (width_bits / 8))
		return cli_usage_error("%s 0x%" PRIx64 " is not a multiple of %u bytes, the access width. Align it or give a smaller --width.",
				       what, bytes, width_bits / 8);
	return CLI_OK;
}
