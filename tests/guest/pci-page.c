// SPDX-License-Identifier: GPL-2.0-only
/*
 * BARs smaller than a page: mapped while they are alone on it, and kept alone as
 * long as they are bound; never mapped together with somebody else's registers.
 *
 * A device that was removed and found again gets its addresses from the kernel,
 * which packs small BARs, where firmware gives each a page.
 * oriel-test: timeout=60 needs=pci
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/touch.h"

static uint64_t bar_start(const char *address)
{
	char path[128], line[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource", address);
	text_line(path, line, sizeof(line));
	return strtoull(line, NULL, 16);
}

static bool on_one_page(void)
{
	return bar_start(PCI_IVSHMEM) / page_bytes() == bar_start(PCI_SMALL) / page_bytes();
}

static void remove_and_find(bool both)
{
	assert_case("remove", pci_write(PCI_SMALL, "remove", "1"), 0);
	if (both)
		assert_case("remove", pci_write(PCI_IVSHMEM, "remove", "1"), 0);
	assert_case("rescan", text_write("/sys/bus/pci/rescan", "1"), 0);
	pci_await(PCI_IVSHMEM, true);
	pci_await(PCI_SMALL, true);
}

static void check_mapped(const char *address)
{
	struct area bar = pci_area_open(address, "bar0", PROT_READ | PROT_WRITE);
	uint32_t word, mapped;

	assert_int_equal(bar.info.size_bytes, 256);
	assert_true(bar.info.flags & ORIEL_REGION_MAPPABLE);
	mapped = *(volatile uint32_t *)(bar.address + 8);
	assert_int_equal(pread(bar.fd, &word, 4, bar.info.offset_bytes + 8), 4);
	assert_int_equal(word, mapped);
	area_close(&bar);
}

static void check_refused(const char *address)
{
	struct area bar = pci_area_open(address, "bar0", 0);
	uint32_t word;

	assert_false(bar.info.flags & ORIEL_REGION_MAPPABLE);
	assert_ptr_equal(area_try(&bar, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mmap", errno, EOPNOTSUPP);
	assert_int_equal(explain(bar.fd).reason, ORIEL_REASON_NOT_MAPPABLE);
	assert_int_equal(pread(bar.fd, &word, 4, bar.info.offset_bytes + 252), 4);
	assert_int_equal(pread(bar.fd, &word, 4, bar.info.offset_bytes + 256), 0);
	area_close(&bar);
}

static void test_alone(void **state)
{
	/* Without firmware, the kernel packed them: test_stays_alone has them apart. */
	if (on_one_page())
		skip();
	pci_bind(PCI_SMALL);
	check_mapped(PCI_IVSHMEM);
	check_mapped(PCI_SMALL);
	pci_unbind(PCI_SMALL);
}

/* Whoever else has registers there, and whether or not a driver uses them. */
static void test_shared(void **state)
{
	pci_unbind(PCI_IVSHMEM);
	remove_and_find(true);
	pci_unbind(PCI_IVSHMEM);
	assert_true(on_one_page());
	pci_bind(PCI_IVSHMEM);
	check_refused(PCI_IVSHMEM);
	pci_bind(PCI_SMALL);
	check_refused(PCI_SMALL);
	check_refused(PCI_IVSHMEM);
	pci_unbind(PCI_SMALL);
}

/* Alone when it was bound, and so it stays: who comes later gets another page. */
static void bind_alone(void)
{
	assert_case("remove", pci_write(PCI_SMALL, "remove", "1"), 0);
	pci_unbind(PCI_IVSHMEM);
	pci_bind(PCI_IVSHMEM);
	assert_case("rescan", text_write("/sys/bus/pci/rescan", "1"), 0);
	pci_await(PCI_SMALL, true);
	assert_false(on_one_page());
	check_mapped(PCI_IVSHMEM);
}

static void test_stays_alone(void **state)
{
	/* BARs of 4 KiB, which are packed there before, leave it no page alone. */
	if (pci_packs_pages())
		skip();
	bind_alone();
	pci_bind(PCI_SMALL);
	check_mapped(PCI_SMALL);
	check_mapped(PCI_IVSHMEM);
	pci_unbind(PCI_SMALL);

	/* Nothing is left of what kept others away. */
	assert_true(text_file_has("/proc/iomem", "rest of a page"));
	assert_case("unload", module_unload("oriel-pci"), 0);
	assert_false(text_file_has("/proc/iomem", "rest of a page"));
	remove_and_find(false);
	assert_true(on_one_page());
	assert_case("load", module_load("oriel-pci", ""), 0);
	check_refused(PCI_IVSHMEM);
	bind_alone(); /* for the tests to come */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_stays_alone),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
