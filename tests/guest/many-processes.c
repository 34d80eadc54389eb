// SPDX-License-Identifier: GPL-2.0-only
/*
 * 200 processes have one region mapped at once, each through a file of its own.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/testdev.h"

#define PROCESSES 200

struct place {
	const char *region;
	size_t number;
};

/* Writes its word at its place; sees its neighbour's when all are there. */
static int one_of_many(void *argument)
{
	const struct place *place = argument;
	struct area area = area_open(place->region, PROT_READ | PROT_WRITE);
	volatile uint64_t *words = (void *)area.address;
	size_t neighbour = (place->number + 1) % PROCESSES;

	CHECK(!pattern_check(area.address + area.bytes / 2, area.info.index, area.bytes / 2,
			     area.bytes / 2, page_bytes()));
	words[place->number] = ~(uint64_t)place->number;
	raise(SIGSTOP);
	CHECK(words[neighbour] == ~(uint64_t)neighbour);
	if (place->number % 2)
		area_close(&area);
	return 0;
}

static void run_many(const char *region)
{
	struct area area = area_open(region, PROT_READ | PROT_WRITE);
	struct place place = { .region = region };
	volatile uint64_t *words = (void *)area.address;
	pid_t pids[PROCESSES];
	size_t i;
	int status;

	for (i = 0; i < PROCESSES; i++) {
		place.number = i;
		pids[i] = child_start(one_of_many, &place);
	}
	for (i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(pids[i], &status, WUNTRACED), pids[i]);
		assert_true(WIFSTOPPED(status));
		assert_true(words[i] == ~(uint64_t)i);
	}
	for (i = 0; i < PROCESSES; i++)
		kill(pids[i], SIGCONT);
	for (i = 0; i < PROCESSES; i++)
		assert_int_equal(child_wait(pids[i]), 0);
	for (i = 0; i < PROCESSES; i++)
		words[i] = pattern_word(area.info.index, i * 8);
	assert_int_equal(area_check(&area), 0);
	area_close(&area);
}

static void test_huge(void **state)
{
	run_many("scattered4m");
}

static void test_small(void **state)
{
	run_many("contig8k");
}

static void test_revocable(void **state)
{
	run_many("revocable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_revocable),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
