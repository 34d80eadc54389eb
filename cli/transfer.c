// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers: a range of a region, piece by piece, with a progress bar. What can
 * be refused is refused before the first piece. Ctrl-C ends one between two
 * pieces, with a line that says how far it got.
 */
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "cli.h"

/* Which signal came, or 0 */
static volatile sig_atomic_t interruption;

static void on_interrupt(int signal)
{
	interruption = signal;
}

/* Without SA_RESTART, so that waiting for a pipe ends too. */
static void catch_interrupts(void (*handler)(int))
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action, old;
	size_t i;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

bool cli_is_interrupted(void)
{
	return interruption;
}

unsigned int cli_transfer_width(const struct cli_options *options,
				const struct cli_target *target)
{
	if (options->width_bits)
		return options->width_bits;

	return target->region.kind == ORIEL_KIND_MMIO &&
	       target->region.cache != ORIEL_CACHE_CACHED ? 32 : 0;
}

int cli_transfer_open(struct cli_transfer *transfer)
{
	const struct cli_range *range = &transfer->range;
	const bool writes = transfer->call == ORIEL_CALL_WRITE;
	int status;

	status = cli_range_check(range, &transfer->target, transfer->call,
				 transfer->width_bits);
	if (status)
		return status;

	status = cli_window_open(&transfer->window, &transfer->target,
				 range->offset_bytes, range->length_bytes,
				 transfer->width_bits, writes ? PROT_WRITE : PROT_READ);
	if (!status)
		catch_interrupts(on_interrupt);

	return status;
}

void cli_transfer_close(struct cli_transfer *transfer)
{
	cli_window_close(&transfer->window);
}

/* Says so, and ends as a program without a handler does: the shell sees it. */
static int end_interrupted(const struct cli_transfer *transfer, uint64_t done_bytes)
{
	const int signal = interruption;

	cli_fail("%s %s: interrupted, %" PRIu64 " of %" PRIu64 " bytes were %s.",
		 transfer->target.device_name, transfer->target.region_name,
		 done_bytes, transfer->range.length_bytes,
		 transfer->call == ORIEL_CALL_WRITE ? "written" : "saved");
	catch_interrupts(SIG_DFL);
	raise(signal);

	return CLI_FAILED;
}

int cli_transfer_run(struct cli_transfer *transfer, const struct cli_options *options,
		     cli_piece piece, void *context)
{
	const struct cli_range *range = &transfer->range;
	struct cli_progress progress;
	uint64_t done_bytes = 0;
	int status = CLI_OK;

	cli_progress_begin(&progress, options, range->length_bytes);
	while (!status && !interruption && done_bytes < range->length_bytes) {
		size_t length_bytes = CLI_PIECE_BYTES;

		if (range->length_bytes - done_bytes < length_bytes)
			length_bytes = (size_t)(range->length_bytes - done_bytes);

		cli_progress_show(&progress, done_bytes);
		status = piece(transfer, range->offset_bytes + done_bytes,
			       length_bytes, context);
		if (!status)
			done_bytes += length_bytes;
	}
	cli_progress_end(&progress, done_bytes);

	if (interruption && done_bytes < range->length_bytes)
		return end_interrupted(transfer, done_bytes);

	return status;
}
