// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that is locked down binds no platform device that could do DMA and that
 * no IOMMU confines; what was bound before stays usable. See lockdown.c.
 * oriel-test: timeout=60 machine=virt-lockdown
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/mount.h>

#include "lib/check.h"
#include "lib/platform.h"
#include "lib/text.h"

#define LOCKDOWN "/sys/kernel/security/lockdown"

static void check_usable(void)
{
	struct area area = platform_open(&platform_rtc, "reg0", PROT_READ | PROT_WRITE);

	assert_case("identification", *platform_reg(&area, RTC_PERIPH_ID) & 0xff, 0x31);
	area_close(&area);
}

/* Binds and unbinds the slot. Return: is it bound in between? */
static bool binds(void)
{
	char path[128];
	bool bound;

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/bind", PLATFORM_DRIVER);
	text_write(path, platform_slot.name);
	bound = platform_is_bound(&platform_slot, PLATFORM_DRIVER);
	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/unbind", PLATFORM_DRIVER);
	if (bound)
		assert_case("unbind", text_write(path, platform_slot.name), 0);
	return bound;
}

static void test_lockdown(void **state)
{
	char path[128];

	check_usable();
	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/unbind", PLATFORM_DRIVER);
	assert_case("unbind", text_write(path, platform_slot.name), 0);
	assert_true(binds());
	assert_case("lockdown", text_write(LOCKDOWN, "integrity"), 0);
	assert_true(text_file_has(LOCKDOWN, "[integrity]"));
	check_usable();
	assert_false(binds());
	assert_int_equal(access(platform_slot.node, F_OK), -1);
}

static int load(void **state)
{
	/* Another test may have mounted it. */
	if (mount("securityfs", "/sys/kernel/security", "securityfs", 0, NULL) && errno != EBUSY)
		return -1;
	return platform_load(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lockdown),
	};

	return cmocka_run_group_tests(tests, load, platform_unload);
}
