// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel load: a file into a region.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

struct source {
	const char *name;
	int fd;
	char piece[CLI_PIECE_BYTES];
};

static int fail_file(const struct source *source, const char *what, int error)
{
	return cli_fail("%s: cannot %s: %s. Check the file.", source->name, what,
			strerror(error));
}

/* As much as there is up to @length_bytes; negative: an errno */
static ssize_t read_full(int fd, char *buffer, size_t length_bytes)
{
	size_t done_bytes = 0;
	ssize_t done;

	while (done_bytes < length_bytes) {
		done = read(fd, buffer + done_bytes, length_bytes - done_bytes);
		if (done < 0 && errno == EINTR && !cli_is_interrupted())
			continue;
		if (done < 0)
			return -errno;
		if (!done)
			break;
		done_bytes += (size_t)done;
	}

	return (ssize_t)done_bytes;
}

static int write_full(int fd, const char *buffer, size_t length_bytes)
{
	ssize_t done;

	while (length_bytes) {
		done = write(fd, buffer, length_bytes);
		if (done < 0)
			return -errno;
		buffer += done;
		length_bytes -= (size_t)done;
	}

	return 0;
}

/*
 * What has no length beforehand is read to its end, or to the first byte too
 * many, before anything is written.
 */
static int collect(struct source *source, uint64_t most_bytes, uint64_t *length_bytes)
{
	uint64_t done_bytes = 0;
	ssize_t done;
	int err, fd;

	fd = memfd_create("oriel-load", MFD_CLOEXEC);
	if (fd < 0)
		return fail_file(source, "keep what it gives", errno);

	do {
		done = read_full(source->fd, source->piece, sizeof(source->piece));
		err = done < 0 ? (int)done : write_full(fd, source->piece, (size_t)done);
		if (!err)
			done_bytes += (uint64_t)done;
	} while (!err && done && done_bytes <= most_bytes);

	if (err || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return fail_file(source, "read", err ? -err : errno);
	}

	close(source->fd);
	source->fd = fd;
	*length_bytes = done_bytes;

	return CLI_OK;
}

/* Opens @source and tells how many bytes it has. */
static int open_source(struct source *source, uint64_t most_bytes, uint64_t *length_bytes)
{
	struct stat about;
	off_t position;
	int status = CLI_OK;

	if (!strcmp(source->name, "-"))
		source->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		source->fd = open(source->name, O_RDONLY | O_CLOEXEC);
	if (source->fd < 0 || fstat(source->fd, &about)) {
		status = fail_file(source, "open", errno);
		goto out;
	}

	/* Files of /proc say 0. */
	position = lseek(source->fd, 0, SEEK_CUR);
	if (S_ISREG(about.st_mode) && about.st_size > 0 && position >= 0)
		*length_bytes = about.st_size > position ?
				(uint64_t)(about.st_size - position) : 0;
	else
		status = collect(source, most_bytes, length_bytes);
	if (!status && !*length_bytes)
		status = cli_fail("%s: there is nothing in it to load.", source->name);
out:
	if (status && source->fd >= 0)
		close(source->fd);
	return status;
}

static int load_piece(struct cli_transfer *transfer, uint64_t offset_bytes,
		      size_t length_bytes, void *context)
{
	struct source *source = context;
	ssize_t done = read_full(source->fd, source->piece, length_bytes);

	if (done < 0 && cli_is_interrupted())
		return CLI_FAILED;
	if (done < 0)
		return fail_file(source, "read", (int)-done);
	if ((size_t)done < length_bytes)
		return cli_fail("%s: it became shorter while it was loaded. Load it again.",
				source->name);

	return cli_window_copy_in(&transfer->window, offset_bytes, transfer->width_bits,
				  source->piece, length_bytes);
}

static int load(struct cli_transfer *transfer, const struct cli_options *options,
		struct source *source)
{
	const uint64_t size_bytes = transfer->target.region.size_bytes;
	struct cli_range *range = &transfer->range;
	int status;

	status = open_source(source, range->offset_bytes < size_bytes ?
			     size_bytes - range->offset_bytes : 0, &range->length_bytes);
	if (status)
		return status;

	transfer->width_bits = cli_transfer_width(options, &transfer->target);
	status = cli_transfer_open(transfer);
	if (!status) {
		status = cli_transfer_run(transfer, options, load_piece, source);
		cli_transfer_close(transfer);
	}
	close(source->fd);

	return status;
}

static int run(const struct cli_options *options)
{
	struct cli_transfer transfer = { .call = ORIEL_CALL_WRITE };
	struct source source = { .name = options->args[2] };
	int status;

	status = cli_range_parse(&transfer.range, options, 3);
	if (!status)
		status = cli_target_open(&transfer.target, options->args, true);
	if (status)
		return status;

	status = load(&transfer, options, &source);
	cli_target_close(&transfer.target);

	return status;
}

const struct cli_command cli_command_load = {
	.name = "load",
	.arguments = "DEVICE REGION FILE [OFFSET]",
	.summary = "copy a file into a region",
	.help = "All of FILE (- for standard input), to OFFSET (default 0). A file that does\n"
		"not fit is refused before anything is written. By accesses of --width bits\n"
		"(default: 32 for device memory; any for RAM), in the order of addresses.\n",
	.min_args = 3,
	.max_args = 4,
	.takes = CLI_TAKES_WIDTH | CLI_TAKES_PROGRESS,
	.run = run,
};
