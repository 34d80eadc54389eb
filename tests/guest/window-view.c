// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a window shows: its pages and nothing else.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/window.h"

#define IVSHMEM_NODE	"pci-0000-00-10.0"
#define EDU_NODE	"pci-0000-00-11.0"
#define TESTDEV_PORTS	"pci-0000-00-13.0"
#define NOBODY		65534

/* Marks each page of ivshmem's memory with its number. */
static void mark_pages(void)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	const size_t page = page_bytes();
	size_t at;

	for (at = 0; at < bar.bytes; at += page)
		*(volatile uint64_t *)(bar.address + at) = 0xabcd0000 + at / page;
	area_close(&bar);
}

/* Everything that somebody with only the window's node can try. */
static int try_to_get_out(void *argument)
{
	const off_t page = page_bytes();
	struct oriel_region_info info = { .index = 1 };
	struct oriel_prefault range = { .length_bytes = 2 * page };
	struct oriel_device_set reset = { .flags = ORIEL_DEVICE_RESET };
	struct oriel_device_set dma = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };
	struct oriel_irq_set irq = { .flags = ORIEL_IRQ_EVENTFD, .eventfd = -1 };
	struct oriel_buffer_alloc buffer = { .size_bytes = page, .kind = ORIEL_KIND_COHERENT };
	const off_t outside[] = {
		page, 2 * page, -page, 1 << 20, 2 << 20, 4 << 20, 0x100000000,
		INT64_MAX - (page - 1),
	};
	static uint64_t words[8192];
	uint8_t *p, *q;
	size_t i;
	int fd, mem;

	CHECK(!setgid(NOBODY) && !setuid(NOBODY));
	CHECK(open("/dev/oriel/" IVSHMEM_NODE, O_RDONLY) < 0 && errno == EACCES);
	CHECK(mkdir(WINDOWS "/mine", 0755) < 0 && errno == EACCES);
	CHECK(text_write(WINDOWS "/w/live", "0") == -EACCES);
	fd = window_open("w", O_RDWR);
	CHECK(fd >= 0);

	/* By mmap. */
	p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	CHECK(*(volatile uint64_t *)p == 0xabcd0007);
	*(volatile uint64_t *)(p + 8) = 0x5eed;
	CHECK(mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENXIO);
	for (i = 0; i < ARRAY_SIZE(outside); i++) {
		CHECK(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, outside[i]) == MAP_FAILED);
		CHECK(errno == ENXIO || errno == EOVERFLOW || errno == EINVAL);
	}
	/* By making the mapping larger, or a further one out of it. */
	CHECK(mremap(p, page, 2 * page, MREMAP_MAYMOVE) == MAP_FAILED);
	q = mremap(p, 0, 2 * page, MREMAP_MAYMOVE);
	if (q != MAP_FAILED) {
		CHECK(touch_read(q + page) == SIGBUS);
		munmap(q, 2 * page);
	}
	/* By prefault, which knows addresses only. */
	q = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(q != MAP_FAILED);
	CHECK(mmap(q, page, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == q);
	range.address = (uintptr_t)q;
	CHECK(ioctl(fd, ORIEL_PREFAULT, &range) < 0 && errno == EINVAL);
	/* By copying. */
	CHECK(pread(fd, words, sizeof(words), 0) == page);
	CHECK(words[0] == 0xabcd0007 && words[1] == 0x5eed);
	CHECK(pread(fd, words, 8, page) == 0);
	CHECK(pread(fd, words, 8, page - 8) == 8);
	CHECK(pread(fd, words, 16, page - 8) == 8);
	for (i = 1; i < ARRAY_SIZE(outside); i++)
		CHECK(pread(fd, words, 8, outside[i]) < 0);
	CHECK(pwrite(fd, words, 8, page) < 0 && errno == ENXIO);
	CHECK(lseek(fd, 0, SEEK_END) == page);
	/* As a debugger does it. */
	CHECK(!munmap(q + page, page) && !prctl(PR_SET_DUMPABLE, 1));
	mem = open("/proc/self/mem", O_RDWR);
	CHECK(mem >= 0);
	CHECK(pread(mem, words, 16, (uintptr_t)q + page - 8) == 8);
	/* By moving the mapping within the file. */
	CHECK(mprotect(p, page, PROT_READ | PROT_EXEC) < 0 && errno == EACCES);
	CHECK(remap_file_pages(q, page, 0, 1, 0) < 0);
	/* By what the device could do. */
	CHECK(ioctl(fd, ORIEL_DEVICE_SET, &reset) < 0 && errno == EOPNOTSUPP);
	CHECK(ioctl(fd, ORIEL_DEVICE_SET, &dma) < 0 && errno == EOPNOTSUPP);
	CHECK(ioctl(fd, ORIEL_IRQ_SET, &irq) < 0 && errno == ENXIO);
	CHECK(ioctl(fd, ORIEL_BUFFER_ALLOC, &buffer) < 0 && errno == EOPNOTSUPP);
	/* There is no second region. */
	CHECK(ioctl(fd, ORIEL_REGION_INFO, &info) < 0 && errno == ENXIO);
	return 0;
}

static void test_nobody(void **state)
{
	const size_t page = page_bytes();
	struct area bar;
	size_t at;

	mark_pages();
	window_create("w", IVSHMEM_NODE " bar2 7p 1p");
	assert_case("closed", child_run(try_to_get_out, NULL), 1);
	assert_int_equal(chown("/dev/oriel/w", NOBODY, NOBODY), 0);
	assert_case("nobody", child_run(try_to_get_out, NULL), 0);

	/* Nothing but the window was written to. */
	bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	for (at = 0; at < bar.bytes; at += page)
		assert_case("page", *(volatile uint64_t *)(bar.address + at),
			    0xabcd0000 + at / page);
	assert_int_equal(*(volatile uint64_t *)(bar.address + 7 * page + 8), 0x5eed);
	*(volatile uint64_t *)(bar.address + 7 * page + 8) = 0;
	area_close(&bar);
	window_remove("w");
}

/* RAM of each sort, at offsets where a 2 MiB block of it begins and where not. */
static void test_ram(void **state)
{
	const size_t page = page_bytes();
	const struct {
		const char *region;
		uint64_t offset, size;
		bool huge;
	} cases[] = {
		{ "contig8k", page, page, false },
		{ "odd", 0, page + 904, false },
		{ "odd", page, 904, false },
		{ "contig4m", 0, 4 << 20, true },
		{ "contig4m", 2 << 20, 2 << 20, true },
		{ "contig4m", 1 << 20, 3 << 20, false },
		{ "contig4m", page, (4 << 20) - page, false },
		{ "scattered4m", 1 << 20, 2 << 20, false },
		{ "scattered4m", (2 << 20) + 2 * page, page, false },
		{ "blocks-and-tail", 2 << 20, (2 << 20) + 3 * page + 16, false },
		{ "blocks-and-tail", (1 << 20) + page, (3 << 20) + 2 * page + 16, false },
		{ "revocable", 1 << 20, 3 << 20, false },
	};
	char what[128];
	struct area area;
	size_t i, at;
	int index, fd = testdev_open(O_RDWR);

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(what, sizeof(what), "testdev %s %#llx %llu", cases[i].region,
			 (unsigned long long)cases[i].offset, (unsigned long long)cases[i].size);
		window_create("w", what);
		index = region_find(fd, cases[i].region).index;
		area = window_area("w", PROT_READ | PROT_WRITE);
		assert_int_equal(area.info.size_bytes, cases[i].size);
		if (!cases[i].huge && strcmp(cases[i].region, "blocks-and-tail"))
			assert_case(what, area.info.flags & ORIEL_REGION_HUGE, 0);
		assert_case(what, pattern_check(area.address, index, cases[i].offset,
						  cases[i].size / 8 * 8, 8), 0);
		for (at = 0; at < area.bytes; at += page) {
			uint64_t word;

			if (pread(area.fd, &word, 8, at) == 8)
				assert_case("pread", word, pattern_word(index, cases[i].offset + at));
		}
		area_close(&area);
		window_remove("w");
	}
	close(fd);
}

static void test_read_only(void **state)
{
	uint64_t word = 0;
	struct area area;
	void *p;

	window_create("w", "testdev contig8k 0 1p - r");
	area = window_area("w", PROT_READ);
	assert_int_equal(mprotect(area.address, page_bytes(), PROT_READ | PROT_WRITE), -1);
	p = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, area.fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case("mmap", errno, EACCES);
	assert_int_equal(pwrite(area.fd, &word, 8, 0), -1);
	assert_case("pwrite", errno, EACCES);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_READ_ONLY);
	area_close(&area);
	window_remove("w");
}

static void test_write_only(void **state)
{
	struct area area;
	uint64_t word = 1;

	window_create("w", "testdev fresh-contig 0 1p - w");
	area = window_area("w", 0);
	assert_int_equal(area.info.flags, ORIEL_REGION_WRITABLE);
	assert_ptr_equal(mmap(NULL, page_bytes(), PROT_WRITE, MAP_SHARED, area.fd, 0), MAP_FAILED);
	assert_case("mmap", errno, EOPNOTSUPP);
	assert_int_equal(pread(area.fd, &word, 8, 0), -1);
	assert_case("pread", errno, EACCES);
	assert_int_equal(pwrite(area.fd, &word, 8, 8), 8);
	area_close(&area);
	window_remove("w");
}

/* Where x86 keeps account: has it this range, not less and not more, as WC? */
static void check_memtype(uint64_t offset, uint64_t bytes)
{
	static const char *const list = "/sys/kernel/debug/x86/pat_memtype_list";
	/* BAR 2 and its upper half. */
	uint64_t start = (pci_config32(PCI_IVSHMEM, 0x18) & ~0xfu) +
			 ((uint64_t)pci_config32(PCI_IVSHMEM, 0x1c) << 32) + offset;
	char line[128];

	snprintf(line, sizeof(line), "[mem 0x%016llx-0x%016llx] write-combining",
		 (unsigned long long)start, (unsigned long long)(start + bytes));
	if (!access(list, R_OK) && !text_file_has(list, line))
		fail_msg("%s has no %s", list, line);
}

/* One BAR: a page uncached, half of it write-combined, and the rest. */
static void test_two_modes(void **state)
{
	const size_t page = page_bytes(), mib = 1 << 20;
	const uint64_t first = 0xabcd0000;
	struct area regs, mem, over;
	uint64_t word;

	mark_pages();
	window_create("regs", IVSHMEM_NODE " bar2 0 1p uncached");
	window_create("mem", IVSHMEM_NODE " bar2 0x200000 0x200000 write-combined");
	window_create("same", IVSHMEM_NODE " bar2 2M-1p 2p");
	regs = window_area("regs", PROT_READ | PROT_WRITE);
	mem = window_area("mem", PROT_READ | PROT_WRITE);
	assert_int_equal(*(volatile uint64_t *)regs.address, first);
	assert_int_equal(*(volatile uint64_t *)mem.address, first + 2 * mib / page);
	assert_int_equal(*(volatile uint64_t *)(mem.address + mem.bytes - page),
			 first + 4 * mib / page - 1);

	check_memtype(0x200000, 0x200000);
	/* What copies does so with the window's mode, which is mapped. */
	assert_int_equal(pread(regs.fd, &word, 8, 0), 8);
	assert_int_equal(word, first);
	assert_int_equal(pwrite(mem.fd, &word, 8, 8), 8);

	over = window_area("same", 0);
	assert_int_equal(over.info.cache, ORIEL_CACHE_CACHED);
	assert_ptr_equal(mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, over.fd, 0), MAP_FAILED);
	assert_case("overlap", errno, EBUSY);
	assert_int_equal(explain(over.fd).reason, ORIEL_REASON_CACHE_BUSY);
	assert_int_equal(pread(over.fd, &word, 8, page), -1);
	assert_case("pread", errno, EBUSY);
	assert_int_equal(pread(over.fd, &word, 8, 0), 8);
	assert_int_equal(word, first + 2 * mib / page - 1);

	/* The mode goes with the last mapping, or with the window. */
	munmap(mem.address, mem.bytes);
	over.address = area_map(&over, PROT_READ, MAP_SHARED);
	assert_int_equal(*(volatile uint64_t *)(over.address + page), first + 2 * mib / page);
	window_remove("same");
	assert_case("gone", touch_read(over.address), SIGBUS);
	mem.address = area_map(&mem, PROT_READ, MAP_SHARED);
	assert_int_equal(*(volatile uint64_t *)mem.address, first + 2 * mib / page);
	area_close(&over);
	area_close(&regs);
	area_close(&mem);
	window_remove("regs");
	window_remove("mem");
}

#define EDU_ID_VALUE 0x010000edu

static void test_register_page(void **state)
{
	uint32_t word = 0x0f0f0f0f;
	struct area area;

	window_create("w", EDU_NODE " bar0 0 1p");
	area = window_area("w", PROT_READ | PROT_WRITE);
	assert_int_equal(*(volatile uint32_t *)area.address, EDU_ID_VALUE);
	*(volatile uint32_t *)(area.address + 4) = word;
	assert_int_equal(pread(area.fd, &word, 4, 4), 4);
	assert_int_equal(word, 0xf0f0f0f0);
	area_close(&area);
	window_remove("w");
}

static void test_ports(void **state)
{
	struct area area;
	uint8_t byte;

	pci_bind(PCI_TESTDEV);
	window_create("w", TESTDEV_PORTS " bar1 0 256");
	area = window_area("w", 0);
	assert_int_equal(area.info.size_bytes, 256);
	assert_int_equal(pread(area.fd, &byte, 1, 0), 1);
	assert_int_equal(pread(area.fd, &byte, 1, 256), 0);
	assert_ptr_equal(mmap(NULL, 4096, PROT_READ, MAP_SHARED, area.fd, 0), MAP_FAILED);
	assert_case("ports", errno, EOPNOTSUPP);
	area_close(&area);
	window_remove("w");
	pci_unbind(PCI_TESTDEV);
}

/* The virtio disk's MSI-X table is at the beginning of BAR 1. */
static void test_guarded(void **state)
{
	struct area area;
	uint32_t word = 0;
	void *p;

	pci_bind(PCI_DISK);
	window_create("w", "pci-0000-00-14.0 bar1 0 4096");
	area = window_area("w", pci_packs_pages() ? 0 : PROT_READ);
	if (area.address) {
		assert_case("read", touch_read(area.address), 0);
		assert_int_equal(mprotect(area.address, 4096, PROT_READ | PROT_WRITE), -1);
	}
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, area.fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case("mmap", errno, area.address ? EACCES : EOPNOTSUPP);
	assert_int_equal(explain(area.fd).reason,
			 area.address ? ORIEL_REASON_GUARDED : ORIEL_REASON_NOT_MAPPABLE);
	assert_int_equal(pwrite(area.fd, &word, 4, 0), -1);
	assert_case("pwrite", errno, EACCES);
	area_close(&area);
	window_remove("w");
	pci_unbind(PCI_DISK);
	assert_case("disk", text_write("/sys/bus/pci/drivers_probe", PCI_DISK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_nobody, windows_clear),
		cmocka_unit_test_teardown(test_ram, windows_clear),
		cmocka_unit_test_teardown(test_read_only, windows_clear),
		cmocka_unit_test_teardown(test_write_only, windows_clear),
		cmocka_unit_test_teardown(test_two_modes, windows_clear),
		cmocka_unit_test_teardown(test_register_page, windows_clear),
		cmocka_unit_test_teardown(test_ports, windows_clear),
		cmocka_unit_test_teardown(test_guarded, windows_clear),
	};

	return cmocka_run_group_tests(tests, windows_load, windows_unload);
}
