// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device is pulled out while everything of it is in use: nobody waits,
 * touching is SIGBUS, and the next one that is plugged in works.
 * oriel-test: timeout=240 machine=hotplug
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/pci.h"
#include "lib/touch.h"

#define NODE "/dev/oriel/pci-0000-01-00.0"
#define ROUNDS 5
#define EDU_ID_VALUE 0x010000edu

static void *sleep_in_poll(void *argument)
{
	struct pollfd poll_fd = { .fd = *(int *)argument, .events = POLLIN };

	poll(&poll_fd, 1, 120000);
	return (void *)(uintptr_t)poll_fd.revents;
}

static void check_gone(const struct area *area)
{
	struct oriel_device_info info = {};
	uint32_t word;

	assert_case("first", touch_read(area->address), SIGBUS);
	assert_case("last", touch_write(area->address + area->bytes - 1), SIGBUS);
	assert_case("pread", pread(area->fd, &word, 4, 0) < 0 ? errno : 0, ENODEV);
	assert_case("info", ioctl(area->fd, ORIEL_DEVICE_INFO, &info) ? errno : 0, ENODEV);
	assert_ptr_equal(area_try(area, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mmap", errno, ENODEV);
}

static void plug(void)
{
	pci_plug(PCI_PORT0, "edu", "");
	pci_await_node(PCI_PORT0);
}

static void pull(void)
{
	pci_unplug(PCI_PORT0);
	pci_await(PCI_PORT0, false);
}

static void test_mapped(void **state)
{
	struct area touched, untouched;
	int round, silent;
	pthread_t sleeper;
	void *revents;

	for (round = 0; round < ROUNDS; round++) {
		plug();
		touched = pci_area_open(PCI_PORT0, "bar0", PROT_READ | PROT_WRITE);
		untouched = pci_area_open(PCI_PORT0, "bar0", PROT_READ | PROT_WRITE);
		silent = open(NODE, O_RDWR);
		assert_true(silent >= 0);
		assert_int_equal(*(volatile uint32_t *)touched.address, EDU_ID_VALUE);
		pthread_create(&sleeper, NULL, sleep_in_poll, &silent);
		pull();
		pthread_join(sleeper, &revents);
		assert_int_equal((uintptr_t)revents, POLLHUP | POLLERR);
		check_gone(&touched);
		check_gone(&untouched);
		assert_int_equal(access(NODE, F_OK), -1);
		area_close(&touched);
		area_close(&untouched);
		close(silent);
	}
}

/* What a device that goes may answer. */
static bool went(int error)
{
	return error == ENODEV || error == ENOENT || error == ENXIO || error == EIO;
}

static int use_all(int fd, uint8_t *map)
{
	struct oriel_device_info device = {};
	struct oriel_prefault range = { .address = (uintptr_t)map, .length_bytes = 1 << 20 };
	uint32_t word;
	int caught;

	CHECK(!ioctl(fd, ORIEL_DEVICE_INFO, &device) || went(errno));
	CHECK(!ioctl(fd, ORIEL_PREFAULT, &range) || went(errno));
	CHECK(pread(fd, &word, 4, 0) == 4 || went(errno));
	CHECK(pwrite(fd, &word, 4, 4) == 4 || went(errno));
	caught = touch_read(map + 4096);
	CHECK(!caught || caught == SIGBUS);
	return 0;
}

/* Opens, maps and uses it for ever, there or not. */
static int use_for_ever(void *argument)
{
	volatile int *stop = argument;

	while (!*stop) {
		int fd = open(NODE, O_RDWR | O_CLOEXEC), i;
		uint8_t *map;

		if (fd < 0) {
			CHECK(went(errno));
			continue;
		}
		map = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		CHECK(map != MAP_FAILED || went(errno));
		for (i = 0; map != MAP_FAILED && i < 20; i++)
			if (use_all(fd, map))
				return 1;
		if (map != MAP_FAILED)
			munmap(map, 1 << 20);
		close(fd);
	}
	return 0;
}

static void test_racing(void **state)
{
	volatile int *stop = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				  -1, 0);
	pid_t child[4];
	size_t i;

	assert_true(stop != MAP_FAILED);
	for (i = 0; i < ARRAY_SIZE(child); i++)
		child[i] = child_start(use_for_ever, (void *)stop);
	for (i = 0; i < ROUNDS; i++) {
		plug();
		usleep(50000);
		pull();
	}
	*stop = 1;
	for (i = 0; i < ARRAY_SIZE(child); i++)
		assert_case("child", child_wait(child[i]), 0);
	munmap((void *)stop, 4096);
}

/* The port works on for others, and so does the driver. */
static void test_again(void **state)
{
	struct area bar;

	plug();
	bar = pci_area_open(PCI_PORT0, "bar0", PROT_READ);
	assert_int_equal(*(volatile uint32_t *)bar.address, EDU_ID_VALUE);
	pci_unbind(PCI_PORT0);
	pci_bind(PCI_PORT0);
	assert_case("the old mapping", touch_read(bar.address), SIGBUS);
	area_close(&bar);
	pull();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_racing),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
