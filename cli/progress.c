// SPDX-License-Identifier: GPL-2.0-only
/*
 * Progress: one line on standard error that is written over and over. Only on a
 * terminal and only of what takes long, unless it was asked for.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define NS_PER_SECOND	1000000000ull
#define PATIENCE_NS	(NS_PER_SECOND / 2)
#define INTERVAL_NS	(NS_PER_SECOND / 10)
#define BAR_COLUMNS	30
#define LINE_COLUMNS	79

/* Something stands on the line that has no end yet. */
static bool line_is_open;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

void cli_progress_begin(struct cli_progress *progress, const struct cli_options *options,
			uint64_t total_bytes)
{
	memset(progress, 0, sizeof(*progress));
	progress->wanted = !options->quiet &&
			   (options->progress || isatty(STDERR_FILENO));
	progress->total_bytes = total_bytes;
	progress->start_ns = now_ns();
	progress->next_ns = progress->start_ns + (options->progress ? 0 : PATIENCE_NS);
}

/* A line that is too long for the terminal could not be written over. */
static unsigned int columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ||
	    size.ws_col > LINE_COLUMNS)
		return LINE_COLUMNS;

	return size.ws_col - 1u;
}

static void print_line(const struct cli_progress *progress, uint64_t done_bytes,
		       uint64_t elapsed_ns)
{
	const double mib = 1024 * 1024;
	const double part = (double)done_bytes / (double)progress->total_bytes;
	const double seconds = (double)elapsed_ns / (double)NS_PER_SECOND;
	char bar[BAR_COLUMNS + 1], line[LINE_COLUMNS + 1];
	const int filled = (int)(part * BAR_COLUMNS);

	memset(bar, '.', BAR_COLUMNS);
	memset(bar, '#', (size_t)filled);
	bar[BAR_COLUMNS] = '\0';
	snprintf(line, sizeof(line), "%3d %% [%s] %.1f of %.1f MiB, %.1f MiB/s",
		 (int)(part * 100), bar, (double)done_bytes / mib,
		 (double)progress->total_bytes / mib,
		 seconds > 0 ? (double)done_bytes / mib / seconds : 0.0);
	fprintf(stderr, "\r%-*.*s", (int)columns(), (int)columns(), line);
	fflush(stderr);
	line_is_open = true;
}

void cli_progress_break(void)
{
	if (line_is_open)
		fputc('\n', stderr);
	line_is_open = false;
}

void cli_progress_show(struct cli_progress *progress, uint64_t done_bytes)
{
	uint64_t now;

	if (!progress->wanted || !progress->total_bytes)
		return;
	now = now_ns();
	if (now < progress->next_ns)
		return;

	print_line(progress, done_bytes, now - progress->start_ns);
	progress->next_ns = now + INTERVAL_NS;
}

void cli_progress_end(struct cli_progress *progress, uint64_t done_bytes)
{
	if (line_is_open)
		print_line(progress, done_bytes, now_ns() - progress->start_ns);
	cli_progress_break();
}
