// SPDX-License-Identifier: GPL-2.0-only
/*
 * BARs of PCI devices: registers, memory, cache modes, what is refused.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "lib/check.h"
#include "lib/pci.h"
#include "lib/smaps.h"
#include "lib/text.h"
#include "lib/touch.h"

/* edu, QEMU's docs/specs/edu.txt: identification, and a register that inverts. */
#define EDU_ID		0x00
#define EDU_LIVENESS	0x04
#define EDU_ID_VALUE	0x010000edu

static void test_registers(void **state)
{
	struct area bar = pci_area_open(PCI_EDU, "bar0", PROT_READ | PROT_WRITE);
	volatile uint32_t *reg = (volatile uint32_t *)bar.address;
	uint32_t word = 0x0f0f0f0f;

	assert_int_equal(bar.info.kind, ORIEL_KIND_MMIO);
	assert_int_equal(bar.info.cache, ORIEL_CACHE_UNCACHED);
	assert_int_equal(bar.info.size_bytes, 1 << 20);
	assert_false(bar.info.flags & ORIEL_REGION_DIRECT_IO);
	assert_int_equal(reg[EDU_ID / 4], EDU_ID_VALUE);
	reg[EDU_LIVENESS / 4] = 0x1234;
	assert_int_equal(reg[EDU_LIVENESS / 4], ~0x1234u);
	assert_int_equal(pwrite(bar.fd, &word, 4, EDU_LIVENESS), 4);
	assert_int_equal(reg[EDU_LIVENESS / 4], 0xf0f0f0f0);
	assert_int_equal(pread(bar.fd, &word, 4, EDU_LIVENESS), 4);
	assert_int_equal(word, 0xf0f0f0f0);
	area_close(&bar);
}

static void test_vma(void **state)
{
	struct area bar = pci_area_open(PCI_EDU, "bar0", PROT_READ);
	void *p;

	assert_int_equal(touch_read(bar.address), 0);
	assert_true(smaps_has_flag(bar.address, "io"));
	assert_true(smaps_has_flag(bar.address, "pf"));
	assert_true(smaps_has_flag(bar.address, "de"));
	assert_true(smaps_has_flag(bar.address, "dd"));
	assert_false(smaps_has_flag(bar.address, "me"));
	p = area_try(&bar, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case("private", errno, EINVAL);
	assert_ptr_equal(mremap(bar.address, bar.bytes, bar.bytes + 4096, MREMAP_MAYMOVE),
			 MAP_FAILED);
	area_close(&bar);
}

static void test_shared_memory(void **state)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	struct area again = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	char text[16] = "";
	size_t at;

	assert_int_equal(bar.info.cache, ORIEL_CACHE_CACHED);
	for (at = 0; at < bar.bytes; at += 4096)
		*(volatile uint64_t *)(bar.address + at) = at + 1;
	for (at = 0; at < bar.bytes; at += 4096)
		assert_int_equal(*(volatile uint64_t *)(again.address + at), at + 1);
	memcpy(bar.address + page_bytes() - 6, "across a page", 14);
	assert_int_equal(pread(bar.fd, text, 14, bar.info.offset_bytes + page_bytes() - 6), 14);
	assert_string_equal(text, "across a page");
	area_close(&bar);
	area_close(&again);
}

/* A process of the machine outside has the same bytes, in both directions. */
static void test_host_shares_memory(void **state)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);

	strcpy((char *)bar.address + 4085, "written by the guest");
	pci_ask_host("shm_read 4085 20");
	assert_true(text_file_has("host-answer", "written by the guest"));
	pci_ask_host("shm_write 1048570 written by the host");
	assert_memory_equal(bar.address + 1048570, "written by the host", 19);
	pci_ask_host("shm_write 0 first");
	assert_memory_equal(bar.address, "first", 5);
	pci_ask_host("shm_write 4194300 last");
	assert_memory_equal(bar.address + bar.bytes - 4, "last", 4);
	area_close(&bar);
}

/* One frame, one cache mode at a time. */
static void test_two_modes(void **state)
{
	struct area cached = pci_area_open(PCI_IVSHMEM, "bar2", 0);
	struct area wc = pci_area_open(PCI_IVSHMEM, "bar2-wc", 0);
	const size_t page = page_bytes();
	void *one, *other;
	uint32_t word;

	assert_int_equal(wc.info.cache, ORIEL_CACHE_WRITE_COMBINED);
	one = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, cached.fd, cached.info.offset_bytes);
	assert_ptr_not_equal(one, MAP_FAILED);
	other = mmap(NULL, page, PROT_READ, MAP_SHARED, wc.fd, wc.info.offset_bytes + page);
	assert_ptr_equal(other, MAP_FAILED);
	assert_case("overlap", errno, EBUSY);
	assert_int_equal(explain(wc.fd).reason, ORIEL_REASON_CACHE_BUSY);
	assert_int_equal(pread(wc.fd, &word, 4, wc.info.offset_bytes), -1);
	assert_case("pread", errno, EBUSY);

	other = mmap(NULL, page, PROT_READ, MAP_SHARED, wc.fd, wc.info.offset_bytes + 2 * page);
	assert_ptr_not_equal(other, MAP_FAILED);
	assert_int_equal(touch_read(other), 0);
	munmap(one, 2 * page);
	assert_int_equal(pread(wc.fd, &word, 4, wc.info.offset_bytes), 4);
	munmap(other, page);
	area_close(&cached);
	area_close(&wc);
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static void test_faults_by_window(void **state)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	struct oriel_prefault range = { .address = (uintptr_t)bar.address,
					.length_bytes = bar.bytes };
	long before = minor_faults();
	size_t at;

	for (at = 0; at < bar.bytes; at += 4096)
		*(volatile uint8_t *)(bar.address + at);
	assert_true(minor_faults() - before <= 8);

	assert_int_equal(madvise(bar.address, bar.bytes, MADV_DONTNEED), -1); /* VM_PFNMAP */
	munmap(bar.address, bar.bytes);
	bar.address = area_map(&bar, PROT_READ | PROT_WRITE, MAP_SHARED);
	range.address = (uintptr_t)bar.address;
	assert_int_equal(ioctl(bar.fd, ORIEL_PREFAULT, &range), 0);
	before = minor_faults();
	for (at = 0; at < bar.bytes; at += 4096)
		*(volatile uint8_t *)(bar.address + at) = 1;
	assert_true(minor_faults() - before <= 2);
	area_close(&bar);
}

/* What gdb does to memory without pages. */
static void test_proc_mem(void **state)
{
	struct area bar = pci_area_open(PCI_EDU, "bar0", PROT_READ | PROT_WRITE);
	int fd = open("/proc/self/mem", O_RDWR);
	uint32_t word = 0;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &word, 4, (off_t)(uintptr_t)bar.address), 4);
	assert_int_equal(word, EDU_ID_VALUE);
	word = 0x55555555;
	assert_int_equal(pwrite(fd, &word, 4, (off_t)(uintptr_t)bar.address + EDU_LIVENESS), 4);
	assert_int_equal(pread(bar.fd, &word, 4, EDU_LIVENESS), 4);
	assert_int_equal(word, 0xaaaaaaaa);
	close(fd);
	area_close(&bar);
}

/* Whoever may not write has no way around it. */
static void test_proc_mem_read_only(void **state)
{
	struct area bar = pci_area_open(PCI_EDU, "bar0", PROT_READ | PROT_WRITE);
	int node = open("/dev/oriel/pci-0000-00-11.0", O_RDONLY), fd = open("/proc/self/mem", O_RDWR);
	off_t inverter = bar.info.offset_bytes + EDU_LIVENESS;
	uint32_t word = 0x11111111, got = 0;
	uint8_t *map;

	assert_int_equal(pwrite(bar.fd, &word, 4, inverter), 4);
	map = mmap(NULL, bar.bytes, PROT_READ, MAP_SHARED, node, 0);
	assert_ptr_not_equal(map, MAP_FAILED);
	word = 0x22222222;
	assert_int_equal(pwrite(fd, &word, 4, (off_t)(uintptr_t)map + EDU_LIVENESS), -1);
	assert_int_equal(pread(fd, &got, 4, (off_t)(uintptr_t)map + EDU_LIVENESS), 4);
	assert_int_equal(got, ~0x11111111u);
	/* A private mapping of a file that may be written is no other case. */
	munmap(map, bar.bytes);
	map = area_try(&bar, PROT_READ, MAP_PRIVATE);
	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(pwrite(fd, &word, 4, (off_t)(uintptr_t)map + EDU_LIVENESS), -1);
	assert_int_equal(pread(bar.fd, &got, 4, inverter), 4);
	assert_int_equal(got, ~0x11111111u);
	munmap(map, bar.bytes);
	close(fd);
	close(node);
	area_close(&bar);
}

/* 256 bytes: mapped only if the rest of the page is nobody's, and stays so. */
static void test_smaller_than_a_page(void **state)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar0", 0);
	uint32_t word = 1;

	assert_int_equal(bar.info.size_bytes, 256);
	assert_int_equal(pread(bar.fd, &word, 4, bar.info.offset_bytes), 4);
	assert_int_equal(word, 0); /* interrupt mask */
	assert_int_equal(pread(bar.fd, &word, 4, bar.info.offset_bytes + 256), 0);
	bar.address = area_try(&bar, PROT_READ, MAP_SHARED);
	if (bar.info.flags & ORIEL_REGION_MAPPABLE) {
		assert_ptr_not_equal(bar.address, MAP_FAILED);
		assert_int_equal(*(volatile uint32_t *)bar.address, 0);
		assert_true(text_file_has("/proc/iomem", "rest of a page"));
	} else {
		assert_ptr_equal(bar.address, MAP_FAILED);
		assert_case("not alone", errno, EOPNOTSUPP);
		bar.address = NULL;
	}
	area_close(&bar);
}

static void test_decoding_off(void **state)
{
	struct area bar = pci_area_open(PCI_EDU, "bar0", PROT_READ);
	uint16_t command = pci_get_command(PCI_EDU);
	uint32_t word;

	pci_set_command(PCI_EDU, command & ~PCI_COMMAND_MEMORY);
	assert_case("touch", touch_read(bar.address), SIGBUS);
	assert_int_equal(pread(bar.fd, &word, 4, 0), -1);
	assert_case("pread", errno, EIO);
	assert_int_equal(explain(bar.fd).reason, ORIEL_REASON_NO_ANSWER);
	pci_set_command(PCI_EDU, command);
	assert_case("touch again", touch_read(bar.address), 0);
	assert_int_equal(pread(bar.fd, &word, 4, 0), 4);
	area_close(&bar);
}

/* Ports have a switch of their own. */
static void test_port_decoding_off(void **state)
{
	uint16_t command;
	struct area bar;
	uint8_t byte;

	pci_bind(PCI_TESTDEV);
	bar = pci_area_open(PCI_TESTDEV, "bar1", 0);
	command = pci_get_command(PCI_TESTDEV);
	pci_set_command(PCI_TESTDEV, command & ~PCI_COMMAND_IO);
	assert_int_equal(pread(bar.fd, &byte, 1, bar.info.offset_bytes), -1);
	assert_case("off", errno, EIO);
	pci_set_command(PCI_TESTDEV, command & ~PCI_COMMAND_MEMORY);
	assert_int_equal(pread(bar.fd, &byte, 1, bar.info.offset_bytes), 1);
	pci_set_command(PCI_TESTDEV, command);
	assert_int_equal(pread(bar.fd, &byte, 1, bar.info.offset_bytes), 1);
	area_close(&bar);
	pci_unbind(PCI_TESTDEV);
}

/*
 * As pcimem and its kin do it, which know nothing of us: open a file, map the page
 * around an offset, access the rest of the offset in it.
 */
static uint32_t poke(const char *file, off_t target, const uint32_t *value)
{
	int fd = open(file, O_RDWR | O_SYNC);
	const long mask = page_bytes() - 1;
	volatile uint32_t *word;
	uint32_t got;
	char *page;

	assert_true(fd >= 0);
	page = mmap(0, mask + 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, target & ~mask);
	assert_ptr_not_equal(page, MAP_FAILED);
	word = (volatile uint32_t *)(page + (target & mask));
	if (value)
		*word = *value;
	got = *word;
	munmap(page, mask + 1);
	close(fd);
	return got;
}

static void test_poke(void **state)
{
	struct area memory = pci_area_open(PCI_IVSHMEM, "bar2", 0);
	uint32_t value = 0x01020304;

	assert_int_equal(poke("/dev/oriel/pci-0000-00-11.0", EDU_ID, NULL), EDU_ID_VALUE);
	assert_int_equal(poke("/dev/oriel/pci-0000-00-11.0", EDU_LIVENESS, &value), ~value);
	assert_int_equal(poke("/dev/oriel/pci-0000-00-10.0", memory.info.offset_bytes + 0x12344,
			      &value), value);
	assert_int_equal(poke("/dev/oriel/pci-0000-00-10.0", memory.info.offset_bytes + 0x12344,
			      NULL), value);
	area_close(&memory);
}

static void test_no_bus_master(void **state)
{
	/* As firmware, or a driver that crashed, may leave it. */
	pci_unbind(PCI_EDU);
	pci_set_command(PCI_EDU, pci_get_command(PCI_EDU) | PCI_COMMAND_MASTER);
	pci_bind(PCI_EDU);
	assert_false(pci_get_command(PCI_EDU) & PCI_COMMAND_MASTER);
}

/* Any device by driver_override; I/O ports by pread() only. */
static void test_other_devices(void **state)
{
	struct area bar;
	uint8_t byte;

	pci_bind(PCI_TESTDEV);
	bar = pci_area_open(PCI_TESTDEV, "bar1", 0);
	assert_false(bar.info.flags & ORIEL_REGION_MAPPABLE);
	assert_int_equal(pread(bar.fd, &byte, 1, bar.info.offset_bytes), 1);
	assert_ptr_equal(area_try(&bar, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("ports", errno, EOPNOTSUPP);
	area_close(&bar);
	pci_unbind(PCI_TESTDEV);

	pci_bind(PCI_DISPLAY);
	bar = pci_area_open(PCI_DISPLAY, "bar0-wc", PROT_READ | PROT_WRITE);
	assert_int_equal(bar.info.size_bytes, 16 << 20);
	*(volatile uint32_t *)(bar.address + bar.bytes - 4) = 0xfeedf00d;
	assert_int_equal(*(volatile uint32_t *)(bar.address + bar.bytes - 4), 0xfeedf00d);
	area_close(&bar);
	pci_unbind(PCI_DISPLAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_vma),
		cmocka_unit_test(test_shared_memory),
		cmocka_unit_test(test_host_shares_memory),
		cmocka_unit_test(test_two_modes),
		cmocka_unit_test(test_faults_by_window),
		cmocka_unit_test(test_proc_mem),
		cmocka_unit_test(test_proc_mem_read_only),
		cmocka_unit_test(test_smaller_than_a_page),
		cmocka_unit_test(test_decoding_off),
		cmocka_unit_test(test_port_decoding_off),
		cmocka_unit_test(test_poke),
		cmocka_unit_test(test_no_bus_master),
		cmocka_unit_test(test_other_devices),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
