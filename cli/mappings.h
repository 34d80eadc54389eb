/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is mapped of Oriel's nodes, by whichever process: from /proc and sysfs.
 */
#ifndef _MAPPINGS_H
#define _MAPPINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <oriel.h>

#define CLI_WORD_BYTES	32

/* Whether entries larger than a page are used, as far as it can be told */
enum cli_huge {
	CLI_HUGE_UNKNOWN,
	CLI_HUGE_NO,
	CLI_HUGE_YES,
};

/*
 * One range of addresses.
 * @process:	  its directory in /proc: a number, or "self"
 * @offset_bytes: from the start of the region; without a region, of the node
 * @region:	  "" if the device is gone; then @kind and @cache are empty, too
 * @is_pfnmap:	  without counted pages: /proc tells nothing of its frames
 */
struct cli_mapping {
	char process[CLI_WORD_BYTES];
	char program[CLI_WORD_BYTES];
	char device[ORIEL_NAME_BYTES];
	char region[ORIEL_NAME_BYTES];
	char kind[CLI_WORD_BYTES];
	char cache[CLI_WORD_BYTES];
	uint64_t start;
	uint64_t end;
	uint64_t offset_bytes;
	bool is_readable;
	bool is_writable;
	bool is_pfnmap;
	enum cli_huge huge;
};

/* @nr_hidden: processes that this user may not look into */
struct cli_mappings {
	struct cli_mapping *mapping;
	size_t count;
	size_t room;
	size_t nr_hidden;
};

/*
 * Finds those of the device of this name, or of all with NULL: by others, in the
 * order of their numbers, and with @own also by this process, first. The caller
 * frees them, also on failure. Return: 0 or a negative errno.
 */
int cli_mappings_find(struct cli_mappings *mappings, const char *device, bool own);
void cli_mappings_free(struct cli_mappings *mappings);

/* ---- process.c: one process, as /proc has it ------------------------------ */

/* Opens /proc/PROCESS/FILE for reading; NULL: errno says why. */
FILE *cli_process_open(const char *process, const char *file);

/* Adds the process's mappings, without what sysfs tells. 0 or a negative errno */
int cli_process_look(struct cli_mappings *mappings, const char *process, const char *device);

#endif /* _MAPPINGS_H */
