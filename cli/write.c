// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel write: one value, by one access.
 */
#include "cli.h"

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
		status = cli_parse_value(options->args[3], width_bits, &value);
	if (!status)
		status = cli_target_open(&target, options->args, true);
	if (status)
		return status;

	status = cli_window_open(&window, &target, offset_bytes, width_bits / 8,
				 width_bits, PROT_WRITE);
	if (status)
		goto out_target;

	status = cli_window_write(&window, offset_bytes, width_bits, value);
	cli_window_close(&window);
out_target:
	cli_target_close(&target);
	return status;
}

const struct cli_command cli_command_write = {
	.name = "write",
	.arguments = "DEVICE REGION OFFSET VALUE",
	.summary = "write one value, by one access of --width bits",
	.help = "OFFSET counts bytes from the start of REGION and is a multiple of the width;\n"
		"VALUE must fit into it. Nothing is read, and nothing is printed.\n",
	.min_args = 4,
	.max_args = 4,
	.takes = CLI_TAKES_WIDTH,
	.run = run,
};
