// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Text into callers' buffers, never overrun, never unterminated.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

void oriel_text_add(struct oriel_text *text, const char *format, ...)
{
	size_t room = text->size_bytes - text->used_bytes;
	va_list args;
	int length;

	if (text->error)
		return;

	va_start(args, format);
	length = vsnprintf(text->buffer + text->used_bytes, room, format, args);
	va_end(args);

	if (length < 0 || (size_t)length >= room)
		text->error = -EOVERFLOW;
	else
		text->used_bytes += (size_t)length;
}

const char *oriel_text_errno(int error, char *buffer, size_t size_bytes)
{
	const char *words = strerrordesc_np(error);

	snprintf(buffer, size_bytes, "error %d", error);

	return words ? words : buffer;
}

const char *oriel_version_string(void)
{
	return ORIEL_VERSION;
}
