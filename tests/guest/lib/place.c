// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/place.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"

#define BLOCK		((size_t)2 << 20)
#define SCRIBBLE	((size_t)48 << 20)

#define TESTDEV(_region) \
	.module = "oriel-testdev", .node = TESTDEV_NODE, .region = (_region)

static const struct place places[] = {
	{ "contig8k", TESTDEV("contig8k") },
	{ "odd", TESTDEV("odd") },
	{ "contig4m", TESTDEV("contig4m") },
	{ "scattered4m", TESTDEV("scattered4m") },
	{ "scattered4m, page by page", TESTDEV("scattered4m"), .misaligned = true },
	{ "blocks-and-tail", TESTDEV("blocks-and-tail") },
	{ "revocable", TESTDEV("revocable") },
	{ "hello", .module = "hello", .node = "/dev/oriel/hello" },
};

int places_load(void **state)
{
	int err = testdev_load(state);

	if (!err)
		err = module_load("hello", "");
	return err;
}

int places_unload(void **state)
{
	int err = module_unload("hello"), other = testdev_unload(state);

	if (err)
		printf("# hello does not go: %s\n", strerror(-err));
	return err ? err : other;
}

/* One page beyond a multiple of 2 MiB. */
static void *place_misaligned(const struct area *area, int prot)
{
	size_t room = area->bytes + 2 * BLOCK;
	uint8_t *free_range = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *at;

	assert_ptr_not_equal(free_range, MAP_FAILED);
	munmap(free_range, room);
	at = (void *)(((uintptr_t)free_range + BLOCK) / BLOCK * BLOCK + page_bytes());
	at = mmap(at, area->bytes, prot, MAP_SHARED | MAP_FIXED_NOREPLACE, area->fd,
		  area->info.offset_bytes);
	assert_ptr_not_equal(at, MAP_FAILED);
	return at;
}

struct area place_open(const struct place *place, int prot)
{
	struct area area = { .fd = open(place->node, O_RDWR | O_CLOEXEC) };

	if (area.fd < 0)
		fail_msg("%s: %s", place->node, strerror(errno));
	if (place->region)
		area.info = region_find(area.fd, place->region);
	else if (ioctl(area.fd, ORIEL_REGION_INFO, &area.info))
		fail_msg("%s has no region: %s", place->node, strerror(errno));
	area.bytes = page_round(area.info.size_bytes);
	area.address = place->misaligned ? place_misaligned(&area, prot) :
					   area_map(&area, prot, MAP_SHARED);
	return area;
}

void places_each(void (*test)(const struct place *place, struct area *area))
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct area area = place_open(&places[i], PROT_READ | PROT_WRITE);

		print_message("# %s\n", places[i].what);
		test(&places[i], &area);
		area_close(&area);
	}
}

void place_vanish(const struct place *place, struct area *area)
{
	assert_int_equal(munmap(area->address, area->bytes), 0);
	close(area->fd);
	assert_int_equal(module_unload(place->module), 0);
}

void place_return(const struct place *place)
{
	assert_int_equal(module_load(place->module, ""), 0);
}

void pattern_write(void *to, uint32_t mark, uint64_t offset_bytes, size_t bytes)
{
	uint64_t *word = to;
	size_t i;

	for (i = 0; i + sizeof(*word) <= bytes; i += sizeof(*word))
		word[i / sizeof(*word)] = pattern_word(mark, offset_bytes + i);
}

void *scribble(void)
{
	uint8_t *area = mmap(NULL, SCRIBBLE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(area, MAP_FAILED);
	/* Both from whole blocks and from single pages. */
	madvise(area, SCRIBBLE / 3 * 2, MADV_HUGEPAGE);
	madvise(area + SCRIBBLE / 3 * 2, SCRIBBLE / 3, MADV_NOHUGEPAGE);
	memset(area, 0xa5, SCRIBBLE);
	return area;
}

int scribble_check(void *scribbled)
{
	const uint64_t *word = scribbled;
	int wrong = 0;
	size_t i;

	for (i = 0; i < SCRIBBLE / sizeof(*word) && !wrong; i++)
		wrong = word[i] != 0xa5a5a5a5a5a5a5a5;
	if (wrong)
		printf("# memory of somebody else was written to\n");
	munmap(scribbled, SCRIBBLE);
	return wrong;
}
