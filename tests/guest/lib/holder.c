// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/holder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "lib/check.h"
#include "lib/testdev.h"

#define BLOCK (2ul << 20)

static size_t holder_bytes(const struct holder *holder)
{
	return holder->part_bytes * holder->nr_parts;
}

static size_t holder_room(const struct holder *holder)
{
	return 2 * (holder_bytes(holder) + BLOCK) + BLOCK;
}

/* Aligned like the offset in the file, so that huge entries are possible. */
static uint8_t *holder_place(const struct holder *holder, unsigned int nth)
{
	uintptr_t first = ((uintptr_t)holder->reserve + BLOCK - 1) & ~(BLOCK - 1);
	size_t apart = (holder_bytes(holder) + BLOCK - 1) & ~(BLOCK - 1);

	return (uint8_t *)first + nth * apart;
}

int holder_open(struct holder *holder, size_t bytes)
{
	uint8_t *map;
	size_t i;

	memset(holder, 0, sizeof(*holder));
	holder->nr_parts = bytes > 2 * page_bytes() ? HOLDER_PARTS : 2;
	holder->part_bytes = bytes / holder->nr_parts;
	holder->fd = open(HOLDER_NODE, O_RDWR | O_CLOEXEC);
	CHECK(holder->fd >= 0);
	holder->reserve = mmap(NULL, holder_room(holder), PROT_NONE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(holder->reserve != MAP_FAILED);
	map = mmap(holder_place(holder, 0), bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		   holder->fd, 0);
	CHECK(map != MAP_FAILED);
	for (i = 0; i < holder->nr_parts; i++)
		holder->part[i] = map + i * holder->part_bytes;
	return 0;
}

int holder_unmap(struct holder *holder, size_t first_part)
{
	size_t i;

	for (i = first_part; i < holder->nr_parts; i++) {
		if (!holder->part[i])
			continue;
		CHECK(!munmap(holder->part[i], holder->part_bytes));
		holder->part[i] = NULL;
	}
	return 0;
}

int holder_split(struct holder *holder)
{
	if (!holder->part[0])
		return 0;
	CHECK(!mprotect(holder->part[0], holder->part_bytes, PROT_READ));
	holder->read_only[0] = true;
	return 0;
}

/* Parts that are one mapping are moved by one call. */
int holder_move(struct holder *holder)
{
	size_t i, j, bytes;
	uint8_t *to;

	for (i = 0; i < holder->nr_parts; i = j) {
		j = i + 1;
		if (!holder->part[i])
			continue;
		while (j < holder->nr_parts && holder->part[j] &&
		       holder->read_only[j] == holder->read_only[i])
			j++;
		bytes = (j - i) * holder->part_bytes;
		to = holder_place(holder, 1) + i * holder->part_bytes;
		CHECK(mremap(holder->part[i], bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
			     to) == to);
		for (; bytes; i++, to += holder->part_bytes, bytes -= holder->part_bytes)
			holder->part[i] = to;
	}
	return 0;
}

int holder_close(struct holder *holder)
{
	if (holder->fd >= 0)
		close(holder->fd);
	holder->fd = -1;
	return 0;
}

int holder_pin(struct holder *holder)
{
	struct iovec page = { NULL, page_bytes() };
	size_t i;

	for (i = 0; i < holder->nr_parts && !page.iov_base; i++) {
		page.iov_base = holder->part[i];
		holder->pinned_offset = i * holder->part_bytes;
	}
	if (!page.iov_base)
		return 0;
	CHECK(!pipe2(holder->pipe, O_CLOEXEC));
	holder->pinned = true;
	CHECK(vmsplice(holder->pipe[1], &page, 1, 0) == (ssize_t)page.iov_len);
	return 0;
}

int holder_unpin(struct holder *holder)
{
	static uint8_t copy[64 << 10];
	const size_t page = page_bytes();

	if (!holder->pinned)
		return 0;
	CHECK(page <= sizeof(copy));
	CHECK(read(holder->pipe[0], copy, page) == (ssize_t)page);
	close(holder->pipe[0]);
	close(holder->pipe[1]);
	holder->pinned = false;
	return pattern_check(copy, 0, holder->pinned_offset, page, 8);
}

int holder_check(const struct holder *holder, size_t stride)
{
	size_t i;

	for (i = 0; i < holder->nr_parts; i++)
		if (holder->part[i] &&
		    pattern_check(holder->part[i], 0, i * holder->part_bytes, holder->part_bytes,
				  stride))
			return 1;
	return 0;
}

int holder_leave(struct holder *holder)
{
	CHECK(!munmap(holder->reserve, holder_room(holder)));
	memset(holder->part, 0, sizeof(holder->part));
	return holder_close(holder);
}
