// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers: what the library asks the kernel for, where it maps them, and that
 * nothing is left over whatever fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <oriel.h>

#include "mock.h"
#include "test.h"

static struct oriel_device *device;
static struct oriel_buffer *buffer;

static void setup(void)
{
	mock_setup();
	mock.segments_at_once = 2;
	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
	buffer = NULL;
}

static void teardown(void)
{
	oriel_device_close(device);
	mock_teardown();
}

static void a_buffer_is_allocated_and_mapped(void)
{
	struct oriel_buffer_alloc *asked = &mock.buffer_alloc;
	int fd;

	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_COHERENT, 5000,
				      ORIEL_BUFFER_SINGLE, &buffer), 0);
	CHECK_INT(asked->size_bytes, 5000);
	CHECK_INT(asked->kind, ORIEL_KIND_COHERENT);
	CHECK_INT(asked->flags, ORIEL_BUFFER_SINGLE);
	CHECK_INT(asked->cache, 0);
	CHECK(!asked->reserved0 && !asked->reserved[0] && !asked->reserved[1]);
	CHECK_INT(mock.mmap.length, 8192);
	CHECK_INT(mock.mmap.prot, PROT_READ | PROT_WRITE);
	CHECK_INT(mock.mmap.flags, MAP_SHARED);
	CHECK_INT(mock.mmap.offset, 0);
	((char *)oriel_buffer_get_address(buffer))[4999] = 1;
	CHECK_INT(oriel_buffer_get_length(buffer), 5000);
	CHECK_INT(oriel_buffer_get_bus_address(buffer), MOCK_MIB);
	CHECK_INT(oriel_buffer_get_properties(buffer), ORIEL_BUFFER_NEEDS_SYNC);
	CHECK_INT(oriel_buffer_count_segments(buffer), 3);
	fd = oriel_buffer_get_fd(buffer);
	CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);

	oriel_buffer_destroy(buffer);
	CHECK_INT(mock.buffer_free.handle, 5);
	CHECK(!mock.buffer_free.reserved[0] && !mock.buffer_free.reserved[1] &&
	      !mock.buffer_free.reserved[2]);
	CHECK_INT(fcntl(fd, F_GETFD), -1);
	CHECK_INT(mock.nr_mapped, 0);
	oriel_buffer_destroy(NULL);
}

static void a_buffer_has_the_cache_mode_asked_for(void)
{
	CHECK_INT(oriel_buffer_create_with_cache(device, ORIEL_KIND_COHERENT,
						 ORIEL_CACHE_WRITE_COMBINED, 5000,
						 ORIEL_BUFFER_SINGLE, &buffer), 0);
	CHECK_INT(mock.buffer_alloc.kind, ORIEL_KIND_COHERENT);
	CHECK_INT(mock.buffer_alloc.cache, ORIEL_CACHE_WRITE_COMBINED);
	CHECK_INT(mock.buffer_alloc.size_bytes, 5000);
	CHECK_INT(mock.buffer_alloc.flags, ORIEL_BUFFER_SINGLE);
	oriel_buffer_destroy(buffer);
}

static void a_large_buffer_is_aligned(void)
{
	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_SCATTERED, 4 * MOCK_MIB + 1, 0, &buffer),
		  0);
	CHECK(mock.mmap.hint);
	CHECK_INT((uintptr_t)mock.mmap.hint % (2 * MOCK_MIB), 0);
	CHECK_INT((uintptr_t)oriel_buffer_get_address(buffer) % (2 * MOCK_MIB), 0);
	oriel_buffer_destroy(buffer);
	CHECK_INT(mock.nr_mapped, 0);
}

static void segments_are_asked_for_until_there_are_enough(void)
{
	struct oriel_segment segments[3];

	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_SCATTERED, 1, 0, &buffer), 0);
	CHECK_INT(oriel_buffer_get_segments(buffer, 0, 3, segments), 0);
	CHECK_INT(segments[0].bus_address, MOCK_MIB);
	CHECK_INT(segments[2].bus_address, 3 * MOCK_MIB);
	CHECK_INT(segments[2].size_bytes, 2);
	CHECK_INT(mock.buffer_segments.first, 2);
	CHECK_INT(mock.buffer_segments.count, 1);
	CHECK_INT(mock.buffer_segments.handle, 5);
	CHECK_INT(oriel_buffer_get_segments(buffer, 3, 0, segments), 0);
	CHECK_INT(oriel_buffer_get_segments(buffer, 1, 3, segments), -ENXIO);
	mock.ioctl_error[8] = ENODEV;
	CHECK_INT(oriel_buffer_get_segments(buffer, 0, 1, segments), -ENODEV);
	oriel_buffer_destroy(buffer);
}

static void memory_is_imported_where_it_is(void)
{
	struct oriel_buffer_import *asked = &mock.buffer_import;
	static char memory[8192] __attribute__((aligned(4096)));

	CHECK_INT(oriel_buffer_import(device, memory, sizeof(memory), ORIEL_BUFFER_SINGLE, &buffer),
		  0);
	CHECK(asked->address == (uintptr_t)memory);
	CHECK_INT(asked->size_bytes, sizeof(memory));
	CHECK_INT(asked->flags, ORIEL_BUFFER_SINGLE);
	CHECK(!asked->dmabuf_fd && !asked->reserved0);
	CHECK(!asked->reserved[0] && !asked->reserved[1]);
	CHECK(oriel_buffer_get_address(buffer) == memory);
	CHECK_INT(oriel_buffer_get_length(buffer), sizeof(memory));
	CHECK_INT(oriel_buffer_get_bus_address(buffer), 2 * MOCK_MIB);
	CHECK_INT(oriel_buffer_get_properties(buffer), ORIEL_BUFFER_NEEDS_SYNC);
	CHECK_INT(oriel_buffer_count_segments(buffer), 3);
	CHECK_INT(oriel_buffer_get_fd(buffer), -1);
	oriel_buffer_destroy(buffer);
	CHECK_INT(mock.buffer_free.handle, 6);
	/* It is not ours to unmap; nor is descriptor 0 ours to close. */
	memory[8191] = 1;
	CHECK(fcntl(0, F_GETFD) >= 0);

	buffer = NULL;
	mock.ioctl_error[7] = EFAULT;
	CHECK_INT(oriel_buffer_import(device, memory, 4096, 0, &buffer), -EFAULT);
	mock.calloc_countdown = 1;
	CHECK_INT(oriel_buffer_import(device, memory, 4096, 0, &buffer), -ENOMEM);
	CHECK(!buffer);
}

static void a_dmabuf_is_imported(void)
{
	struct oriel_buffer_import *asked = &mock.buffer_import;
	struct oriel_explain explain;

	CHECK_INT(oriel_buffer_import_dmabuf(device, 33, ORIEL_BUFFER_SINGLE, &buffer), 0);
	CHECK_INT(asked->flags, ORIEL_BUFFER_SINGLE | ORIEL_BUFFER_DMABUF);
	CHECK_INT(asked->dmabuf_fd, 33);
	CHECK(!asked->address && !asked->size_bytes && !asked->reserved0);
	CHECK(!asked->reserved[0] && !asked->reserved[1]);
	CHECK(!oriel_buffer_get_address(buffer));
	CHECK_INT(oriel_buffer_get_length(buffer), 12288);
	CHECK_INT(oriel_buffer_get_bus_address(buffer), 2 * MOCK_MIB);
	CHECK_INT(oriel_buffer_get_fd(buffer), -1);
	oriel_buffer_destroy(buffer);
	CHECK_INT(mock.buffer_free.handle, 6);

	buffer = NULL;
	mock.ioctl_error[7] = EBADF;
	CHECK_INT(oriel_buffer_import_dmabuf(device, -1, 0, &buffer), -EBADF);
	CHECK_INT(oriel_buffer_import(device, NULL, 0, ORIEL_BUFFER_DMABUF, &buffer), -EINVAL);
	CHECK_INT(oriel_device_explain(device, &explain), 0);
	CHECK_INT(explain.reason, ORIEL_REASON_FLAGS);
	CHECK(!buffer);
}

static void a_part_is_synchronised(void)
{
	struct oriel_sync *asked = &mock.sync;

	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_CONTIG, 5000, 0, &buffer), 0);
	CHECK_INT(oriel_buffer_sync(buffer, 4096, 904, ORIEL_SYNC_FOR_CPU,
				    ORIEL_SYNC_FROM_DEVICE), 0);
	CHECK_INT(asked->handle, 5);
	CHECK_INT(asked->flags, ORIEL_SYNC_FOR_CPU);
	CHECK_INT(asked->direction, ORIEL_SYNC_FROM_DEVICE);
	CHECK_INT(asked->offset_bytes, 4096);
	CHECK_INT(asked->size_bytes, 904);
	CHECK(!asked->reserved0 && !asked->reserved[0] && !asked->reserved[1]);
	mock.ioctl_error[11] = ENODEV;
	CHECK_INT(oriel_buffer_sync(buffer, 0, 1, ORIEL_SYNC_FOR_CPU, 0), -ENODEV);
	oriel_buffer_destroy(buffer);
}

/* Where it is not needed, it costs nothing; mistakes are found all the same. */
static void a_coherent_buffer_needs_no_call(void)
{
	struct oriel_explain explain;

	mock.is_coherent = true;
	mock.ioctl_error[11] = EIO;
	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_CONTIG, 5000, 0, &buffer), 0);
	CHECK_INT(oriel_buffer_sync(buffer, 0, 5000, ORIEL_SYNC_FOR_DEVICE, 0), 0);
	CHECK_INT(oriel_buffer_sync(buffer, 0, 5001, ORIEL_SYNC_FOR_DEVICE, 0), -ENXIO);
	CHECK_INT(oriel_device_explain(device, &explain), 0);
	CHECK_INT(explain.call, ORIEL_CALL_SYNC);
	CHECK_INT(explain.reason, ORIEL_REASON_BEYOND);
	CHECK_INT(oriel_buffer_sync(buffer, 5000, UINT64_MAX, ORIEL_SYNC_FOR_DEVICE, 0),
		  -EOVERFLOW);
	CHECK_INT(oriel_buffer_sync(buffer, 0, 0, ORIEL_SYNC_FOR_DEVICE, 0), -EINVAL);
	CHECK_INT(oriel_buffer_sync(buffer, 0, 1, 0, 0), -EINVAL);
	CHECK_INT(oriel_buffer_sync(buffer, 0, 1, 3, 0), -EINVAL);
	CHECK_INT(oriel_buffer_sync(buffer, 0, 1, ORIEL_SYNC_FOR_CPU, 3), -EINVAL);
	oriel_buffer_destroy(buffer);
}

static void what_fails_leaves_nothing(void)
{
	struct oriel_explain explain;
	int fd, lowest = dup(0);

	close(lowest);
	mock.mmap_error = ENOMEM;
	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_CONTIG, 1, 0, &buffer), -ENOMEM);
	CHECK(!buffer);
	CHECK_INT(mock.buffer_free.handle, 5);
	fd = dup(0);
	CHECK_INT(fd, lowest);
	close(fd);

	mock.ioctl_error[6] = EOPNOTSUPP;
	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_CONTIG, 1, 0, &buffer), -EOPNOTSUPP);
	mock.calloc_countdown = 1;
	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_CONTIG, 1, 0, &buffer), -ENOMEM);
	CHECK_INT(oriel_buffer_create(device, ORIEL_KIND_CONTIG, UINT64_MAX, 0, &buffer),
		  -EOVERFLOW);
	CHECK_INT(oriel_device_explain(device, &explain), 0);
	CHECK_INT(explain.call, ORIEL_CALL_BUFFER_ALLOC);
	CHECK_INT(explain.reason, ORIEL_REASON_OVERFLOW);
	CHECK(!buffer);
}

static const struct test tests[] = {
	TEST(a_buffer_is_allocated_and_mapped),
	TEST(a_buffer_has_the_cache_mode_asked_for),
	TEST(a_large_buffer_is_aligned),
	TEST(segments_are_asked_for_until_there_are_enough),
	TEST(memory_is_imported_where_it_is),
	TEST(a_dmabuf_is_imported),
	TEST(a_part_is_synchronised),
	TEST(a_coherent_buffer_needs_no_call),
	TEST(what_fails_leaves_nothing),
};

TEST_MAIN(tests, setup, teardown)
