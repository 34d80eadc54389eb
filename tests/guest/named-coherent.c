// SPDX-License-Identifier: GPL-2.0-only
/*
 * Coherent memory that belongs to no device: there on every machine. Where caches
 * do not follow all DMA it is the DMA API's, which nobody caches and whose pages
 * only devices get.
 * oriel-test: timeout=240 machine=pc,virt,vexpress-a15
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/edu.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/named.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"
#include "lib/window.h"

#define MIB	((uint64_t)1 << 20)
#define MARK	0xd00
#define IMPORTER "/sys/module/oriel_importer/parameters/"
#define ACCESS	(ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE | ORIEL_REGION_MAPPABLE)

static const uint64_t sizes[] = { 1, 5000, 64 << 10, MIB + 4096, 4 * MIB };

/* Is it the DMA API's? And do debuggers get at what has no pages? Not on 32-bit Arm. */
static bool is_api, is_debuggable;

static uint32_t expected_cache(void)
{
	return is_api ? ORIEL_CACHE_WRITE_COMBINED : ORIEL_CACHE_CACHED;
}

static struct area make(const char *name, uint64_t bytes, const char *more)
{
	char what[96];

	snprintf(what, sizeof(what), "%llu coherent%s", (unsigned long long)bytes, more);
	named_create(name, what);
	return named_area(name, PROT_READ | PROT_WRITE);
}

/* One piece, from the bus address on, mapped as it was said. */
static void check_pages(const struct area *area, uint64_t bus_address)
{
	struct oriel_mapping_info mapping = { .address = (uintptr_t)area->address };
	struct oriel_prefault all = { (uintptr_t)area->address, area->bytes, 0, 0 };
	uint64_t frame;
	struct walk found;
	size_t at;

	assert_int_equal(ioctl(area->fd, ORIEL_MAPPING_INFO, &mapping), 0);
	assert_int_equal(mapping.cache, area->info.cache);
	assert_int_equal(ioctl(area->fd, ORIEL_PREFAULT, &all), 0);
	for (at = 0; at < area->bytes; at += page_bytes()) {
		found = walk(area->address + at);
		if (!found.bytes || !walk_is_cache(&found, area->info.cache))
			fail_msg("%zu: mapped %s", at, found.bytes ? found.cache : "not at all");
		frame = found.frame + (((uintptr_t)area->address + at) & (found.bytes - 1)) /
				      page_bytes();
		assert_int_equal(frame, (bus_address + at) / page_bytes());
	}
}

static void check_memory(uint64_t bytes)
{
	struct area area = make("b", bytes, "");
	uint64_t address = 0, again = 1, word;
	uint8_t copy[64];
	size_t at;

	assert_int_equal(area.info.kind, ORIEL_KIND_COHERENT);
	assert_int_equal(area.info.cache, expected_cache());
	assert_int_equal(area.info.size_bytes, bytes);
	if (is_api)
		assert_int_equal(area.info.flags, ACCESS);
	for (at = 0; at < area.bytes; at += 8)
		if (*(uint64_t *)(area.address + at))
			fail_msg("not empty at %zu", at);
	pattern_write(area.address, MARK, 0, area.bytes);
	assert_int_equal(named_bus_address("b", &address), 0);
	assert_int_equal(named_bus_address_sysfs("b", &again), 0);
	assert_int_equal(address, again);
	check_pages(&area, address);
	/* Copied, it is the same memory: in words, and with odd ends. */
	if (bytes > 4096 + 67) {
		assert_int_equal(pread(area.fd, &word, 8, 4096), 8);
		assert_memory_equal(&word, area.address + 4096, 8);
		assert_int_equal(pread(area.fd, copy, 61, 4093), 61);
		assert_memory_equal(copy, area.address + 4093, 61);
		memset(copy, 0x5a, sizeof(copy));
		assert_int_equal(pwrite(area.fd, copy, 61, 4093), 61);
		assert_memory_equal(copy, area.address + 4093, 61);
		assert_int_equal(pwrite(area.fd, &word, 4, 8), 4);
		assert_memory_equal(&word, area.address + 8, 4);
	}
	assert_case("beyond", pread(area.fd, copy, 1, bytes), 0);
	area_close(&area);
	named_remove("b");
}

static void test_memory(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		/* What others leave behind is not seen. */
		assert_int_equal(scribble_check(scribble()), 0);
		check_memory(sizes[i]);
	}
}

static void test_asked_for(void **state)
{
	struct area area = make("wc", 8192, " write-combined");
	uint64_t address = 0;

	assert_int_equal(area.info.cache, ORIEL_CACHE_WRITE_COMBINED);
	assert_int_equal(named_bus_address("wc", &address), 0);
	pattern_write(area.address, MARK, 0, area.bytes);
	check_pages(&area, address);
	area_close(&area);
	named_remove("wc");
	assert_case("uncached", named_make("b", "4096 coherent uncached"), -EOPNOTSUPP);
	assert_int_equal(named_reason("b"), ORIEL_REASON_BUFFER_CACHE);
	assert_int_equal(named_rmdir("b"), 0);
	/* The API takes memory from where it likes. */
	assert_case("node", named_make("b", "4096 coherent - - 0"), is_api ? -EINVAL : 0);
	if (is_api)
		assert_int_equal(named_reason("b"), ORIEL_REASON_BUFFER_NODE);
	assert_int_equal(named_rmdir("b"), 0);
	/* More than there is. */
	assert_case("too much", named_make("b", "0x70000000 coherent"), -ENOMEM);
	assert_int_equal(named_rmdir("b"), 0);
}

/* Who got a page of it could have it mapped cached: nobody does. Debuggers copy. */
static void test_no_pages(void **state)
{
	struct area area = make("b", 3 * 16384, "");
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC), ends[2];
	struct iovec remote = { area.address, 4096 };
	static uint8_t copy[4096];
	struct iovec local = { copy, sizeof(copy) };

	pattern_write(area.address, MARK, 0, area.bytes);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_case("vmsplice", vmsplice(ends[1], &remote, 1, 0) < 0 ? errno : 0,
		    is_api ? EFAULT : 0);
	assert_case("process_vm_readv",
		    process_vm_readv(getpid(), &local, 1, &remote, 1, 0) < 0 ? errno : 0,
		    is_api ? EFAULT : 0);
	if (is_debuggable) {
		assert_int_equal(pread(mem, copy, 4096, (uintptr_t)area.address + 16384), 4096);
		assert_int_equal(pattern_check(copy, MARK, 16384, 4096, 8), 0);
		assert_int_equal(pwrite(mem, "\x77", 1, (uintptr_t)area.address + 9), 1);
		assert_int_equal(area.address[9], 0x77);
	}
	close(ends[0]);
	close(ends[1]);
	close(mem);
	area_close(&area);
	named_remove("b");
}

static int heap_alloc(const char *path, uint64_t bytes)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open(path, O_RDWR | O_CLOEXEC), err;

	if (heap < 0)
		fail_msg("%s: %s", path, strerror(errno));
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : (int)data.fd;
	close(heap);
	return err;
}

static void check_cache(const uint8_t *p, size_t bytes, uint32_t cache)
{
	struct walk found;
	size_t at;

	for (at = 0; at < bytes; at += page_bytes()) {
		found = walk(p + at);
		if (!found.bytes || !walk_is_cache(&found, cache))
			fail_msg("%zu: mapped %s", at, found.bytes ? found.cache : "not at all");
	}
}

/*
 * edu writes what programs read, and nobody has to say a word. But it looks into
 * the processors' caches: what these do not cache is not for it.
 */
static void check_imported(int dmabuf, uint8_t *p)
{
	struct oriel_buffer_import import = {
		.flags = ORIEL_BUFFER_DMABUF, .dmabuf_fd = dmabuf,
	};
	struct edu edu = edu_open();
	int err = ioctl(edu.node, ORIEL_BUFFER_IMPORT, &import) ? errno : 0;

	if (is_api)
		assert_int_equal(err, EIO);
	if (!err) {
		assert_int_equal(import.nr_segments, 1);
		assert_int_equal(import.properties, 0);
		pattern_write(p, MARK, 0, 4096);
		assert_int_equal(edu_allow_dma(&edu, true), 0);
		edu_send(&edu, import.bus_address, EDU_MEMORY_BYTES);
		edu_fetch(&edu, import.bus_address + 16384, EDU_MEMORY_BYTES);
		assert_int_equal(pattern_check(p + 16384, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	} else {
		/* On the pc it may be beyond edu's reach, and there is nowhere to copy it. */
		assert_int_equal(err, EIO);
		assert_int_equal(explain(edu.node).reason, ORIEL_REASON_NOT_MAPPED);
	}
	edu_close(&edu);
}

/* As a dma-buf: of a named buffer or of a part of it, or an allocator's. */
static void test_dmabuf(void **state)
{
	static const char *const heaps[] = {
		"/dev/dma_heap/oriel-coherent", "/dev/dma_heap/oriel-writecombine",
	};
	static const uint64_t offsets[] = { 0, 16384 };
	struct area area = make("b", 4 * 16384, "");
	uint8_t *p;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct oriel_region_export export = {
			.offset_bytes = offsets[i], .size_bytes = 4 * 16384 - offsets[i],
		};

		assert_case("export", ioctl(area.fd, ORIEL_REGION_EXPORT, &export) ? errno : 0, 0);
		p = buffer_map(export.dmabuf_fd, export.size_bytes, PROT_READ | PROT_WRITE, 65536);
		pattern_write(p, MARK, 0, export.size_bytes);
		check_cache(p, export.size_bytes, expected_cache());
		assert_memory_equal(p, area.address + offsets[i], export.size_bytes);
		if (pci_has(PCI_EDU, "vendor"))
			check_imported(export.dmabuf_fd, p);
		munmap(p, export.size_bytes);
		close(export.dmabuf_fd);
	}
	area_close(&area);
	named_remove("b");
	for (i = 0; i < ARRAY_SIZE(heaps); i++) {
		fd = heap_alloc(heaps[i], MIB);
		assert_case(heaps[i], fd < 0 ? fd : 0, 0);
		p = buffer_map(fd, MIB, PROT_READ | PROT_WRITE, MIB);
		pattern_write(p, MARK, 0, MIB);
		check_cache(p, MIB, i ? ORIEL_CACHE_WRITE_COMBINED : expected_cache());
		if (pci_has(PCI_EDU, "vendor"))
			check_imported(fd, p);
		munmap(p, MIB);
		close(fd);
	}
}

/* A driver that has it by an address of the kernel's sees what programs write. */
static void test_importer(void **state)
{
	int fd = heap_alloc("/dev/dma_heap/oriel-coherent", MIB);
	uint8_t *p = buffer_map(fd, MIB, PROT_READ | PROT_WRITE, MIB);
	uint64_t word;
	char text[16];

	assert_int_equal(module_load("oriel-importer", ""), 0);
	snprintf(text, sizeof(text), "%d", fd);
	pattern_write(p, MARK, 0, MIB);
	word = *(uint64_t *)(p + 4096);
	assert_case("attach", text_write(IMPORTER "attach", text), 0);
	assert_case("invert", text_write(IMPORTER "invert", "1"), 0);
	assert_int_equal(*(uint64_t *)(p + 4096), ~word);
	assert_case("invert", text_write(IMPORTER "invert", "1"), 0);
	assert_int_equal(pattern_check(p, MARK, 0, MIB, 8), 0);
	munmap(p, MIB);
	close(fd);
	assert_case("detach", text_write(IMPORTER "detach", "1"), 0);
	assert_int_equal(module_unload("oriel-importer"), 0);
}

static int child_writes(void *argument)
{
	const struct area *area = argument;
	struct walk found = walk(area->address);

	CHECK(found.bytes && walk_is_cache(&found, area->info.cache));
	CHECK(!touch_write(area->address + 4096));
	area->address[4096] = 0x31;
	return 0;
}

/* It goes when nobody has it any more, and counts for who made it until then. */
static void test_lifetime(void **state)
{
	struct area area, part;
	uint8_t *second;

	buffer_limit(MIB);
	area = make("b", MIB, "");
	assert_case("fork", child_run(child_writes, &area), 0);
	assert_int_equal(area.address[4096], 0x31);
	pattern_write(area.address, MARK, 0, area.bytes);
	second = mmap(NULL, MIB / 2, PROT_READ, MAP_SHARED, area.fd, MIB / 2);
	assert_ptr_not_equal(second, MAP_FAILED);
	assert_case("write", touch_write(second), SIGSEGV);
	window_create("part", "b buffer 65536 131072");
	part = window_area("part", PROT_READ | PROT_WRITE);
	assert_int_equal(part.info.cache, expected_cache());
	assert_int_equal(pattern_check(part.address, MARK, 65536, 131072, 8), 0);
	assert_case("mode", window_make("other", "b buffer 0 65536 uncached"), -EOPNOTSUPP);
	assert_int_equal(window_reason("other"), ORIEL_REASON_WINDOW_CACHE);
	assert_int_equal(window_rmdir("other"), 0);
	window_remove("part");
	named_remove("b");
	assert_int_equal(scribble_check(scribble()), 0);
	assert_int_equal(pattern_check(area.address, MARK, 0, area.bytes, 8), 0);
	area_close(&area);
	assert_int_equal(pattern_check(second, MARK, MIB / 2, MIB / 2, 8), 0);
	munmap(second, MIB / 2);
	assert_case("window's", named_make("c", "1 coherent"), -ENOMEM);
	assert_int_equal(named_reason("c"), ORIEL_REASON_USER_LIMIT);
	assert_int_equal(pattern_check(part.address, MARK, 65536, 131072, 8), 0);
	area_close(&part);
	assert_case("nobody's", named_set("c", "live", "1"), 0);
	named_remove("c");
	buffer_limit(0);
}

/* Whoever root points at it. (QEMU has no caches to look into.) */
static void test_dma(void **state)
{
	uint64_t address = 0;
	struct area area;
	struct edu edu;

	if (!pci_has(PCI_EDU, "vendor"))
		skip();
	area = make("b", 32768, "");
	assert_int_equal(named_bus_address("b", &address), 0);
	edu = edu_open();
	/* Elsewhere its buffers are the test buffer's. */
	if (address + 32768 <= (uint64_t)1 << edu_dma_bits()) {
		pattern_write(area.address, MARK, 0, 4096);
		assert_int_equal(edu_allow_dma(&edu, true), 0);
		edu_send(&edu, address, EDU_MEMORY_BYTES);
		edu_fetch(&edu, address + 16384, EDU_MEMORY_BYTES);
		assert_int_equal(pattern_check(area.address + 16384, MARK, 0, EDU_MEMORY_BYTES, 8),
				 0);
	} else {
		assert_false(is_api);
	}
	edu_close(&edu);
	area_close(&area);
	named_remove("b");
}

static void test_all_back(void **state)
{
	long before_kib = leftover_available_kib();
	struct area area;
	int i;

	for (i = 0; i < 40; i++) {
		area = make("b", 4 * MIB - i * 4096, "");
		assert_int_equal(touch_write(area.address), 0);
		named_remove("b");
		area_close(&area);
	}
	leftover_check(before_kib);
}

static int clear(void **state)
{
	buffer_limit(0);
	return windows_clear(state) ?: named_clear(state);
}

static int load(void **state)
{
	struct utsname machine;

	uname(&machine);
	is_api = strcmp(machine.machine, "x86_64");
	is_debuggable = strncmp(machine.machine, "armv", 4);
	return module_load("oriel-walk", "") ?: named_load(state);
}

static int unload(void **state)
{
	return module_unload("oriel-walk") ?: named_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_memory, clear),
		cmocka_unit_test_teardown(test_asked_for, clear),
		cmocka_unit_test_teardown(test_no_pages, clear),
		cmocka_unit_test_teardown(test_dmabuf, clear),
		cmocka_unit_test(test_importer),
		cmocka_unit_test_teardown(test_lifetime, clear),
		cmocka_unit_test_teardown(test_dma, clear),
		cmocka_unit_test_teardown(test_all_back, clear),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
