// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel read: one value, by one access.
 */
#include <inttypes.h>

#include "cli.h"

static void print_value(const struct cli_options *options,
			const struct cli_target *target, uint64_t offset_bytes,
			unsigned int width_bits, uint64_t value)
{
	int digits = (int)width_bits / 4;

	if (!options->json) {
		printf("0x%0*" PRIx64 "\n", digits, value);
		return;
	}

	printf("{\"device\": ");
	cli_json_string(stdout, target->device_name);
	printf(", \"region\": ");
	cli_json_string(stdout, target->region.name);
	printf(", \"offset_bytes\": %" PRIu64 ", \"width_bits\": %u, \"value\": \"0x%0*" PRIx64 "\"}\n",
	       offset_bytes, width_bits, digits, value);
}

static int run(const struct cli_options *options)
{
	unsigned int width_bits = options->width_bits ? options->width_bits : 32;
	struct cli_target target;
	struct cli_window window;
	uint64_t offset_bytes, value;
	int status;

	status = cli_parse_bytes("offset", options->args[2], &offset_bytes);
	if (!status)
		status = cli_check_aligned("offset", offset_bytes, width_bits);
	if (!status)
		status = cli_target_open(&target, options->args, false);
	if (status)
		return status;

	status = cli_window_open(&window, &target, offset_bytes, width_bits / 8,
				 width_bits, PROT_READ);
	if (status)
		goto out_target;

	status = cli_window_read(&window, offset_bytes, width_bits, &value);
	if (!status)
		print_value(options, &target, offset_bytes, width_bits, value);

	cli_window_close(&window);
out_target:
	cli_target_close(&target);
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
	.run = run,
};
