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

#include "lib/check.h"
#include "lib/child.h"
#include "lib/module.h"
#include "lib/testdev.h"
#include "lib/touch.h"

struct pattern {
	const char *name;
	size_t bytes;
	int beyond;	/* errno of a request that is too long */
	bool pinnable;	/* get_user_pages() accepts it */
};

static const struct pattern patterns[] = {
	{ "pattern-remap-pfn-range", 2 * 4096, ENXIO, false },
	{ "pattern-vm-insert-pages", 16 * 4096, ENXIO, true },
	{ "pattern-remap-vmalloc-range", 1 << 20, EINVAL, true },
};

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
	int fd = pattern_open(current);
	volatile uint8_t *map = mmap(NULL, current->bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
				     fd, 0);
	size_t at;

	CHECK(map != MAP_FAILED);
	for (at = 0; at < current->bytes; at += 4096) {
		CHECK(map[at + 1] == (uint8_t)(at >> 12));
		map[at + 2] = 0x5a;
		CHECK(current_map[at + 2] == 0x5a);
	}
	return 0;
}

static void check_shared(int fd)
{
	size_t at;

	current_map = mmap(NULL, current->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(current_map != MAP_FAILED);
	for (at = 0; at < current->bytes; at++)
		assert_int_equal(current_map[at], 0);
	for (at = 0; at < current->bytes; at += 4096)
		current_map[at + 1] = at >> 12;
	assert_int_equal(child_run(other_process, NULL), 0);
	for (at = 0; at < current->bytes; at += 4096)
		assert_int_equal(current_map[at + 2], 0x5a);
}

static void check_bounds(int fd)
{
	size_t bytes = current->bytes;
	const char *name = current->name;
	uint8_t *grown;

	assert_case(name, try(fd, bytes + 4096, 0, PROT_READ, MAP_SHARED), current->beyond);
	assert_case(name, try(fd, bytes, 4096, PROT_READ, MAP_SHARED), current->beyond);
	assert_case(name, try(fd, 4096, bytes, PROT_READ, MAP_SHARED), current->beyond);
	assert_case(name, try(fd, 4096, bytes - 4096, PROT_READ, MAP_SHARED), 0);
	assert_int_not_equal(try(fd, 4096, INT64_MAX - 4095, PROT_READ, MAP_SHARED), 0);
	assert_case(name, try(fd, 4096, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE), EINVAL);
	/* Where the mapping may grow, what is behind the end is not there. */
	grown = mremap(current_map, bytes, bytes + 4096, MREMAP_MAYMOVE);
	if (grown == MAP_FAILED)
		return;
	assert_case(name, touch_read(grown + bytes), SIGBUS);
	munmap(grown + bytes, 4096);
	current_map = grown;
}

/* What DESIGN.md's table says of each: pinnable or not. */
static void check_pin(void)
{
	struct iovec vector = { current_map, 4096 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_case(current->name, vmsplice(ends[1], &vector, 1, 0) > 0, current->pinnable);
	close(ends[0]);
	close(ends[1]);
}

static void check_pattern(const struct pattern *pattern)
{
	int fd;

	current = pattern;
	assert_case(pattern->name, module_load(pattern->name, ""), 0);
	fd = pattern_open(pattern);
	check_shared(fd);
	check_pin();
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_remap_pfn_range),
		cmocka_unit_test(test_vm_insert_pages),
		cmocka_unit_test(test_remap_vmalloc_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
