// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interface for driver authors when it is misused: a clear error, no splat.
 * The work is done by kmod/oriel-misuse.c, one step each time it is loaded.
 * oriel-test: timeout=60
 */
#include "lib/check.h"
#include "lib/module.h"

#define MODULE "oriel-misuse"

static void run_step(unsigned int step)
{
	char parameters[16];

	snprintf(parameters, sizeof(parameters), "step=%u", step);
	assert_case(parameters, module_load(MODULE, parameters), 0);
	assert_case("unload", module_unload(MODULE), 0);
}

static void test_name_twice(void **state)
{
	run_step(0);
}

static void test_unregister_unregistered(void **state)
{
	run_step(1);
}

static void test_region_twice(void **state)
{
	run_step(2);
}

static void test_add_region_late(void **state)
{
	run_step(3);
}

static void test_bad_names(void **state)
{
	run_step(4);
}

static void test_bad_sizes(void **state)
{
	run_step(5);
}

/* The table ends here: a step that is added needs its test. */
static void test_no_more_steps(void **state)
{
	assert_case("step=6", module_load(MODULE, "step=6"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_twice),
		cmocka_unit_test(test_unregister_unregistered),
		cmocka_unit_test(test_region_twice),
		cmocka_unit_test(test_add_region_late),
		cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_bad_sizes),
		cmocka_unit_test(test_no_more_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
