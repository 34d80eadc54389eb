// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI devices that go while they are in use: nobody waits, touching is SIGBUS,
 * and everything can be bound again.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/touch.h"

static void *sleep_in_poll(void *argument)
{
	struct pollfd poll_fd = { .fd = *(int *)argument, .events = POLLIN };

	poll(&poll_fd, 1, 30000);
	return (void *)(uintptr_t)poll_fd.revents;
}

static void check_gone(const struct area *area)
{
	uint32_t word;

	assert_case("first", touch_read(area->address), SIGBUS);
	assert_case("last", touch_write(area->address + area->bytes - 1), SIGBUS);
	assert_int_equal(pread(area->fd, &word, 4, area->info.offset_bytes), -1);
	assert_case("pread", errno, ENODEV);
	assert_ptr_equal(area_try(area, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mmap", errno, ENODEV);
}

/* @remove and @restore: the device goes, and comes back. */
static void go_while_mapped(void (*remove)(void), void (*restore)(void))
{
	struct area touched = pci_area_open(PCI_IVSHMEM, "bar2-wc", PROT_READ | PROT_WRITE);
	struct area untouched = pci_area_open(PCI_IVSHMEM, "bar2-wc", PROT_READ | PROT_WRITE);
	struct area anew;
	pthread_t sleeper;
	void *revents;

	*(volatile uint32_t *)touched.address = 0xcafe;
	pthread_create(&sleeper, NULL, sleep_in_poll, &touched.fd);
	remove();
	check_gone(&touched);
	check_gone(&untouched);
	pthread_join(sleeper, &revents);
	assert_int_equal((uintptr_t)revents, POLLHUP | POLLERR);

	restore();
	/* With another mode, although the old mapping is still there. */
	anew = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	assert_int_equal(*(volatile uint32_t *)anew.address, 0xcafe);
	check_gone(&touched);
	area_close(&anew);
	area_close(&touched);
	area_close(&untouched);
}

static void unbind(void)
{
	assert_case("unbind", text_write("/sys/bus/pci/drivers/oriel-pci/unbind", PCI_IVSHMEM), 0);
}

static void rebind(void)
{
	assert_case("bind", text_write("/sys/bus/pci/drivers/oriel-pci/bind", PCI_IVSHMEM), 0);
}

static void test_unbind(void **state)
{
	go_while_mapped(unbind, rebind);
}

static void remove_device(void)
{
	assert_case("remove", pci_write(PCI_IVSHMEM, "remove", "1"), 0);
}

static void rescan(void)
{
	assert_case("rescan", text_write("/sys/bus/pci/rescan", "1"), 0);
}

static void test_remove(void **state)
{
	go_while_mapped(remove_device, rescan);
}

static void unload_driver(void)
{
	assert_case("unload", module_unload("oriel-pci"), 0);
}

static void load_driver(void)
{
	assert_case("load", module_load("oriel-pci", ""), 0);
}

static void test_unload(void **state)
{
	go_while_mapped(unload_driver, load_driver);
}

static volatile int stop;

static void *touch_for_ever(void *argument)
{
	void *area;
	int fd;

	(void)argument;
	while (!stop) {
		fd = open("/dev/oriel/pci-0000-00-10.0", O_RDWR);
		if (fd >= 0) {
			uint64_t word;

			if (pread(fd, &word, 8, 0) != 8 && errno != ENODEV)
				abort();
			area = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
			if (area != MAP_FAILED)
				munmap(area, 4096);
			close(fd);
		}
	}
	return NULL;
}

static void test_open_against_unbind(void **state)
{
	pthread_t thread[2];
	int round;

	stop = 0;
	pthread_create(&thread[0], NULL, touch_for_ever, NULL);
	pthread_create(&thread[1], NULL, touch_for_ever, NULL);
	for (round = 0; round < 50; round++) {
		unbind();
		rebind();
	}
	stop = 1;
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
}

/* Who was let in by the permissions of a node that is gone does not get to the next. */
static void test_numbers_go_round(void **state)
{
	static const char node[] = "/dev/oriel/pci-0000-00-10.0";
	struct stat before, after;

	assert_int_equal(stat(node, &before), 0);
	unbind();
	rebind();
	assert_int_equal(stat(node, &after), 0);
	assert_true(before.st_rdev != after.st_rdev);
	assert_int_equal(mknod("gone", S_IFCHR | 0600, before.st_rdev), 0);
	assert_int_equal(open("gone", O_RDWR), -1);
	assert_case("the old number", errno, ENODEV);
	unlink("gone");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unbind),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_unload),
		cmocka_unit_test(test_open_against_unbind),
		cmocka_unit_test(test_numbers_go_round),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
