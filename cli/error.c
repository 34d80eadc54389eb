// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors: exactly one line on standard error, whatever is in the names.
 */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "cli.h"

#define LINE_BYTES	(ORIEL_PATH_BYTES + 1024)

static void print_line(const char *format, va_list args, const char *tail)
{
	char line[LINE_BYTES];
	char *c;

	vsnprintf(line, sizeof(line), format, args);
	for (c = line; *c; c++) {
		if (iscntrl((unsigned char)*c))
			*c = '?';
	}

	fflush(stdout);
	cli_progress_break();
	fprintf(stderr, "oriel: %s%s\n", line, tail);
}

int cli_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(format, args, "");
	va_end(args);

	return CLI_FAILED;
}

int cli_usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(format, args, " Try 'oriel --help'.");
	va_end(args);

	return CLI_USAGE;
}

int cli_fail_open(const char *device_name, int err)
{
	char sentence[ORIEL_PATH_BYTES + ORIEL_SENTENCE_BYTES];

	oriel_device_describe_open(device_name, err, sentence, sizeof(sentence));

	return cli_fail("%s: %s", device_name, sentence);
}

int cli_fail_call(struct oriel_device *device, const char *device_name,
		  const char *region_name, int err)
{
	char sentence[ORIEL_SENTENCE_BYTES];
	struct oriel_explain explain;

	if (oriel_device_explain(device, &explain))
		return cli_fail("%s%s%s: %s.", device_name,
				region_name ? " " : "",
				region_name ? region_name : "", strerror(-err));

	oriel_explain_describe(&explain, sentence, sizeof(sentence));

	return cli_fail("%s%s%s: %s", device_name, region_name ? " " : "",
			region_name ? region_name : "", sentence);
}
