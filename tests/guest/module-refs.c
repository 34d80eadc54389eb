// SPDX-License-Identifier: GPL-2.0-only
/*
 * Only oriel.ko stays while somebody has a node open or mapped; it goes when
 * the last is gone, and comes back.
 * oriel-test: timeout=60
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/testdev.h"
#include "lib/text.h"

static void test_goes_when_nobody_uses_it(void **state)
{
	assert_int_equal(module_unload("oriel"), 0);
	assert_false(module_is_loaded("oriel"));
	assert_int_equal(access("/sys/class/oriel", F_OK), -1);
	assert_int_equal(module_load("oriel", ""), 0);
}

static void test_stays_while_open(void **state)
{
	int fd;

	assert_int_equal(module_load("oriel-testdev", ""), 0);
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	fd = testdev_open(O_RDONLY);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	assert_true(module_users("oriel") > 0);
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	close(fd);
	assert_int_equal(module_unload("oriel"), 0);
	assert_int_equal(module_load("oriel", ""), 0);
}

static void test_stays_while_mapped(void **state)
{
	struct area area;

	assert_int_equal(module_load("oriel-testdev", ""), 0);
	area = area_open("contig8k", PROT_READ | PROT_WRITE);
	close(area.fd);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	munmap(area.address, page_bytes());
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	munmap(area.address + page_bytes(), page_bytes());
	assert_int_equal(module_unload("oriel"), 0);
	assert_int_equal(module_load("oriel", ""), 0);
}

/* The second of a name is refused without a word; the first stays. */
static void test_device_name_is_taken(void **state)
{
	struct area area;

	assert_int_equal(module_load("oriel-testdev", ""), 0);
	assert_int_equal(module_load("oriel-testdev", ""), -EEXIST);
	assert_int_equal(text_write("/sys/module/oriel_testdev/parameters/twin", "1"), -EEXIST);
	area = area_open("contig8k", PROT_READ);
	assert_int_equal(area_check(&area), 0);
	area_close(&area);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	assert_int_equal(module_users("oriel"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_when_nobody_uses_it),
		cmocka_unit_test(test_stays_while_open),
		cmocka_unit_test(test_stays_while_mapped),
		cmocka_unit_test(test_device_name_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
