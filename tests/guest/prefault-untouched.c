// SPDX-License-Identifier: GPL-2.0-only
/*
 * PREFAULT makes pages present without an access to the device: QEMU counts.
 * oriel-test: timeout=120 needs=pci
 */
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/bar.h"
#include "lib/check.h"
#include "lib/text.h"
#include "lib/walk.h"

#define MIB ((size_t)1 << 20)

/* What a range is called there: see vm/host.sh. */
static unsigned long accesses_stop(const char *name)
{
	char words[64];

	snprintf(words, sizeof(words), "accesses stop %s", name);
	pci_ask_host(words);
	return text_number("host-answer");
}

/* One access, of a width that the device takes. */
static void load(const uint8_t *address, size_t width)
{
	if (width == 1)
		*(const volatile uint8_t *)address;
	else
		*(const volatile uint32_t *)address;
}

static void check(struct area *area, const char *name, size_t width)
{
	struct oriel_prefault range = {
		.address = (uintptr_t)area->address, .length_bytes = area->bytes,
	};

	/* The control: each of these is seen. */
	pci_ask_host("accesses start");
	load(area->address, width);
	load(area->address + area->bytes - width, width);
	assert_case(name, accesses_stop(name), 2);
	munmap(area->address, area->bytes);
	area->address = area_map(area, PROT_READ | PROT_WRITE, MAP_SHARED);
	assert_ptr_not_equal(area->address, MAP_FAILED);
	assert_int_equal(walk(area->address).bytes, 0);

	range.address = (uintptr_t)area->address;
	pci_ask_host("accesses start");
	assert_int_equal(ioctl(area->fd, ORIEL_PREFAULT, &range), 0);
	assert_case(name, accesses_stop(name), 0);
	assert_true(walk(area->address).bytes);
	assert_true(walk(area->address + area->bytes - 1).bytes);
	area_close(area);
}

static void test_registers(void **state)
{
	struct area area = pci_area_open(PCI_EDU, "bar0", PROT_READ | PROT_WRITE);

	check(&area, "edu-mmio", 4);
	if (pci_packs_pages())
		return;
	area = pci_area_open(PCI_TESTDEV, "bar0", PROT_READ | PROT_WRITE);
	check(&area, "pci-testdev-mmio", 1);
}

/* In huge entries, where there are such. */
static void test_large(void **state)
{
	struct area area = bar_open("bar2", 0, 8 * MIB, PROT_READ | PROT_WRITE);

	check(&area, "nothing", 1);
	area = bar_open("bar2", 0, WALK_PUD, PROT_READ | PROT_WRITE);
	check(&area, "nothing", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, bar_load, bar_unload);
}
