/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One user of /dev/oriel/brief: an open file, a mapping in parts, perhaps a
 * pinned page. Functions return 0, or 1 with a line of diagnostics.
 */
#ifndef TESTS_HOLDER_H
#define TESTS_HOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOLDER_NODE "/dev/oriel/brief"
#define HOLDER_PARTS 4

struct holder {
	int fd;				/* -1: closed */
	size_t part_bytes, nr_parts;
	uint8_t *reserve;		/* room for the mapping, twice */
	uint8_t *part[HOLDER_PARTS];	/* NULL: not mapped */
	bool read_only[HOLDER_PARTS];
	bool pinned;
	size_t pinned_offset;
	int pipe[2];			/* holds the pinned page */
};

int holder_open(struct holder *holder, size_t bytes);
int holder_unmap(struct holder *holder, size_t first_part);
int holder_split(struct holder *holder);
int holder_move(struct holder *holder);
int holder_close(struct holder *holder);
/* Puts a page that is mapped, if one is, into a pipe; and takes it out. */
int holder_pin(struct holder *holder);
int holder_unpin(struct holder *holder);
/* Are the contents right? Looks every @stride bytes of each part. */
int holder_check(const struct holder *holder, size_t stride);
/* Gives up the room, with all that is mapped there. */
int holder_leave(struct holder *holder);

#endif /* TESTS_HOLDER_H */
