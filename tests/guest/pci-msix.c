// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page that holds an MSI-X table: a write there is an interrupt to anywhere,
 * so nobody gets to write, by whatever way; pages beside it are as any other.
 * oriel-test: timeout=120 needs=pci
 */
#include "lib/check.h"
#include "lib/msix.h"
#include "lib/pci.h"

static void check_device(const char *device, const char *words)
{
	pci_plug(PCI_PORT0, device, words);
	pci_bind(PCI_PORT0);
	msix_check_guarded(PCI_PORT0);
	pci_unbind(PCI_PORT0);
	pci_unplug(PCI_PORT0);
	pci_await(PCI_PORT0, false);
}

/* The table is in the BAR of the registers, on the third page. */
static void test_beside_registers(void **state)
{
	check_device("nvme", "serial=oriel");
}

/* 2048 entries of 16 bytes: 8 pages. */
static void test_many_vectors(void **state)
{
	check_device("nvme", "serial=oriel msix_qsize=2047 max_ioqpairs=2046");
}

static void test_bar_of_its_own(void **state)
{
	check_device("virtio-rng-pci", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beside_registers),
		cmocka_unit_test(test_many_vectors),
		cmocka_unit_test(test_bar_of_its_own),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
