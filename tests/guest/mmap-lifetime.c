// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings, files, devices and modules go in any order: what is mapped stays,
 * nothing is left behind.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/module.h"
#include "lib/testdev.h"
#include "lib/touch.h"

static const char *const regions[] = { "contig8k", "blocks-and-tail", "revocable" };

static void each_region(void (*test)(struct area *area, size_t parts))
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		test(&area, area.bytes == 2 * page_bytes() ? 2 : 4);
		area.address = NULL;
		area_close(&area);
	}
}

/* Part @i of @n, in whole pages; the last gets the rest. */
static uint8_t *part(const struct area *area, size_t i, size_t n, size_t *bytes)
{
	size_t each = area->bytes / page_bytes() / n * page_bytes();

	*bytes = i < n - 1 ? each : area->bytes - i * each;
	return area->address + i * each;
}

static bool next_order(size_t *order, size_t n)
{
	size_t i = n - 1, j = n - 1, swap;

	while (i && order[i - 1] > order[i])
		i--;
	if (!i)
		return false;
	while (order[j] < order[i - 1])
		j--;
	swap = order[i - 1], order[i - 1] = order[j], order[j] = swap;
	for (j = n - 1; i < j; i++, j--)
		swap = order[i], order[i] = order[j], order[j] = swap;
	return true;
}

/* Unmaps the parts in an order; before each, those that are left are whole. */
static void unmap_in_order(const struct area *area, const size_t *order, size_t n, bool over)
{
	size_t i, j, bytes;
	uint8_t *at;

	for (i = 0; i < n; i++) {
		for (j = i; j < n; j++) {
			at = part(area, order[j], n, &bytes);
			assert_int_equal(pattern_check(at, area->info.index, at - area->address,
						       page_bytes(), 8), 0);
		}
		at = part(area, order[i], n, &bytes);
		if (over) {
			assert_ptr_equal(mmap(at, bytes, PROT_READ, MAP_FIXED | MAP_PRIVATE |
					      MAP_ANONYMOUS, -1, 0), at);
			assert_int_equal(*(volatile uint64_t *)at, 0);
		} else {
			assert_int_equal(munmap(at, bytes), 0);
			assert_int_equal(touch_read(at), SIGSEGV);
		}
	}
	munmap(area->address, area->bytes);
}

static void unmap_orders(struct area *area, size_t n, bool over)
{
	size_t order[] = { 0, 1, 2, 3 };

	do {
		unmap_in_order(area, order, n, over);
		area->address = area_map(area, PROT_READ | PROT_WRITE, MAP_SHARED);
	} while (next_order(order, n));
	munmap(area->address, area->bytes);
}

static void munmap_parts(struct area *area, size_t n)
{
	unmap_orders(area, n, false);
}

static void test_munmap_in_every_order(void **state)
{
	each_region(munmap_parts);
}

static void map_over_parts(struct area *area, size_t n)
{
	unmap_orders(area, n, true);
}

static void test_map_fixed_over_in_every_order(void **state)
{
	each_region(map_over_parts);
}

/* Different protections split a mapping; equal ones let the kernel merge it. */
static void protect_parts(struct area *area, size_t n)
{
	size_t order[] = { 0, 1, 2, 3 }, i, bytes;
	uint8_t *at;

	do {
		for (i = 0; i < n; i++) {
			at = part(area, order[i], n, &bytes);
			assert_int_equal(mprotect(at, bytes, PROT_READ), 0);
			assert_int_equal(touch_write(at), SIGSEGV);
		}
		assert_int_equal(area_check(area), 0);
		for (i = 0; i < n; i++) {
			at = part(area, order[i], n, &bytes);
			assert_int_equal(mprotect(at, bytes, PROT_READ | PROT_WRITE), 0);
			assert_int_equal(touch_write(at), 0);
		}
	} while (next_order(order, n));
	munmap(area->address, area->bytes);
}

static void test_mprotect_in_every_order(void **state)
{
	each_region(protect_parts);
}

static int child_unmaps(void *argument)
{
	const struct area *area = argument;

	CHECK(!area_check(area));
	CHECK(!munmap(area->address, page_bytes()));
	CHECK(!munmap(area->address + area->bytes - page_bytes(), page_bytes()));
	return 0;
}

static int child_outlives(void *argument)
{
	const struct area *area = argument;

	/* Until the parent has unmapped and closed. */
	raise(SIGSTOP);
	CHECK(!area_check(area));
	return 0;
}

static int child_forks(void *argument)
{
	CHECK(!child_run(child_unmaps, argument));
	CHECK(!area_check(argument));
	return 0;
}

/* Who goes first: the child, the parent, the grandchild; touched before or not. */
static void fork_orders(struct area *area, size_t n)
{
	pid_t pid;
	int status;

	assert_int_equal(child_run(child_unmaps, area), 0);
	assert_int_equal(area_check(area), 0);
	assert_int_equal(child_run(child_forks, area), 0);
	assert_int_equal(area_check(area), 0);

	pid = child_start(child_outlives, area);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	munmap(area->address, area->bytes);
	kill(pid, SIGCONT);
	assert_int_equal(child_wait(pid), 0);
}

static void test_fork_in_every_order(void **state)
{
	each_region(fork_orders);
}

static void test_dontfork(void **state)
{
	struct area area = area_open("contig8k", PROT_READ | PROT_WRITE);

	assert_int_equal(madvise(area.address, area.bytes, MADV_DONTFORK), 0);
	assert_int_equal(child_run(child_unmaps, &area), 128 + SIGSEGV);
	assert_int_equal(madvise(area.address, area.bytes, MADV_DOFORK), 0);
	assert_int_equal(child_run(child_unmaps, &area), 0);
	area_close(&area);
}

static void test_file_closed_before_touch(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		close(area.fd);
		assert_int_equal(area_check(&area), 0);
		munmap(area.address, area.bytes);
	}
}

static void test_closed_untouched(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);

		area_close(&area);
	}
}

/* The driver goes; its RAM stays for who has it, what he had not touched too. */
static void test_driver_unloaded_while_mapped(void **state)
{
	struct area touched = area_open("contig8k", PROT_READ | PROT_WRITE);
	struct area untouched = area_open("blocks-and-tail", PROT_READ | PROT_WRITE);
	volatile uint64_t *word = (void *)touched.address;

	assert_int_equal(area_check(&touched), 0);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	assert_int_equal(access(TESTDEV_NODE, F_OK), -1);
	assert_int_equal(area_check(&touched), 0);
	assert_int_equal(area_check(&untouched), 0);
	word[1] = 42;
	assert_int_equal(word[1], 42);
	assert_int_equal(child_run(child_unmaps, &untouched), 0);

	/* oriel.ko waits for the last of us. */
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	close(touched.fd);
	close(untouched.fd);
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	munmap(touched.address, touched.bytes);
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	munmap(untouched.address, untouched.bytes);
	assert_int_equal(module_load("oriel-testdev", ""), 0);
}

/* A device made anew has memory of its own. */
static void test_old_mapping_beside_new_device(void **state)
{
	struct area old = area_open("contig8k", PROT_READ | PROT_WRITE), new;
	volatile uint64_t *word = (void *)old.address;

	testdev_set("registered", "0");
	testdev_set("registered", "1");
	new = area_open("contig8k", PROT_READ | PROT_WRITE);
	word[1] = 42;
	assert_int_equal(area_check(&new), 0);
	assert_int_equal(word[1], 42);
	area_close(&old);
	area_close(&new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_munmap_in_every_order),
		cmocka_unit_test(test_map_fixed_over_in_every_order),
		cmocka_unit_test(test_mprotect_in_every_order),
		cmocka_unit_test(test_fork_in_every_order),
		cmocka_unit_test(test_dontfork),
		cmocka_unit_test(test_file_closed_before_touch),
		cmocka_unit_test(test_closed_untouched),
		cmocka_unit_test(test_driver_unloaded_while_mapped),
		cmocka_unit_test(test_old_mapping_beside_new_device),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
