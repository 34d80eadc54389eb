// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel save: a range of a region into a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

struct sink {
	const char *name;
	int fd;
	char piece[CLI_PIECE_BYTES];
};

static int fail_file(const struct sink *sink, const char *what, int error)
{
	return cli_fail("%s: cannot %s: %s. Check the path and the space left.",
			sink->name, what, strerror(error));
}

static int open_sink(struct sink *sink)
{
	if (!strcmp(sink->name, "-"))
		sink->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		sink->fd = open(sink->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	return sink->fd < 0 ? fail_file(sink, "open", errno) : CLI_OK;
}

static int write_full(const struct sink *sink, size_t length_bytes)
{
	size_t done_bytes = 0;
	ssize_t done;

	while (done_bytes < length_bytes) {
		done = write(sink->fd, sink->piece + done_bytes, length_bytes - done_bytes);
		if (done < 0 && cli_is_interrupted())
			return CLI_FAILED;
		if (done < 0 && errno != EINTR)
			return fail_file(sink, "write", errno);
		if (done > 0)
			done_bytes += (size_t)done;
	}

	return CLI_OK;
}

static int save_piece(struct cli_transfer *transfer, uint64_t offset_bytes,
		      size_t length_bytes, void *context)
{
	struct sink *sink = context;
	int status;

	status = cli_window_copy_out(&transfer->window, offset_bytes, transfer->width_bits,
				     sink->piece, length_bytes);

	return status ? status : write_full(sink, length_bytes);
}

/* The file is not touched before the region can be read. */
static int save(struct cli_transfer *transfer, const struct cli_options *options,
		struct sink *sink)
{
	int status;

	transfer->width_bits = cli_transfer_width(options, &transfer->target);
	cli_range_resolve(&transfer->range, &transfer->target, transfer->width_bits);
	status = cli_transfer_open(transfer);
	if (status)
		return status;

	status = open_sink(sink);
	if (status)
		goto out_transfer;

	status = cli_transfer_run(transfer, options, save_piece, sink);
	if (close(sink->fd) && !status)
		status = fail_file(sink, "write", errno);
out_transfer:
	cli_transfer_close(transfer);
	return status;
}

static int run(const struct cli_options *options)
{
	struct cli_transfer transfer = { .call = ORIEL_CALL_READ };
	struct sink sink = { .name = options->args[2] };
	int status;

	status = cli_range_parse(&transfer.range, options, 3);
	if (!status)
		status = cli_target_open(&transfer.target, options->args, false);
	if (status)
		return status;

	status = save(&transfer, options, &sink);
	cli_target_close(&transfer.target);

	return status;
}

const struct cli_command cli_command_save = {
	.name = "save",
	.arguments = "DEVICE REGION FILE [OFFSET [LENGTH]]",
	.summary = "copy bytes of a region into a file",
	.help = "From OFFSET (default 0), LENGTH bytes (default: to the end of REGION), into\n"
		"FILE (- for standard output), by accesses of --width bits (default: 32 for\n"
		"device memory; any for RAM), in the order of addresses.\n",
	.min_args = 3,
	.max_args = 5,
	.takes = CLI_TAKES_WIDTH | CLI_TAKES_PROGRESS,
	.run = run,
};
