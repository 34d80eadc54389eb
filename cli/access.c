// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel read, oriel write: one value, by one access.
 */
#include <inttypes.h>

#include "cli.h"

/* Where the value is. */
struct place {
	struct cli_target target;
	struct cli_window window;
	uint64_t offset_bytes;
	unsigned int width_bits;
};

/* What is said wrongly is told before anything is opened. */
static int place_parse(struct place *place, const struct cli_options *options)
{
	int status = cli_parse_bytes("offset", options->args[2], &place->offset_bytes);

	place->width_bits = options->width_bits ? options->width_bits : 32;
	return status ? status :
			cli_check_aligned("offset", place->offset_bytes, place->width_bits);
}

static int place_open(struct place *place, const struct cli_options *options, int prot)
{
	int status = cli_target_open(&place->target, options->args, prot & PROT_WRITE);

	if (status)
		return status;
	status = cli_window_open(&place->window, &place->target, place->offset_bytes,
				 place->width_bits / 8, place->width_bits, prot);
	if (status)
		cli_target_close(&place->target);
	return status;
}

static void place_close(struct place *place)
{
	cli_window_close(&place->window);
	cli_target_close(&place->target);
}

static void print_value(const struct cli_options *options, const struct place *place,
			uint64_t value)
{
	int digits = (int)place->width_bits / 4;

	if (!options->json) {
		printf("0x%0*" PRIx64 "\n", digits, value);
		return;
	}

	printf("{\"device\": ");
	cli_json_string(stdout, place->target.device_name);
	printf(", \"region\": ");
	cli_json_string(stdout, place->target.region.name);
	printf(", \"offset_bytes\": %" PRIu64 ", \"width_bits\": %u, \"value\": \"0x%0*" PRIx64 "\"}\n",
	       place->offset_bytes, place->width_bits, digits, value);
}

static int run_read(const struct cli_options *options)
{
	struct place place;
	uint64_t value;
	int status;

	status = place_parse(&place, options);
	if (!status)
		status = place_open(&place, options, PROT_READ);
	if (status)
		return status;

	status = cli_window_read(&place.window, place.offset_bytes, place.width_bits, &value);
	if (!status)
		print_value(options, &place, value);
	place_close(&place);
	return status;
}

static int run_write(const struct cli_options *options)
{
	struct place place;
	uint64_t value;
	int status;

	status = place_parse(&place, options);
	if (!status)
		status = cli_parse_value(options->args[3], place.width_bits, &value);
	if (!status)
		status = place_open(&place, options, PROT_WRITE);
	if (status)
		return status;

	status = cli_window_write(&place.window, place.offset_bytes, place.width_bits, value);
	place_close(&place);
	return status;
}

const struct cli_command cli_command_read = {
	.name = "read",
	.arguments = "DEVICE REGION OFFSET",
	.summary = "read one value, by one access of --width bits",
	.help = "OFFSET counts bytes from the start of REGION and is a multiple of the width.\n"
		"Prints the value in hexadecimal.\n",
	.min_args = 3,
	.max_args = 3,
	.takes = CLI_TAKES_WIDTH | CLI_TAKES_JSON,
	.run = run_read,
};

const struct cli_command cli_command_write = {
	.name = "write",
	.arguments = "DEVICE REGION OFFSET VALUE",
	.summary = "write one value, by one access of --width bits",
	.help = "OFFSET counts bytes from the start of REGION and is a multiple of the width;\n"
		"VALUE must fit into it. Nothing is read, and nothing is printed.\n",
	.min_args = 4,
	.max_args = 4,
	.takes = CLI_TAKES_WIDTH,
	.run = run_write,
};
