// SPDX-License-Identifier: GPL-2.0-only
/*
 * ORIEL_SYNC: nothing where it is not needed; where device and processor do not
 * see each other's writes, the part that was asked for, and no more of it. The
 * machine "bounce" is such a one: what the device has there is a copy.
 * oriel-test: timeout=120 machine=pc,bounce,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/edu.h"
#include "lib/named.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"

#define MARK	0xb00
#define OLD	0x11
#define HALF	2048
#define BYTES	((size_t)1 << 20) /* of more than one segment for the device */
#define LAST	(BYTES - 4096)

static bool is_bounced(void)
{
	return text_file_has("/proc/cmdline", "swiotlb=4096,force");
}

static int sync_try(int node, uint32_t handle, uint64_t offset, uint64_t bytes, uint32_t flags,
		    uint32_t direction)
{
	const struct oriel_sync sync = {
		.handle = handle, .flags = flags, .direction = direction,
		.offset_bytes = offset, .size_bytes = bytes,
	};

	return ioctl(node, ORIEL_SYNC, &sync) ? -errno : 0;
}

static void for_device(const struct buffer *buffer, uint64_t offset, uint64_t bytes)
{
	assert_int_equal(sync_try(buffer->node, buffer->alloc.handle, offset, bytes,
				  ORIEL_SYNC_FOR_DEVICE, ORIEL_SYNC_TO_DEVICE), 0);
}

static void for_cpu(const struct buffer *buffer, uint64_t offset, uint64_t bytes)
{
	assert_int_equal(sync_try(buffer->node, buffer->alloc.handle, offset, bytes,
				  ORIEL_SYNC_FOR_CPU, ORIEL_SYNC_FROM_DEVICE), 0);
}

/* Where the device finds a page of it. */
static uint64_t bus_address(int node, uint32_t handle, uint64_t offset)
{
	static struct oriel_segment all[BYTES / 4096];
	int i, n = buffer_segments(node, handle, 0, BYTES / 4096, all);

	assert_true(n > 0);
	for (i = 0; i < n && offset >= all[i].size_bytes; i++)
		offset -= all[i].size_bytes;
	assert_true(i < n);
	return all[i].bus_address + offset;
}

static bool is_all(const uint8_t *p, uint8_t value, size_t bytes)
{
	return p[0] == value && !memcmp(p, p + 1, bytes - 1);
}

/* Page 0 goes to the device and comes back into the page at @offset. */
static void turn_round(const struct edu *edu, uint32_t handle, uint64_t offset)
{
	edu_send(edu, bus_address(edu->node, handle, 0), EDU_MEMORY_BYTES);
	edu_fetch(edu, bus_address(edu->node, handle, offset), EDU_MEMORY_BYTES);
}

static void check_parts(uint32_t kind)
{
	struct edu edu = edu_open();
	struct buffer buffer = buffer_open(edu.node, kind, BYTES);
	uint8_t *p = buffer.address;

	assert_int_equal(buffer.alloc.properties, is_bounced() ? ORIEL_BUFFER_NEEDS_SYNC : 0);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	pattern_write(p, MARK, 0, 4096);
	memset(p + 4096, OLD, BYTES - 4096);
	for_device(&buffer, 0, 4096);
	if (is_bounced()) {
		/* Too late for the device. */
		memset(p, OLD, 4096);
		turn_round(&edu, buffer.alloc.handle, 4096);
		assert_true(is_all(p + 4096, OLD, 4096));
		for_cpu(&buffer, 4096 + HALF, HALF);
		assert_true(is_all(p + 4096, OLD, HALF));
		for_cpu(&buffer, 4096, 8);
		assert_true(is_all(p + 4096 + 8, OLD, HALF - 8));
		for_cpu(&buffer, 4096, HALF);
	} else {
		turn_round(&edu, buffer.alloc.handle, 4096);
		for_cpu(&buffer, 4096, 4096);
	}
	assert_int_equal(pattern_check(p + 4096, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	assert_true(is_all(p + 8192, OLD, BYTES - 8192));
	/* And all of it, over the borders of segments. */
	pattern_write(p, MARK + 1, 0, 4096);
	for_device(&buffer, 0, BYTES);
	turn_round(&edu, buffer.alloc.handle, LAST);
	for_cpu(&buffer, 0, BYTES);
	assert_int_equal(pattern_check(p + LAST, MARK + 1, 0, EDU_MEMORY_BYTES, 8), 0);
	buffer_close(&buffer);
	edu_close(&edu);
}

static void test_scattered(void **state)
{
	check_parts(ORIEL_KIND_SCATTERED);
}

static void test_contig(void **state)
{
	check_parts(ORIEL_KIND_CONTIG);
}

/* Who is promised that no calls are needed gets nothing else. */
static void test_coherent(void **state)
{
	int node = node_open(PCI_EDU, O_RDWR);
	struct oriel_buffer_alloc alloc;
	int err = buffer_try(node, ORIEL_KIND_COHERENT, 4096, 0, &alloc);

	if (is_bounced()) {
		assert_int_equal(err, -EOPNOTSUPP);
		assert_int_equal(explain(node).reason, ORIEL_REASON_NOT_COHERENT);
	} else {
		assert_int_equal(err, 0);
		assert_int_equal(alloc.properties, 0);
		close(alloc.dmabuf_fd);
	}
	close(node);
}

/* The program's own memory as well. */
static void test_import(void **state)
{
	struct edu edu = edu_open();
	uint8_t *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct oriel_buffer_import import = { .address = (uintptr_t)p, .size_bytes = 8192 };

	assert_ptr_not_equal(p, MAP_FAILED);
	/* Else it may be beyond what edu reaches. */
	if (is_bounced()) {
		pattern_write(p, MARK, 0, 4096);
		assert_int_equal(ioctl(edu.node, ORIEL_BUFFER_IMPORT, &import), 0);
		assert_int_equal(import.properties, ORIEL_BUFFER_NEEDS_SYNC);
		assert_int_equal(edu_allow_dma(&edu, true), 0);
		turn_round(&edu, import.handle, 4096);
		assert_true(is_all(p + 4096, 0, 4096));
		assert_int_equal(sync_try(edu.node, import.handle, 4096, 4096,
					  ORIEL_SYNC_FOR_CPU, ORIEL_SYNC_FROM_DEVICE), 0);
		assert_int_equal(pattern_check(p + 4096, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	}
	munmap(p, 8192);
	edu_close(&edu);
}

static void check_refused(const char *what, const struct buffer *buffer, uint64_t offset,
			  uint64_t bytes, int err, uint32_t reason)
{
	assert_case(what, sync_try(buffer->node, buffer->alloc.handle, offset, bytes,
				   ORIEL_SYNC_FOR_CPU, ORIEL_SYNC_BOTH_WAYS), err);
	assert_case(what, explain(buffer->node).reason, reason);
	assert_case(what, explain(buffer->node).call, ORIEL_CALL_SYNC);
}

static void test_refusals(void **state)
{
	int node = node_open(PCI_EDU, O_RDWR);
	struct buffer buffer = buffer_open(node, ORIEL_KIND_SCATTERED, 5000);
	uint32_t handle = buffer.alloc.handle;
	struct oriel_sync sync = {
		.handle = handle, .flags = ORIEL_SYNC_FOR_CPU, .size_bytes = 1, .reserved0 = 1,
	};

	assert_case("all", sync_try(node, handle, 0, 5000, ORIEL_SYNC_FOR_CPU, 0), 0);
	check_refused("nothing", &buffer, 0, 0, -EINVAL, ORIEL_REASON_EMPTY);
	check_refused("more", &buffer, 0, 5001, -ENXIO, ORIEL_REASON_BEYOND);
	check_refused("behind", &buffer, 5000, 1, -ENXIO, ORIEL_REASON_BEYOND);
	check_refused("far", &buffer, 1ull << 63, 1, -ENXIO, ORIEL_REASON_BEYOND);
	check_refused("wraps", &buffer, 4096, -4096ull, -EOVERFLOW, ORIEL_REASON_OVERFLOW);
	assert_case("no flag", sync_try(node, handle, 0, 1, 0, 0), -EINVAL);
	assert_int_equal(explain(node).reason, ORIEL_REASON_FLAGS);
	assert_case("both", sync_try(node, handle, 0, 1, 3, 0), -EINVAL);
	assert_case("flag", sync_try(node, handle, 0, 1, 4, 0), -EINVAL);
	assert_case("direction", sync_try(node, handle, 0, 1, 1, 3), -EINVAL);
	assert_case("reserved0", ioctl(node, ORIEL_SYNC, &sync) ? errno : 0, EINVAL);
	sync.reserved0 = 0;
	sync.reserved[1] = 1;
	assert_case("reserved", ioctl(node, ORIEL_SYNC, &sync) ? errno : 0, EINVAL);
	assert_int_equal(explain(node).reason, ORIEL_REASON_RESERVED);
	assert_case("address", ioctl(node, ORIEL_SYNC, 8) ? errno : 0, EFAULT);
	buffer_close(&buffer);
	assert_case("freed", sync_try(node, handle, 0, 1, 1, 0), -ENXIO);
	assert_int_equal(explain(node).reason, ORIEL_REASON_HANDLE);
	close(node);
}

static void test_removed(void **state)
{
	int node = node_open(PCI_EDU, O_RDWR);
	struct buffer buffer = buffer_open(node, ORIEL_KIND_SCATTERED, 4096);

	pci_unbind(PCI_EDU);
	assert_case("removed", sync_try(node, buffer.alloc.handle, 0, 1, 1, 0), -ENODEV);
	buffer_close(&buffer);
	close(node);
	pci_bind(PCI_EDU);
}

/* Nobody has the handle of a named buffer, which this call wants: refused. */
static void test_named(void **state)
{
	char *wanted = NULL;

	assert_true(asprintf(&wanted, "65536 scattered - pci-%.4s-%.2s-%.4s", &PCI_EDU[0],
			     &PCI_EDU[5], &PCI_EDU[8]) > 0);
	assert_case(wanted, named_make("named", wanted), is_bounced() ? -EOPNOTSUPP : 0);
	if (is_bounced())
		assert_int_equal(named_reason("named"), ORIEL_REASON_NOT_COHERENT);
	assert_int_equal(named_rmdir("named"), 0);
	free(wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scattered),
		cmocka_unit_test(test_contig),
		cmocka_unit_test(test_coherent),
		cmocka_unit_test(test_import),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_removed),
		cmocka_unit_test_teardown(test_named, named_clear),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
