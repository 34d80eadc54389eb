// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers in the middle of a page: mapped if both rests of the page can be had, else
 * neither is kept from anybody.
 * oriel-test: timeout=60 machine=virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/platform.h"
#include "lib/text.h"

#define DEVICE	"oriel-half-page"

static const struct platform half = {
	.bus = "platform", .name = DEVICE, .node = "/dev/oriel/platform-" DEVICE,
};

/* Binds, and says whether the window can be mapped. */
static bool is_mappable(const char *parameters)
{
	struct area area;

	assert_int_equal(module_load(DEVICE, parameters), 0);
	platform_bind(&half);
	area = platform_open(&half, "reg0", 0);
	assert_int_equal(area.info.size_bytes, 0x100);
	area_close(&area);
	return area.info.flags & ORIEL_REGION_MAPPABLE;
}

static void let_go(void)
{
	platform_unbind(&half);
	assert_false(text_file_has("/proc/iomem", "oriel-platform"));
	assert_int_equal(module_unload(DEVICE), 0);
}

static void test_both_rests(void **state)
{
	char behind[64];

	snprintf(behind, sizeof(behind), "0b000200-%08zx : oriel-platform (rest",
		 0x0b000000 + page_bytes() - 1);
	assert_true(is_mappable(""));
	assert_true(text_file_has("/proc/iomem", "0b000000-0b0000ff : oriel-platform (rest"));
	assert_true(text_file_has("/proc/iomem", behind));
	let_go();
}

/* The second is not to be had: the first is not kept. */
static void test_one_rest(void **state)
{
	assert_false(is_mappable("hold=1"));
	assert_true(text_file_has("/proc/iomem", "0b000100-0b0001ff : oriel-platform"));
	assert_false(text_file_has("/proc/iomem", "oriel-platform (rest"));
	let_go();
}

static int load(void **state)
{
	return module_load(PLATFORM_DRIVER, "");
}

static int unload(void **state)
{
	return module_unload(PLATFORM_DRIVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_rests),
		cmocka_unit_test(test_one_rest),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
