// SPDX-License-Identifier: GPL-2.0-only
/*
 * O_DIRECT requests that are under way while all else goes: the mapping, the
 * file, the device, its driver. A disk that is held back gives the time for it.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <linux/aio_abi.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/disk.h"
#include "lib/module.h"
#include "lib/place.h"

#define MARK_DISK	0x100	/* what was on the disk */
#define MARK_MEMORY	0x200	/* what was in the region */
#define SECTOR		512

static int disk;

/* Requests under way, each for a part of a mapping. */
#define REQUESTS 4

struct flight {
	aio_context_t context;
	struct iocb requests[REQUESTS];
	size_t part;
};

/* Ends with all of them held. */
static void flight_start(struct flight *flight, const struct area *area, int opcode)
{
	struct iocb *requests[REQUESTS];
	struct io_event events[REQUESTS];
	struct timespec now = {};
	size_t i;

	memset(flight, 0, sizeof(*flight));
	flight->part = area->bytes / REQUESTS / SECTOR * SECTOR;
	assert_int_equal(syscall(SYS_io_setup, REQUESTS, &flight->context), 0);
	disk_hold(disk, true);
	for (i = 0; i < REQUESTS; i++) {
		requests[i] = &flight->requests[i];
		*requests[i] = (struct iocb){
			.aio_lio_opcode = opcode, .aio_fildes = disk,
			.aio_buf = (uintptr_t)area->address + i * flight->part,
			.aio_nbytes = flight->part, .aio_offset = i * flight->part,
		};
	}
	assert_int_equal(syscall(SYS_io_submit, flight->context, REQUESTS, requests), REQUESTS);
	assert_int_equal(syscall(SYS_io_getevents, flight->context, 0l, (long)REQUESTS, events,
				 &now), 0);
}

static void flight_land(struct flight *flight)
{
	struct io_event events[REQUESTS];
	long i;

	disk_hold(disk, false);
	assert_int_equal(syscall(SYS_io_getevents, flight->context, (long)REQUESTS,
				 (long)REQUESTS, events, NULL), REQUESTS);
	for (i = 0; i < REQUESTS; i++)
		assert_int_equal(events[i].res, flight->part);
	syscall(SYS_io_destroy, flight->context);
}

/* Written from memory that nobody has any more but the disk's driver. */
static void write_outlives(const struct place *place, struct area *area)
{
	struct flight flight;
	void *scribbled;

	disk_fill(disk, MARK_DISK, area->bytes);
	pattern_write(area->address, MARK_MEMORY, 0, area->bytes);
	flight_start(&flight, area, IOCB_CMD_PWRITE);
	place_vanish(place, area);
	scribbled = scribble();
	flight_land(&flight);
	assert_int_equal(disk_check(disk, MARK_MEMORY, REQUESTS * flight.part, 0), 0);
	assert_int_equal(scribble_check(scribbled), 0);
	place_return(place);
	*area = place_open(place, PROT_READ | PROT_WRITE);
}

static void test_write_under_way_outlives_all(void **state)
{
	places_each(write_outlives);
}

/* Read into such memory: it must not be anybody else's yet. */
static void read_outlives(const struct place *place, struct area *area)
{
	struct flight flight;
	void *scribbled;

	disk_fill(disk, MARK_DISK, area->bytes);
	flight_start(&flight, area, IOCB_CMD_PREAD);
	place_vanish(place, area);
	scribbled = scribble();
	flight_land(&flight);
	assert_int_equal(scribble_check(scribbled), 0);
	place_return(place);
	*area = place_open(place, PROT_READ | PROT_WRITE);
}

static void test_read_under_way_outlives_all(void **state)
{
	places_each(read_outlives);
}

/* Who has it mapped still gets what was under way when the device went. */
static void unregistered(const struct place *place, struct area *area)
{
	struct flight flight;

	pattern_write(area->address, MARK_MEMORY, 0, area->bytes);
	disk_fill(disk, MARK_DISK, area->bytes);
	flight_start(&flight, area, IOCB_CMD_PREAD);
	assert_int_equal(module_unload(place->module), 0);
	assert_int_equal(madvise(area->address, area->bytes, MADV_DONTNEED), 0);
	flight_land(&flight);
	if (!(area->info.flags & ORIEL_REGION_REVOCABLE)) {
		assert_int_equal(pattern_check(area->address, MARK_DISK, 0,
					       REQUESTS * flight.part, 8), 0);
	} else {
		assert_int_equal(pread(disk, area->address, SECTOR, 0), -1);
		assert_int_equal(errno, EFAULT);
	}
	place_return(place);
}

static void test_device_goes_under_way(void **state)
{
	places_each(unregistered);
}

/* fork() while the disk reads: the parent gets it, not a copy for the child. */
static int child_just_looks(void *argument)
{
	volatile uint8_t *byte = ((struct area *)argument)->address;

	byte[0] = byte[0];
	return 0;
}

static void forked_under_way(const struct place *place, struct area *area)
{
	struct flight flight;

	pattern_write(area->address, MARK_DISK, 0, area->bytes);
	disk_fill(disk, MARK_DISK, area->bytes);
	memset(area->address + area->bytes / 2, 0, area->bytes / 2);
	flight_start(&flight, area, IOCB_CMD_PREAD);
	assert_int_equal(child_run(child_just_looks, area), 0);
	assert_int_equal(madvise(area->address, area->bytes, MADV_DONTFORK), 0);
	assert_int_equal(child_run(child_just_looks, area), 128 + SIGSEGV);
	flight_land(&flight);
	assert_int_equal(pattern_check(area->address, MARK_DISK, 0, REQUESTS * flight.part, 8), 0);
}

static void test_fork_under_way(void **state)
{
	places_each(forked_under_way);
}

static int load(void **state)
{
	disk = disk_open();
	return places_load(state);
}

static int unload(void **state)
{
	close(disk);
	return places_unload(state);
}

/* Or a test that failed would have the next one wait for the disk. */
static int let_go(void **state)
{
	disk_hold(disk, false);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_write_under_way_outlives_all, let_go),
		cmocka_unit_test_teardown(test_read_under_way_outlives_all, let_go),
		cmocka_unit_test_teardown(test_device_goes_under_way, let_go),
		cmocka_unit_test_teardown(test_fork_under_way, let_go),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
