// SPDX-License-Identifier: GPL-2.0-only
/*
 * A checker for JSON: each function skips one thing and returns what follows it,
 * or NULL where the text is not JSON.
 */
#include <stddef.h>
#include <string.h>

#include "json_check.h"

static const char *skip_value(const char *text);

static const char *skip_blanks(const char *text)
{
	return text ? text + strspn(text, " \t\r\n") : NULL;
}

static const char *skip_string(const char *text)
{
	if (*text++ != '"')
		return NULL;

	for (; *text != '"'; text++) {
		if ((unsigned char)*text < 0x20)
			return NULL;
		if (*text != '\\')
			continue;
		text++;
		if (*text == 'u' && strspn(text + 1, "0123456789abcdefABCDEF") >= 4)
			text += 4;
		else if (!*text || !strchr("\"\\/bfnrt", *text))
			return NULL;
	}

	return text + 1;
}

static const char *skip_number(const char *text)
{
	size_t digits;

	if (*text == '-')
		text++;
	digits = strspn(text, "0123456789");
	if (!digits || (*text == '0' && digits > 1))
		return NULL;

	return text + digits;
}

/* The rest of an array or object, after its opening bracket */
static const char *skip_members(const char *text, bool named, char close)
{
	text = skip_blanks(text);
	if (*text == close)
		return text + 1;

	for (;;) {
		if (named) {
			text = skip_blanks(skip_string(skip_blanks(text)));
			if (!text || *text++ != ':')
				return NULL;
		}
		text = skip_blanks(skip_value(text));
		if (!text)
			return NULL;
		if (*text == close)
			return text + 1;
		if (*text++ != ',')
			return NULL;
	}
}

static const char *skip_value(const char *text)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i;

	text = skip_blanks(text);
	if (*text == '{')
		return skip_members(text + 1, true, '}');
	if (*text == '[')
		return skip_members(text + 1, false, ']');
	if (*text == '"')
		return skip_string(text);

	for (i = 0; i < 3; i++) {
		if (!strncmp(text, words[i], strlen(words[i])))
			return text + strlen(words[i]);
	}

	return skip_number(text);
}

bool json_is_valid(const char *text)
{
	text = skip_blanks(skip_value(text));

	return text && !*text;
}
