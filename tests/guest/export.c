// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions as dma-bufs: the same memory, no more of it and no more rights than
 * the open file gives, alive after its device.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/module.h"
#include "lib/smaps.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"

#define MIB	((uint64_t)1 << 20)

/* Return: a descriptor or -errno. */
static int export_range(int node, uint32_t index, uint64_t offset, uint64_t bytes)
{
	struct oriel_region_export export = {
		.index = index, .offset_bytes = offset, .size_bytes = bytes,
	};

	return ioctl(node, ORIEL_REGION_EXPORT, &export) ? -errno : (int)export.dmabuf_fd;
}

static void check_same(const struct area *area, uint64_t offset, uint64_t bytes)
{
	const size_t page = page_bytes();
	int fd = export_range(area->fd, area->info.index, offset, bytes);
	uint64_t at;
	uint8_t *p;

	if (fd < 0)
		fail_msg("%s: %s, reason %u", area->info.name, strerror(-fd),
			 explain(area->fd).reason);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(lseek(fd, 0, SEEK_END), page_round(bytes));
	p = buffer_map(fd, page_round(bytes), PROT_READ | PROT_WRITE, 2 * MIB);
	assert_memory_equal(p, area->address + offset, bytes);
	for (at = 0; at < bytes; at += page) {
		p[at] ^= 0x5a;
		assert_int_equal(p[at], area->address[offset + at]);
		p[at] ^= 0x5a;
	}
	munmap(p, page_round(bytes));
	p = mmap(NULL, page_round(bytes) + page, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	close(fd);
}

static void test_same_memory(void **state)
{
	const size_t page = page_bytes();
	struct area odd = area_open("odd", PROT_READ | PROT_WRITE);
	struct area large = area_open("scattered4m", PROT_READ | PROT_WRITE);
	struct area contig = area_open("contig8k", PROT_READ | PROT_WRITE);

	check_same(&contig, 0, 2 * page);
	check_same(&contig, page, page);
	check_same(&odd, 0, page + 904);
	check_same(&odd, page, 904);
	check_same(&large, 0, 4 * MIB);
	check_same(&large, 2 * MIB, 2 * MIB);
	check_same(&large, MIB + page, 2 * MIB);
	area_close(&odd);
	area_close(&large);
	area_close(&contig);
}

static void test_huge(void **state)
{
	struct area large = area_open("scattered4m", 0);
	int fd = export_range(large.fd, large.info.index, 0, 4 * MIB);
	uint8_t *p = buffer_map(fd, 4 * MIB, PROT_READ | PROT_WRITE, 2 * MIB);

	assert_int_equal(touch_read(p), 0);
	assert_int_equal(touch_read(p + 2 * MIB), 0);
	assert_int_equal(smaps_kib(p, "FilePmdMapped"), kernel_maps_blocks() ? 4096 : 0);
	munmap(p, 4 * MIB);
	close(fd);
	area_close(&large);
}

static void check_refused(const char *what, const struct area *area, uint64_t offset,
			  uint64_t bytes, int err, uint32_t reason)
{
	int lowest = dup(area->fd);

	close(lowest);
	assert_case(what, export_range(area->fd, area->info.index, offset, bytes), err);
	assert_case(what, explain(area->fd).reason, reason);
	assert_case(what, explain(area->fd).call, ORIEL_CALL_REGION_EXPORT);
	assert_case(what, dup(area->fd), lowest);
	close(lowest);
}

static void test_refusals(void **state)
{
	const size_t page = page_bytes();
	struct area area = area_open("odd", 0);
	struct area write_only = area_open("write-only", 0);
	struct area revocable = area_open("revocable", 0);
	struct oriel_region_export export = { .index = area.info.index, .size_bytes = page };

	check_refused("nothing", &area, 0, 0, -EINVAL, ORIEL_REASON_EMPTY);
	check_refused("offset", &area, 8, page - 8, -EINVAL, ORIEL_REASON_WINDOW_CUT);
	check_refused("end", &area, 0, page - 1, -EINVAL, ORIEL_REASON_WINDOW_CUT);
	check_refused("beyond", &area, 0, 2 * page, -ENXIO, ORIEL_REASON_BEYOND);
	check_refused("behind", &area, 2 * page, page, -ENXIO, ORIEL_REASON_BEYOND);
	check_refused("wraps", &area, -(uint64_t)page, 2 * page, -EOVERFLOW, ORIEL_REASON_OVERFLOW);
	check_refused("write-only", &write_only, 0, 2 * page, -EACCES, ORIEL_REASON_WRITE_ONLY);
	check_refused("revocable", &revocable, 0, 5 * MIB, -EOPNOTSUPP,
		      ORIEL_REASON_NOT_EXPORTED);
	assert_case("index", export_range(area.fd, 1000, 0, page), -ENXIO);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_INDEX);
	export.flags = 1;
	assert_case("flags", ioctl(area.fd, ORIEL_REGION_EXPORT, &export) ? errno : 0, EINVAL);
	export.flags = 0;
	export.reserved[2] = 1;
	assert_case("reserved", ioctl(area.fd, ORIEL_REGION_EXPORT, &export) ? errno : 0, EINVAL);
	assert_case("address", ioctl(area.fd, ORIEL_REGION_EXPORT, 8) ? errno : 0, EFAULT);
	area_close(&area);
	area_close(&write_only);
	area_close(&revocable);
}

static void check_read_only(int node, const char *region)
{
	const size_t page = page_bytes();
	struct oriel_region_info info = region_find(node, region);
	int fd = export_range(node, info.index, 0, info.size_bytes);
	char text[16];
	void *p;

	assert_true(fd >= 0);
	p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_equal(p, MAP_FAILED);
	assert_case(region, errno, EACCES);
	p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(touch_read(p), 0);
	assert_case(region, mprotect(p, page, PROT_READ | PROT_WRITE), -1);
	munmap(p, page);
	/* Nor can another driver, or its device, be made to write there. */
	snprintf(text, sizeof(text), "%d", fd);
	assert_case(region, text_write("/sys/module/oriel_importer/parameters/attach", text),
		    -EACCES);
	assert_case(region, text_write("/sys/module/oriel_importer/parameters/look", text),
		    -EINVAL);
	close(fd);
}

static void test_read_only(void **state)
{
	const size_t page = page_bytes();
	int reader = open("/dev/oriel/testdev", O_RDONLY | O_CLOEXEC);
	int writer = open("/dev/oriel/testdev", O_RDWR | O_CLOEXEC), fd;
	char text[16];

	assert_int_equal(module_load("oriel-importer", ""), 0);
	check_read_only(reader, "contig8k");
	check_read_only(writer, "read-only");
	/* What it is to be refused, it does otherwise. */
	fd = export_range(writer, region_find(writer, "contig8k").index, 0, 2 * page);
	snprintf(text, sizeof(text), "%d", fd);
	assert_int_equal(text_write("/sys/module/oriel_importer/parameters/look", text), 0);
	close(fd);
	assert_int_equal(module_unload("oriel-importer"), 0);
	close(reader);
	close(writer);
}

/* Who could only write cannot read either. */
static void test_write_only(void **state)
{
	const size_t page = page_bytes();
	int writer = open("/dev/oriel/testdev", O_WRONLY | O_CLOEXEC);

	assert_true(writer >= 0);
	assert_case("export", export_range(writer, 0, 0, page), -EACCES);
	assert_int_equal(explain(writer).reason, ORIEL_REASON_NEEDS_READING);
	close(writer);
}

/* The whole of it and a part, after device and driver are gone. */
static void test_outlives(void **state)
{
	const size_t page = page_bytes();
	struct area large = area_open("scattered4m", PROT_READ | PROT_WRITE);
	int whole = export_range(large.fd, large.info.index, 0, 4 * MIB);
	int part = export_range(large.fd, large.info.index, MIB, MIB);
	uint8_t *p, *q;

	assert_true(whole >= 0 && part >= 0);
	large.address[MIB + 5] = 0x77;
	area_close(&large);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	p = buffer_map(whole, 4 * MIB, PROT_READ | PROT_WRITE, 2 * MIB);
	q = buffer_map(part, MIB, PROT_READ | PROT_WRITE, page);
	assert_int_equal(p[MIB + 5], 0x77);
	assert_int_equal(q[5], 0x77);
	close(whole);
	munmap(p, 4 * MIB);
	assert_int_equal(touch_write(q + MIB - 1), 0);
	assert_int_equal(q[5], 0x77);
	close(part);
	munmap(q, MIB);
	assert_int_equal(module_load("oriel-testdev", ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_memory),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_write_only),
		cmocka_unit_test(test_outlives),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
