// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that is locked down: what root has bound stays usable, while the ways
 * to device memory that ask nobody are closed.
 *
 * At boot, lockdown would refuse modules that are not signed, as ours are not
 * here; it is raised when they are loaded.
 * oriel-test: timeout=60 machine=lockdown
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>

#include "lib/check.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/touch.h"

#define LOCKDOWN "/sys/kernel/security/lockdown"
/* Not one that is bound: sysfs lets nobody map what a driver has. */
#define RESOURCE "/sys/bus/pci/devices/" PCI_TESTDEV "/resource0"
#define EDU_ID_VALUE 0x010000edu

/* The kernel's own way: proof that the lockdown is one. Return: 0 or an errno. */
static int map_by_sysfs(void)
{
	int fd = open(RESOURCE, O_RDWR), err = 0;
	void *map;

	if (fd < 0)
		return errno;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err = errno;
	else
		munmap(map, 4096);
	close(fd);
	return err;
}

static void check_usable(void)
{
	struct area bar = pci_area_open(PCI_EDU, "bar0", PROT_READ | PROT_WRITE);
	struct area memory = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	uint32_t word;

	assert_int_equal(*(volatile uint32_t *)bar.address, EDU_ID_VALUE);
	assert_int_equal(pread(bar.fd, &word, 4, 0), 4);
	assert_int_equal(word, EDU_ID_VALUE);
	word = 0x1111;
	assert_int_equal(pwrite(bar.fd, &word, 4, 4), 4);
	assert_int_equal(*(volatile uint32_t *)(bar.address + 4), ~0x1111u);
	assert_case("memory", touch_write(memory.address), 0);
	area_close(&memory);
	area_close(&bar);
}

static int set_dma(const char *node)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };
	int fd = open(node, O_RDWR | O_CLOEXEC), err;

	assert_true(fd >= 0);
	err = ioctl(fd, ORIEL_DEVICE_SET, &set) ? errno : 0;
	if (err)
		assert_case("reason", explain(fd).reason, ORIEL_REASON_LOCKDOWN);
	close(fd);
	return err;
}

static void test_before(void **state)
{
	assert_case("sysfs", map_by_sysfs(), 0);
	check_usable();
	assert_case("dma", set_dma("/dev/oriel/pci-0000-00-11.0"), 0);
}

static void check_locked(void)
{
	assert_case("sysfs", map_by_sysfs(), EPERM);
	check_usable();
	assert_case("dma", set_dma("/dev/oriel/pci-0000-00-11.0"), EPERM);
	assert_false(pci_get_command(PCI_EDU) & PCI_COMMAND_MASTER);
	/* It cannot do any: it is a master for its interrupts. */
	assert_case("dma of ivshmem", set_dma("/dev/oriel/pci-0000-00-10.0"), 0);
}

static void test_integrity(void **state)
{
	assert_case("lockdown", text_write(LOCKDOWN, "integrity"), 0);
	assert_true(text_file_has(LOCKDOWN, "[integrity]"));
	check_locked();
	/* The module stays in, and binds as before. */
	pci_unbind(PCI_EDU);
	pci_bind(PCI_EDU);
	check_locked();
}

static void test_confidentiality(void **state)
{
	assert_case("lockdown", text_write(LOCKDOWN, "confidentiality"), 0);
	assert_true(text_file_has(LOCKDOWN, "[confidentiality]"));
	check_locked();
}

static int load(void **state)
{
	/* Another test may have mounted it. */
	if (mount("securityfs", "/sys/kernel/security", "securityfs", 0, NULL) && errno != EBUSY)
		return -1;
	return pci_load(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_integrity),
		cmocka_unit_test(test_confidentiality),
	};

	return cmocka_run_group_tests(tests, load, pci_unload);
}
