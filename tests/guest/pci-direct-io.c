// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a PCI device that is RAM (ivshmem's), with struct pages behind it if
 * the module is told so: direct I/O works on it, it has no other cache mode, and
 * unbinding waits until I/O to it is over.
 * oriel-test: timeout=120 needs=pci machine=pc
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/disk.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/window.h"

#define MARK_DISK	0x100
#define MARK_MEMORY	0x200
#define ROUNDS		20

static int disk;

static struct area memory_open(void)
{
	return pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
}

/* Through a mapping of its own, and by the copying way. */
static void check_memory(const struct area *area, uint32_t mark)
{
	void *other = area_map(area, PROT_READ, MAP_SHARED), *copy = malloc(area->bytes);

	assert_int_equal(pattern_check(other, mark, 0, area->bytes, 8), 0);
	assert_int_equal(pread(area->fd, copy, area->bytes, area->info.offset_bytes),
			 area->bytes);
	assert_int_equal(pattern_check(copy, mark, 0, area->bytes, 8), 0);
	munmap(other, area->bytes);
	free(copy);
}

static void test_disk(void **state)
{
	struct area area = memory_open();

	assert_true(area.info.flags & ORIEL_REGION_DIRECT_IO);
	disk_fill(disk, MARK_DISK, area.bytes);
	assert_int_equal(pread(disk, area.address, area.bytes, 0), area.bytes);
	check_memory(&area, MARK_DISK);
	pattern_write(area.address, MARK_MEMORY, 0, area.bytes);
	assert_int_equal(pwrite(disk, area.address, area.bytes, 0), area.bytes);
	assert_int_equal(disk_check(disk, MARK_MEMORY, area.bytes, 0), 0);
	area_close(&area);
}

static void test_no_other_mode(void **state)
{
	struct area area = pci_area_open(PCI_IVSHMEM, "bar2-wc", 0);

	assert_ptr_equal(area_try(&area, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mapping it write-combined", errno, EBUSY);
	area_close(&area);
	assert_case("a window, uncached",
		    window_make("pages", "pci-0000-00-10.0 bar2 0 4096 uncached"), -EOPNOTSUPP);
	windows_clear(NULL);
}

static int touch_and_split(void *argument)
{
	struct area *area = argument;
	size_t page = page_bytes();

	CHECK(!touch_write(area->address) && !touch_write(area->address + area->bytes - 1));
	CHECK(!munmap(area->address + page, page));
	CHECK(!mprotect(area->address, page, PROT_READ));
	return 0;
}

/* Each reference is given back, or unbinding would wait for ever. */
static void test_cycles(void **state)
{
	long before_kib;
	unsigned int i;

	pci_unbind(PCI_IVSHMEM);
	before_kib = leftover_available_kib();
	for (i = 0; i < ROUNDS; i++) {
		struct area area, window;

		pci_bind(PCI_IVSHMEM);
		area = memory_open();
		window_create("pages", "pci-0000-00-10.0 bar2 4096 8192");
		window = window_area("pages", PROT_READ | PROT_WRITE);
		assert_int_equal(touch_write(window.address), 0);
		assert_int_equal(child_run(touch_and_split, &area), 0);
		assert_int_equal(pread(disk, area.address, page_bytes(), 0), page_bytes());
		pci_unbind(PCI_IVSHMEM);
		assert_case("touch", touch_read(area.address), SIGBUS);
		assert_case("window", touch_read(window.address), SIGBUS);
		area_close(&window);
		area_close(&area);
		window_remove("pages");
	}
	leftover_check(before_kib);
	pci_bind(PCI_IVSHMEM);
}

static int unbind(void *argument)
{
	return text_write("/sys/bus/pci/drivers/oriel-pci/unbind", PCI_IVSHMEM) ? 1 : 0;
}

static void test_unbinding_waits(void **state)
{
	struct area area = memory_open();
	struct iovec page = { area.address + page_bytes(), page_bytes() };
	uint8_t *copy = malloc(page_bytes());
	int ends[2], tries = 600, status;
	pid_t child;

	pattern_write(area.address, MARK_MEMORY, 0, area.bytes);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(vmsplice(ends[1], &page, 1, 0), page_bytes());
	child = child_start(unbind, NULL);
	/* Who only has it mapped is not waited for. */
	while (touch_read(area.address) != SIGBUS && tries--)
		usleep(50000);
	assert_true(tries > 0);
	area_close(&area);
	sleep(1);
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);

	assert_int_equal(read(ends[0], copy, page_bytes()), page_bytes());
	assert_int_equal(pattern_check(copy, MARK_MEMORY, page_bytes(), page_bytes(), 8), 0);
	assert_int_equal(child_wait(child), 0);
	assert_false(pci_is_bound(PCI_IVSHMEM, "oriel-pci"));
	close(ends[0]);
	close(ends[1]);
	free(copy);
	pci_bind(PCI_IVSHMEM);
}

/* As it is without being told: mapped all the same, but nothing to pin. */
static void test_without(void **state)
{
	struct area area;

	assert_int_equal(module_unload("oriel-pci"), 0);
	assert_int_equal(module_load("oriel-pci", ""), 0);
	area = memory_open();
	assert_false(area.info.flags & ORIEL_REGION_DIRECT_IO);
	assert_int_equal(touch_write(area.address), 0);
	assert_int_equal(pread(disk, area.address, page_bytes(), 0), -1);
	assert_int_equal(errno, EFAULT);
	area_close(&area);
}

static int set_up(void **state)
{
	disk = disk_open();
	return module_load("oriel-pci", "direct_io=1");
}

static int tear_down(void **state)
{
	close(disk);
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disk),
		cmocka_unit_test_teardown(test_no_other_mode, windows_clear),
		cmocka_unit_test_teardown(test_cycles, windows_clear),
		cmocka_unit_test(test_unbinding_waits),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
