// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel dump: a range of a region as hexadecimal and text. Each value is read
 * by one access; lines that repeat the one before are shown as one '*'.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "cli.h"

#define LINE_BYTES	16

static void print_line(uint64_t offset_bytes, const uint64_t *values,
		       const unsigned char *bytes, unsigned int length_bytes,
		       unsigned int width_bytes)
{
	unsigned int i;

	printf("%08" PRIx64 " ", offset_bytes);
	for (i = 0; i < LINE_BYTES; i += width_bytes) {
		if (i == LINE_BYTES / 2)
			putchar(' ');
		if (i < length_bytes)
			printf(" %0*" PRIx64, (int)width_bytes * 2,
			       values[i / width_bytes]);
		else
			printf(" %*s", (int)width_bytes * 2, "");
	}

	printf("  |");
	for (i = 0; i < length_bytes; i++)
		putchar(isascii(bytes[i]) && isprint(bytes[i]) ? bytes[i] : '.');
	printf("|\n");
}

static int dump(struct cli_window *window, uint64_t offset_bytes,
		uint64_t length_bytes, unsigned int width_bits)
{
	const unsigned int width_bytes = width_bits / 8;
	const uint64_t end_bytes = offset_bytes + length_bytes;
	unsigned char bytes[LINE_BYTES], previous[LINE_BYTES];
	bool is_first = true, is_starred = false;
	uint64_t values[LINE_BYTES];
	unsigned int i, line_bytes;
	int status;

	for (; offset_bytes < end_bytes; offset_bytes += line_bytes) {
		line_bytes = LINE_BYTES;
		if (end_bytes - offset_bytes < LINE_BYTES)
			line_bytes = (unsigned int)(end_bytes - offset_bytes);

		for (i = 0; i < line_bytes; i += width_bytes) {
			uint64_t *value = &values[i / width_bytes];

			status = cli_window_read(window, offset_bytes + i,
						 width_bits, value);
			if (status)
				return status;
			cli_value_to_bytes(*value, width_bits, bytes + i);
		}

		if (!is_first && line_bytes == LINE_BYTES &&
		    !memcmp(bytes, previous, LINE_BYTES)) {
			if (!is_starred)
				printf("*\n");
			is_starred = true;
			continue;
		}

		print_line(offset_bytes, values, bytes, line_bytes, width_bytes);
		memcpy(previous, bytes, line_bytes);
		is_first = false;
		is_starred = false;
	}

	printf("%08" PRIx64 "\n", end_bytes);

	return CLI_OK;
}

/* Registers mostly want 32-bit accesses; bytes suit everything else. */
static unsigned int default_width(const struct cli_target *target)
{
	return target->region.kind == ORIEL_KIND_MMIO ? 32 : 8;
}

static int dump_target(const struct cli_options *options,
		       const struct cli_target *target, struct cli_range *range)
{
	unsigned int width_bits = options->width_bits;
	struct cli_window window;
	int status;

	if (!width_bits)
		width_bits = default_width(target);
	cli_range_resolve(range, target, width_bits);

	status = cli_check_aligned("offset", range->offset_bytes, width_bits);
	if (!status)
		status = cli_check_aligned("length", range->length_bytes, width_bits);
	if (!status)
		status = cli_window_open(&window, target, range->offset_bytes,
					 range->length_bytes, width_bits, PROT_READ);
	if (status)
		return status;

	status = dump(&window, range->offset_bytes, range->length_bytes, width_bits);
	cli_window_close(&window);

	return status;
}

static int run(const struct cli_options *options)
{
	struct cli_target target;
	struct cli_range range;
	int status;

	status = cli_range_parse(&range, options, 2);
	if (!status)
		status = cli_target_open(&target, options->args, false);
	if (status)
		return status;

	status = dump_target(options, &target, &range);
	cli_target_close(&target);

	return status;
}

const struct cli_command cli_command_dump = {
	.name = "dump",
	.arguments = "DEVICE REGION [OFFSET [LENGTH]]",
	.summary = "show bytes in hexadecimal and as text",
	.help = "From OFFSET (default 0), LENGTH bytes (default: to the end of REGION), by\n"
		"accesses of --width bits (default: 32 for device memory, else 8).\n",
	.min_args = 2,
	.max_args = 4,
	.takes = CLI_TAKES_WIDTH,
	.run = run,
};
