// SPDX-License-Identifier: GPL-2.0-only
/*
 * No offset and no length reaches anything outside a region.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/raw.h"
#include "lib/testdev.h"

#define ANY 0xffffffff
#define HALF (1ll << 50)	/* of the region's pages */

/* Return: 0 (and nothing stays mapped) or errno. */
static int try(int fd, uint64_t bytes, uint64_t offset)
{
	long address = raw_mmap(bytes, PROT_READ, MAP_SHARED, fd, offset);

	if (address == -1)
		return errno;
	syscall(SYS_munmap, address, bytes);
	return 0;
}

struct relative {
	const char *what;
	const char *region;
	int64_t start_pages;	/* from the region's start, or its end if from_end */
	int64_t count_pages;	/* added to the region's pages if whole */
	bool from_end;
	bool whole;
	int error;
	uint32_t reason;
};

static const struct relative relatives[] = {
	{ "whole", "contig8k", 0, 0, false, true, 0, ANY },
	{ "first page", "contig8k", 0, 1, false, false, 0, ANY },
	{ "last page", "contig8k", -1, 1, true, false, 0, ANY },
	{ "one too long", "contig8k", 0, 1, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "whole from page 1", "contig8k", 1, 0, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "two from the last", "contig8k", -1, 2, true, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "at the end", "contig8k", 0, 1, true, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "behind the end", "contig8k", 1, 1, true, false, ENXIO, ORIEL_REASON_NO_REGION },
	{ "into the next region", "contig8k", 0, 511, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "1 GiB", "contig8k", 0, 262144, false, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "8 TiB", "contig8k", 0, 1ll << 31, false, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "one before", "odd", -1, 1, false, false, ENXIO, ORIEL_REASON_NO_REGION },
	{ "from before", "odd", -1, 2, false, false, ENXIO, ORIEL_REASON_NO_REGION },
	{ "whole, odd size", "odd", 0, 0, false, true, 0, ANY },
	{ "tail page", "odd", 1, 1, false, false, 0, ANY },
	{ "one too long", "odd", 0, 1, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "whole", "scattered4m", 0, 0, false, true, 0, ANY },
	{ "one too long", "scattered4m", 0, 1, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "one page shifted", "scattered4m", 1, 0, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "second half", "scattered4m", HALF, HALF, false, false, 0, ANY },
	{ "second half and one", "scattered4m", HALF, HALF + 1, false, false, ENXIO,
	  ORIEL_REASON_BEYOND },
	{ "at the end", "scattered4m", 0, 1, true, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "tail", "blocks-and-tail", -4, 4, true, false, 0, ANY },
	{ "tail and one", "blocks-and-tail", -4, 5, true, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "whole, last of many", "small39", 0, 0, false, true, 0, ANY },
	{ "one too long", "small39", 0, 1, false, true, ENXIO, ORIEL_REASON_BEYOND },
	{ "at the end of all", "small39", 0, 1, true, false, ENXIO, ORIEL_REASON_BEYOND },
	{ "behind all", "small39", 1, 1, true, false, ENXIO, ORIEL_REASON_NO_REGION },
	{ "far behind all", "small39", 1ll << 30, 1, true, false, ENXIO, ORIEL_REASON_NO_REGION },
};

static int64_t in_pages(int64_t wanted, uint64_t pages)
{
	return wanted < HALF ? wanted : wanted - HALF + (int64_t)(pages / 2);
}

static void test_relative(void **state)
{
	int fd = testdev_open(O_RDWR);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(relatives); i++) {
		const struct relative *c = &relatives[i];
		struct oriel_region_info info = region_find(fd, c->region);
		uint64_t pages = page_round(info.size_bytes) / page_bytes();
		uint64_t start = info.offset_bytes +
				 (in_pages(c->start_pages, pages) + (c->from_end ? pages : 0)) *
				 page_bytes();
		uint64_t bytes = (in_pages(c->count_pages, pages) + (c->whole ? pages : 0)) * page_bytes();

		if (!raw_mmap_takes(bytes, start))
			continue;
		assert_case(c->what, try(fd, bytes, start), c->error);
		if (c->reason != ANY)
			assert_case(c->what, explain(fd).reason, c->reason);
	}
	close(fd);
}

struct absolute {
	uint64_t bytes;
	uint64_t offset;
	int error;
	bool by_oriel;	/* otherwise the kernel does not even ask */
};

static void test_absolute(void **state)
{
	const uint64_t page = page_bytes();
	const struct absolute absolutes[] = {
		{ 0, 0, EINVAL, false },
		{ page, 1, EINVAL, false },
		{ page, (page - 1), EINVAL, false },
		{ 1ull << 57, 0, ENOMEM, false },
		{ 1ull << 62, 0, ENOMEM, false },
		{ 1ull << 63, 0, ENOMEM, false },
		{ UINT64_MAX - (page - 2), 0, ENOMEM, false },	/* rounded up, it is 0 */
		{ UINT64_MAX, 0, ENOMEM, false },
		{ page, 1ull << 32, ENXIO, true },
		{ page, 1ull << 40, ENXIO, true },
		{ page, (1ull << 62) - page, ENXIO, true },
		{ page, 1ull << 62, ENXIO, true },
		{ page, INT64_MAX - (page - 1), ENXIO, true },
		{ page, 1ull << 63, ENXIO, true },
		{ page, (1ull << 63) + page, ENXIO, true },
		{ 2 * page, (1ull << 63) - page, ENXIO, true },	/* across it */
		{ 2 * page, UINT64_MAX - (page - 1), EOVERFLOW, false },
		{ 1ull << 40, UINT64_MAX - (1ull << 30) + 1, EOVERFLOW, false },
	};
	char what[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(absolutes); i++) {
		const struct absolute *c = &absolutes[i];
		int fd = testdev_open(O_RDWR);

		if (!raw_mmap_takes(c->bytes, c->offset)) {
			close(fd);
			continue;
		}
		snprintf(what, sizeof(what), "%#llx bytes at %#llx",
			 (unsigned long long)c->bytes, (unsigned long long)c->offset);
		assert_case(what, try(fd, c->bytes, c->offset), c->error);
		assert_case(what, explain(fd).error, c->by_oriel ? c->error : 0);
		close(fd);
	}
}

/* Each single page offset around each border of the file. */
static void test_every_border(void **state)
{
	int fd = testdev_open(O_RDWR);
	struct oriel_region_info info = {};
	uint64_t last_end = 0;

	for (; !ioctl(fd, ORIEL_REGION_INFO, &info); info.index++) {
		uint64_t end = info.offset_bytes + page_round(info.size_bytes);
		int wanted = info.flags & ORIEL_REGION_MAPPABLE ? 0 : EOPNOTSUPP;

		assert_true(info.offset_bytes % (2 << 20) == 0);
		assert_true(!info.index || info.offset_bytes > last_end);
		assert_case(info.name, try(fd, page_bytes(), info.offset_bytes), wanted);
		assert_case(info.name, try(fd, page_bytes(), end - page_bytes()), wanted);
		assert_case(info.name, try(fd, page_bytes(), end), ENXIO);
		assert_case(info.name, try(fd, 2 * page_bytes(), end - page_bytes()), ENXIO);
		if (info.index)
			assert_case(info.name, try(fd, page_bytes(),
						   info.offset_bytes - page_bytes()), ENXIO);
		last_end = end;
	}
	assert_int_equal(errno, ENXIO);
	close(fd);
}

/* The old way to move a window: the kernel unmaps it and asks mmap() again. */
static void test_remap_file_pages(void **state)
{
	const struct {
		size_t pages, pgoff;
		int error;
	} cases[] = {
		{ 1, 1, 0 }, { 1, 2, ENXIO }, { 2, 1, ENXIO }, { 1, 3, ENXIO },
		{ 1, 1ul << 19, ENXIO }, { 1, SIZE_MAX / page_bytes() / 2, ENXIO },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct area area = area_open("contig8k", PROT_READ);
		int ret = remap_file_pages(area.address, cases[i].pages * page_bytes(), 0,
					   cases[i].pgoff, 0);

		assert_case("remap_file_pages", ret ? errno : 0, cases[i].error);
		if (!ret)
			assert_int_equal(pattern_check(area.address, area.info.index, page_bytes(),
						       page_bytes(), 8), 0);
		area_close(&area);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative),
		cmocka_unit_test(test_absolute),
		cmocka_unit_test(test_every_border),
		cmocka_unit_test(test_remap_file_pages),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
