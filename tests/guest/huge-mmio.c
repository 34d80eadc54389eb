// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device memory in huge page-table entries where the kernel has them, windows of
 * single pages where it has not: the right frames, few faults, nothing beyond a
 * mapping's end.
 * oriel-test: timeout=240 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "lib/bar.h"
#include "lib/check.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define HALF	(WALK_PMD / 2)	/* of the smallest huge entry */
#define WINDOW	((size_t)2 << 20)	/* what one fault fills by single pages */
#define THP	"/sys/kernel/mm/transparent_hugepage/enabled"

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Touches one byte of each page. Return: how many faults that took. */
static long touch_all(uint8_t *address, size_t bytes, bool write)
{
	long before = minor_faults();
	size_t at;

	for (at = 0; at < bytes; at += page_bytes())
		if (write)
			*(volatile uint8_t *)(address + at) = 0;
		else
			*(volatile uint8_t *)(address + at);
	return minor_faults() - before;
}

static int prefault(const struct area *area)
{
	struct oriel_prefault range = {
		.address = (uintptr_t)area->address, .length_bytes = area->bytes,
	};

	return ioctl(area->fd, ORIEL_PREFAULT, &range) ? errno : 0;
}

static bool says_huge(const struct area *area)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", area->fd);
	return text_file_has(path, "huge=1");
}

/* REGION_INFO says what the kernel can do, and fdinfo what a mapping got. */
static void test_flags(void **state)
{
	bool huge = walk_largest_entry(WALK_PMD) == WALK_PMD;
	struct area large = bar_open("bar2", 0, 4 * HALF, PROT_READ);
	struct area small = pci_area_open(PCI_EDU, "bar0", PROT_READ);

	assert_case("1 GiB", !!(large.info.flags & ORIEL_REGION_HUGE), huge);
	assert_false(small.info.flags & ORIEL_REGION_HUGE);
	assert_case("mapped", says_huge(&large), huge);
	assert_false(says_huge(&small));
	area_close(&large);
	large = bar_open("bar2", HALF, 2 * HALF, PROT_READ);
	assert_false(says_huge(&large));
	area_close(&large);
	area_close(&small);
}

/* The kernel chooses an address at which the largest entries fit. */
static void check_first_touch(const char *region, size_t offset, size_t bytes, bool write)
{
	size_t entry = walk_largest_entry(bytes), unit = entry > WALK_PMD ? entry : WALK_PMD;
	struct area area = bar_open(region, offset, bytes, PROT_READ | PROT_WRITE);

	assert_case("faults", touch_all(area.address, bytes, write) > (long)(bytes / unit) + 4, 0);
	bar_check(&area, offset, bytes, entry);
	assert_true(walk(area.address).write);
	assert_true(walk(area.address + bytes / 2).dirty);
	/* Where hardware does not mark entries, nor did we, these would fault again. */
	assert_true(touch_all(area.address, bytes, true) <= 1);
	area_close(&area);
}

static void test_first_touch(void **state)
{
	check_first_touch("bar2", 4 * HALF, 60 * HALF, false);
	check_first_touch("bar2", 4 * HALF, 60 * HALF, true);
	check_first_touch("bar2-wc", 0, 4 * HALF, false);
	check_first_touch("bar2", 0, WALK_PUD, false);
	check_first_touch("bar2-wc", 0, WALK_PUD, true);
}

/* At an address at which huge entries fit, with nothing mapped around it. */
static struct area bar_open_alone(size_t offset, size_t bytes)
{
	struct area area = bar_open("bar2", offset, bytes, 0);
	uint8_t *room = bar_room(3 * WALK_PUD) + WALK_PUD + offset;

	area.address = mmap(room, bytes, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE, area.fd,
			    area.info.offset_bytes + offset);
	assert_ptr_equal(area.address, room);
	return area;
}

/* An entry lies wholly inside the mapping; the rest of it is single pages. */
static void test_borders(void **state)
{
	size_t page = page_bytes(), entry = walk_largest_entry(WALK_PMD);
	struct area area = bar_open_alone(4 * HALF - page, 4 * HALF + 3 * page);

	touch_all(area.address, area.bytes, false);
	assert_int_equal(walk(area.address).bytes, page);
	assert_int_equal(walk(area.address + page).bytes, entry);
	assert_int_equal(walk(area.address + page + 2 * HALF).bytes, entry);
	assert_int_equal(walk(area.address + page + 4 * HALF).bytes, page);
	assert_int_equal(walk(area.address + area.bytes).bytes, 0);
	assert_int_equal(walk(area.address - page).bytes, 0);
	bar_check(&area, 4 * HALF - page, area.bytes, 0);
	area_close(&area);

	/* The region's end. */
	area = bar_open_alone(WALK_PUD - 3 * HALF, 3 * HALF);
	touch_all(area.address, area.bytes, false);
	assert_int_equal(walk(area.address).bytes, page);
	assert_int_equal(walk(area.address + HALF).bytes, entry);
	assert_int_equal(walk(area.address + 3 * HALF).bytes, 0);
	area_close(&area);
}

/* At an address aligned otherwise there is no huge entry, and the right pages. */
static void test_misaligned(void **state)
{
	struct area area = bar_open("bar2", 0, 8 * HALF, 0);
	size_t shift;

	for (shift = page_bytes(); shift < WALK_PMD; shift *= 2) {
		uint8_t *room = bar_room(area.bytes + WALK_PMD) + shift;

		area.address = mmap(room, area.bytes, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE,
				    area.fd, area.info.offset_bytes);
		assert_ptr_equal(area.address, room);
		assert_false(says_huge(&area));
		assert_true(touch_all(area.address, area.bytes, false) <=
			    (long)(area.bytes / WINDOW) * 4);
		bar_check(&area, 0, area.bytes, page_bytes());
		munmap(area.address, area.bytes);
	}
	area.address = NULL;
	area_close(&area);
}

static void test_read_only(void **state)
{
	size_t entry = walk_largest_entry(WALK_PMD);
	struct area area = bar_open("bar2", 0, 4 * HALF, PROT_READ);

	assert_int_equal(touch_read(area.address), 0);
	assert_int_equal(walk(area.address).bytes, entry);
	assert_false(walk(area.address).write);
	assert_int_equal(touch_write(area.address), SIGSEGV);
	/* What was inserted for reading is written to after an upgrade. */
	assert_int_equal(mprotect(area.address, area.bytes, PROT_READ | PROT_WRITE), 0);
	assert_int_equal(touch_write(area.address), 0);
	assert_true(walk(area.address).write);
	assert_int_equal(mprotect(area.address, area.bytes, PROT_READ), 0);
	assert_int_equal(touch_write(area.address), SIGSEGV);
	assert_int_equal(touch_read(area.address + 2 * HALF), 0);
	assert_false(walk(area.address + 2 * HALF).write);
	area_close(&area);
}

static void check_prefault(size_t offset, size_t bytes, int prot)
{
	struct area area = bar_open("bar2", offset, bytes, prot);

	assert_int_equal(prefault(&area), 0);
	bar_check(&area, offset, bytes, offset % WALK_PMD ? 0 : walk_largest_entry(bytes));
	assert_case("faults", touch_all(area.address, bytes, prot & PROT_WRITE), 0);
	assert_int_equal(prefault(&area), 0);
	area_close(&area);
}

static void test_prefault(void **state)
{
	check_prefault(0, 64 * HALF, PROT_READ | PROT_WRITE);
	check_prefault(2 * HALF, 6 * HALF, PROT_READ);
	check_prefault(HALF, 8 * HALF, PROT_READ | PROT_WRITE);
	check_prefault(0, WALK_PUD, PROT_READ | PROT_WRITE);
}

static void test_decoding_off(void **state)
{
	uint16_t command = pci_get_command(PCI_TESTDEV);
	struct area area = bar_open("bar2", 0, WALK_PUD, PROT_READ | PROT_WRITE);

	pci_set_command(PCI_TESTDEV, command & ~PCI_COMMAND_MEMORY);
	assert_case("touch", touch_read(area.address), SIGBUS);
	assert_case("write", touch_write(area.address + 5 * HALF), SIGBUS);
	assert_case("prefault", prefault(&area), EIO);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_NO_ANSWER);
	assert_int_equal(walk(area.address).bytes, 0);
	pci_set_command(PCI_TESTDEV, command);
	assert_case("touch again", touch_read(area.address), 0);
	bar_check(&area, 0, WALK_PMD, walk_largest_entry(WALK_PUD));
	area_close(&area);
}

static void test_revocation(void **state)
{
	struct area whole = bar_open("bar2", 0, WALK_PUD, PROT_READ | PROT_WRITE);
	struct area part = bar_open("bar2", 2 * HALF, 4 * HALF, PROT_READ | PROT_WRITE);

	assert_int_equal(touch_read(whole.address), 0);
	assert_int_equal(touch_read(part.address), 0);
	pci_unbind(PCI_TESTDEV);
	assert_int_equal(walk(whole.address).bytes, 0);
	assert_int_equal(walk(part.address).bytes, 0);
	assert_case("read", touch_read(whole.address), SIGBUS);
	assert_case("write", touch_write(part.address), SIGBUS);
	assert_case("prefault", prefault(&part), ENODEV);
	pci_bind(PCI_TESTDEV);
	assert_case("after it came back", touch_read(whole.address), SIGBUS);
	area_close(&whole);
	area_close(&part);
}

/* Forbidden for a while: single pages now, and no huge entry over them later. */
static void test_forbidden(void **state)
{
	struct area area = bar_open("bar2", 0, 8 * HALF, PROT_READ | PROT_WRITE);

	assert_int_equal(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
	assert_int_equal(touch_write(area.address), 0);
	assert_int_equal(walk(area.address).bytes, page_bytes());
	assert_int_equal(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0), 0);
	assert_int_equal(touch_write(area.address + 2 * HALF), 0);
	assert_int_equal(prefault(&area), 0);
	bar_check(&area, 0, 2 * HALF, page_bytes());
	bar_check(&area, 0, 8 * HALF, 0);
	assert_int_equal(walk(area.address + 2 * HALF).bytes, walk_largest_entry(WALK_PMD));
	assert_int_equal(walk(area.address + 6 * HALF).bytes, walk_largest_entry(WALK_PMD));
	area_close(&area);
}

struct race {
	struct area area;
	bool stop;
	bool prefault;
};

static void *race_touch(void *argument)
{
	struct race *race = argument;
	unsigned int seed = (uintptr_t)&race;
	size_t at;

	while (!__atomic_load_n(&race->stop, __ATOMIC_RELAXED)) {
		at = rand_r(&seed) % (race->area.bytes / page_bytes()) * page_bytes();
		*(volatile uint8_t *)(race->area.address + at) = 0;
		if (race->prefault)
			prefault(&race->area);
	}
	return NULL;
}

/* Root forbids and allows huge entries while threads fault in and out. */
static void test_forbidden_meanwhile(void **state)
{
	struct race race = { .area = bar_open("bar2", 0, 8 * HALF, PROT_READ | PROT_WRITE) };
	struct race other = { .area = race.area, .prefault = true };
	pthread_t threads[3];
	char before[64];
	int round;

	text_line(THP, before, sizeof(before));
	pthread_create(&threads[0], NULL, race_touch, &race);
	pthread_create(&threads[1], NULL, race_touch, &race);
	pthread_create(&threads[2], NULL, race_touch, &other);
	for (round = 0; round < 300; round++) {
		assert_int_equal(text_write(THP, round % 2 ? "always" : "never"), 0);
		/* Out of the page tables with all of it, page tables included. */
		assert_ptr_equal(mmap(race.area.address, race.area.bytes, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, race.area.fd,
				      race.area.info.offset_bytes), race.area.address);
	}
	race.stop = other.stop = true;
	for (round = 0; round < 3; round++)
		pthread_join(threads[round], NULL);
	text_write(THP, strstr(before, "[always]") ? "always" : "madvise");
	touch_all(race.area.address, race.area.bytes, true);
	bar_check(&race.area, 0, race.area.bytes, 0);
	area_close(&race.area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_first_touch),
		cmocka_unit_test(test_borders),
		cmocka_unit_test(test_misaligned),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_prefault),
		cmocka_unit_test(test_decoding_off),
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_forbidden_meanwhile),
	};

	return cmocka_run_group_tests(tests, bar_load, bar_unload);
}
