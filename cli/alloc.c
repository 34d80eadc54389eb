// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel alloc: a buffer of a device, for as long as the command runs.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct wanted {
	const char *device_name;
	uint64_t size_bytes;
	const struct cli_kind *kind;
};

static void print_segments(const struct oriel_segment *segments, uint32_t count)
{
	uint32_t i;

	printf("%-18s %s\n", "BUS ADDRESS", "BYTES");
	for (i = 0; i < count; i++)
		printf("0x%-16" PRIx64 " %" PRIu64 "\n", (uint64_t)segments[i].bus_address,
		       (uint64_t)segments[i].size_bytes);
}

static void print_json(const struct wanted *wanted, const struct oriel_buffer *buffer,
		       const struct oriel_segment *segments, uint32_t count)
{
	uint32_t i;

	printf("{\"device\": ");
	cli_json_string(stdout, wanted->device_name);
	printf(", \"kind\": \"%s\", \"size_bytes\": %" PRIu64 ", \"needs_sync\": %s, \"segments\": [",
	       wanted->kind->name, wanted->size_bytes,
	       oriel_buffer_get_properties(buffer) & ORIEL_BUFFER_NEEDS_SYNC ? "true" : "false");
	for (i = 0; i < count; i++)
		printf("%s{\"bus_address\": \"0x%" PRIx64 "\", \"size_bytes\": %" PRIu64 "}",
		       i ? ", " : "", (uint64_t)segments[i].bus_address,
		       (uint64_t)segments[i].size_bytes);
	printf("]}\n");
}

static int show(const struct cli_options *options, const struct wanted *wanted,
		const struct oriel_buffer *buffer)
{
	uint32_t count = oriel_buffer_count_segments(buffer);
	struct oriel_segment *segments = calloc(count, sizeof(*segments));
	int err;

	err = segments ? oriel_buffer_get_segments(buffer, 0, count, segments) : -ENOMEM;
	if (err) {
		free(segments);
		return cli_fail("%s: the segments cannot be had: %s.", wanted->device_name,
				strerror(-err));
	}
	if (options->json)
		print_json(wanted, buffer, segments, count);
	else
		print_segments(segments, count);
	free(segments);

	return fflush(stdout) ? CLI_FAILED : CLI_OK;
}

/* Until somebody has enough of it; the signals were blocked before. */
static int wait_for_end(const sigset_t *signals)
{
	int signal;

	return sigwait(signals, &signal) ? CLI_FAILED : CLI_OK;
}

static int hold(const struct cli_options *options, const struct wanted *wanted,
		struct oriel_device *device)
{
	struct oriel_buffer *buffer;
	sigset_t signals;
	int status, err;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);

	err = oriel_buffer_create_with_cache(device, wanted->kind->kind, wanted->kind->cache,
					     wanted->size_bytes, 0, &buffer);
	if (err)
		return cli_fail_call(device, wanted->device_name, NULL, err);
	status = show(options, wanted, buffer);
	if (!status)
		status = wait_for_end(&signals);
	oriel_buffer_destroy(buffer);

	return status;
}

static int run(const struct cli_options *options)
{
	struct wanted wanted = { .device_name = options->args[0] };
	struct oriel_device *device;
	int status, err;

	status = cli_parse_bytes("the size", options->args[1], &wanted.size_bytes);
	if (!status)
		status = cli_parse_kind(options->nr_args > 2 ? options->args[2] : NULL,
					&wanted.kind);
	if (status)
		return status;

	err = oriel_device_open(wanted.device_name, 0, &device);
	if (err)
		return cli_fail_open(wanted.device_name, err);
	status = hold(options, &wanted, device);
	oriel_device_close(device);

	return status;
}

const struct cli_command cli_command_alloc = {
	.name = "alloc",
	.arguments = "DEVICE SIZE [KIND]",
	.summary = "allocates a buffer of a device, until Ctrl-C",
	.help = "Prints where the device finds it. KIND is scattered (if not given), contig,\n"
		"coherent or writecombine. The memory is freed when the command ends; 'oriel\n"
		"create' makes buffers that stay.\n",
	.min_args = 2,
	.max_args = 3,
	.takes = CLI_TAKES_JSON,
	.run = run,
};
