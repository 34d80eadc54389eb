// SPDX-License-Identifier: GPL-2.0-only
/*
 * examples/pci-bar, somebody's own PCI driver: its BAR is mapped and copied, is
 * revoked when the driver leaves the device, and does not answer with decoding
 * switched off; a BAR that is not whole pages is copied only.
 * oriel-test: timeout=60 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/touch.h"

#define DRIVER "/sys/bus/pci/drivers/pci-bar/"
#define EDU_ID_VALUE 0x010000edu

static struct area bar_open(const char *node, int prot)
{
	struct area bar = { .fd = open(node, O_RDWR | O_CLOEXEC) };

	if (bar.fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	bar.info = region_find(bar.fd, "bar0");
	bar.bytes = page_round(bar.info.size_bytes);
	if (prot)
		bar.address = area_map(&bar, prot, MAP_SHARED);
	assert_true(bar.address != MAP_FAILED);
	return bar;
}

static void check_edu(const struct area *bar)
{
	uint32_t word;

	assert_int_equal(*(volatile uint32_t *)bar->address, EDU_ID_VALUE);
	assert_int_equal(pread(bar->fd, &word, 4, 0), 4);
	assert_int_equal(word, EDU_ID_VALUE);
}

static void test_new_id(void **state)
{
	struct area bar, anew;
	uint32_t word;

	assert_false(pci_is_bound(PCI_EDU, "pci-bar"));
	assert_case("new_id", text_write(DRIVER "new_id", "1234 11e8"), 0);
	assert_true(pci_is_bound(PCI_EDU, "pci-bar"));
	bar = bar_open("/dev/oriel/pci-bar-0000-00-11.0", PROT_READ | PROT_WRITE);
	assert_int_equal(bar.info.size_bytes, 1 << 20);
	check_edu(&bar);
	assert_ptr_equal(area_try(&bar, PROT_READ | PROT_WRITE, MAP_PRIVATE), MAP_FAILED);
	assert_true(text_file_has("/proc/iomem", "pci-bar"));

	assert_case("unbind", text_write(DRIVER "unbind", PCI_EDU), 0);
	assert_false(text_file_has("/proc/iomem", "pci-bar"));
	assert_case("touch", touch_read(bar.address), SIGBUS);
	assert_int_equal(pread(bar.fd, &word, 4, 0), -1);
	assert_case("pread", errno, ENODEV);
	assert_case("bind", text_write(DRIVER "bind", PCI_EDU), 0);
	anew = bar_open("/dev/oriel/pci-bar-0000-00-11.0", PROT_READ);
	check_edu(&anew);
	area_close(&anew);
	area_close(&bar);
}

static void test_decoding_off(void **state)
{
	struct area bar = bar_open("/dev/oriel/pci-bar-0000-00-11.0", PROT_READ);
	uint16_t command = pci_get_command(PCI_EDU);
	uint32_t word;

	pci_set_command(PCI_EDU, command & ~PCI_COMMAND_MEMORY);
	assert_case("touch", touch_read(bar.address), SIGBUS);
	assert_int_equal(pread(bar.fd, &word, 4, 0), -1);
	assert_case("pread", errno, EIO);
	pci_set_command(PCI_EDU, command);
	check_edu(&bar);
	area_close(&bar);
}

static void test_part_of_a_page(void **state)
{
	struct area bar;
	uint32_t word;

	assert_case("new_id", text_write(DRIVER "new_id", "1b36 0007"), 0);
	bar = bar_open("/dev/oriel/pci-bar-0000-00-16.0", 0);
	assert_int_equal(bar.info.size_bytes, 256);
	assert_ptr_equal(area_try(&bar, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mmap", errno, EOPNOTSUPP);
	assert_int_equal(pread(bar.fd, &word, 4, 252), 4);
	area_close(&bar);
}

/* The SMBus controller has I/O ports, and no memory at BAR 0. */
static void test_no_memory(void **state)
{
	assert_case("new_id", text_write(DRIVER "new_id", "8086 2930"), 0);
	assert_false(pci_is_bound("0000:00:1f.3", "pci-bar"));
}

static void test_unload(void **state)
{
	struct area bar = bar_open("/dev/oriel/pci-bar-0000-00-11.0", PROT_READ);

	check_edu(&bar);
	assert_case("unload", module_unload("pci-bar"), 0);
	assert_case("touch", touch_read(bar.address), SIGBUS);
	assert_false(text_file_has("/proc/iomem", "pci-bar"));
	assert_case("load", module_load("pci-bar", ""), 0);
	area_close(&bar);
}

/* What earlier tests left there would keep a driver with a new ID away. */
static int load(void **state)
{
	pci_write(PCI_EDU, "driver_override", "\n");
	pci_write(PCI_SMALL, "driver_override", "\n");
	return module_load("pci-bar", "");
}

static int unload(void **state)
{
	return module_unload("pci-bar");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_id),
		cmocka_unit_test(test_decoding_off),
		cmocka_unit_test(test_part_of_a_page),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_unload),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
