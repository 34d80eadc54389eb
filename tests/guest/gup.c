// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAM regions are ordinary memory to the rest of the kernel: other processes,
 * debuggers and pipes reach them through get_user_pages(), and what is pinned
 * outlives its mapping and its device.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/testdev.h"

static const char *const regions[] = { "contig8k", "odd", "scattered4m", "revocable" };

static int sleeping_child(void *unused)
{
	raise(SIGSTOP);
	return 0;
}

/* The child has what the parent has mapped; it never touched it itself. */
static pid_t start_stopped(int (*work)(void *), void *argument)
{
	pid_t pid = child_start(work, argument);
	int status;

	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	return pid;
}

static void end_stopped(pid_t pid)
{
	kill(pid, SIGCONT);
	assert_int_equal(child_wait(pid), 0);
}

static void test_process_vm(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		size_t bytes = area.info.size_bytes / 8 * 8;
		uint8_t *copy = malloc(bytes);
		struct iovec local = { copy, bytes }, remote = { area.address, bytes };
		pid_t pid = start_stopped(sleeping_child, NULL);

		assert_int_equal(process_vm_readv(pid, &local, 1, &remote, 1, 0), bytes);
		assert_int_equal(pattern_check(copy, area.info.index, 0, bytes, 8), 0);
		copy[8] = 0x5a;
		assert_int_equal(process_vm_writev(pid, &local, 1, &remote, 1, 0), bytes);
		assert_int_equal(((volatile uint8_t *)area.address)[8], 0x5a);
		copy[8] = 8;
		assert_int_equal(process_vm_writev(pid, &local, 1, &remote, 1, 0), bytes);
		end_stopped(pid);
		assert_int_equal(area_check(&area), 0);
		free(copy);
		area_close(&area);
	}
}

static int traced_child(void *unused)
{
	CHECK(!ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	raise(SIGSTOP);
	return 0;
}

static void test_ptrace(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		uint8_t *last = area.address + (area.info.size_bytes - 8) / 8 * 8;
		pid_t pid = start_stopped(traced_child, NULL);
		unsigned long word;

		/* A word is what the processor takes for one. */
		errno = 0;
		word = ptrace(PTRACE_PEEKDATA, pid, area.address + 16, NULL);
		assert_int_equal(errno, 0);
		assert_true(word == (unsigned long)pattern_word(area.info.index, 16));
		word = ptrace(PTRACE_PEEKDATA, pid, last, NULL);
		assert_true(word ==
			    (unsigned long)pattern_word(area.info.index, last - area.address));
		assert_int_equal(ptrace(PTRACE_POKEDATA, pid, last, 77l), 0);
		assert_true(*(volatile unsigned long *)last == 77);
		assert_int_equal(ptrace(PTRACE_POKEDATA, pid, last, word), 0);
		ptrace(PTRACE_CONT, pid, NULL, NULL);
		assert_int_equal(child_wait(pid), 0);
		assert_int_equal(area_check(&area), 0);
		area_close(&area);
	}
}

/* Even a debugger's forced write leaves a read-only mapping as it is. */
static void test_ptrace_read_only(void **state)
{
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		for (j = 0; j < ARRAY_SIZE(flags); j++) {
			struct area area = area_open(regions[i], 0);
			pid_t pid;

			area.address = area_map(&area, PROT_READ, flags[j]);
			pid = start_stopped(traced_child, NULL);
			assert_int_equal(ptrace(PTRACE_POKEDATA, pid, area.address, 77l), -1);
			assert_true(errno == EIO || errno == EFAULT);
			ptrace(PTRACE_CONT, pid, NULL, NULL);
			assert_int_equal(child_wait(pid), 0);
			assert_int_equal(area_check(&area), 0);
			area_close(&area);
		}
	}
}

/* A page in a pipe is pinned: its mapping, device and region may all go. */
static void test_pinned_outlives_everything(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		struct iovec vector = { area.address, page_bytes() };
		uint8_t *copy = malloc(page_bytes());
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(vmsplice(ends[1], &vector, 1, 0), page_bytes());
		area_close(&area);
		testdev_set("registered", "0");
		testdev_set("registered", "1");
		assert_int_equal(read(ends[0], copy, page_bytes()), page_bytes());
		assert_int_equal(pattern_check(copy, area.info.index, 0, page_bytes(), 8), 0);
		free(copy);
		close(ends[0]);
		close(ends[1]);
	}
}

/* Buffers of other calls: a pipe's, and the node's own copying path. */
static void test_as_buffer(void **state)
{
	struct area from = area_open("scattered4m", PROT_READ | PROT_WRITE);
	struct area to = area_open("contig4m", PROT_READ | PROT_WRITE);
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], from.address, 8192), 8192);
	assert_int_equal(read(ends[0], to.address, 8192), 8192);
	assert_int_equal(pattern_check(to.address, from.info.index, 0, 8192, 8), 0);
	assert_int_equal(pread(from.fd, to.address, to.bytes, from.info.offset_bytes), to.bytes);
	assert_int_equal(pattern_check(to.address, from.info.index, 0, to.bytes, 8), 0);
	close(ends[0]);
	close(ends[1]);
	area_close(&from);
	area_close(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process_vm),
		cmocka_unit_test(test_ptrace),
		cmocka_unit_test(test_ptrace_read_only),
		cmocka_unit_test(test_pinned_outlives_everything),
		cmocka_unit_test(test_as_buffer),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
