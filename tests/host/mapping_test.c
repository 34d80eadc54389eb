// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings: the right pages, the right address, and nothing left behind.
 */
#include <errno.h>
#include <unistd.h>

#include <oriel.h>

#include "mock.h"
#include "test.h"

#define UNTOUCHED	((struct oriel_mapping *)16)
#define HUGE		(2 * MOCK_MIB)

static struct oriel_device *device;
static struct oriel_region_info region;
static struct oriel_mapping *mapping;
static uint64_t page;

static void setup(void)
{
	mock_setup();
	page = (uint64_t)sysconf(_SC_PAGESIZE);
	mapping = UNTOUCHED;
	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
}

static void teardown(void)
{
	CHECK_INT(mock.nr_mapped, 0);
	CHECK_INT(mock.nr_reservations, 0);
	oriel_device_close(device);
	mock_teardown();
}

static void use(const char *name)
{
	CHECK_INT(oriel_region_find(device, name, &region), 0);
}

static int map_range(uint64_t offset_bytes, uint64_t length_bytes, int prot)
{
	return oriel_mapping_create_range(device, &region, offset_bytes,
					  length_bytes, prot, &mapping);
}

static void a_whole_region_is_the_default(void)
{
	use("buffer");
	CHECK_INT(oriel_mapping_create(device, &region, PROT_READ, &mapping), 0);
	CHECK_INT(oriel_mapping_get_length(mapping), 8192);
	CHECK_INT(mock.mmap.offset, 0);
	CHECK_INT(mock.mmap.prot, PROT_READ);
	CHECK_INT(mock.mmap.flags, MAP_SHARED);
	CHECK(!mock.mmap.hint);
	oriel_mapping_destroy(mapping);
	oriel_mapping_destroy(NULL);
}

static void mappings_share_the_memory(void)
{
	uint32_t there = 0;
	char *address;

	use("buffer");
	CHECK_INT(map_range(4100, 8, PROT_READ | PROT_WRITE), 0);
	address = oriel_mapping_get_address(mapping);
	oriel_write32(address, 0x12345678);
	mock_peek("hello", 4100, &there, sizeof(there));
	CHECK_INT(there, 0x12345678);
	CHECK_INT(oriel_read32(address), 0x12345678);
	CHECK_INT(oriel_read16(address) + oriel_read16(address + 2), 0x1234 + 0x5678);
	oriel_write8(address + 4, 0x9a);
	oriel_write16(address + 6, 0xbcde);
	CHECK_INT(oriel_read8(address + 4), 0x9a);
	CHECK_INT(oriel_read16(address + 6), 0xbcde);
	oriel_mapping_destroy(mapping);
}

static void mappings_outlive_the_device(void)
{
	struct oriel_device *other;

	use("buffer");
	CHECK_INT(oriel_device_open("hello", 0, &other), 0);
	CHECK_INT(oriel_mapping_create(other, &region, PROT_READ | PROT_WRITE,
				       &mapping), 0);
	oriel_device_close(other);
	oriel_write32(oriel_mapping_get_address(mapping), 1);
	oriel_mapping_destroy(mapping);
}

static void ranges_become_whole_pages(void)
{
	use("buffer");
	CHECK_INT(map_range(page - 1, 2, PROT_READ), 0);
	CHECK_INT(mock.mmap.offset, 0);
	CHECK_INT(mock.mmap.length, 2 * page);
	CHECK_INT((uintptr_t)oriel_mapping_get_address(mapping) % page, page - 1);
	CHECK_INT(oriel_mapping_get_length(mapping), 2);
	oriel_mapping_destroy(mapping);

	CHECK_INT(map_range(page, 1, PROT_READ), 0);
	CHECK_INT(mock.mmap.offset, page);
	CHECK_INT(mock.mmap.length, page);
	oriel_mapping_destroy(mapping);

	CHECK_INT(map_range(8000, 0, PROT_READ), 0);
	CHECK_INT(oriel_mapping_get_length(mapping), 192);
	oriel_mapping_destroy(mapping);
}

static void regions_may_start_inside_a_page(void)
{
	uint32_t there = 0xcafe;

	mock_poke("hello", (off_t)(2 * MOCK_MIB + 0x100 + 8), &there, 4);
	use("regs");
	CHECK_INT(map_range(8, 4, PROT_READ), 0);
	CHECK_INT(mock.mmap.offset, 2 * MOCK_MIB);
	CHECK_INT(mock.mmap.length, page);
	CHECK_INT((uintptr_t)oriel_mapping_get_address(mapping) % page, 0x108);
	CHECK_INT(oriel_read32(oriel_mapping_get_address(mapping)), 0xcafe);
	oriel_mapping_destroy(mapping);
}

static void bad_ranges_are_refused(void)
{
	use("buffer");
	memset(&mock.mmap, 0, sizeof(mock.mmap));
	CHECK_INT(map_range(8192, 0, PROT_READ), -ENXIO);
	CHECK_INT(map_range(8193, 0, PROT_READ), -ENXIO);
	CHECK_INT(map_range(8192, 1, PROT_READ), -ENXIO);
	CHECK_INT(map_range(0, 8193, PROT_READ), -ENXIO);
	CHECK_INT(map_range(1, 8192, PROT_READ), -ENXIO);
	CHECK_INT(map_range(UINT64_MAX, 1, PROT_READ), -EOVERFLOW);
	CHECK_INT(map_range(UINT64_MAX, 0, PROT_READ), -EOVERFLOW);
	CHECK_INT(map_range(2, UINT64_MAX - 1, PROT_READ), -EOVERFLOW);
	region.offset_bytes = INT64_MAX - 4095;
	CHECK_INT(map_range(0, 8192, PROT_READ), -EOVERFLOW);
	region.offset_bytes = 0;
	region.size_bytes = INT64_MAX;
	CHECK_INT(map_range(0, 0, PROT_READ), -EOVERFLOW);
	CHECK_INT(mock.mmap.length, 0);
	CHECK(mapping == UNTOUCHED);
}

static void mmap_errors_are_passed_on(void)
{
	static const int errors[] = {
		EINVAL, EACCES, EPERM, EOPNOTSUPP, EBUSY, ENOMEM, ENODEV, ENXIO,
	};
	size_t i;

	use("large");
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		mock.mmap_error = errors[i];
		CHECK_INT(map_range(0, 0, PROT_READ), -errors[i]);
		CHECK(mapping == UNTOUCHED);
	}
}

static void no_memory_is_enomem(void)
{
	use("buffer");
	mock.calloc_countdown = 1;
	CHECK_INT(map_range(0, 0, PROT_READ), -ENOMEM);
}

static void protection_is_the_kernels_to_judge(void)
{
	use("buffer");
	mock.mmap_error = EPERM;
	CHECK_INT(map_range(0, 0, PROT_READ | PROT_EXEC), -EPERM);
	CHECK_INT(mock.mmap.prot, PROT_READ | PROT_EXEC);
}

static void huge_regions_get_congruent_addresses(void)
{
	static const uint64_t offsets[] = { 0, 1, 4096, 3 * MOCK_MIB, 3 * MOCK_MIB + 5 };
	size_t i;

	use("large");
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		CHECK_INT(map_range(offsets[i], 0, PROT_READ | PROT_WRITE), 0);
		CHECK(mock.mmap.hint);
		/* Some file systems align by themselves: look at the hint. */
		CHECK_INT(((uintptr_t)mock.mmap.hint -
			   (uint64_t)mock.mmap.offset) % HUGE, 0);
		CHECK_INT(((uintptr_t)oriel_mapping_get_address(mapping) -
			   region.offset_bytes - offsets[i]) % HUGE, 0);
		CHECK(!(mock.mmap.flags & MAP_FIXED));
		oriel_write8(oriel_mapping_get_address(mapping), 1);
		oriel_mapping_destroy(mapping);
	}
}

static void small_or_plain_mappings_are_not_aligned(void)
{
	use("large");
	CHECK_INT(map_range(0, HUGE - page, PROT_READ), 0);
	CHECK(!mock.mmap.hint);
	oriel_mapping_destroy(mapping);

	region.kind = ORIEL_KIND_MMIO;
	CHECK_INT(map_range(0, 0, PROT_READ), 0);
	CHECK(!mock.mmap.hint);
	oriel_mapping_destroy(mapping);

	region.kind = ORIEL_KIND_CONTIG;
	region.flags &= ~ORIEL_REGION_HUGE;
	CHECK_INT(map_range(0, 0, PROT_READ), 0);
	CHECK(!mock.mmap.hint);
	oriel_mapping_destroy(mapping);
}

static void prefault_gives_whole_pages(void)
{
	use("buffer");
	CHECK_INT(map_range(page - 1, 2, PROT_READ), 0);
	CHECK_INT(oriel_mapping_prefault(mapping, device), 0);
	CHECK_INT(mock.prefault.address,
		  (uintptr_t)oriel_mapping_get_address(mapping) - (page - 1));
	CHECK_INT(mock.prefault.length_bytes, 2 * page);
	mock.ioctl_error[2] = EINVAL;
	CHECK_INT(oriel_mapping_prefault(mapping, device), -EINVAL);
	mock.ioctl_error[2] = ENODEV;
	CHECK_INT(oriel_mapping_prefault(mapping, device), -ENODEV);
	oriel_mapping_destroy(mapping);
}

static void info_is_of_one_byte(void)
{
	struct oriel_mapping_info info = { .cache = 77 };

	use("buffer");
	CHECK_INT(map_range(page - 1, 2, PROT_READ), 0);
	CHECK_INT(oriel_mapping_get_info(mapping, device, 1, &info), 0);
	CHECK_INT(info.address, (uintptr_t)oriel_mapping_get_address(mapping) + 1);
	CHECK_INT(info.cache, ORIEL_CACHE_WRITE_COMBINED);
	CHECK_INT(info.entry_bytes, page);

	info.cache = 77;
	CHECK_INT(oriel_mapping_get_info(mapping, device, 2, &info), -ENXIO);
	CHECK_INT(oriel_mapping_get_info(mapping, device, SIZE_MAX, &info), -ENXIO);
	mock.ioctl_error[12] = EINVAL;
	CHECK_INT(oriel_mapping_get_info(mapping, device, 0, &info), -EINVAL);
	CHECK_INT(info.cache, 77);
	oriel_mapping_destroy(mapping);
}

static const struct test tests[] = {
	TEST(a_whole_region_is_the_default),
	TEST(mappings_share_the_memory),
	TEST(mappings_outlive_the_device),
	TEST(ranges_become_whole_pages),
	TEST(regions_may_start_inside_a_page),
	TEST(bad_ranges_are_refused),
	TEST(mmap_errors_are_passed_on),
	TEST(no_memory_is_enomem),
	TEST(protection_is_the_kernels_to_judge),
	TEST(huge_regions_get_congruent_addresses),
	TEST(small_or_plain_mappings_are_not_aligned),
	TEST(prefault_gives_whole_pages),
	TEST(info_is_of_one_byte),
};

TEST_MAIN(tests, setup, teardown)
