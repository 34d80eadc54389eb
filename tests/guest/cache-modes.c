// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cache mode that a mapping says it has is the one in its page-table entries;
 * two modes are never on one page at a time.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "lib/bar.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/module.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define PAT_LIST "/sys/kernel/debug/x86/pat_memtype_list"

static bool fdinfo_says(const struct area *area, const char *what)
{
	char path[64], line[96];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", area->fd);
	snprintf(line, sizeof(line), "oriel-mapped:\t%s bytes=", area->info.name);
	return text_file_has(path, line) && text_file_has(path, what);
}

static const char *cache_name(uint32_t cache)
{
	static const char *const names[] = {
		[ORIEL_CACHE_CACHED] = "cache=cached",
		[ORIEL_CACHE_UNCACHED] = "cache=uncached",
		[ORIEL_CACHE_WRITE_COMBINED] = "cache=write-combined",
	};

	return names[cache];
}

/* One page: present, of this mode, and the right one. frame 0: it may be any. */
static void check_page(const struct area *area, size_t offset, uint64_t frame)
{
	struct walk found = walk(area->address + offset);
	size_t inside = ((uintptr_t)area->address + offset) & (found.bytes - 1);

	assert_true(found.bytes);
	if (!walk_is_cache(&found, area->info.cache))
		fail_msg("%s + %#zx is mapped %s", area->info.name, offset, found.cache);
	if (frame)
		assert_int_equal(found.frame + inside / page_bytes(), frame);
}

static void check_bar(const char *device, const char *region, uint32_t cache)
{
	struct area area = pci_area_open(device, region, PROT_READ | PROT_WRITE);
	uint64_t frame = bar_start(device, region[3] - '0') / page_bytes();
	size_t last = area.bytes - page_bytes();

	assert_case(region, area.info.cache, cache);
	assert_int_equal(walk(area.address).bytes, 0);
	assert_int_equal(touch_read(area.address), 0);
	assert_int_equal(touch_write(area.address + last), 0);
	check_page(&area, 0, frame);
	check_page(&area, last, frame + last / page_bytes());
	assert_true(fdinfo_says(&area, cache_name(cache)));
	area_close(&area);
}

static void test_bars(void **state)
{
	check_bar(PCI_EDU, "bar0", ORIEL_CACHE_UNCACHED);
	check_bar(PCI_IVSHMEM, "bar2", ORIEL_CACHE_CACHED);
	check_bar(PCI_IVSHMEM, "bar2-wc", ORIEL_CACHE_WRITE_COMBINED);
	check_bar(PCI_DISPLAY, "bar0", ORIEL_CACHE_UNCACHED);
	check_bar(PCI_DISPLAY, "bar0-wc", ORIEL_CACHE_WRITE_COMBINED);
	check_bar(PCI_TESTDEV, "bar2", ORIEL_CACHE_UNCACHED);
	check_bar(PCI_TESTDEV, "bar2-wc", ORIEL_CACHE_WRITE_COMBINED);
}

static void test_ram(void **state)
{
	static const char *const regions[] = { "contig8k", "scattered4m", "contig4m", "revocable" };
	size_t i;

	assert_int_equal(testdev_load(NULL), 0);
	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		size_t last = area.bytes - page_bytes();

		assert_int_equal(area.info.cache, ORIEL_CACHE_CACHED);
		assert_int_equal(touch_write(area.address), 0);
		assert_int_equal(touch_write(area.address + last), 0);
		check_page(&area, 0, 0);
		check_page(&area, last, 0);
		assert_true(fdinfo_says(&area, "cache=cached"));
		area_close(&area);
	}
	assert_int_equal(testdev_unload(NULL), 0);
}

/* A part of a region; returns an errno, or 0 with the address in the area. */
static int map_part(struct area *area, size_t offset, size_t bytes)
{
	area->address = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, area->fd,
			     area->info.offset_bytes + offset);
	area->bytes = bytes;
	if (area->address != MAP_FAILED)
		return 0;
	area->address = NULL;
	return errno;
}

static int child_holds(void *argument)
{
	const struct area *area = argument;

	CHECK(!touch_read(area->address + page_bytes()));
	raise(SIGSTOP);
	CHECK(!touch_read(area->address + page_bytes()));
	return 0;
}

/* Both ways round; until the last mapping of the other, whoever has it, is gone. */
static void check_conflict(const char *device, const char *region, const char *other_region)
{
	struct area area = pci_area_open(device, region, 0);
	struct area other = pci_area_open(device, other_region, 0);
	size_t page = page_bytes();
	pid_t child;
	int status;

	assert_case("first", map_part(&area, 4 * page, 4 * page), 0);
	assert_case("same", map_part(&other, 4 * page, 4 * page), EBUSY);
	assert_int_equal(explain(other.fd).reason, ORIEL_REASON_CACHE_BUSY);
	assert_case("around", map_part(&other, 0, 16 * page), EBUSY);
	assert_case("its first page", map_part(&other, 0, 5 * page), EBUSY);
	assert_case("its last page", map_part(&other, 7 * page, page), EBUSY);

	assert_case("before", map_part(&other, 0, 4 * page), 0);
	assert_int_equal(touch_write(other.address + 3 * page), 0);
	assert_int_equal(touch_write(area.address), 0);
	check_page(&other, 3 * page, 0);
	check_page(&area, 0, 0);
	assert_true(fdinfo_says(&area, cache_name(area.info.cache)));
	assert_true(fdinfo_says(&other, cache_name(other.info.cache)));
	munmap(other.address, other.bytes);
	assert_case("behind", map_part(&other, 8 * page, 8 * page), 0);
	munmap(other.address, other.bytes);
	assert_false(fdinfo_says(&other, cache_name(other.info.cache)));

	child = child_start(child_holds, &area);
	waitpid(child, &status, WUNTRACED);
	munmap(area.address, page);
	munmap(area.address + 2 * page, 2 * page);
	assert_case("a page in two processes", map_part(&other, 5 * page, page), EBUSY);
	munmap(area.address + page, page);
	area.address = NULL;
	assert_case("a page in another process", map_part(&other, 5 * page, page), EBUSY);
	kill(child, SIGCONT);
	assert_int_equal(child_wait(child), 0);
	assert_case("nobody's", map_part(&other, 4 * page, 4 * page), 0);
	assert_int_equal(touch_write(other.address), 0);
	check_page(&other, 0, 0);
	area_close(&other);
	area_close(&area);
}

static void test_conflicts(void **state)
{
	check_conflict(PCI_IVSHMEM, "bar2", "bar2-wc");
	check_conflict(PCI_IVSHMEM, "bar2-wc", "bar2");
	check_conflict(PCI_TESTDEV, "bar2", "bar2-wc");
	check_conflict(PCI_TESTDEV, "bar2-wc", "bar2");
}

/* What x86 has on record of a range that we mapped. */
static bool pat_lists(uint64_t start, uint64_t bytes, const char *type)
{
	char line[128];

	snprintf(line, sizeof(line), "[mem 0x%016" PRIx64 "-0x%016" PRIx64 "] %s",
		 start, start + bytes, type);
	return text_file_has(PAT_LIST, line);
}

static void test_pat_list(void **state)
{
	struct area cached = pci_area_open(PCI_IVSHMEM, "bar2", 0);
	struct area wc = pci_area_open(PCI_TESTDEV, "bar2-wc", 0);
	uint64_t cached_start = bar_start(PCI_IVSHMEM, 2), wc_start = bar_start(PCI_TESTDEV, 2);

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (access(PAT_LIST, R_OK))
		skip();
	assert_case("map", map_part(&cached, 8192, 16384), 0);
	assert_case("map", map_part(&wc, 4096, 4 << 20), 0);
	assert_true(pat_lists(cached_start + 8192, 16384, "write-back"));
	assert_true(pat_lists(wc_start + 4096, 4 << 20, "write-combining"));
	area_close(&cached);
	area_close(&wc);
	assert_false(pat_lists(cached_start + 8192, 16384, "write-back"));
	assert_false(pat_lists(wc_start + 4096, 4 << 20, "write-combining"));
}

static int load(void **state)
{
	int err = bar_load(state);

	if (!err)
		pci_bind(PCI_DISPLAY);
	return err;
}

static int unload(void **state)
{
	pci_unbind(PCI_DISPLAY);
	return bar_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_ram),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_pat_list),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
