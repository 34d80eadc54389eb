// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading everything again and again, with mappings made and
 * faults taken in between, leaves nothing behind.
 * oriel-test: timeout=300
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/slow.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define WARM_UP_CYCLES	20
#define CYCLES		200
#define MOST_LOST_KIB	1024

static void load(const char *name, const char *parameters)
{
	assert_case(name, module_load(name, parameters), 0);
}

static void unload(const char *name)
{
	assert_case(name, module_unload(name), 0);
}

static int child_touches(void *argument)
{
	const struct area *area = argument;
	size_t at;

	for (at = 0; at < area->bytes; at += page_bytes())
		(void)*(volatile uint8_t *)(area->address + at);
	return 0;
}

static void use(const char *node)
{
	struct area area = { .bytes = page_round(8192) };
	size_t at;

	area.fd = open(node, O_RDWR | O_CLOEXEC);
	if (area.fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	area.address = mmap(NULL, area.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, area.fd, 0);
	assert_true(area.address != MAP_FAILED);
	child_touches(&area);
	for (at = 0; at < area.bytes; at += page_bytes())
		munmap(area.address + at, page_bytes());
	close(area.fd);
}

static void use_testdev(void)
{
	static const char *const regions[] = { "scattered4m", "blocks-and-tail", "revocable" };
	struct area areas[ARRAY_SIZE(regions)];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		areas[i] = area_open(regions[i], PROT_READ | PROT_WRITE);
		child_touches(&areas[i]);
	}
	assert_int_equal(child_run(child_touches, &areas[1]), 0);
	/* Refused requests must leave nothing either. */
	assert_true(mmap(NULL, 1 << 30, PROT_READ, MAP_SHARED, areas[0].fd, 0) == MAP_FAILED);
	unload("oriel-testdev");
	for (i = 0; i < ARRAY_SIZE(regions); i++)
		area_close(&areas[i]);
}

static void cycle(void)
{
	load("oriel", "");
	load("hello", "");
	load("scattered", "");
	load("oriel-testdev", "light=1");
	use("/dev/oriel/hello");
	use("/dev/oriel/scattered");
	use_testdev();
	unload("hello");
	unload("scattered");
	unload("oriel");
}

static void test_nothing_is_left(void **state)
{
	unsigned int i, cycles = CYCLES / slow_one_in();
	long before, after;

	for (i = 0; i < WARM_UP_CYCLES; i++)
		cycle();
	before = leftover_available_kib();
	for (i = 0; i < cycles; i++)
		cycle();
	after = leftover_available_kib();
	printf("# MemAvailable before %ld KiB, after %u cycles %ld KiB\n", before, cycles, after);
	assert_false(text_file_has("/proc/slabinfo", "oriel"));
	assert_false(text_file_has("/proc/vmallocinfo", "oriel"));
	assert_false(text_file_has("/proc/modules", "oriel"));
	assert_false(text_file_has("/proc/devices", "oriel"));
	assert_false(text_file_has("/proc/filesystems", "oriel"));
	assert_int_equal(access("/sys/class/oriel", F_OK), -1);
	assert_int_equal(access("/dev/oriel/hello", F_OK), -1);
	assert_true(before - after < MOST_LOST_KIB);
}

static int forget_oriel(void **state)
{
	/* Most of an unloading is waiting for grace periods. */
	text_write("/sys/kernel/rcu_expedited", "1");
	return module_unload("oriel");
}

static int restore_oriel(void **state)
{
	text_write("/sys/kernel/rcu_expedited", "0");
	return module_is_loaded("oriel") ? 0 : module_load("oriel", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, forget_oriel, restore_oriel);
}
