// SPDX-License-Identifier: GPL-2.0-only
/*
 * The allocators /dev/dma_heap/oriel-*, asked as the kernel's own dma-heaps are
 * (linux/dma-heap.h): programs written for these cannot tell the difference.
 * oriel-test: timeout=240
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pagemap.h"
#include "lib/place.h"
#include "lib/smaps.h"
#include "lib/text.h"
#include "lib/touch.h"

#define MIB	((uint64_t)1 << 20)
#define MARK	0xa00

static const char *const heaps[] = {
	"oriel-contig", "oriel-scattered", "oriel-coherent", "oriel-writecombine",
};

static int heap_open(const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	return open(path, flags | O_CLOEXEC);
}

/* Return: a descriptor or -errno. */
static int heap_alloc(int heap, uint64_t bytes, uint32_t fd_flags)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = fd_flags };

	return ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : (int)data.fd;
}

static void test_nodes(void **state)
{
	size_t k;

	for (k = 0; k < ARRAY_SIZE(heaps); k++) {
		int heap = heap_open(heaps[k], O_RDWR);

		assert_case(heaps[k], heap < 0 ? errno : 0, 0);
		close(heap);
	}
}

static bool is_zero(const uint8_t *from, size_t bytes)
{
	return !from[0] && !memcmp(from, from + 1, bytes - 1);
}

static void test_memory(void **state)
{
	const uint64_t sizes[] = { 1, page_bytes(), page_bytes() + 904, MIB + 1, 4 * MIB };
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(heaps); k++) {
		/* As the kernel's selftest does. */
		int heap = heap_open(heaps[k], O_RDONLY);

		assert_true(heap >= 0);
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			uint64_t bytes = page_round(sizes[i]);
			uint8_t *p;
			int fd;

			assert_int_equal(scribble_check(scribble()), 0);
			fd = heap_alloc(heap, sizes[i], O_RDWR | O_CLOEXEC);
			if (fd < 0)
				fail_msg("%s: %s", heaps[k], strerror(-fd));
			assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
			assert_int_equal(lseek(fd, 0, SEEK_END), bytes);
			p = buffer_map(fd, bytes, PROT_READ | PROT_WRITE, 2 * MIB);
			assert_true(is_zero(p, bytes));
			assert_int_equal(dmabuf_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
			pattern_write(p, MARK, 0, bytes);
			assert_int_equal(dmabuf_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
			close(fd);
			assert_int_equal(pattern_check(p, MARK, 0, bytes, 8), 0);
			munmap(p, bytes);
		}
		close(heap);
	}
}

static void test_contiguous(void **state)
{
	int heap = heap_open("oriel-contig", O_RDWR), fd = heap_alloc(heap, 2 * MIB, O_RDWR), i;
	uint8_t *p = buffer_map(fd, 2 * MIB, PROT_READ | PROT_WRITE, 2 * MIB);

	memset(p, 1, 2 * MIB);
	assert_int_equal(smaps_kib(p, "FilePmdMapped"), kernel_maps_blocks() ? 2048 : 0);
	for (i = 0; i < (int)(2 * MIB / page_bytes()); i++)
		assert_int_equal(pagemap_frame(p + i * page_bytes()), pagemap_frame(p) + i);
	munmap(p, 2 * MIB);
	close(fd);
	close(heap);
}

static void test_refusals(void **state)
{
	int heap = heap_open("oriel-scattered", O_RDWR), lowest = dup(heap);
	struct dma_heap_allocation_data data;

	close(lowest);
	assert_case("nothing", heap_alloc(heap, 0, O_RDWR), -EINVAL);
	assert_case("flags", heap_alloc(heap, 1, O_RDWR | O_NONBLOCK), -EINVAL);
	assert_case("2^63", heap_alloc(heap, 1ull << 63, O_RDWR), -EOVERFLOW);
	assert_case("SIZE_MAX - 4094", heap_alloc(heap, ~0ull - 4094, O_RDWR), -EOVERFLOW);
	assert_case("limit", heap_alloc(heap, 3ull << 30, O_RDWR), -ENOMEM);
	assert_case("2^40", heap_alloc(heap, 1ull << 40, O_RDWR),
		    kernel_bits() == 32 ? -EOVERFLOW : -ENOMEM);
	data = (struct dma_heap_allocation_data){ .len = 1, .fd = 3 };
	assert_case("fd", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? errno : 0, EINVAL);
	data = (struct dma_heap_allocation_data){ .len = 1, .heap_flags = 1ull << 40 };
	assert_case("heap flags", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? errno : 0, EINVAL);
	assert_case("address", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, 8) ? errno : 0, EFAULT);
	assert_case("call", ioctl(heap, DMA_HEAP_IOCTL_ALLOC + 1, &data) ? errno : 0, ENOTTY);
	assert_case("descriptors", dup(heap), lowest);
	close(lowest);
	close(heap);
}

/* The result cannot be stored: everything is undone. */
static void test_read_only_argument(void **state)
{
	struct dma_heap_allocation_data wanted = { .len = 4 * MIB, .fd_flags = O_RDWR };
	int heap = heap_open("oriel-scattered", O_RDWR), lowest = dup(heap), i;
	void *page = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	close(lowest);
	memcpy(page, &wanted, sizeof(wanted));
	assert_int_equal(mprotect(page, page_bytes(), PROT_READ), 0);
	buffer_limit(8 * MIB);
	for (i = 0; i < 20; i++)
		assert_case("store", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, page) ? errno : 0, EFAULT);
	buffer_limit(0);
	assert_case("descriptor", dup(heap), lowest);
	close(lowest);
	munmap(page, page_bytes());
	close(heap);
}

/* A descriptor for reading gives no way to write. */
static void test_read_only(void **state)
{
	int heap = heap_open("oriel-scattered", O_RDWR);
	int fd = heap_alloc(heap, 8192, O_RDONLY);
	void *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	assert_ptr_equal(p, MAP_FAILED);
	assert_case("write", errno, EACCES);
	p = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(touch_read(p), 0);
	assert_case("upgrade", mprotect(p, 8192, PROT_READ | PROT_WRITE), -1);
	munmap(p, 8192);
	close(fd);
	close(heap);
}

static int alloc_as_somebody(void *argument)
{
	int heap = heap_open("oriel-scattered", O_RDWR), one;

	CHECK(heap >= 0);
	CHECK(!setuid(65534));
	CHECK(heap_open("oriel-scattered", O_RDWR) < 0 && errno == EACCES);
	one = heap_alloc(heap, 5 * MIB, O_RDWR);
	CHECK(one >= 0);
	CHECK(heap_alloc(heap, 5 * MIB, O_RDWR) == -ENOMEM);
	CHECK(!close(one));
	one = heap_alloc(heap, 5 * MIB, O_RDWR);
	CHECK(one >= 0);
	return 0;
}

/* Who opens them and how much one gets is root's to say. */
static void test_limit(void **state)
{
	struct stat status;

	assert_int_equal(stat("/dev/dma_heap/oriel-contig", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	buffer_limit(8 * MIB);
	assert_int_equal(child_run(alloc_as_somebody, NULL), 0);
	assert_int_equal(child_run(alloc_as_somebody, NULL), 0);
	buffer_limit(0);
}

/* Open node, descriptor, mapping: each keeps the module; none of them leaks. */
static void test_all_back(void **state)
{
	long before_kib = leftover_available_kib();
	int i, heap, fd, users = module_users("oriel");
	void *p;

	for (i = 0; i < 60; i++) {
		heap = heap_open(heaps[i % ARRAY_SIZE(heaps)], O_RDWR);
		fd = heap_alloc(heap, 4 * MIB - i, O_RDWR);
		assert_true(fd >= 0);
		assert_int_equal(module_users("oriel"), users + 2);
		close(heap);
		p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		assert_ptr_not_equal(p, MAP_FAILED);
		close(fd);
		assert_int_equal(module_users("oriel"), users + 1);
		assert_int_equal(touch_write(p), 0);
		munmap(p, 4096);
	}
	assert_int_equal(module_users("oriel"), users);
	leftover_check(before_kib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_contiguous),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_read_only_argument),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_all_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
