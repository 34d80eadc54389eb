// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring between the scratch disk and mappings, plain and with the mapping as
 * a fixed buffer. The 6.1 kernel fixes no memory of any driver's, and says so.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "lib/check.h"
#include "lib/disk.h"
#include "lib/place.h"
#include "lib/uring.h"

#define MARK_DISK	0x100	/* what was on the disk */
#define MARK_MEMORY	0x200	/* what was in the region */
#define SECTOR		512

static int disk;
static struct uring uring;
static bool fixes_drivers_memory;

/* By the opcodes given: into the region, then something else out of it. */
static void transfer(struct area *area, int read, int write)
{
	disk_fill(disk, MARK_DISK, area->bytes);
	assert_int_equal(uring_transfer(&uring, read, disk, area->address, area->bytes, 0),
			 area->bytes);
	assert_int_equal(pattern_check(area->address, MARK_DISK, 0, area->bytes, 8), 0);
	pattern_write(area->address, MARK_MEMORY, 0, area->bytes);
	assert_int_equal(uring_transfer(&uring, write, disk, area->address, area->bytes, 0),
			 area->bytes);
	assert_int_equal(disk_check(disk, MARK_MEMORY, area->bytes, 0), 0);
}

static void plain(const struct place *place, struct area *area)
{
	transfer(area, IORING_OP_READ, IORING_OP_WRITE);
}

static void test_plain(void **state)
{
	places_each(plain);
}

/* Sectors anywhere in the buffer, over the edges of pages and blocks. */
static void transfer_parts(struct area *area)
{
	size_t from, bytes = 2 * SECTOR;

	disk_fill(disk, MARK_DISK, area->bytes);
	for (from = page_bytes() - SECTOR; from + bytes <= area->bytes; from += from + SECTOR) {
		pattern_write(area->address, MARK_MEMORY, 0, area->bytes);
		assert_int_equal(uring_transfer(&uring, IORING_OP_READ_FIXED, disk,
						area->address + from, bytes, from), bytes);
		assert_int_equal(pattern_check(area->address, MARK_MEMORY, 0, from, 8), 0);
		assert_int_equal(pattern_check(area->address + from, MARK_DISK, from, bytes, 8),
				 0);
		assert_int_equal(pattern_check(area->address + from + bytes, MARK_MEMORY,
					       from + bytes, area->bytes - from - bytes, 8), 0);
	}
}

static void fixed(const struct place *place, struct area *area)
{
	int err = uring_fix(&uring, area->address, area->bytes);

	if (!fixes_drivers_memory) {
		assert_int_equal(err, -EOPNOTSUPP);
		return;
	}
	assert_int_equal(err, 0);
	transfer(area, IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED);
	transfer_parts(area);
	uring_unfix(&uring);
}

static void test_fixed(void **state)
{
	places_each(fixed);
}

/* A buffer that starts and ends in the middle of pages, and of blocks. */
static void fixed_part(const struct place *place, struct area *area)
{
	size_t from = page_bytes() / 2, bytes = area->bytes - page_bytes();

	/* Of a single page, nothing is left. */
	if (!bytes)
		return;
	disk_fill(disk, MARK_DISK, area->bytes);
	pattern_write(area->address, MARK_MEMORY, 0, area->bytes);
	assert_int_equal(uring_fix(&uring, area->address + from, bytes), 0);
	assert_int_equal(uring_transfer(&uring, IORING_OP_READ_FIXED, disk,
					area->address + from, bytes, from), bytes);
	assert_int_equal(pattern_check(area->address, MARK_MEMORY, 0, from, 8), 0);
	assert_int_equal(pattern_check(area->address + from, MARK_DISK, from, bytes, 8), 0);
	assert_int_equal(pattern_check(area->address + from + bytes, MARK_MEMORY, from + bytes,
				       from, 8), 0);
	/* One byte before it is not in it. */
	assert_int_equal(uring_transfer(&uring, IORING_OP_READ_FIXED, disk, area->address,
					SECTOR, 0), -EFAULT);
	uring_unfix(&uring);
}

static void test_fixed_part(void **state)
{
	if (!fixes_drivers_memory)
		skip();
	places_each(fixed_part);
}

/* What cannot be written is not fixed: the kernel fixes for writing. */
static void sealed(const struct place *place, struct area *area)
{
	void *address = area_map(area, PROT_READ, MAP_SHARED);

	assert_int_equal(uring_fix(&uring, address, area->bytes), -EFAULT);
	munmap(address, area->bytes);
}

static void test_read_only_mapping(void **state)
{
	places_each(sealed);
}

/* The buffer stays, and goes on working, when all else has gone. */
static void outlives(const struct place *place, struct area *area)
{
	void *scribbled, *buffer = area->address;

	pattern_write(buffer, MARK_MEMORY, 0, area->bytes);
	disk_fill(disk, MARK_DISK, area->bytes);
	assert_int_equal(uring_fix(&uring, buffer, area->bytes), 0);
	place_vanish(place, area);
	scribbled = scribble();
	assert_int_equal(uring_transfer(&uring, IORING_OP_WRITE_FIXED, disk, buffer,
					area->bytes, area->bytes), area->bytes);
	assert_int_equal(uring_transfer(&uring, IORING_OP_READ_FIXED, disk, buffer,
					area->bytes, 0), area->bytes);
	assert_int_equal(uring_transfer(&uring, IORING_OP_WRITE_FIXED, disk, buffer,
					area->bytes, 0), area->bytes);
	uring_unfix(&uring);
	assert_int_equal(disk_check(disk, MARK_DISK, area->bytes, 0), 0);
	assert_int_equal(disk_check(disk, MARK_MEMORY, area->bytes, area->bytes), 0);
	assert_int_equal(scribble_check(scribbled), 0);
	place_return(place);
	*area = place_open(place, PROT_READ | PROT_WRITE);
}

static void test_fixed_outlives_all(void **state)
{
	if (!fixes_drivers_memory)
		skip();
	places_each(outlives);
}

static int load(void **state)
{
	struct utsname name;

	uname(&name);
	fixes_drivers_memory = strncmp(name.release, "6.1.", 4);
	disk = disk_open();
	uring_open(&uring);
	return places_load(state);
}

static int unload(void **state)
{
	uring_close(&uring);
	close(disk);
	return places_unload(state);
}

/* The tests would prove nothing if this kernel fixed no memory at all. */
static void test_ordinary_memory(void **state)
{
	void *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_int_equal(uring_fix(&uring, memory, 1 << 20), 0);
	uring_unfix(&uring);
	munmap(memory, 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary_memory),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_fixed_part),
		cmocka_unit_test(test_read_only_mapping),
		cmocka_unit_test(test_fixed_outlives_all),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
