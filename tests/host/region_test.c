// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions: finding them, and values and ranges through pread() and pwrite().
 */
#include <errno.h>

#include <oriel.h>

#include "mock.h"
#include "test.h"

static struct oriel_device *device;
static struct oriel_region_info region;

static void setup(void)
{
	mock_setup();
	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
}

static void teardown(void)
{
	oriel_device_close(device);
	mock_teardown();
}

static void use(const char *name)
{
	CHECK_INT(oriel_region_find(device, name, &region), 0);
}

static void regions_are_found_by_index(void)
{
	uint32_t i;

	for (i = 0; i < MOCK_NR_REGIONS; i++) {
		memset(&region, 0xff, sizeof(region));
		CHECK_INT(oriel_region_get_info(device, i, &region), 0);
		CHECK(!memcmp(&region, &mock.regions[i], sizeof(region)));
	}
}

static void a_bad_index_is_enxio(void)
{
	memset(&region, 0xff, sizeof(region));
	CHECK_INT(oriel_region_get_info(device, MOCK_NR_REGIONS, &region), -ENXIO);
	CHECK_INT(region.index, UINT32_MAX);
}

static void regions_are_found_by_name(void)
{
	use("large");
	CHECK_INT(region.index, MOCK_LARGE);
	CHECK_INT(oriel_region_find(device, "larg", &region), -ENXIO);
	CHECK_INT(oriel_region_find(device, "large2", &region), -ENXIO);
	CHECK_INT(oriel_region_find(device, "", &region), -ENXIO);
}

static void find_passes_errors_on(void)
{
	mock.ioctl_error[1] = ENODEV;
	CHECK_INT(oriel_region_find(device, "buffer", &region), -ENODEV);
	mock.ioctl_error[0] = EFAULT;
	CHECK_INT(oriel_region_find(device, "buffer", &region), -EFAULT);
}

static void names_are_terminated(void)
{
	memset(mock.regions[0].name, 'n', ORIEL_REGION_NAME_BYTES);
	CHECK_INT(oriel_region_get_info(device, 0, &region), 0);
	CHECK_INT(strnlen(region.name, sizeof(region.name)),
		  ORIEL_REGION_NAME_BYTES - 1);
}

static void a_value_is_one_access(void)
{
	const uint64_t pattern = 0x8877665544332211;
	unsigned int width;
	uint64_t value, back;

	use("small");
	for (width = 8; width <= 64; width *= 2) {
		value = pattern >> (64 - width);
		mock.nr_io = 0;
		CHECK_INT(oriel_region_write_value(device, &region, 0, width, value), 0);
		CHECK_INT(mock.nr_io, 1);
		CHECK_INT(mock.io_length, width / 8);
		CHECK_INT(mock.io_offset, 4 * MOCK_MIB);
		CHECK_INT(oriel_region_read_value(device, &region, 0, width, &back), 0);
		CHECK_INT(mock.nr_io, 2);
		CHECK_INT(mock.io_length, width / 8);
		CHECK_INT(back, value);
	}
}

static void values_reach_their_place(void)
{
	uint16_t there = 0;
	uint64_t value;

	use("small");
	CHECK_INT(oriel_region_write_value(device, &region, 8, 16, 0xabcd), 0);
	mock_peek("hello", (off_t)(4 * MOCK_MIB + 8), &there, sizeof(there));
	CHECK_INT(there, 0xabcd);
	CHECK_INT(oriel_region_read_value(device, &region, 9, 8, &value), 0);
	CHECK(value == 0xab || value == 0xcd);
}

static void pread_counts_from_the_first_valid_byte(void)
{
	uint64_t value;

	use("regs");
	CHECK_INT(oriel_region_read_value(device, &region, 4, 32, &value), 0);
	CHECK_INT(mock.io_offset, 2 * MOCK_MIB + 4);
}

static void bad_values_are_refused(void)
{
	uint64_t value = 77;

	use("small");
	CHECK_INT(oriel_region_read_value(device, &region, 0, 0, &value), -EINVAL);
	CHECK_INT(oriel_region_read_value(device, &region, 0, 24, &value), -EINVAL);
	CHECK_INT(oriel_region_read_value(device, &region, 0, 128, &value), -EINVAL);
	CHECK_INT(oriel_region_read_value(device, &region, 2, 32, &value), -EINVAL);
	CHECK_INT(oriel_region_read_value(device, &region, 8, 32, &value), -ENXIO);
	CHECK_INT(oriel_region_read_value(device, &region, 10, 8, &value), -ENXIO);
	CHECK_INT(oriel_region_read_value(device, &region, UINT64_MAX, 8, &value),
		  -EOVERFLOW);
	CHECK_INT(oriel_region_write_value(device, &region, 1, 16, 0), -EINVAL);
	CHECK_INT(oriel_region_write_value(device, &region, 0, 8, 0x100), -EINVAL);
	CHECK_INT(oriel_region_write_value(device, &region, 0, 32, 1ull << 32), -EINVAL);
	CHECK_INT(mock.nr_io, 0);
	CHECK_INT(value, 77);
}

static void value_errors_are_passed_on(void)
{
	uint64_t value = 77;

	use("small");
	mock.pread_error = EACCES;
	mock.pwrite_error = EBADF;
	CHECK_INT(oriel_region_read_value(device, &region, 0, 32, &value), -EACCES);
	CHECK_INT(oriel_region_write_value(device, &region, 0, 32, 0), -EBADF);
	mock.pread_error = 0;
	mock.pwrite_error = 0;
	mock.io_limit_bytes = 2;
	CHECK_INT(oriel_region_read_value(device, &region, 0, 32, &value), -EIO);
	CHECK_INT(oriel_region_write_value(device, &region, 0, 32, 0), -EIO);
	CHECK_INT(value, 77);
}

static void ranges_are_complete(void)
{
	char out[100], in[100] = "";
	size_t i;

	for (i = 0; i < sizeof(out); i++)
		out[i] = (char)i;

	use("buffer");
	mock.io_limit_bytes = 7;
	mock.eintr_countdown = 3;
	CHECK_INT(oriel_region_write_range(device, &region, 50, out, 100), 0);
	mock.eintr_countdown = 3;
	CHECK_INT(oriel_region_read_range(device, &region, 50, in, 100), 0);
	CHECK(!memcmp(in, out, sizeof(in)));
	memset(in, 0, sizeof(in));
	mock_peek("hello", 50, in, sizeof(in));
	CHECK(!memcmp(in, out, sizeof(in)));
}

static void bad_ranges_are_refused(void)
{
	char bytes[16] = "";

	use("buffer");
	CHECK_INT(oriel_region_read_range(device, &region, 8192, bytes, 0), 0);
	CHECK_INT(oriel_region_read_range(device, &region, 8192, bytes, 1), -ENXIO);
	CHECK_INT(oriel_region_read_range(device, &region, 8177, bytes, 16), -ENXIO);
	CHECK_INT(oriel_region_write_range(device, &region, 8177, bytes, 16), -ENXIO);
	CHECK_INT(oriel_region_read_range(device, &region, UINT64_MAX - 3, bytes, 16),
		  -EOVERFLOW);
	CHECK_INT(oriel_region_write_range(device, &region, UINT64_MAX, bytes, 1),
		  -EOVERFLOW);
	region.offset_bytes = INT64_MAX - 4095;
	CHECK_INT(oriel_region_read_range(device, &region, 4095, bytes, 1), -EOVERFLOW);
	CHECK_INT(mock.nr_io, 0);
}

static void range_errors_are_passed_on(void)
{
	char bytes[16] = "";

	use("buffer");
	mock.pread_error = EFAULT;
	mock.pwrite_error = ENODEV;
	CHECK_INT(oriel_region_read_range(device, &region, 0, bytes, 16), -EFAULT);
	CHECK_INT(oriel_region_write_range(device, &region, 0, bytes, 16), -ENODEV);
	CHECK_INT(mock.nr_io, 2);

	/* The file is shorter than it said. */
	mock.pread_error = 0;
	mock_truncate("hello", 10);
	CHECK_INT(oriel_region_read_range(device, &region, 0, bytes, 16), -ENXIO);
}

static void codes_have_words(void)
{
	CHECK_TEXT(oriel_kind_get_name(ORIEL_KIND_MMIO), "mmio");
	CHECK_TEXT(oriel_kind_get_name(ORIEL_KIND_CONTIG), "contig");
	CHECK_TEXT(oriel_kind_get_name(ORIEL_KIND_SCATTERED), "scattered");
	CHECK_TEXT(oriel_kind_get_name(ORIEL_KIND_COHERENT), "coherent");
	CHECK_TEXT(oriel_kind_get_name(ORIEL_KIND_IMPORT), "import");
	CHECK_TEXT(oriel_kind_get_name(0), "unknown");
	CHECK_TEXT(oriel_cache_get_name(ORIEL_CACHE_CACHED), "cached");
	CHECK_TEXT(oriel_cache_get_name(ORIEL_CACHE_UNCACHED), "uncached");
	CHECK_TEXT(oriel_cache_get_name(ORIEL_CACHE_WRITE_COMBINED), "write-combined");
	CHECK_TEXT(oriel_cache_get_name(0), "unknown");
}

static void a_region_is_exported(void)
{
	int fd = -1;

	use("large");
	CHECK_INT(oriel_region_export(device, &region, 4096, 8192, &fd), 0);
	CHECK_INT(fd, 77);
	CHECK_INT(mock.region_export.index, region.index);
	CHECK_INT(mock.region_export.offset_bytes, 4096);
	CHECK_INT(mock.region_export.size_bytes, 8192);
	CHECK(!mock.region_export.flags && !mock.region_export.reserved[0] &&
	      !mock.region_export.reserved[1] && !mock.region_export.reserved[2]);
	mock.ioctl_error[10] = EOPNOTSUPP;
	CHECK_INT(oriel_region_export(device, &region, 0, 4096, &fd), -EOPNOTSUPP);
	CHECK_INT(fd, 77);
}

static const struct test tests[] = {
	TEST(a_region_is_exported),
	TEST(regions_are_found_by_index),
	TEST(a_bad_index_is_enxio),
	TEST(regions_are_found_by_name),
	TEST(find_passes_errors_on),
	TEST(names_are_terminated),
	TEST(a_value_is_one_access),
	TEST(values_reach_their_place),
	TEST(pread_counts_from_the_first_valid_byte),
	TEST(bad_values_are_refused),
	TEST(value_errors_are_passed_on),
	TEST(ranges_are_complete),
	TEST(bad_ranges_are_refused),
	TEST(range_errors_are_passed_on),
	TEST(codes_have_words),
};

TEST_MAIN(tests, setup, teardown)
