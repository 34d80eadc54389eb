// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows whose device goes, pauses or comes back, and windows that go
 * themselves, while they are open, mapped, and being opened.
 * oriel-test: timeout=180 needs=pci
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
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/window.h"

#define IVSHMEM_NODE	"pci-0000-00-10.0"
#define PCI_DRIVER	"/sys/bus/pci/drivers/oriel-pci/"

/* Of a window, or of one whose device is gone: nothing is left to use. */
static void check_dead(const struct area *area)
{
	struct oriel_region_info info = {};
	struct pollfd poll_fd = { .fd = area->fd };
	uint64_t word;

	assert_case("first", touch_read(area->address), SIGBUS);
	assert_case("last", touch_write(area->address + area->bytes - 1), SIGBUS);
	assert_case("pread", pread(area->fd, &word, 8, 0) < 0 ? errno : 0, ENODEV);
	assert_ptr_equal(area_try(area, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mmap", errno, ENODEV);
	assert_case("ioctl", ioctl(area->fd, ORIEL_REGION_INFO, &info) ? errno : 0, ENODEV);
	assert_int_equal(poll(&poll_fd, 1, 0), 1);
	assert_int_equal(poll_fd.revents, POLLHUP | POLLERR);
}

static void *sleep_in_poll(void *argument)
{
	struct pollfd poll_fd = { .fd = *(int *)argument, .events = POLLIN };

	poll(&poll_fd, 1, 60000);
	return (void *)(uintptr_t)poll_fd.revents;
}

static void unbind(void)
{
	assert_case("unbind", text_write(PCI_DRIVER "unbind", PCI_IVSHMEM), 0);
}

static void bind(void)
{
	assert_case("bind", text_write(PCI_DRIVER "bind", PCI_IVSHMEM), 0);
}

static void unload_driver(void)
{
	assert_case("unload", module_unload("oriel-pci"), 0);
}

static void load_driver(void)
{
	assert_case("load", module_load("oriel-pci", ""), 0);
}

static void go_and_come(void (*go)(void), void (*come)(void))
{
	struct area touched, untouched, anew;
	pthread_t sleeper;
	void *revents;

	window_create("w", IVSHMEM_NODE " bar2 1p 0x200000 write-combined");
	window_create("x", IVSHMEM_NODE " bar2 0 1p uncached");
	touched = window_area("w", PROT_READ | PROT_WRITE);
	untouched = window_area("x", PROT_READ | PROT_WRITE);
	*(volatile uint32_t *)touched.address = 0xcafe;
	pthread_create(&sleeper, NULL, sleep_in_poll, &touched.fd);
	go();
	pthread_join(sleeper, &revents);
	assert_int_equal((uintptr_t)revents, POLLHUP | POLLERR);
	check_dead(&touched);
	check_dead(&untouched);
	assert_false(window_is_live("w"));
	assert_false(window_is_live("x"));
	assert_int_equal(window_open("w", O_RDWR), -ENODEV);
	assert_int_equal(text_number("/sys/class/oriel/w/revoked"), 1);
	assert_case("no device", window_set("w", "live", "1"), -ENODEV);
	assert_int_equal(window_reason("w"), ORIEL_REASON_WINDOW_DEVICE);
	assert_int_equal(access("/dev/oriel/w", F_OK), -1);

	come();
	/* The device is back, which by itself opens no window. */
	check_dead(&touched);
	assert_false(window_is_live("w"));
	assert_case("change", window_set("w", "cache", "same"), 0);
	assert_case("live", window_set("w", "live", "1"), 0);
	anew = window_area("w", PROT_READ | PROT_WRITE);
	assert_int_equal(*(volatile uint32_t *)anew.address, 0xcafe);
	check_dead(&touched);
	area_close(&touched);
	area_close(&untouched);
	window_remove("w");
	window_remove("x");
	check_dead(&anew);
	area_close(&anew);
}

static void test_unbind(void **state)
{
	go_and_come(unbind, bind);
}

/* A dead window's node goes by live=0 as a live one's does. */
static void test_dead_and_down(void **state)
{
	struct area area;

	window_create("w", IVSHMEM_NODE " bar2 0 1p");
	area = window_area("w", PROT_READ);
	unbind();
	assert_case("dead", access("/dev/oriel/w", F_OK), 0);
	assert_case("down", window_set("w", "live", "0"), 0);
	assert_case("gone", access("/dev/oriel/w", F_OK), -1);
	check_dead(&area);
	bind();
	assert_case("up", window_set("w", "live", "1"), 0);
	check_dead(&area);
	area_close(&area);
	window_remove("w");
}

static void test_unload(void **state)
{
	go_and_come(unload_driver, load_driver);
}

/* Writes over what is free: where a page was given back too early, it is seen. */
static void use_free_memory(void)
{
	const size_t bytes = 256 << 20;
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	memset(memory, 0xff, bytes);
	munmap(memory, bytes);
}

/* The page table forgets the pages: only the region knows them now. */
static void check_ram(const struct area *ram, int index)
{
	use_free_memory();
	assert_case("forget", madvise(ram->address, ram->bytes, MADV_DONTNEED), 0);
	assert_case("there", touch_read(ram->address), 0);
	assert_case("ram", pattern_check(ram->address, index, 1 << 20, ram->bytes, 8), 0);
}

/* Revoked memory goes, RAM stays, whichever of the two nodes showed it. */
static void test_ram_lives_on(void **state)
{
	struct area ram, brief;
	int fd = testdev_open(O_RDWR);
	int ram_index = region_find(fd, "scattered4m").index;

	close(fd);
	window_create("ram", "testdev scattered4m 0x100000 0x200000");
	window_create("brief", "testdev revocable 0x100000 0x200000");
	ram = window_area("ram", PROT_READ | PROT_WRITE);
	brief = window_area("brief", PROT_READ | PROT_WRITE);
	assert_case("touch", touch_read(brief.address), 0);
	testdev_set("registered", "0");
	check_dead(&brief);
	check_ram(&ram, ram_index);
	assert_false(window_is_live("ram"));
	area_close(&brief);
	close(ram.fd);
	window_remove("ram");
	window_remove("brief");
	check_ram(&ram, ram_index);
	munmap(ram.address, ram.bytes);
	testdev_set("registered", "1");

	/* And when only the window goes. */
	window_create("ram", "testdev scattered4m 0x100000 0x200000");
	ram = window_area("ram", PROT_READ | PROT_WRITE);
	window_remove("ram");
	check_ram(&ram, ram_index);
	assert_ptr_equal(area_try(&ram, PROT_READ, MAP_SHARED), MAP_FAILED);
	assert_case("mmap", errno, ENODEV);
	area_close(&ram);
}

static void test_pause(void **state)
{
	struct area before, during;
	uint64_t word;

	window_create("before", "testdev revocable 0 1p");
	before = window_area("before", PROT_READ | PROT_WRITE);
	assert_case("running", touch_read(before.address), 0);
	testdev_set("pause", "1");
	assert_case("paused", touch_read(before.address), SIGBUS);
	assert_case("pread", pread(before.fd, &word, 8, 0) < 0 ? errno : 0, EIO);
	assert_int_equal(explain(before.fd).reason, ORIEL_REASON_NO_ANSWER);
	window_create("during", "testdev revocable 1p 1p");
	during = window_area("during", PROT_READ | PROT_WRITE);
	assert_case("made while paused", touch_read(during.address), SIGBUS);
	testdev_set("pause", "0");
	assert_case("resumed", touch_read(before.address), 0);
	assert_case("resumed", touch_read(during.address), 0);
	area_close(&before);
	area_close(&during);
	window_remove("before");
	window_remove("during");
}

static void test_revoked_but_there(void **state)
{
	struct area area;

	window_create("w", "testdev revocable 0 1p");
	area = window_area("w", PROT_READ);
	testdev_set("revoke", "1");
	check_dead(&area);
	assert_false(window_is_live("w"));
	assert_case("live", window_set("w", "live", "1"), -ENODEV);
	assert_int_equal(window_reason("w"), ORIEL_REASON_REVOKED);
	area_close(&area);
	window_remove("w");
	testdev_set("registered", "0");
	testdev_set("registered", "1");
}

static void test_decoding_off(void **state)
{
	uint16_t command = pci_get_command(PCI_IVSHMEM);
	struct area area;
	uint64_t word;

	window_create("w", IVSHMEM_NODE " bar2 0 1p");
	area = window_area("w", PROT_READ);
	pci_set_command(PCI_IVSHMEM, command & ~PCI_COMMAND_MEMORY);
	assert_case("touch", touch_read(area.address), SIGBUS);
	assert_case("pread", pread(area.fd, &word, 8, 0) < 0 ? errno : 0, EIO);
	pci_set_command(PCI_IVSHMEM, command);
	assert_case("touch again", touch_read(area.address), 0);
	area_close(&area);
	window_remove("w");
}

/* The window goes; the device, and its other mappings, do not notice. */
static void test_rmdir(void **state)
{
	struct area area, bar, other;

	window_create("w", IVSHMEM_NODE " bar2 0 2p uncached");
	window_create("x", IVSHMEM_NODE " bar2 1p 2p uncached");
	area = window_area("w", PROT_READ | PROT_WRITE);
	other = window_area("x", PROT_READ | PROT_WRITE);
	assert_case("touch", touch_read(area.address), 0);
	window_remove("w");
	check_dead(&area);
	assert_case("the other", touch_write(other.address), 0);
	window_remove("x");
	/* No claim of a mode is left behind, though the mappings are still there. */
	bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	assert_case("bar", touch_write(bar.address), 0);
	check_dead(&other);
	area_close(&bar);
	area_close(&area);
	area_close(&other);
}

/* What pins which module. */
static void test_modules(void **state)
{
	long users;

	unload_driver();
	assert_case("unload", module_unload("oriel-testdev"), 0);
	users = module_users("oriel");
	assert_int_equal(window_mkdir("w"), 0);
	assert_true(module_users("oriel") > users);
	assert_case("oriel", module_unload("oriel"), -EAGAIN);
	window_remove("w");
	assert_int_equal(module_users("oriel"), users);
	load_driver();
	assert_case("load", module_load("oriel-testdev", ""), 0);
}

static volatile int stop;

/* In a child: whatever the window is at the moment, it never harms. */
static int use_for_ever(void *argument)
{
	volatile uint32_t *p;
	uint64_t word;
	int fd;

	(void)argument;
	for (;;) {
		fd = window_open("w", O_RDWR);
		if (fd < 0) {
			CHECK(fd == -ENODEV || fd == -ENOENT || fd == -ENXIO);
			continue;
		}
		if (pread(fd, &word, 8, 0) != 8)
			CHECK(errno == ENODEV || errno == EBUSY);
		p = mmap(NULL, 2 * page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p != MAP_FAILED) {
			touch_read((void *)p);
			touch_write((uint8_t *)p + page_bytes());
			munmap((void *)p, 2 * page_bytes());
		} else {
			CHECK(errno == ENODEV || errno == EBUSY);
		}
		close(fd);
	}
}

static void *create_for_ever(void *argument)
{
	static const char *const caches[] = { "same", "uncached", "write-combined" };
	unsigned int i;

	(void)argument;
	for (i = 0; !stop; i++) {
		if (window_mkdir("w"))
			abort();
		window_set("w", "device", IVSHMEM_NODE);
		window_set("w", "region", "bar2");
		window_set("w", "size", "2p");
		window_set("w", "cache", caches[i % 3]);
		window_set("w", "live", "1");
		if (i & 4)
			window_set("w", "live", "0");
		if (window_rmdir("w"))
			abort();
	}
	return (void *)(uintptr_t)i;
}

/* Racing writers: whoever comes too late is told so. */
static void *write_for_ever(void *argument)
{
	static const int allowed[] = { 0, -ENOENT, -EBUSY, -ENODEV, -ENXIO, -EINVAL, -EEXIST };
	static const char *const files[][2] = {
		{ "live", "0" }, { "live", "1" }, { "offset", "1p" }, { "offset", "0" },
		{ "size", "2p" }, { "access", "rw" },
	};
	unsigned int i, j;
	int err;

	(void)argument;
	for (i = 0; !stop; i++) {
		err = window_set("w", files[i % ARRAY_SIZE(files)][0],
				 files[i % ARRAY_SIZE(files)][1]);
		for (j = 0; j < ARRAY_SIZE(allowed) && err != allowed[j]; j++)
			;
		if (j == ARRAY_SIZE(allowed)) {
			printf("# writer: %s\n", strerror(-err));
			abort();
		}
	}
	return NULL;
}

#define STORM_USERS 2
#define STORM_ROUNDS 60

static void test_storm(void **state)
{
	pthread_t creator, writer;
	pid_t user[STORM_USERS];
	void *created;
	int i;

	for (i = 0; i < STORM_USERS; i++)
		user[i] = child_start(use_for_ever, NULL);
	stop = 0;
	pthread_create(&creator, NULL, create_for_ever, NULL);
	pthread_create(&writer, NULL, write_for_ever, NULL);
	for (i = 0; i < STORM_ROUNDS; i++) {
		unbind();
		bind();
	}
	stop = 1;
	pthread_join(creator, &created);
	pthread_join(writer, NULL);
	for (i = 0; i < STORM_USERS; i++) {
		kill(user[i], SIGKILL);
		assert_case("user", child_wait(user[i]), 128 + SIGKILL);
	}
	printf("# %lu windows made in %d bindings\n", (unsigned long)created, STORM_ROUNDS);
	assert_true((uintptr_t)created > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_unbind, windows_clear),
		cmocka_unit_test_teardown(test_dead_and_down, windows_clear),
		cmocka_unit_test_teardown(test_unload, windows_clear),
		cmocka_unit_test_teardown(test_ram_lives_on, windows_clear),
		cmocka_unit_test_teardown(test_pause, windows_clear),
		cmocka_unit_test_teardown(test_revoked_but_there, windows_clear),
		cmocka_unit_test_teardown(test_decoding_off, windows_clear),
		cmocka_unit_test_teardown(test_rmdir, windows_clear),
		cmocka_unit_test_teardown(test_modules, windows_clear),
		cmocka_unit_test_teardown(test_storm, windows_clear),
	};

	return cmocka_run_group_tests(tests, windows_load, windows_unload);
}
