/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames behind mappings, as /proc/PID/pagemap and /proc/kpageflags have them.
 */
#ifndef _FRAMES_H
#define _FRAMES_H

#include "mappings.h"

/* @frame: by page of the region; 0: no mapping had it */
struct cli_frames {
	uint64_t *frame;
	size_t nr_pages;
	int flags_fd;
};

/*
 * @nr_pages:	of the mapping
 * @nr_present: in the page table now
 * @fault:	what is wrong, or NULL; then @page of the region is where, and
 *		@frame what is there
 */
struct cli_frames_result {
	uint64_t nr_pages;
	uint64_t nr_present;
	const char *fault;
	uint64_t page;
	uint64_t frame;
};

/* These return 0 or a negative errno. -EPERM: frames are shown to root only. */
int cli_frames_open(struct cli_frames *frames, uint64_t region_bytes);
void cli_frames_close(struct cli_frames *frames);

/* Looks at each page of a mapping of the region that @frames was opened for. */
int cli_frames_check(struct cli_frames *frames, const struct cli_mapping *mapping,
		     struct cli_frames_result *result);

#endif /* _FRAMES_H */
