// SPDX-License-Identifier: GPL-2.0-only
/*
 * MAPPING_INFO tells what is really mapped at an address: region, place, cache
 * mode, and the size of the page-table entry, as a walk of the table finds them.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/bar.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define HALF (WALK_PMD / 2)	/* of the smallest huge entry */

static int ask(int fd, const void *address, struct oriel_mapping_info *info)
{
	*info = (struct oriel_mapping_info){ .address = (uintptr_t)address };
	return ioctl(fd, ORIEL_MAPPING_INFO, info) ? errno : 0;
}

/* Of a mapping that begins at offset in its region, and goes on to its end. */
static void check(const struct area *area, size_t offset, size_t at)
{
	struct oriel_mapping_info info;
	struct walk found = walk(area->address + at);

	assert_case(area->info.name, ask(area->fd, area->address + at, &info), 0);
	assert_int_equal(info.address, (uintptr_t)area->address + at);
	assert_case("region", info.index, area->info.index);
	assert_case("offset", info.offset_bytes, offset + at);
	assert_case("length", info.length_bytes, area->bytes - at);
	assert_case("entry", info.entry_bytes, found.bytes ?: page_bytes());
	assert_case("cache", info.cache, area->info.cache);
	if (found.bytes)
		assert_true(walk_is_cache(&found, info.cache));
	assert_int_equal(info.reserved[0] | info.reserved[4], 0);
}

static void check_bar(const char *device, const char *region)
{
	struct area area = pci_area_open(device, region, PROT_READ);

	check(&area, 0, 0);
	assert_int_equal(touch_read(area.address), 0);
	check(&area, 0, 0);
	check(&area, 0, 5);
	check(&area, 0, area.bytes - 1);
	area_close(&area);
}

static void test_bars(void **state)
{
	check_bar(PCI_EDU, "bar0");
	check_bar(PCI_IVSHMEM, "bar2");
	check_bar(PCI_IVSHMEM, "bar2-wc");
	if (!pci_packs_pages())
		check_bar(PCI_TESTDEV, "bar0");
	check_bar(PCI_TESTDEV, "bar2");
	check_bar(PCI_TESTDEV, "bar2-wc");
}

static void test_ram(void **state)
{
	static const char *const regions[] = { "contig8k", "scattered4m", "contig4m", "revocable" };
	size_t i;

	assert_int_equal(testdev_load(NULL), 0);
	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		assert_int_equal(touch_write(area.address), 0);
		check(&area, 0, 0);
		check(&area, 0, area.bytes / 2 + 1);
		area_close(&area);
	}
	assert_int_equal(testdev_unload(NULL), 0);
}

static bool has_huge(const struct area *area)
{
	struct oriel_mapping_info info;

	assert_int_equal(ask(area->fd, area->address, &info), 0);
	assert_int_equal(info.flags & ~ORIEL_MAPPING_HUGE, 0);
	return info.flags & ORIEL_MAPPING_HUGE;
}

/* The entry that is there, and whether there may be a huge one. */
static void test_huge(void **state)
{
	bool huge = walk_largest_entry(WALK_PMD) == WALK_PMD;
	struct area area = bar_open("bar2", 0, WALK_PUD, PROT_READ);
	struct oriel_mapping_info info;

	assert_case("huge", has_huge(&area), huge);
	assert_int_equal(touch_read(area.address), 0);
	assert_int_equal(ask(area.fd, area.address + 12345, &info), 0);
	assert_int_equal(info.entry_bytes, walk_largest_entry(WALK_PUD));
	area_close(&area);

	area = bar_open("bar2", HALF, 4 * HALF, PROT_READ);
	assert_case("huge", has_huge(&area), huge);
	assert_int_equal(touch_read(area.address), 0);
	assert_int_equal(touch_read(area.address + HALF), 0);
	check(&area, HALF, 0);
	check(&area, HALF, HALF);
	area_close(&area);

	area = bar_open("bar2", HALF, 2 * HALF, PROT_READ);
	assert_false(has_huge(&area));
	area_close(&area);
}

/* A cut, other protection, and a move. */
static void test_parts(void **state)
{
	struct area area = bar_open("bar2", 0, 8 * HALF, PROT_READ), part = area;
	size_t page = page_bytes();
	struct oriel_mapping_info info;
	uint8_t *room = bar_room(8 * HALF);

	assert_int_equal(munmap(area.address + 4 * HALF, page), 0);
	part.bytes = 4 * HALF;
	check(&part, 0, HALF);
	assert_case("hole", ask(area.fd, area.address + 4 * HALF, &info), EINVAL);
	part.address = mremap(area.address + 5 * HALF, HALF, HALF, MREMAP_MAYMOVE | MREMAP_FIXED,
			      room);
	assert_ptr_equal(part.address, room);
	part.bytes = HALF;
	check(&part, 5 * HALF, page);
	assert_int_equal(mprotect(room, page, PROT_NONE), 0);
	part.bytes = page;
	check(&part, 5 * HALF, 0);
	munmap(room, HALF);
	area_close(&area);
}

static int child_asks(void *argument)
{
	const struct area *area = argument;
	struct oriel_mapping_info info;

	CHECK(!ask(area->fd, area->address, &info));
	CHECK(info.length_bytes == area->bytes);
	CHECK(!munmap(area->address, area->bytes));
	CHECK(ask(area->fd, area->address, &info) == EINVAL);
	return 0;
}

/* It tells of the caller's own mappings of this open file, and of nothing else. */
static void test_foreign(void **state)
{
	struct area area = bar_open("bar2", 0, HALF, PROT_READ);
	struct area other = bar_open("bar2", 0, HALF, PROT_READ);
	struct oriel_mapping_info info;
	int local;

	assert_case("another open file's", ask(other.fd, area.address, &info), EINVAL);
	assert_int_equal(explain(other.fd).reason, ORIEL_REASON_FOREIGN);
	assert_int_equal(explain(other.fd).call, ORIEL_CALL_MAPPING_INFO);
	assert_int_equal(explain(other.fd).value[0], (uintptr_t)area.address);
	assert_case("the stack", ask(area.fd, &local, &info), EINVAL);
	assert_case("nothing", ask(area.fd, NULL, &info), EINVAL);
	assert_case("the last page", ask(area.fd, (void *)-1, &info), EINVAL);
	assert_case("no address", ask(area.fd, (void *)~(UINTPTR_MAX >> 1), &info), EINVAL);
	assert_case("behind", ask(area.fd, area.address + area.bytes, &info) == 0 &&
		    info.offset_bytes == area.bytes, 0);
	assert_int_equal(child_wait(child_start(child_asks, &area)), 0);
	check(&area, 0, 0);
	area_close(&other);
	area_close(&area);
}

static void test_revoked(void **state)
{
	struct area area = bar_open("bar2", 0, HALF, PROT_READ);
	struct oriel_mapping_info info;

	pci_unbind(PCI_TESTDEV);
	assert_int_equal(ask(area.fd, area.address, &info), ENODEV);
	pci_bind(PCI_TESTDEV);
	assert_int_equal(ask(area.fd, area.address, &info), ENODEV);
	area_close(&area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_ram),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_revoked),
	};

	return cmocka_run_group_tests(tests, bar_load, bar_unload);
}
