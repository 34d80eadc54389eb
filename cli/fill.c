// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel fill: one value, all over a range of a region.
 */
#include <string.h>

#include "cli.h"

static int fill_piece(struct cli_transfer *transfer, uint64_t offset_bytes,
		      size_t length_bytes, void *context)
{
	return cli_window_copy_in(&transfer->window, offset_bytes, transfer->width_bits,
				  context, length_bytes);
}

static int fill(struct cli_transfer *transfer, const struct cli_options *options,
		uint64_t value)
{
	char piece[CLI_PIECE_BYTES];
	size_t i;
	int status;

	cli_range_resolve(&transfer->range, &transfer->target, transfer->width_bits);
	status = cli_transfer_open(transfer);
	if (status)
		return status;

	for (i = 0; i < sizeof(piece); i += transfer->width_bits / 8)
		cli_value_to_bytes(value, transfer->width_bits, piece + i);
	status = cli_transfer_run(transfer, options, fill_piece, piece);
	cli_transfer_close(transfer);

	return status;
}

static int run(const struct cli_options *options)
{
	struct cli_transfer transfer = {
		.call = ORIEL_CALL_WRITE,
		.width_bits = options->width_bits ? options->width_bits : 32,
	};
	uint64_t value;
	int status;

	status = cli_parse_value(options->args[2], transfer.width_bits, &value);
	if (!status)
		status = cli_range_parse(&transfer.range, options, 3);
	if (!status)
		status = cli_target_open(&transfer.target, options->args, true);
	if (status)
		return status;

	status = fill(&transfer, options, value);
	cli_target_close(&transfer.target);

	return status;
}

const struct cli_command cli_command_fill = {
	.name = "fill",
	.arguments = "DEVICE REGION VALUE [OFFSET [LENGTH]]",
	.summary = "write one value all over a region",
	.help = "From OFFSET (default 0), LENGTH bytes (default: to the end of REGION), each\n"
		"value by one access of --width bits (default: 32). VALUE must fit into it.\n",
	.min_args = 3,
	.max_args = 5,
	.takes = CLI_TAKES_WIDTH | CLI_TAKES_PROGRESS,
	.run = run,
};
