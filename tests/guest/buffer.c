// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA buffers: what can be had, what is refused and why, what is in them, where
 * the device finds them.
 * oriel-test: timeout=240 machine=pc,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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
#include "lib/smaps.h"
#include "lib/touch.h"

#define MIB	((uint64_t)1 << 20)

static const uint32_t kinds[] = {
	ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED, ORIEL_KIND_COHERENT,
};

static int edu, testdev;	/* nodes: 28 bits of address on the pc, and 64 */

/* Contiguous memory of more than the allocator's largest piece takes luck. */
static uint64_t bytes_to_be_had(uint32_t kind, uint64_t bytes)
{
	return kind == ORIEL_KIND_CONTIG && bytes > 4 * MIB ? 4 * MIB - 5000 : bytes;
}

static const struct {
	const char *what;
	struct oriel_buffer_alloc alloc;
	int error;
	uint32_t reason;
} refusals[] = {
	{ "nothing", { .kind = ORIEL_KIND_COHERENT }, EINVAL, ORIEL_REASON_EMPTY },
	{ "no kind", { .size_bytes = 1 }, EOPNOTSUPP, ORIEL_REASON_BUFFER_KIND },
	{ "device memory", { .size_bytes = 1, .kind = ORIEL_KIND_MMIO }, EOPNOTSUPP,
	  ORIEL_REASON_BUFFER_KIND },
	{ "import", { .size_bytes = 1, .kind = ORIEL_KIND_IMPORT }, EOPNOTSUPP,
	  ORIEL_REASON_BUFFER_KIND },
	{ "unknown kind", { .size_bytes = 1, .kind = 99 }, EOPNOTSUPP, ORIEL_REASON_BUFFER_KIND },
	{ "uncached", { .size_bytes = 1, .kind = ORIEL_KIND_COHERENT,
			.cache = ORIEL_CACHE_UNCACHED }, EOPNOTSUPP, ORIEL_REASON_BUFFER_CACHE },
	{ "write-combined", { .size_bytes = 1, .kind = ORIEL_KIND_SCATTERED,
			      .cache = ORIEL_CACHE_WRITE_COMBINED }, EOPNOTSUPP,
	  ORIEL_REASON_BUFFER_CACHE },
	{ "unknown cache", { .size_bytes = 1, .kind = ORIEL_KIND_COHERENT, .cache = 99 },
	  EOPNOTSUPP, ORIEL_REASON_BUFFER_CACHE },
	{ "unknown flag", { .size_bytes = 1, .kind = ORIEL_KIND_CONTIG, .flags = 2 }, EINVAL,
	  ORIEL_REASON_FLAGS },
	{ "reserved0", { .size_bytes = 1, .kind = ORIEL_KIND_CONTIG, .reserved0 = 1 }, EINVAL,
	  ORIEL_REASON_RESERVED },
	{ "reserved", { .size_bytes = 1, .kind = ORIEL_KIND_CONTIG, .reserved = { 0, 1 } },
	  EINVAL, ORIEL_REASON_RESERVED },
	{ "2^63", { .size_bytes = 1ull << 63, .kind = ORIEL_KIND_SCATTERED }, EOVERFLOW,
	  ORIEL_REASON_OVERFLOW },
	{ "SIZE_MAX", { .size_bytes = ~0ull, .kind = ORIEL_KIND_CONTIG }, EOVERFLOW,
	  ORIEL_REASON_OVERFLOW },
	{ "SIZE_MAX - 4094", { .size_bytes = ~0ull - 4094, .kind = ORIEL_KIND_COHERENT },
	  EOVERFLOW, ORIEL_REASON_OVERFLOW },
	{ "more than the limit", { .size_bytes = 1ull << 40, .kind = ORIEL_KIND_SCATTERED },
	  ENOMEM, ORIEL_REASON_USER_LIMIT },
};

static void test_refusals(void **state)
{
	struct oriel_buffer_alloc alloc;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		int lowest = dup(edu);

		close(lowest);
		alloc = refusals[i].alloc;
		assert_case(refusals[i].what, ioctl(edu, ORIEL_BUFFER_ALLOC, &alloc), -1);
		assert_case(refusals[i].what, errno, refusals[i].error);
		assert_case(refusals[i].what, explain(edu).reason, refusals[i].reason);
		assert_case(refusals[i].what, explain(edu).call, ORIEL_CALL_BUFFER_ALLOC);
		/* No descriptor is left over. */
		assert_case(refusals[i].what, dup(edu), lowest);
		close(lowest);
	}
}

/* What depends on who asks, of what device, and how. */
static void test_circumstances(void **state)
{
	struct oriel_buffer_alloc alloc;
	struct rlimit before, none;
	int node, lowest;

	node = node_open(PCI_EDU, O_RDONLY);
	assert_case("read-only", buffer_try(node, ORIEL_KIND_COHERENT, 1, 0, &alloc), -EACCES);
	assert_int_equal(explain(node).reason, ORIEL_REASON_NEEDS_WRITING);
	close(node);

	node = node_open(PCI_IVSHMEM, O_RDWR);
	assert_case("no DMA", buffer_try(node, ORIEL_KIND_COHERENT, 1, 0, &alloc), -EOPNOTSUPP);
	assert_int_equal(explain(node).reason, ORIEL_REASON_NO_DMA);
	close(node);

	assert_int_equal(module_load("hello", ""), 0);
	node = open("/dev/oriel/hello", O_RDWR | O_CLOEXEC);
	assert_true(node >= 0);
	assert_case("no parent", buffer_try(node, ORIEL_KIND_CONTIG, 1, 0, &alloc), -EOPNOTSUPP);
	assert_int_equal(explain(node).reason, ORIEL_REASON_NO_DMA);
	close(node);
	assert_int_equal(module_unload("hello"), 0);

	assert_case("bad address", ioctl(edu, ORIEL_BUFFER_ALLOC, 8), -1);
	assert_int_equal(errno, EFAULT);

	lowest = dup(edu);
	close(lowest);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ lowest, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_case("descriptors", buffer_try(edu, ORIEL_KIND_COHERENT, 1, 0, &alloc), -EMFILE);
	assert_int_equal(explain(edu).reason, ORIEL_REASON_NO_DESCRIPTOR);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* The result cannot be stored: everything is undone. */
static void test_read_only_argument(void **state)
{
	struct oriel_buffer_alloc wanted = { .size_bytes = 4 * MIB, .kind = ORIEL_KIND_SCATTERED };
	void *page = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, lowest = dup(testdev);

	close(lowest);
	memcpy(page, &wanted, sizeof(wanted));
	assert_int_equal(mprotect(page, page_bytes(), PROT_READ), 0);
	buffer_limit(64 * MIB);
	for (i = 0; i < 100; i++) {
		assert_int_equal(ioctl(testdev, ORIEL_BUFFER_ALLOC, page), -1);
		assert_case("store", errno, EFAULT);
		/* Whatever number it had, there is nothing behind it. */
		assert_case("handle", buffer_free(testdev, i + 1), -ENXIO);
	}
	buffer_limit(0);
	assert_case("descriptor", dup(testdev), lowest);
	close(lowest);
	munmap(page, page_bytes());
}

static bool is_zero(const uint8_t *from, size_t bytes)
{
	return !from[0] && !memcmp(from, from + 1, bytes - 1);
}

static void test_contents(void **state)
{
	const uint64_t page = page_bytes();
	const uint64_t sizes[] = {
		1, page, page + 904, 3 * page, MIB + 1, 4 * MIB, 4 * MIB + 1,
	};
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			struct buffer buffer;
			struct stat status;

			/* What the allocator finds first is dirty. */
			assert_int_equal(scribble_check(scribble()), 0);
			buffer = buffer_open(testdev, kinds[k],
					     bytes_to_be_had(kinds[k], sizes[i]));
			assert_true(is_zero(buffer.address, buffer.bytes));
			memset(buffer.address, 0x5a, buffer.bytes);
			assert_int_equal(lseek(buffer.fd, 0, SEEK_END), buffer.bytes);
			assert_int_equal(fstat(buffer.fd, &status), 0);
			assert_int_equal(fcntl(buffer.fd, F_GETFD), FD_CLOEXEC);
			assert_case("beyond", touch_read(buffer.address + buffer.bytes - 1), 0);
			buffer_close(&buffer);
		}
	}
}

/* Do the segments hold the very pages that are mapped, in their order? */
static void check_frames(const struct buffer *buffer, const struct oriel_segment *segments,
			 int count)
{
	uint64_t offset = 0, at, page = page_bytes();
	int i;

	for (i = 0; i < count; i++)
		for (at = 0; at < segments[i].size_bytes; at += page, offset += page) {
			assert_int_equal(touch_read(buffer->address + offset), 0);
			assert_int_equal(pagemap_frame(buffer->address + offset) * page,
					 segments[i].bus_address + at);
		}
	assert_int_equal(offset, buffer->bytes);
}

static void test_segments(void **state)
{
	const uint64_t sizes[] = { 100, 5 * page_bytes(), 4 * MIB + page_bytes() };
	static struct oriel_segment all[2048], some[3];
	struct buffer buffer;
	size_t i, k;
	int n, at;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			buffer = buffer_open(testdev, kinds[k],
					     bytes_to_be_had(kinds[k], sizes[i]));
			n = buffer_segments(testdev, buffer.alloc.handle, 0, 2048, all);
			assert_int_equal(n, buffer.alloc.nr_segments);
			assert_int_equal(all[0].bus_address, buffer.alloc.bus_address);
			if (kinds[k] == ORIEL_KIND_CONTIG)
				assert_int_equal(n, 1);
			check_frames(&buffer, all, n);
			for (at = 0; at < n; at += 3) {
				memset(some, 0xff, sizeof(some));
				assert_int_equal(buffer_segments(testdev, buffer.alloc.handle, at,
								 3, some), n);
				assert_memory_equal(some, all + at,
						    sizeof(some[0]) * (n - at < 3 ? n - at : 3));
			}
			assert_case("behind the last", buffer_segments(testdev, buffer.alloc.handle,
								       n, 1, some), -ENXIO);
			assert_int_equal(explain(testdev).reason, ORIEL_REASON_SEGMENT);
			assert_case("far behind", buffer_segments(testdev, buffer.alloc.handle,
								  ~0u, 1, some), -ENXIO);
			buffer_close(&buffer);
		}
	}
}

static void test_segments_refusals(void **state)
{
	struct buffer buffer = buffer_open(testdev, ORIEL_KIND_COHERENT, 4096);
	struct oriel_buffer_segments list = { .handle = buffer.alloc.handle, .count = 1 };
	struct oriel_segment segment;

	list.segments = (uintptr_t)&segment;
	assert_int_equal(ioctl(testdev, ORIEL_BUFFER_SEGMENTS, &list), 0);
	assert_int_equal(list.count, 1);
	list.count = 0;
	assert_int_equal(ioctl(testdev, ORIEL_BUFFER_SEGMENTS, &list), -1);
	assert_case("no room", errno, EINVAL);
	list.count = ~0u;
	assert_int_equal(ioctl(testdev, ORIEL_BUFFER_SEGMENTS, &list), 0);
	assert_int_equal(list.count, 1);
	list.segments = 8;
	assert_int_equal(ioctl(testdev, ORIEL_BUFFER_SEGMENTS, &list), -1);
	assert_case("bad address", errno, EFAULT);
	list.reserved[1] = 1;
	assert_int_equal(ioctl(testdev, ORIEL_BUFFER_SEGMENTS, &list), -1);
	assert_case("reserved", errno, EINVAL);
	assert_case("no such", buffer_segments(testdev, 0, 0, 1, &segment), -ENXIO);
	assert_int_equal(explain(testdev).reason, ORIEL_REASON_HANDLE);
	buffer_close(&buffer);
}

static void test_single(void **state)
{
	struct oriel_buffer_alloc alloc;

	buffer_alloc(testdev, ORIEL_KIND_CONTIG, 4 * MIB, ORIEL_BUFFER_SINGLE, &alloc);
	assert_int_equal(alloc.nr_segments, 1);
	close(alloc.dmabuf_fd);
	assert_int_equal(buffer_free(testdev, alloc.handle), 0);
	/* So much that is not one piece by chance. */
	assert_case("scattered", buffer_try(testdev, ORIEL_KIND_SCATTERED,
					    64 * MIB + 2 * page_bytes(), ORIEL_BUFFER_SINGLE,
					    &alloc), -EOPNOTSUPP);
	assert_int_equal(explain(testdev).reason, ORIEL_REASON_NOT_SINGLE);
	assert_true(explain(testdev).value[0] > 1);
}

/* Within the device's bits, without a copy in between; what is not to be had is refused. */
static void test_reach(void **state)
{
	static struct oriel_segment all[2048];
	unsigned int bits = edu_dma_bits();
	struct oriel_buffer_alloc alloc;
	struct buffer buffer;
	size_t k;
	int i, n;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		buffer = buffer_open(edu, kinds[k], MIB);
		assert_false(buffer.alloc.properties & ORIEL_BUFFER_NEEDS_SYNC);
		n = buffer_segments(edu, buffer.alloc.handle, 0, 2048, all);
		for (i = 0; i < n; i++)
			assert_true(all[i].bus_address + all[i].size_bytes <= 1ull << bits);
		check_frames(&buffer, all, n);
		buffer_close(&buffer);

		/* On a board, it reaches all that there is. */
		if (bits > 28)
			continue;
		buffer_limit(1ull << 40);
		assert_case("too much", buffer_try(edu, kinds[k], 300 * MIB, 0, &alloc), -ENOMEM);
		buffer_limit(0);
		assert_int_equal(explain(edu).reason, ORIEL_REASON_OUT_OF_REACH);
		assert_int_equal(explain(edu).value[1], (1ull << bits) - 1);
	}
}

static void test_handles(void **state)
{
	struct buffer one = buffer_open(edu, ORIEL_KIND_COHERENT, 4096);
	struct buffer other = buffer_open(edu, ORIEL_KIND_COHERENT, 4096);
	struct oriel_buffer_free request = { .handle = one.alloc.handle, .reserved = { 0, 0, 1 } };
	struct oriel_segment segment;
	int node = node_open(PCI_EDU, O_RDWR);

	assert_int_not_equal(one.alloc.handle, other.alloc.handle);
	assert_int_not_equal(one.alloc.bus_address, other.alloc.bus_address);
	assert_case("other file", buffer_free(node, one.alloc.handle), -ENXIO);
	assert_case("other file", buffer_segments(node, one.alloc.handle, 0, 1, &segment), -ENXIO);
	close(node);
	assert_case("reserved", ioctl(edu, ORIEL_BUFFER_FREE, &request), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(buffer_free(edu, one.alloc.handle), 0);
	assert_case("twice", buffer_free(edu, one.alloc.handle), -ENXIO);
	assert_int_equal(explain(edu).reason, ORIEL_REASON_HANDLE);
	assert_int_equal(explain(edu).call, ORIEL_CALL_BUFFER_FREE);
	/* Those who have it still have it. */
	assert_int_equal(touch_write(one.address), 0);
	buffer_close(&one);
	buffer_close(&other);
}

/* The rules of every mapping hold for one through a dma-buf. */
static void test_mappings(void **state)
{
	const size_t page = page_bytes();
	struct buffer buffer = buffer_open(testdev, ORIEL_KIND_SCATTERED, 4 * MIB + 2 * page);
	void *p;

	assert_int_equal(touch_write(buffer.address), 0);
	assert_int_equal(touch_write(buffer.address + 2 * MIB), 0);
	assert_int_equal(smaps_kib(buffer.address, "FilePmdMapped"),
			 kernel_maps_blocks() ? 4096 : 0);
	assert_true(smaps_has_flag(buffer.address, "de"));
	assert_true(smaps_has_flag(buffer.address, "dd"));
	assert_false(smaps_has_flag(buffer.address, "me"));
	p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, buffer.fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case("private", errno, EINVAL);
	p = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_SHARED, buffer.fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case("exec", errno, EPERM);
	p = mmap(NULL, buffer.bytes + page, PROT_READ, MAP_SHARED, buffer.fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case("too long", errno, EINVAL);
	p = mmap(NULL, page, PROT_READ, MAP_SHARED, buffer.fd, buffer.bytes);
	assert_ptr_equal(p, MAP_FAILED);
	p = mremap(buffer.address, buffer.bytes, buffer.bytes + page, MREMAP_MAYMOVE);
	assert_ptr_equal(p, MAP_FAILED);

	p = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, buffer.fd, buffer.bytes - 2 * page);
	assert_ptr_not_equal(p, MAP_FAILED);
	*(volatile uint32_t *)(buffer.address + buffer.bytes - 4) = 0xfeedf00d;
	assert_int_equal(*(volatile uint32_t *)((char *)p + 2 * page - 4), 0xfeedf00d);
	munmap(p, 2 * page);
	buffer_close(&buffer);
}

static int take_twice(void *unused)
{
	struct oriel_buffer_alloc alloc, again;

	CHECK(!setuid(65534));
	CHECK(!buffer_try(testdev, ORIEL_KIND_SCATTERED, 5 * MIB, 0, &alloc));
	CHECK(buffer_try(testdev, ORIEL_KIND_SCATTERED, 5 * MIB, 0, &again) == -ENOMEM);
	CHECK(explain(testdev).reason == ORIEL_REASON_USER_LIMIT);
	CHECK(explain(testdev).value[0] == 8 * MIB);
	CHECK(explain(testdev).value[1] == 5 * MIB);
	/* As long as somebody has it mapped, it counts. */
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, alloc.dmabuf_fd, 0) != MAP_FAILED);
	CHECK(!close(alloc.dmabuf_fd));
	CHECK(!buffer_free(testdev, alloc.handle));
	CHECK(buffer_try(testdev, ORIEL_KIND_SCATTERED, 5 * MIB, 0, &again) == -ENOMEM);
	return 0;
}

static void test_limit(void **state)
{
	struct buffer buffer;

	buffer_limit(8 * MIB);
	buffer = buffer_open(testdev, ORIEL_KIND_COHERENT, 7 * MIB);
	/* One user's do not count for another. */
	assert_int_equal(child_run(take_twice, NULL), 0);
	assert_int_equal(child_run(take_twice, NULL), 0);
	buffer_close(&buffer);
	buffer_limit(0);
}

/* All single blocks are taken before a pair of neighbours is: that is no reason. */
static void test_contig_among_pieces(void **state)
{
	struct oriel_buffer_alloc piece[48], alloc;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(piece); i++)
		buffer_alloc(testdev, ORIEL_KIND_SCATTERED, 2 * MIB, 0, &piece[i]);
	for (i = 0; i < ARRAY_SIZE(piece); i++)
		close(piece[i].dmabuf_fd);
	for (i = 0; i < ARRAY_SIZE(piece); i += 2)
		assert_int_equal(buffer_free(testdev, piece[i].handle), 0);
	assert_int_equal(buffer_try(testdev, ORIEL_KIND_CONTIG, 4 * MIB, 0, &alloc), 0);
	close(alloc.dmabuf_fd);
	assert_int_equal(buffer_free(testdev, alloc.handle), 0);
	for (i = 1; i < ARRAY_SIZE(piece); i += 2)
		assert_int_equal(buffer_free(testdev, piece[i].handle), 0);
}

static void test_all_back(void **state)
{
	long before_kib = leftover_available_kib();
	struct oriel_buffer_alloc alloc;
	int i, node;

	for (i = 0; i < 60; i++) {
		node = node_open(PCI_TESTDEV, O_RDWR);
		buffer_alloc(node, kinds[i % 3], bytes_to_be_had(kinds[i % 3], 8 * MIB + i), 0,
			     &alloc);
		close(alloc.dmabuf_fd);
		close(node);
	}
	leftover_check(before_kib);
}

static int load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (err)
		return err;
	pci_bind(PCI_TESTDEV);
	edu = node_open(PCI_EDU, O_RDWR);
	testdev = node_open(PCI_TESTDEV, O_RDWR);
	return 0;
}

static int unload(void **state)
{
	close(edu);
	close(testdev);
	pci_unbind(PCI_TESTDEV);
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_circumstances),
		cmocka_unit_test(test_read_only_argument),
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_segments_refusals),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_contig_among_pieces),
		cmocka_unit_test(test_all_back),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
