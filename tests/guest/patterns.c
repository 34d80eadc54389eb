// SPDX-License-Identifier: GPL-2.0-only
/*
 * examples/patterns: the kernel's own calls. Each maps one memory for everybody,
 * keeps its bounds, and goes when nobody uses it.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define DEVICE_BYTES (64 << 10)

struct pattern {
	const char *name;
	size_t bytes;
	int beyond;	/* errno of a request that is too long */
	bool pinnable;	/* get_user_pages() accepts it */
	bool is_device;	/* maps memory of a device, the one shared with the host */
};

static struct pattern patterns[] = {
	{ "pattern-remap-pfn-range", 2 /* pages */, ENXIO, false, false },
	{ "pattern-vm-insert-pages", 16 /* pages */, ENXIO, true, false },
	{ "pattern-remap-vmalloc-range", 1 << 20, EINVAL, true, false },
	{ "pattern-io-remap-pfn-range", DEVICE_BYTES, ENXIO, false, true },
	{ "pattern-vm-iomap-memory", DEVICE_BYTES, EINVAL, false, true },
	{ "pattern-dma-mmap-wc", 64 << 10, ENXIO, false, false },
};

/* Where ivshmem has the memory that it shares. */
static uint64_t device_start(void)
{
	char text[512], *line = text;
	int i;

	assert_true(text_read("/sys/bus/pci/devices/" PCI_IVSHMEM "/resource", text,
			      sizeof(text)) > 0);
	for (i = 0; i < 2; i++)
		line = strchr(line, '\n') + 1;
	return strtoull(line, NULL, 16);
}

static void skip_without_device(void)
{
	if (access("/sys/bus/pci/devices/" PCI_IVSHMEM, F_OK))
		skip();
}

static int pattern_load(const struct pattern *pattern, uint64_t start, uint64_t bytes)
{
	char parameters[64] = "";

	if (pattern->is_device)
		snprintf(parameters, sizeof(parameters), "start=%#llx size=%#llx",
			 (unsigned long long)start, (unsigned long long)bytes);
	return module_load(pattern->name, parameters);
}

static int pattern_open(const struct pattern *pattern)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", pattern->name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return fd;
}

static int try(int fd, size_t bytes, uint64_t offset, int prot, int flags)
{
	void *map = mmap(NULL, bytes, prot, flags, fd, offset);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, bytes);
	return 0;
}

static const struct pattern *current;
static uint8_t *current_map;

static int other_process(void *unused)
{
	const size_t page = page_bytes();
	int fd = pattern_open(current);
	volatile uint8_t *map = mmap(NULL, current->bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
				     fd, 0);
	size_t at;

	CHECK(map != MAP_FAILED);
	for (at = 0; at < current->bytes; at += page) {
		CHECK(map[at + 1] == (uint8_t)(at / page));
		map[at + 2] = 0x5a;
		CHECK(current_map[at + 2] == 0x5a);
	}
	return 0;
}

static void check_shared(int fd)
{
	const size_t page = page_bytes();
	size_t at;

	current_map = mmap(NULL, current->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(current_map != MAP_FAILED);
	if (current->is_device)
		memset(current_map, 0, current->bytes);
	for (at = 0; at < current->bytes; at++)
		assert_int_equal(current_map[at], 0);
	for (at = 0; at < current->bytes; at += page)
		current_map[at + 1] = at / page;
	assert_int_equal(child_run(other_process, NULL), 0);
	for (at = 0; at < current->bytes; at += page)
		assert_int_equal(current_map[at + 2], 0x5a);
}

static void check_bounds(int fd)
{
	const size_t page = page_bytes();
	size_t bytes = current->bytes;
	const char *name = current->name;
	uint8_t *grown;

	assert_case(name, try(fd, bytes + page, 0, PROT_READ, MAP_SHARED), current->beyond);
	assert_case(name, try(fd, bytes, page, PROT_READ, MAP_SHARED), current->beyond);
	assert_case(name, try(fd, page, bytes, PROT_READ, MAP_SHARED), current->beyond);
	assert_case(name, try(fd, page, bytes - page, PROT_READ, MAP_SHARED), 0);
	assert_int_not_equal(try(fd, page, INT64_MAX - (page - 1), PROT_READ, MAP_SHARED), 0);
	assert_case(name, try(fd, page, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE), EINVAL);
	/* Where the mapping may grow, what is behind the end is not there. */
	grown = mremap(current_map, bytes, bytes + page, MREMAP_MAYMOVE);
	if (grown == MAP_FAILED)
		return;
	assert_case(name, touch_read(grown + bytes), SIGBUS);
	munmap(grown + bytes, page);
	current_map = grown;
}

static uint64_t ram_start(void)
{
	char line[128];
	uint64_t start = 0;
	FILE *map = fopen("/proc/iomem", "r");

	assert_non_null(map);
	while (!start && fgets(line, sizeof(line), map))
		if (strstr(line, " : System RAM"))
			start = strtoull(line, NULL, 16);
	fclose(map);
	assert_true(start);
	return start;
}

/* What DESIGN.md's table says of each: pinnable or not. */
static void check_pin(void)
{
	const size_t page = page_bytes();
	struct iovec vector = { current_map, page };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_case(current->name, vmsplice(ends[1], &vector, 1, 0) > 0, current->pinnable);
	close(ends[0]);
	close(ends[1]);
}

/* What a program writes, the machine outside reads, and the other way round. */
static void check_host(void)
{
	strcpy((char *)current_map + 4096, current->name);
	pci_ask_host("shm_read 4096 30");
	assert_true(text_file_has("host-answer", current->name));
	pci_ask_host("shm_write 8189 outside"); /* across a page */
	assert_memory_equal(current_map + 8189, "outside", 7);
}

/* Parts of pages, ranges that are none, and what somebody else has. */
static void check_parameters(const struct pattern *pattern)
{
	const size_t page = page_bytes();
	uint64_t start = device_start();

	assert_case("size 0", pattern_load(pattern, start, 0), -EINVAL);
	assert_case("start", pattern_load(pattern, start + 256, page), -EINVAL);
	assert_case("size", pattern_load(pattern, start, page - 1), -EINVAL);
	assert_true(pattern_load(pattern, -(uint64_t)page, 2 * page) < 0);
	assert_case("RAM", pattern_load(pattern, ram_start(), page), -EBUSY);
}

static void check_pattern(const struct pattern *pattern)
{
	int fd;

	current = pattern;
	assert_case(pattern->name, pattern_load(pattern, pattern->is_device ? device_start() : 0,
						pattern->bytes), 0);
	fd = pattern_open(pattern);
	check_shared(fd);
	check_pin();
	if (pattern->is_device)
		check_host();
	assert_case(pattern->name, module_unload(pattern->name), -EWOULDBLOCK);
	close(fd);
	assert_case(pattern->name, module_unload(pattern->name), -EWOULDBLOCK);
	munmap(current_map, pattern->bytes);
	fd = pattern_open(pattern);
	current_map = mmap(NULL, pattern->bytes, PROT_READ, MAP_SHARED, fd, 0);
	check_bounds(fd);
	munmap(current_map, pattern->bytes);
	close(fd);
	assert_case(pattern->name, module_unload(pattern->name), 0);
}

static void test_remap_pfn_range(void **state)
{
	check_pattern(&patterns[0]);
}

static void test_vm_insert_pages(void **state)
{
	check_pattern(&patterns[1]);
}

static void test_remap_vmalloc_range(void **state)
{
	check_pattern(&patterns[2]);
}

static void test_io_remap_pfn_range(void **state)
{
	skip_without_device();
	check_pattern(&patterns[3]);
	check_parameters(&patterns[3]);
}

static void test_vm_iomap_memory(void **state)
{
	skip_without_device();
	check_pattern(&patterns[4]);
	check_parameters(&patterns[4]);
}

/* Write-combined, but where caches follow DMA. */
static void test_dma_mmap_wc(void **state)
{
	struct utsname system;
	struct walk walked;
	int fd;

	check_pattern(&patterns[5]);
	assert_int_equal(uname(&system), 0);
	assert_case("walker", module_load("oriel-walk", ""), 0);
	assert_case("load", pattern_load(&patterns[5], 0, 0), 0);
	fd = pattern_open(&patterns[5]);
	current_map = mmap(NULL, patterns[5].bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(current_map != MAP_FAILED);
	assert_int_equal(touch_read(current_map), 0);
	walked = walk(current_map);
	munmap(current_map, patterns[5].bytes);
	close(fd);
	assert_case("unload", module_unload(patterns[5].name), 0);
	assert_case("walker", module_unload("oriel-walk"), 0);
	assert_string_equal(walked.cache, strcmp(system.machine, "x86_64") ? "wc" : "wb");
}

static int set_up(void **state)
{
	patterns[0].bytes *= page_bytes();
	patterns[1].bytes *= page_bytes();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_remap_pfn_range),
		cmocka_unit_test(test_vm_insert_pages),
		cmocka_unit_test(test_remap_vmalloc_range),
		cmocka_unit_test(test_io_remap_pfn_range),
		cmocka_unit_test(test_vm_iomap_memory),
		cmocka_unit_test(test_dma_mmap_wc),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
