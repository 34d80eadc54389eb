// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that a program has, pinned for a device: which memory, whose limit,
 * where the device finds it, DMA into it, and that pins end.
 * oriel-test: timeout=240 machine=pc,iommu,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/edu.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pagemap.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"

#define MIB	((size_t)1 << 20)
#define MARK	0x900
#define HUGE_PAGES "/proc/sys/vm/nr_hugepages"

static int testdev;	/* a node whose device has 64 bits of address */
static long pins;	/* of all, before */

static int import_try(int node, const void *address, uint64_t bytes, uint32_t flags,
		      struct oriel_buffer_import *import)
{
	*import = (struct oriel_buffer_import){
		.address = (uintptr_t)address, .size_bytes = bytes, .flags = flags,
	};
	return ioctl(node, ORIEL_BUFFER_IMPORT, import) ? -errno : 0;
}

/* A private mapping if @fd is -1, or a shared one of it; fails the test if that fails. */
static uint8_t *memory_map(size_t bytes, int prot, int fd)
{
	void *p = mmap(NULL, bytes, prot, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

static int memory_file(size_t bytes, unsigned int flags)
{
	int fd = memfd_create("import", MFD_CLOEXEC | flags);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, bytes), 0);
	return fd;
}

static long pinned_kib(void)
{
	return text_field("/proc/self/status", "VmPin:");
}

/* The segments are the pages that the program has, in their order. */
static void check_pages(const uint8_t *memory, const struct oriel_buffer_import *import)
{
	const size_t page = page_bytes();
	static struct oriel_segment all[4096];
	int i, n = buffer_segments(testdev, import->handle, 0, 4096, all);
	uint64_t offset = 0, at;

	assert_int_equal(n, import->nr_segments);
	assert_int_equal(all[0].bus_address, import->bus_address);
	for (i = 0; i < n; i++)
		for (at = 0; at < all[i].size_bytes; at += page, offset += page)
			if (!edu_is_translated())
				assert_int_equal(pagemap_frame(memory + offset) * page,
						 all[i].bus_address + at);
	assert_int_equal(offset, import->size_bytes);
}

static void check_import(uint8_t *memory, size_t bytes)
{
	struct oriel_buffer_import import;
	int err = import_try(testdev, memory, bytes, 0, &import);

	if (err)
		fail_msg("import: %s, reason %u", strerror(-err), explain(testdev).reason);
	assert_int_equal(pinned_kib(), bytes / 1024);
	check_pages(memory, &import);
	if (edu_is_translated())
		assert_int_equal(import.nr_segments, 1);
	assert_int_equal(buffer_free(testdev, import.handle), 0);
	assert_int_equal(pinned_kib(), 0);
}

static void test_memory(void **state)
{
	const size_t page = page_bytes();
	uint8_t *p = memory_map(4 * MIB, PROT_READ | PROT_WRITE, -1);
	int fd = memory_file(2 * MIB, 0);

	pattern_write(p, MARK, 0, 2 * MIB);
	/* Half of it was never touched. */
	check_import(p, 4 * MIB);
	assert_int_equal(pattern_check(p, MARK, 0, 2 * MIB, 8), 0);
	check_import(p + page, page);
	munmap(p, 4 * MIB);

	p = memory_map(2 * MIB, PROT_READ | PROT_WRITE, fd);
	check_import(p, 2 * MIB);
	munmap(p, 2 * MIB);
	close(fd);
}

static void test_huge_pages(void **state)
{
	const size_t two = 2 * text_field("/proc/meminfo", "Hugepagesize:") * 1024;
	uint8_t *p;
	int fd;

	assert_int_equal(text_write(HUGE_PAGES, "4"), 0);
	fd = memory_file(two, MFD_HUGETLB);
	p = memory_map(two, PROT_READ | PROT_WRITE, fd);
	check_import(p, two);
	munmap(p, two);
	close(fd);
	assert_int_equal(text_write(HUGE_PAGES, "0"), 0);
}

/* Other memory of ours is as good as any. */
static void test_buffer_of_ours(void **state)
{
	struct buffer buffer = buffer_open(testdev, ORIEL_KIND_SCATTERED, 2 * MIB);

	check_import(buffer.address, buffer.bytes);
	buffer_close(&buffer);
}

static void check_refused(const char *what, int node, const void *address, uint64_t bytes,
			  int err, uint32_t reason)
{
	struct oriel_buffer_import import;

	assert_case(what, import_try(node, address, bytes, 0, &import), err);
	assert_case(what, explain(node).reason, reason);
	assert_case(what, explain(node).call, ORIEL_CALL_BUFFER_IMPORT);
	assert_case(what, pinned_kib(), 0);
}

static void test_refusals(void **state)
{
	const size_t page = page_bytes();
	uint8_t *p = memory_map(4 * page, PROT_READ | PROT_WRITE, -1);
	struct oriel_buffer_import import = { .size_bytes = page, .flags = 4 };

	assert_int_equal(mprotect(p + page, page, PROT_READ), 0);
	assert_int_equal(munmap(p + 3 * page, page), 0);
	check_refused("nothing", testdev, p, 0, -EINVAL, ORIEL_REASON_EMPTY);
	check_refused("address", testdev, p + 8, page, -EINVAL, ORIEL_REASON_MISALIGNED);
	check_refused("size", testdev, p, page - 1, -EINVAL, ORIEL_REASON_MISALIGNED);
	check_refused("2^63", testdev, p, 1ull << 63, -EOVERFLOW, ORIEL_REASON_OVERFLOW);
	check_refused("around", testdev, (void *)-page, 2 * page, -EFAULT, ORIEL_REASON_PIN_FAULT);
	check_refused("kernel", testdev, (void *)-(2 * page), page, -EFAULT,
		      ORIEL_REASON_PIN_FAULT);
	check_refused("null", testdev, NULL, page, -EFAULT, ORIEL_REASON_PIN_FAULT);
	check_refused("read-only", testdev, p, 2 * page, -EFAULT, ORIEL_REASON_PIN_FAULT);
	check_refused("hole", testdev, p + 2 * page, 2 * page, -EFAULT, ORIEL_REASON_PIN_FAULT);
	check_refused("more than there is", testdev, p, 1ull << 46, -ENOMEM,
		      ORIEL_REASON_NO_MEMORY);
	assert_case("flags", ioctl(testdev, ORIEL_BUFFER_IMPORT, &import), -1);
	assert_int_equal(errno, EINVAL);
	import = (struct oriel_buffer_import){ .size_bytes = page, .reserved = { 0, 1 } };
	assert_case("reserved", ioctl(testdev, ORIEL_BUFFER_IMPORT, &import), -1);
	assert_int_equal(errno, EINVAL);
	munmap(p, 3 * page);
}

/* What a file has no longer is not there; what was pinned stays. */
static void test_truncated(void **state)
{
	const size_t page = page_bytes();
	int fd = memory_file(2 * page, 0);
	uint8_t *p = memory_map(2 * page, PROT_READ | PROT_WRITE, fd);
	struct oriel_buffer_import import;

	memset(p, 1, 2 * page);
	assert_int_equal(ftruncate(fd, page), 0);
	check_refused("truncated", testdev, p, 2 * page, -EFAULT, ORIEL_REASON_PIN_FAULT);
	assert_int_equal(import_try(testdev, p, page, 0, &import), 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	munmap(p, 2 * page);
	close(fd);
	assert_int_equal(pinned_kib(), page / 1024);
	assert_int_equal(buffer_free(testdev, import.handle), 0);
	assert_int_equal(pinned_kib(), 0);
}

/* Device memory, a file system's, and by a file that is open for reading only. */
static void test_wrong_memory(void **state)
{
	const size_t page = page_bytes();
	struct edu edu = edu_open();
	int node = node_open(PCI_TESTDEV, O_RDONLY), fd, err;
	struct oriel_buffer_import import;
	uint8_t *p;

	check_refused("registers", testdev, (void *)edu.bar, page, -EFAULT,
		      ORIEL_REASON_PIN_FAULT);
	edu_close(&edu);
	p = memory_map(page, PROT_READ | PROT_WRITE, -1);
	check_refused("reading", node, p, page, -EACCES, ORIEL_REASON_NEEDS_WRITING);
	munmap(p, page);
	close(node);

	/* Some newer kernels know that by themselves. */
	mkdir("/import", 0700);
	assert_int_equal(mount("none", "/import", "ramfs", 0, NULL), 0);
	fd = open("/import/file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, page), 0);
	p = memory_map(page, PROT_READ | PROT_WRITE, fd);
	err = import_try(testdev, p, page, 0, &import);
	if (err != -EFAULT)
		assert_case("file", err, -EOPNOTSUPP);
	assert_int_equal(pinned_kib(), 0);
	munmap(p, page);
	/* A private mapping's pages are the program's own. */
	p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	check_import(p, page);
	munmap(p, page);
	close(fd);
	assert_int_equal(umount("/import"), 0);
	rmdir("/import");
}

static int import_too_much(void *unused)
{
	const size_t page = page_bytes();
	uint8_t *p = memory_map(page, PROT_READ | PROT_WRITE, -1);
	struct oriel_buffer_import import;

	CHECK(import_try(testdev, p, page, 0, &import) == -ENOMEM);
	CHECK(explain(testdev).reason == ORIEL_REASON_PIN_LIMIT);
	return 0;
}

static int import_and_leave(void *unused)
{
	const size_t page = page_bytes();
	uint8_t *p = memory_map(2 * page, PROT_READ | PROT_WRITE, -1);
	struct oriel_buffer_import import;

	CHECK(!import_try(testdev, p, 2 * page, 0, &import));
	return 0;
}

static int import_up_to_limit(void *unused)
{
	const size_t page = page_bytes();
	struct rlimit limit = { 4 * page, 4 * page };
	struct oriel_buffer_import one, two;
	uint8_t *p = memory_map(8 * page, PROT_READ | PROT_WRITE, -1);

	CHECK(!setrlimit(RLIMIT_MEMLOCK, &limit));
	CHECK(!setuid(65534));
	CHECK(!import_try(testdev, p, 3 * page, 0, &one));
	CHECK(import_try(testdev, p + 4 * page, 2 * page, 0, &two) == -ENOMEM);
	CHECK(explain(testdev).reason == ORIEL_REASON_PIN_LIMIT);
	CHECK(explain(testdev).value[0] == 4 * page && explain(testdev).value[1] == 3 * page);
	/* The same page twice is two pins. */
	CHECK(import_try(testdev, p, 2 * page, 0, &two) == -ENOMEM);
	CHECK(!import_try(testdev, p, page, 0, &two));
	CHECK(!munmap(p, 8 * page));
	p = memory_map(page, PROT_READ | PROT_WRITE, -1);
	CHECK(import_try(testdev, p, page, 0, &two) == -ENOMEM);
	/* Nor does another process get more. */
	CHECK(!child_run(import_too_much, NULL));
	CHECK(!buffer_free(testdev, one.handle));
	CHECK(!import_try(testdev, p, page, 0, &one));
	/* What it left to the open file goes on counting. */
	CHECK(!child_run(import_and_leave, NULL));
	CHECK(import_try(testdev, p, page, 0, &two) == -ENOMEM);
	CHECK(explain(testdev).value[1] == 4 * page);
	return 0;
}

static int import_nothing_allowed(void *unused)
{
	const size_t page = page_bytes();
	struct rlimit limit = { 0, 0 };
	struct oriel_buffer_import import;
	uint8_t *p = memory_map(page, PROT_READ | PROT_WRITE, -1);

	CHECK(!setrlimit(RLIMIT_MEMLOCK, &limit));
	CHECK(!import_try(testdev, p, page, 0, &import));
	CHECK(!buffer_free(testdev, import.handle));
	CHECK(!setuid(65534));
	CHECK(import_try(testdev, p, page, 0, &import) == -ENOMEM);
	CHECK(explain(testdev).reason == ORIEL_REASON_PIN_LIMIT);
	return 0;
}

static void test_limit(void **state)
{
	int i;

	for (i = 0; i < 2; i++) {
		close(testdev);
		testdev = node_open(PCI_TESTDEV, O_RDWR);
		assert_int_equal(child_run(import_up_to_limit, NULL), 0);
	}
	/* All of it is the user's again. */
	close(testdev);
	testdev = node_open(PCI_TESTDEV, O_RDWR);
	assert_int_equal(child_run(import_nothing_allowed, NULL), 0);
}

/* Without an IOMMU: where the memory is, if the device reaches that, or not at all. */
static void check_direct_dma(const struct edu *edu, uint8_t *p)
{
	const size_t page = page_bytes();
	uint64_t reach = (1ull << edu_dma_bits()) - 1;
	struct oriel_buffer_import import;

	/* Of so much, the first pages alone could be low by chance. */
	memset(p, 1, 4 * MIB);
	if (import_try(edu->node, p, 4 * MIB, 0, &import)) {
		assert_int_equal(errno, EOPNOTSUPP);
		assert_int_equal(explain(edu->node).reason, ORIEL_REASON_PIN_REACH);
		assert_int_equal(explain(edu->node).value[0], reach);
		assert_int_equal(edu_dma_bits(), 28);
		return;
	}
	assert_true(import.bus_address <= reach);
	pattern_write(p, MARK, 0, page);
	edu_send(edu, import.bus_address, EDU_MEMORY_BYTES);
	memset(p, 0, page);
	edu_fetch(edu, import.bus_address, EDU_MEMORY_BYTES);
	assert_int_equal(pattern_check(p, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
}

/* As far as an IOMMU leads. */
static void test_dma(void **state)
{
	const size_t page = page_bytes();
	struct edu edu = edu_open();
	struct oriel_buffer_import import;
	uint8_t *p = memory_map(4 * MIB, PROT_READ | PROT_WRITE, -1);
	uint8_t *seen;
	int fd = memory_file(2 * page, 0);

	assert_int_equal(edu_allow_dma(&edu, true), 0);
	if (!edu_is_translated()) {
		check_direct_dma(&edu, p);
		goto out;
	}
	seen = memory_map(2 * page, PROT_READ | PROT_WRITE, fd);
	munmap(p, 4 * MIB);
	p = memory_map(2 * page, PROT_READ | PROT_WRITE, fd);
	pattern_write(p, MARK, 0, page);
	assert_int_equal(import_try(edu.node, p, 2 * page, ORIEL_BUFFER_SINGLE, &import), 0);
	/* The device keeps the pages, whatever becomes of the mapping. */
	munmap(p, 2 * page);
	p = memory_map(page, PROT_READ | PROT_WRITE, -1);
	edu_send(&edu, import.bus_address, EDU_MEMORY_BYTES);
	edu_fetch(&edu, import.bus_address + page, EDU_MEMORY_BYTES);
	assert_int_equal(pattern_check(seen + page, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	/* Freed, it is out of reach at once. */
	memset(seen + page, 0, page);
	assert_int_equal(buffer_free(edu.node, import.handle), 0);
	edu_fetch(&edu, import.bus_address + page, EDU_MEMORY_BYTES);
	assert_int_equal(seen[page], 0);
	assert_memory_equal(seen + page, seen + page + 1, page - 1);
	munmap(seen, 2 * page);
out:
	close(fd);
	munmap(p, page);
	edu_close(&edu);
}

/* The device goes first, then the node, then the memory; or the other way round. */
static void test_orders(void **state)
{
	struct oriel_buffer_import import;
	uint8_t *p = memory_map(MIB, PROT_READ | PROT_WRITE, -1);

	pattern_write(p, MARK, 0, MIB);
	assert_int_equal(import_try(testdev, p, MIB, 0, &import), 0);
	pci_unbind(PCI_TESTDEV);
	assert_case("free", buffer_free(testdev, import.handle), -ENODEV);
	close(testdev);
	assert_int_equal(pinned_kib(), 0);
	assert_int_equal(pattern_check(p, MARK, 0, MIB, 8), 0);
	pci_bind(PCI_TESTDEV);
	testdev = node_open(PCI_TESTDEV, O_RDWR);
	assert_int_equal(import_try(testdev, p, MIB, 0, &import), 0);
	munmap(p, MIB);
	assert_int_equal(pinned_kib(), MIB / 1024);
	close(testdev);
	assert_int_equal(pinned_kib(), 0);
	testdev = node_open(PCI_TESTDEV, O_RDWR);
}

/* Of all that was tried before, nothing is left. */
static void test_unpinned(void **state)
{
	close(testdev);
	assert_int_equal(leftover_pins(), pins);
	testdev = node_open(PCI_TESTDEV, O_RDWR);
}

static int load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (err)
		return err;
	pci_bind(PCI_TESTDEV);
	testdev = node_open(PCI_TESTDEV, O_RDWR);
	pins = leftover_pins();
	return 0;
}

static int unload(void **state)
{
	close(testdev);
	pci_unbind(PCI_TESTDEV);
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_huge_pages),
		cmocka_unit_test(test_buffer_of_ours),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_wrong_memory),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_dma),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_unpinned),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
