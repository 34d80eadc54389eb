// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named buffers that the module parameter asks for: there from loading on, and
 * taken away as others are. What is malformed does not get the module loaded.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/named.h"
#include "lib/text.h"
#include "lib/touch.h"

static void reload(const char *parameters, int err)
{
	if (module_is_loaded("oriel"))
		assert_case("unload", module_unload("oriel"), 0);
	assert_case(parameters, module_load("oriel", parameters), err);
}

/* A live buffer pins the module: who wants to unload it takes them down first. */
static void take_down(const char *name)
{
	assert_case(name, named_set(name, "live", "0"), 0);
}

static void check(const char *name, size_t bytes, uint32_t kind)
{
	struct area area = named_area(name, PROT_READ | PROT_WRITE);

	assert_int_equal(area.info.size_bytes, bytes);
	assert_int_equal(area.info.kind, kind);
	assert_int_equal(area.address[0] | area.address[area.bytes - 1], 0);
	assert_int_equal(touch_write(area.address), 0);
	area_close(&area);
}

static void test_made(void **state)
{
	char text[64];

	reload("buffers=one,4096;two,0x2000,contig;three,64K,contig,cached;;four,2M,scattered;", 0);
	check("one", 4096, ORIEL_KIND_SCATTERED);
	check("two", 8192, ORIEL_KIND_CONTIG);
	check("three", 65536, ORIEL_KIND_CONTIG);
	check("four", 2 << 20, ORIEL_KIND_SCATTERED);
	named_get("four", "size", text, sizeof(text));
	assert_string_equal(text, "2097152");
	assert_case("name", named_mkdir("one"), -EEXIST);
	assert_case("nobody's to remove", named_rmdir("one"), -EPERM);
	assert_case("changed while live", named_set("one", "size", "8192"), -EBUSY);
	assert_case("unload", module_unload("oriel"), -EAGAIN);
	take_down("one");
	take_down("two");
	take_down("three");
	take_down("four");
	assert_int_equal(access("/dev/oriel/one", F_OK), -1);
	/* The directory stays, and is as good as any. */
	assert_case("size", named_set("one", "size", "8192"), 0);
	assert_case("up", named_set("one", "live", "1"), 0);
	check("one", 8192, ORIEL_KIND_SCATTERED);
	take_down("one");
	assert_int_equal(module_users("oriel"), 0);
	reload("", 0);
	assert_int_equal(access(BUFFERS "/one", F_OK), -1);
	assert_int_equal(access("/dev/oriel/four", F_OK), -1);
}

static void test_malformed(void **state)
{
	static const struct {
		const char *parameters;
		int err;
	} cases[] = {
		{ "buffers=one", -EINVAL },
		{ "buffers=one,", -EINVAL },
		{ "buffers=,4096", -EINVAL },
		{ "buffers=one,4096,contig,cached,more", -EINVAL },
		{ "buffers=one,4096,contig,", -EINVAL },
		{ "buffers=one,4096,import", -EINVAL },
		{ "buffers=one,4096,contig,write-through", -EINVAL },
		{ "buffers=one,4096k", -EINVAL },
		{ "buffers=one,K", -EINVAL },
		{ "buffers=one,-1", -EINVAL },
		{ "buffers=one,18446744073709551616", -EOVERFLOW },
		{ "buffers=one,17179869184G", -EOVERFLOW },
		{ "buffers=pci-0000-00-99.0,4096", -EINVAL },
		{ "buffers=../one,4096", -EINVAL },
		{ "buffers=a/b,4096", -EINVAL },
		{ "buffers=one,1M;two", -EINVAL },
		{ "buffers=one,1M;two,4096;one,1M", -EEXIST },
		{ "buffers=;one,1M;;one,4096,contig", -EEXIST },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		reload(cases[i].parameters, cases[i].err);
		assert_false(module_is_loaded("oriel"));
		assert_int_equal(access("/dev/oriel/one", F_OK), -1);
	}
	reload("", 0);
}

/* What is not to be had is left out; nothing else suffers. */
static void test_not_to_be_had(void **state)
{
	reload("buffers=one,8192;big,3G;two,4096,scattered,uncached;three,4096", 0);
	check("one", 8192, ORIEL_KIND_SCATTERED);
	check("three", 4096, ORIEL_KIND_SCATTERED);
	assert_int_equal(access("/dev/oriel/big", F_OK), -1);
	assert_int_equal(access("/dev/oriel/two", F_OK), -1);
	assert_int_equal(named_reason("big"), ORIEL_REASON_USER_LIMIT);
	assert_int_equal(named_reason("two"), ORIEL_REASON_BUFFER_CACHE);
	take_down("one");
	take_down("three");
	reload("", 0);
}

static int restore(void **state)
{
	static const char *const names[] = { "one", "two", "three", "four" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		named_set(names[i], "live", "0");
	if (module_is_loaded("oriel"))
		module_unload("oriel");
	return module_load("oriel", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_made, restore),
		cmocka_unit_test_teardown(test_malformed, restore),
		cmocka_unit_test_teardown(test_not_to_be_had, restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
