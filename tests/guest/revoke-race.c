// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device goes at the very moment at which others open it, map it, fault, read
 * or ask: nobody gets anything afterwards, nothing is left, nothing crashes.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/pagemap.h"
#include "lib/slow.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"

#define ROUNDS 12
#define REGISTERED "/sys/module/oriel_testdev/parameters/registered"

static atomic_bool stop;

/* Opens, maps, reads and asks as fast as it can; ENODEV and ENOENT are fine. */
static void *user_thread(void *unused)
{
	struct oriel_device_info info;
	uint64_t word;
	void *map;
	int fd;

	while (!stop) {
		fd = open(TESTDEV_NODE, O_RDWR | O_CLOEXEC);
		if (fd < 0) {
			if (errno != ENODEV && errno != ENOENT && errno != ENXIO)
				return (void *)(long)errno;
			continue;
		}
		map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (map == MAP_FAILED && errno != ENODEV)
			return (void *)(long)errno;
		/* Region 0 is not revocable: once mapped, it is there. */
		if (map != MAP_FAILED) {
			*(volatile uint64_t *)map = 1;
			munmap(map, 8192);
		}
		memset(&info, 0, sizeof(info));
		if (ioctl(fd, ORIEL_DEVICE_INFO, &info) && errno != ENODEV)
			return (void *)(long)errno;
		if (pread(fd, &word, 8, 0) < 0 && errno != ENODEV)
			return (void *)(long)errno;
		close(fd);
	}
	return NULL;
}

static void *sysfs_thread(void *unused)
{
	char text[64];

	while (!stop) {
		text_read("/sys/class/oriel/testdev/regions/contig8k/size", text, sizeof(text));
		text_read("/sys/class/oriel/testdev/revoked", text, sizeof(text));
		text_read("/sys/class/oriel/testdev/driver_info", text, sizeof(text));
	}
	return NULL;
}

static void test_open_against_unregister(void **state)
{
	pthread_t threads[3];
	void *error = NULL, *one;
	size_t i;

	stop = false;
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						i ? user_thread : sysfs_thread, NULL), 0);
	for (i = 0; i < ROUNDS; i++) {
		assert_int_equal(text_write(REGISTERED, "0"), 0);
		assert_int_equal(text_write(REGISTERED, "1"), 0);
	}
	stop = true;
	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		pthread_join(threads[i], &one);
		error = error ? error : one;
	}
	assert_case("a thread's errno", (long)error, 0);
}

/* What a fault inserts at once: one touch of each spends the time where the race is. */
#define WINDOW_BYTES (2 << 20)

/*
 * Faults in each window, over and over (MADV_DONTNEED empties the page table),
 * until SIGBUS; then nothing may be present and nothing come back.
 */
static int faulting_child(void *argument)
{
	const struct area *area = argument;
	size_t at;

	for (;;) {
		for (at = 0; at < area->bytes; at += WINDOW_BYTES)
			if (touch_write(area->address + at) == SIGBUS)
				goto revoked;
		CHECK(!madvise(area->address, area->bytes, MADV_DONTNEED));
	}
revoked:
	/* The zap may still be under way: the writer of the parameter knows. */
	while (text_number(REGISTERED))
		usleep(1000);
	for (at = 0; at < area->bytes; at += page_bytes())
		CHECK(!pagemap_present(area->address + at));
	for (at = 0; at < area->bytes; at += WINDOW_BYTES)
		CHECK(touch_read(area->address + at) == SIGBUS);
	return 0;
}

static void test_fault_against_revoke(void **state)
{
	size_t i;

	for (i = 0; i < 8 * ROUNDS / slow_one_in(); i++) {
		struct area area = area_open("revocable", PROT_READ | PROT_WRITE);
		pid_t one = child_start(faulting_child, &area);
		pid_t two = child_start(faulting_child, &area);

		usleep(1000 * (i % 7));
		testdev_set("registered", "0");
		assert_int_equal(child_wait(one), 0);
		assert_int_equal(child_wait(two), 0);
		area_close(&area);
		testdev_set("registered", "1");
	}
}

/* Prefaults and maps anew; what it holds afterwards must be dead. */
static int mapping_child(void *argument)
{
	const struct area *area = argument;
	struct oriel_prefault range = { .length_bytes = area->bytes };
	void *map = MAP_FAILED;
	int error = 0;

	for (;;) {
		map = mmap(NULL, area->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, area->fd,
			   area->info.offset_bytes);
		error = errno;
		if (map == MAP_FAILED)
			break;
		range.address = (uintptr_t)map;
		if (ioctl(area->fd, ORIEL_PREFAULT, &range)) {
			CHECK(errno == ENODEV);
			break;
		}
		munmap(map, area->bytes);
	}
	while (text_number(REGISTERED))
		usleep(1000);
	if (map == MAP_FAILED)
		return error != ENODEV;
	CHECK(touch_read(map) == SIGBUS);
	CHECK(touch_read((uint8_t *)map + area->bytes - 1) == SIGBUS);
	CHECK(!pagemap_present(map));
	return 0;
}

static void test_mmap_against_revoke(void **state)
{
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		struct area area = area_open("revocable", 0);
		pid_t one = child_start(mapping_child, &area);
		pid_t two = child_start(mapping_child, &area);

		usleep(1000 * (i % 7));
		testdev_set("registered", "0");
		assert_int_equal(child_wait(one), 0);
		assert_int_equal(child_wait(two), 0);
		area_close(&area);
		testdev_set("registered", "1");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_against_unregister),
		cmocka_unit_test(test_fault_against_revoke),
		cmocka_unit_test(test_mmap_against_revoke),
	};

	return cmocka_run_group_tests(tests, testdev_load_light, testdev_unload);
}
