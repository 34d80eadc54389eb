// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device goes while it is in use: what is revocable is SIGBUS at once, RAM
 * that is not stays, every call says ENODEV, sleepers wake.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/testdev.h"
#include "lib/touch.h"

static void make_anew(void)
{
	testdev_set("registered", "0");
	testdev_set("registered", "1");
}

/* Everything a dead device's file can be asked. */
static void check_dead(int fd)
{
	struct oriel_device_info device = {};
	struct oriel_region_info region = {};
	struct oriel_prefault range = { .length_bytes = 4096 };
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };
	uint64_t word = 0;

	assert_case("device info", ioctl(fd, ORIEL_DEVICE_INFO, &device) ? errno : 0, ENODEV);
	assert_case("region info", ioctl(fd, ORIEL_REGION_INFO, &region) ? errno : 0, ENODEV);
	assert_case("prefault", ioctl(fd, ORIEL_PREFAULT, &range) ? errno : 0, ENODEV);
	assert_case("no such call", ioctl(fd, _IO(ORIEL_IOCTL_TYPE, 0x7f)) ? errno : 0, ENOTTY);
	assert_case("pread", pread(fd, &word, 8, 0) < 0 ? errno : 0, ENODEV);
	assert_case("pwrite", pwrite(fd, &word, 8, 0) < 0 ? errno : 0, ENODEV);
	assert_case("lseek", lseek(fd, 0, SEEK_END) < 0 ? errno : 0, ENODEV);
	assert_case("mmap", mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ?
		    errno : 0, ENODEV);
	assert_int_equal(explain(fd).call, ORIEL_CALL_MMAP);
	assert_int_equal(explain(fd).error, ENODEV);
	assert_int_equal(explain(fd).reason, ORIEL_REASON_REVOKED);
	assert_int_equal(poll(&poll_fd, 1, 0), 1);
	assert_int_equal(poll_fd.revents, POLLHUP | POLLERR);
}

static void check_sigbus(const struct area *area)
{
	size_t at;

	for (at = 0; at < area->bytes; at += area->bytes / 4) {
		assert_case("read", touch_read(area->address + at), SIGBUS);
		assert_case("write", touch_write(area->address + at), SIGBUS);
	}
	assert_case("end", touch_read(area->address + area->bytes - 1), SIGBUS);
}

static int child_sees_sigbus(void *argument)
{
	const struct area *area = argument;

	CHECK(!area_check(area));
	raise(SIGSTOP);
	CHECK(touch_read(area->address) == SIGBUS);
	CHECK(touch_write(area->address + area->bytes - 1) == SIGBUS);
	return 0;
}

/* @how: the parameter and value that end the device. */
static void revoke_everything(const char *parameter, const char *value)
{
	struct area touched = area_open("revocable", PROT_READ | PROT_WRITE);
	struct area untouched = area_open("revocable", PROT_READ | PROT_WRITE);
	struct area private = area_open("revocable", 0);
	struct area ram = area_open("scattered4m", PROT_READ | PROT_WRITE);
	struct area ram_untouched = area_open("contig8k", PROT_READ | PROT_WRITE);
	pid_t child;
	int status;

	private.address = area_map(&private, PROT_READ, MAP_PRIVATE);
	assert_int_equal(area_check(&touched), 0);
	assert_int_equal(area_check(&private), 0);
	assert_int_equal(area_check(&ram), 0);
	child = child_start(child_sees_sigbus, &touched);
	waitpid(child, &status, WUNTRACED);

	testdev_set(parameter, value);
	check_sigbus(&touched);
	check_sigbus(&untouched);
	assert_int_equal(touch_read(private.address), SIGBUS);
	kill(child, SIGCONT);
	assert_int_equal(child_wait(child), 0);
	assert_int_equal(area_check(&ram), 0);
	assert_int_equal(area_check(&ram_untouched), 0);
	assert_int_equal(touch_write(ram.address), 0);
	check_dead(touched.fd);
	check_dead(ram.fd);

	area_close(&touched);
	area_close(&untouched);
	area_close(&private);
	area_close(&ram);
	area_close(&ram_untouched);
	make_anew();
}

static void test_revoke(void **state)
{
	revoke_everything("revoke", "1");
}

static void test_unregister(void **state)
{
	revoke_everything("registered", "0");
}

/* Revoked, but not unregistered: the node is there and cannot be opened. */
static void test_open_revoked(void **state)
{
	testdev_set("revoke", "1");
	assert_int_equal(open(TESTDEV_NODE, O_RDWR), -1);
	assert_int_equal(errno, ENODEV);
	testdev_set("revoke", "1");
	make_anew();
}

static void test_split_and_moved(void **state)
{
	struct area area = area_open("revocable", PROT_READ | PROT_WRITE);
	size_t half = area.bytes / 2 / page_bytes() * page_bytes();
	uint8_t *moved;

	assert_int_equal(area_check(&area), 0);
	assert_int_equal(mprotect(area.address, page_bytes(), PROT_READ), 0);
	moved = mremap(area.address + half, page_bytes(), page_bytes(), MREMAP_MAYMOVE |
		       MREMAP_FIXED, mmap(NULL, page_bytes(), PROT_NONE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	assert_true(moved != MAP_FAILED);
	assert_int_equal(touch_write(moved), 0);
	testdev_set("registered", "0");
	assert_int_equal(touch_read(moved), SIGBUS);
	assert_int_equal(touch_read(area.address), SIGBUS);
	assert_int_equal(touch_read(area.address + area.bytes - 1), SIGBUS);
	/* What the kernel would do on the user's behalf fails too. */
	assert_int_equal(madvise(moved, page_bytes(), MADV_DONTNEED), 0);
	assert_int_equal(touch_read(moved), SIGBUS);
	munmap(moved, page_bytes());
	area_close(&area);
	testdev_set("registered", "1");
}

static int child_sleeps(void *unused)
{
	int fd = open(TESTDEV_NODE, O_RDWR);
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	CHECK(fd >= 0);
	CHECK(poll(&poll_fd, 1, 0) == 0);
	raise(SIGSTOP);
	CHECK(poll(&poll_fd, 1, -1) == 1);
	CHECK(poll_fd.revents == (POLLHUP | POLLERR));
	return 0;
}

static bool is_sleeping(pid_t pid)
{
	char path[64], text[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file || !fgets(text, sizeof(text), file))
		fail_msg("%s", path);
	fclose(file);
	return strstr(text, ") S ");
}

static void test_poll_wakes(void **state)
{
	static const char *const parameters[][2] = { { "revoke", "1" }, { "registered", "0" } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parameters); i++) {
		pid_t child = child_start(child_sleeps, NULL);
		int status;

		waitpid(child, &status, WUNTRACED);
		kill(child, SIGCONT);
		while (!is_sleeping(child))
			usleep(1000);
		testdev_set(parameters[i][0], parameters[i][1]);
		assert_int_equal(child_wait(child), 0);
		make_anew();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_unregister),
		cmocka_unit_test(test_open_revoked),
		cmocka_unit_test(test_split_and_moved),
		cmocka_unit_test(test_poll_wakes),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
