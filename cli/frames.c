// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames: is what a page table points at what it should?
 *
 * Of RAM: whole pages in use, nobody else's, the same for the same page of a
 * region in every process, another one for each page, and one behind the other
 * where the region says so. Of memory without counted pages /proc tells nothing:
 * there must be none that is counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"

#define PAGEMAP_PRESENT	(1ull << 63)
#define PAGEMAP_FRAME	((1ull << 55) - 1)
#define AT_ONCE		512

/* Documentation/admin-guide/mm/pagemap.rst: whose a page is that is not ours */
static const struct {
	unsigned int bit;
	const char *fault;
} foreign[] = {
	{ 5, "a page of a file or of a program (LRU)" },
	{ 7, "a page of the kernel's allocator (SLAB)" },
	{ 10, "a free page (BUDDY)" },
	{ 12, "a page of a program (ANON)" },
	{ 13, "a page of the swap cache (SWAPCACHE)" },
	{ 19, "broken memory (HWPOISON)" },
	{ 20, "no memory (NOPAGE)" },
	{ 23, "memory that was taken out (OFFLINE)" },
	{ 26, "a page table (PGTABLE)" },
};

static uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

int cli_frames_open(struct cli_frames *frames, uint64_t region_bytes)
{
	frames->nr_pages = (size_t)((region_bytes + page_bytes() - 1) / page_bytes());
	frames->frame = calloc(frames->nr_pages, sizeof(*frames->frame));
	if (!frames->frame)
		return -ENOMEM;
	frames->flags_fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	if (frames->flags_fd < 0) {
		free(frames->frame);
		return errno == EACCES ? -EPERM : -errno;
	}

	return 0;
}

void cli_frames_close(struct cli_frames *frames)
{
	close(frames->flags_fd);
	free(frames->frame);
}

/* What the kernel says of a frame that is not as it should be, or NULL */
static const char *find_foreign(const struct cli_frames *frames, uint64_t frame)
{
	uint64_t flags = 0;
	ssize_t length;
	size_t i;

	length = pread(frames->flags_fd, &flags, sizeof(flags), (off_t)(frame * sizeof(flags)));
	if (length != sizeof(flags))
		return "a frame that the kernel does not know";
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (flags & 1ull << foreign[i].bit)
			return foreign[i].fault;

	return NULL;
}

/* Compares with what other mappings had there, and with the page before. */
static const char *find_difference(struct cli_frames *frames, const struct cli_mapping *mapping,
				   uint64_t page, uint64_t frame)
{
	bool is_contig = !strcmp(mapping->kind, "contig");

	if (page >= frames->nr_pages)
		return "beyond the region";
	if (frames->frame[page] && frames->frame[page] != frame)
		return "not the frame that others have there";
	frames->frame[page] = frame;
	if (is_contig && page && frames->frame[page - 1] && frames->frame[page - 1] + 1 != frame)
		return "not behind the frame before";

	return NULL;
}

static int check_page(struct cli_frames *frames, const struct cli_mapping *mapping,
		      struct cli_frames_result *result, uint64_t page, uint64_t entry)
{
	uint64_t frame = entry & PAGEMAP_FRAME;
	const char *fault;

	if (!(entry & PAGEMAP_PRESENT))
		return 0;
	if (!frame)
		return -EPERM;

	result->nr_present++;
	if (result->fault)
		return 0;
	fault = mapping->is_pfnmap ? "counted memory where there is none" :
		find_foreign(frames, frame);
	if (!fault)
		fault = find_difference(frames, mapping, page, frame);
	if (fault) {
		result->fault = fault;
		result->page = page;
		result->frame = frame;
	}

	return 0;
}

static int compare_frames(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* One frame behind two pages of a region */
static int check_distinct(const struct cli_frames *frames, struct cli_frames_result *result)
{
	uint64_t *sorted;
	size_t i;

	sorted = calloc(frames->nr_pages, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, frames->frame, frames->nr_pages * sizeof(*sorted));
	qsort(sorted, frames->nr_pages, sizeof(*sorted), compare_frames);
	for (i = 1; i < frames->nr_pages && !result->fault; i++) {
		if (sorted[i] && sorted[i] == sorted[i - 1]) {
			result->fault = "the frame of another page, too";
			result->frame = sorted[i];
			while (frames->frame[result->page] != sorted[i])
				result->page++;
		}
	}
	free(sorted);

	return 0;
}

static int check_pages(struct cli_frames *frames, const struct cli_mapping *mapping,
		       struct cli_frames_result *result, int pagemap_fd)
{
	uint64_t entries[AT_ONCE], first = mapping->offset_bytes / page_bytes(), page = 0, i;
	ssize_t length;
	int err = 0;

	while (page < result->nr_pages && !err) {
		uint64_t count = result->nr_pages - page;
		uint64_t index = mapping->start / page_bytes() + page;

		if (count > AT_ONCE)
			count = AT_ONCE;
		length = pread(pagemap_fd, entries, (size_t)count * sizeof(*entries),
			       (off_t)(index * sizeof(*entries)));
		if (length <= 0 || length % (ssize_t)sizeof(*entries))
			return length < 0 ? -errno : -ESRCH; /* it ended meanwhile */
		count = (uint64_t)length / sizeof(*entries);
		for (i = 0; i < count && !err; i++)
			err = check_page(frames, mapping, result, first + page + i, entries[i]);
		page += count;
	}

	return err;
}

int cli_frames_check(struct cli_frames *frames, const struct cli_mapping *mapping,
		     struct cli_frames_result *result)
{
	char path[ORIEL_PATH_BYTES];
	int fd, err;

	memset(result, 0, sizeof(*result));
	result->nr_pages = (mapping->end - mapping->start) / page_bytes();
	snprintf(path, sizeof(path), "/proc/%s/pagemap", mapping->process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = check_pages(frames, mapping, result, fd);
	close(fd);
	if (!err)
		err = check_distinct(frames, result);

	return err;
}
