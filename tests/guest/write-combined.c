// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write-combined memory: nobody has it cached, neither a program nor the kernel,
 * whichever way it is mapped, as long as it is not freed; then everybody has. Where
 * the kernel cannot do that, a device has none; see named-coherent, too.
 * oriel-test: timeout=240 machine=pc,iommu,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#include "lib/bar.h"
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
#define MARK	0xc00
#define WC	ORIEL_CACHE_WRITE_COMBINED
#define HEAP	"/dev/dma_heap/oriel-writecombine"

static const uint64_t sizes[] = { 1, 5000, 64 << 10, MIB + 4096, 4 * MIB, 5 * MIB + 4096 };

/* Return: 0 or -errno. */
static int wc_try(int node, uint32_t kind, uint64_t bytes, struct oriel_buffer_alloc *alloc)
{
	*alloc = (struct oriel_buffer_alloc){ .size_bytes = bytes, .kind = kind, .cache = WC };
	return ioctl(node, ORIEL_BUFFER_ALLOC, alloc) ? -errno : 0;
}

static struct buffer wc_open(int node, uint64_t bytes)
{
	struct buffer buffer = { .node = node, .bytes = page_round(bytes) };
	int err = wc_try(node, ORIEL_KIND_COHERENT, bytes, &buffer.alloc);

	if (err)
		fail_msg("%llu bytes: %s, reason %u", (unsigned long long)bytes, strerror(-err),
			 explain(node).reason);
	buffer.fd = buffer.alloc.dmabuf_fd;
	buffer.address = buffer_map(buffer.fd, buffer.bytes, PROT_READ | PROT_WRITE, 2 * MIB);
	return buffer;
}

static int heap_try(uint64_t bytes)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open(HEAP, O_RDWR | O_CLOEXEC), err;

	if (heap < 0)
		return -errno;
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : (int)data.fd;
	close(heap);
	return err;
}

static void check_entry(const char *what, struct walk found, uint32_t cache)
{
	if (!found.bytes || !walk_is_cache(&found, cache))
		fail_msg("%s: mapped %s", what, found.bytes ? found.cache : "not at all");
}

static uint64_t frame_at(const void *address)
{
	struct walk found = walk(address);

	return found.frame + ((uintptr_t)address & (found.bytes - 1)) / page_bytes();
}

/* Programs and the kernel; which frames they are, in an array that the caller frees. */
static uint64_t *check_pages(const uint8_t *address, size_t bytes)
{
	uint64_t *frames = calloc(bytes / 4096, sizeof(*frames));
	size_t i;

	assert_non_null(frames);
	for (i = 0; i < bytes / 4096; i++) {
		check_entry("in the program", walk(address + i * 4096), WC);
		frames[i] = frame_at(address + i * 4096);
		check_entry("in the kernel", walk_frame(frames[i]), WC);
	}
	return frames;
}

/* Whoever gets these pages next caches them. */
static void check_freed(uint64_t *frames, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes / 4096; i++)
		check_entry("free", walk_frame(frames[i]), ORIEL_CACHE_CACHED);
	free(frames);
}

static bool is_zero(const uint8_t *from, size_t bytes)
{
	return !from[0] && !memcmp(from, from + 1, bytes - 1);
}

static void test_entries(void **state)
{
	int node = node_open(PCI_EDU, O_RDWR);
	uint64_t *frames;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct buffer buffer;

		assert_int_equal(scribble_check(scribble()), 0);
		buffer = wc_open(node, sizes[i]);
		assert_true(is_zero(buffer.address, buffer.bytes));
		pattern_write(buffer.address, MARK, 0, buffer.bytes);
		frames = check_pages(buffer.address, buffer.bytes);
		assert_int_equal(pattern_check(buffer.address, MARK, 0, buffer.bytes, 8), 0);
		buffer_close(&buffer);
		check_freed(frames, buffer.bytes);
	}
	close(node);
}

static int child_has_it(void *argument)
{
	const struct buffer *buffer = argument;
	struct walk found = walk(buffer->address);

	CHECK(found.bytes && walk_is_cache(&found, WC));
	CHECK(!touch_write(buffer->address + 4096));
	return 0;
}

/* What becomes of the mapping does not change the mode. */
static void test_mapping_changes(void **state)
{
	int node = node_open(PCI_EDU, O_RDWR);
	struct buffer buffer = wc_open(node, 3 * MIB);
	uint8_t *moved, *second;

	assert_int_equal(child_run(child_has_it, &buffer), 0);
	assert_int_equal(mprotect(buffer.address, 8192, PROT_READ), 0);
	check_entry("read-only", walk(buffer.address), WC);
	assert_case("write", touch_write(buffer.address), SIGSEGV);
	assert_int_equal(mprotect(buffer.address, 8192, PROT_READ | PROT_WRITE), 0);
	assert_int_equal(touch_write(buffer.address), 0);
	check_entry("writable", walk(buffer.address), WC);
	second = mmap(NULL, 8192, PROT_READ, MAP_SHARED, buffer.fd, MIB);
	assert_ptr_not_equal(second, MAP_FAILED);
	check_entry("second", walk(second), WC);
	assert_int_equal(frame_at(second), frame_at(buffer.address + MIB));
	moved = mremap(buffer.address + MIB, MIB, MIB, MREMAP_MAYMOVE | MREMAP_FIXED,
		       buffer_map(buffer.fd, MIB, PROT_READ, 2 * MIB));
	assert_ptr_not_equal(moved, MAP_FAILED);
	check_entry("moved", walk(moved), WC);
	assert_int_equal(frame_at(second), frame_at(moved));
	munmap(moved, MIB);
	munmap(second, 8192);
	munmap(buffer.address, MIB);
	munmap(buffer.address + 2 * MIB, MIB);
	buffer.address = NULL;
	buffer_close(&buffer);
	close(node);
}

static int importer_set(const char *parameter, int value)
{
	char path[96], text[16];

	snprintf(path, sizeof(path), "/sys/module/oriel_importer/parameters/%s", parameter);
	snprintf(text, sizeof(text), "%d", value);
	return text_write(path, text);
}

/* Other drivers see it by an address of the kernel's, or map it for themselves. */
static void test_imported(void **state)
{
	int node = node_open(PCI_EDU, O_RDWR);
	uint64_t *frames, at;
	struct buffer buffer;
	size_t i, bytes;

	assert_int_equal(module_load("oriel-importer", ""), 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		buffer = wc_open(node, sizes[i]);
		bytes = buffer.bytes;
		pattern_write(buffer.address, MARK, 0, bytes);
		frames = check_pages(buffer.address, bytes);
		assert_case("attach", importer_set("attach", buffer.fd), 0);
		assert_case("look", importer_set("look", buffer.fd), 0);
		at = text_number("/sys/module/oriel_importer/parameters/look");
		check_entry("for drivers", walk_kernel(at), WC);
		check_entry("for drivers", walk_kernel(at + bytes - 1), WC);
		assert_case("invert", importer_set("invert", 1), 0);
		assert_case("invert", importer_set("invert", 1), 0);
		assert_int_equal(pattern_check(buffer.address, MARK, 0, bytes, 8), 0);
		buffer_close(&buffer);
		/* Nobody is left but the importer. */
		check_entry("imported", walk_frame(frames[0]), WC);
		assert_case("detach", importer_set("detach", 1), 0);
		check_freed(frames, bytes);
	}
	assert_int_equal(module_unload("oriel-importer"), 0);
	close(node);
}

static void test_dma(void **state)
{
	struct edu edu = edu_open();
	struct buffer buffer = wc_open(edu.node, 3 * 4096);

	assert_int_equal(buffer.alloc.properties, 0);
	assert_int_equal(buffer.alloc.nr_segments, 1);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	pattern_write(buffer.address, MARK, 0, 4096);
	edu_send(&edu, buffer.alloc.bus_address, EDU_MEMORY_BYTES);
	edu_fetch(&edu, buffer.alloc.bus_address + 8192, EDU_MEMORY_BYTES);
	assert_int_equal(pattern_check(buffer.address + 8192, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	buffer_close(&buffer);
	edu_close(&edu);
}

/* Who got a page of it could have it mapped cached: nobody does. Debuggers copy. */
static void test_no_pages(void **state)
{
	int node = node_open(PCI_TESTDEV, O_RDWR), mem = open("/proc/self/mem", O_RDWR), ends[2];
	struct buffer buffer = wc_open(node, 2 * MIB + 4096);
	struct oriel_buffer_import import = {
		.address = (uintptr_t)buffer.address, .size_bytes = 4096,
	};
	struct iovec local, remote = { buffer.address, 4096 };
	static uint8_t copy[4096];

	local = (struct iovec){ copy, sizeof(copy) };
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pattern_write(buffer.address, MARK, 0, buffer.bytes);
	assert_case("vmsplice", vmsplice(ends[1], &remote, 1, 0) < 0 ? errno : 0, EFAULT);
	assert_case("process_vm_readv",
		    process_vm_readv(getpid(), &local, 1, &remote, 1, 0) < 0 ? errno : 0, EFAULT);
	assert_case("import", ioctl(node, ORIEL_BUFFER_IMPORT, &import) ? errno : 0, EFAULT);
	assert_int_equal(explain(node).reason, ORIEL_REASON_PIN_FAULT);
	assert_int_equal(pread(mem, copy, 4096, (uintptr_t)buffer.address + MIB), 4096);
	assert_int_equal(pattern_check(copy, MARK, MIB, 4096, 8), 0);
	assert_int_equal(pwrite(mem, "\x77", 1, (uintptr_t)buffer.address + 9), 1);
	assert_int_equal(buffer.address[9], 0x77);
	close(ends[0]);
	close(ends[1]);
	close(mem);
	buffer_close(&buffer);
	close(node);
}

static void check_node(const struct area *area)
{
	struct oriel_mapping_info mapping = { .address = (uintptr_t)area->address };
	struct oriel_prefault all = { (uintptr_t)area->address, area->bytes, 0, 0 };
	static uint8_t copy[4096];

	assert_int_equal(area->info.kind, ORIEL_KIND_COHERENT);
	assert_int_equal(area->info.cache, WC);
	assert_int_equal(area->info.flags, ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE |
			 ORIEL_REGION_MAPPABLE);
	assert_int_equal(ioctl(area->fd, ORIEL_MAPPING_INFO, &mapping), 0);
	assert_int_equal(mapping.cache, WC);
	assert_int_equal(ioctl(area->fd, ORIEL_PREFAULT, &all), 0);
	pattern_write(area->address, MARK, 0, area->bytes);
	free(check_pages(area->address, area->bytes));
	assert_int_equal(pread(area->fd, copy, 4096, 4096), 4096);
	assert_int_equal(pattern_check(copy, MARK, 4096, 4096, 8), 0);
	assert_int_equal(pwrite(area->fd, copy, 8, 0), 8);
	assert_memory_equal(area->address, copy, 8);
}

static int clear(void **state)
{
	return windows_clear(state) ?: named_clear(state);
}

/* By name, in a window on it, and exported: the same mode all over. */
static void test_named(void **state)
{
	struct oriel_region_export export = { .offset_bytes = 4096, .size_bytes = 8192 };
	struct area area, part;
	uint8_t *exported;

	named_create("wc", "2101248 coherent write-combined");
	area = named_area("wc", PROT_READ | PROT_WRITE);
	check_node(&area);
	window_create("part", "wc buffer 4096 12288");
	part = window_area("part", PROT_READ | PROT_WRITE);
	check_node(&part);
	area_close(&part);
	window_remove("part");
	assert_case("cached", window_make("part", "wc buffer 0 4096 cached"), -EOPNOTSUPP);
	assert_int_equal(window_reason("part"), ORIEL_REASON_WINDOW_CACHE);
	assert_int_equal(window_rmdir("part"), 0);
	assert_int_equal(ioctl(area.fd, ORIEL_REGION_EXPORT, &export), 0);
	area_close(&area);
	named_remove("wc");
	exported = buffer_map(export.dmabuf_fd, 8192, PROT_READ | PROT_WRITE, 4096);
	free(check_pages(exported, 8192));
	munmap(exported, 8192);
	close(export.dmabuf_fd);
}

static void test_heap(void **state)
{
	int fd = heap_try(3 * MIB);
	uint64_t *frames;
	uint8_t *p;

	assert_true(fd >= 0);
	p = buffer_map(fd, 3 * MIB, PROT_READ | PROT_WRITE, 2 * MIB);
	assert_true(is_zero(p, 3 * MIB));
	frames = check_pages(p, 3 * MIB);
	close(fd);
	munmap(p, 3 * MIB);
	check_freed(frames, 3 * MIB);
}

static void test_all_back(void **state)
{
	long before_kib = leftover_available_kib();
	int i, node = node_open(PCI_TESTDEV, O_RDWR);

	for (i = 0; i < 40; i++) {
		struct buffer buffer = wc_open(node, 8 * MIB - i * 4096);

		assert_int_equal(touch_write(buffer.address), 0);
		buffer_close(&buffer);
	}
	close(node);
	leftover_check(before_kib);
}

static void test_refusals(void **state)
{
	static const uint32_t others[] = { ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED };
	int node = node_open(PCI_EDU, O_RDWR);
	struct oriel_buffer_alloc alloc;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_case("kind", wc_try(node, others[i], 4096, &alloc), -EOPNOTSUPP);
		assert_int_equal(explain(node).reason, ORIEL_REASON_BUFFER_CACHE);
		assert_int_equal(explain(node).value[0], WC);
	}
	assert_case("none", wc_try(node, ORIEL_KIND_COHERENT, 0, &alloc), -EINVAL);
	assert_case("wraps", wc_try(node, ORIEL_KIND_COHERENT, ~0ull, &alloc), -EOVERFLOW);
	close(node);
}

/* The kernel has all memory mapped cached, and cannot change that. */
static void test_impossible(void **state)
{
	struct oriel_buffer_alloc alloc;
	int node;

	assert_int_equal(pci_load(NULL), 0);
	node = node_open(PCI_EDU, O_RDWR);
	assert_case("buffer", wc_try(node, ORIEL_KIND_COHERENT, 4096, &alloc), -EOPNOTSUPP);
	assert_int_equal(explain(node).reason, ORIEL_REASON_ALWAYS_CACHED);
	close(node);
	assert_int_equal(pci_unload(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest possible[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_mapping_changes),
		cmocka_unit_test(test_imported),
		cmocka_unit_test(test_dma),
		cmocka_unit_test(test_no_pages),
		cmocka_unit_test_teardown(test_named, clear),
		cmocka_unit_test(test_heap),
		cmocka_unit_test(test_all_back),
		cmocka_unit_test(test_refusals),
	};
	const struct CMUnitTest impossible[] = {
		cmocka_unit_test(test_impossible),
	};
	struct utsname machine;

	uname(&machine);
	if (strcmp(machine.machine, "x86_64"))
		return cmocka_run_group_tests(impossible, NULL, NULL);
	return cmocka_run_group_tests(possible, bar_load, bar_unload);
}
