// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/bar.h"

#include <inttypes.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/text.h"
#include "lib/walk.h"

int bar_load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (!err)
		err = module_load("oriel-walk", "");
	if (!err)
		pci_bind(PCI_TESTDEV);
	return err;
}

int bar_unload(void **state)
{
	pci_unbind(PCI_TESTDEV);
	return module_unload("oriel-walk") ?: module_unload("oriel-pci");
}

struct area bar_open(const char *region, size_t offset, size_t bytes, int prot)
{
	struct area area = pci_area_open(PCI_TESTDEV, region, 0);

	assert_int_equal(area.info.size_bytes, WALK_PUD);
	area.bytes = bytes;
	if (!prot)
		return area;
	area.address = mmap(NULL, bytes, prot, MAP_SHARED, area.fd,
			    area.info.offset_bytes + offset);
	if (area.address == MAP_FAILED)
		fail_msg("%s + %#zx, %zu bytes: %s", region, offset, bytes, strerror(errno));
	return area;
}

uint8_t *bar_room(size_t bytes)
{
	uint8_t *room = mmap(NULL, bytes + WALK_PUD, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_ptr_not_equal(room, MAP_FAILED);
	munmap(room, bytes + WALK_PUD);
	return (uint8_t *)(((uintptr_t)room + WALK_PUD - 1) & ~(WALK_PUD - 1));
}

uint64_t bar_start(const char *device, unsigned int bar)
{
	char path[128], text[1024], *line = text;
	uint64_t start;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource", device);
	assert_true(text_read(path, text, sizeof(text)) > 0);
	while (bar--)
		line = strchr(line, '\n') + 1;
	assert_int_equal(sscanf(line, "%" SCNx64, &start), 1);
	return start;
}

void bar_check(const struct area *area, size_t offset, size_t bytes, size_t entry)
{
	uint64_t frame = (bar_start(PCI_TESTDEV, 2) + offset) / page_bytes();
	/* Each page of a small range, some of a large one; always both ends. */
	size_t step = bytes > 2048 * page_bytes() ? bytes / 64 - page_bytes() : page_bytes(), at;

	for (at = 0; at < bytes; at = at + step < bytes || at == bytes - page_bytes() ?
				      at + step : bytes - page_bytes()) {
		struct walk found = walk(area->address + at);
		size_t inside = ((uintptr_t)area->address + at) & (found.bytes - 1);

		if (!found.bytes || (entry && found.bytes != entry))
			fail_msg("+%#zx: %zu bytes mapped there, wanted %zu", at, found.bytes, entry);
		if (found.frame + inside / page_bytes() != frame + at / page_bytes())
			fail_msg("+%#zx: frame %#" PRIx64, at, found.frame + inside / page_bytes());
		if (!walk_is_cache(&found, area->info.cache))
			fail_msg("+%#zx: mapped %s", at, found.cache);
	}
}
