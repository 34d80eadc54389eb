// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints fire and say what happened; dynamic debug knows the module.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <signal.h>

#include "lib/check.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"

#define TRACING "/sys/kernel/tracing/"
#define EVENTS TRACING "events/oriel/"

static void trace_begin(void)
{
	assert_int_equal(text_write(TRACING "trace", ""), 0);
	assert_int_equal(text_write(EVENTS "enable", "1"), 0);
	assert_int_equal(text_write(TRACING "tracing_on", "1"), 0);
}

static void trace_end(void)
{
	assert_int_equal(text_write(EVENTS "enable", "0"), 0);
}

/* Is there an event with both texts in its line? */
static bool traced(const char *event, const char *text)
{
	FILE *file = fopen(TRACING "trace", "r");
	bool found = false;
	char line[512];

	assert_non_null(file);
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, event) && strstr(line, text);
	fclose(file);
	return found;
}

static void test_events_exist(void **state)
{
	static const char *const events[] = {
		"oriel_map", "oriel_fault", "oriel_revoke", "oriel_refuse",
	};
	char path[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		snprintf(path, sizeof(path), EVENTS "%s/format", events[i]);
		assert_case(path, access(path, R_OK), 0);
	}
}

static void test_map_and_fault(void **state)
{
	struct area huge, window;

	trace_begin();
	huge = area_open("scattered4m", PROT_READ | PROT_WRITE);
	window = area_open("revocable", PROT_READ | PROT_WRITE);
	touch_read(huge.address);
	touch_write(window.address + 3 * page_bytes());
	trace_end();
	assert_true(traced("oriel_map: ", "region=scattered4m"));
	assert_int_equal(traced("oriel_map: ", "huge=1"), kernel_maps_blocks());
	assert_true(traced("oriel_map: ", "region=revocable"));
	/* Single pages of RAM are there without a fault. */
	assert_int_equal(traced("oriel_fault: ", "region=scattered4m"), kernel_maps_blocks());
	assert_true(traced("oriel_fault: ", "region=revocable"));
	assert_true(traced("oriel_fault: ", "page=3"));
	area_close(&huge);
	area_close(&window);
}

static void test_refuse(void **state)
{
	struct area area = area_open("contig8k", 0);

	trace_begin();
	assert_true(mmap(NULL, 3 * page_bytes(), PROT_READ, MAP_SHARED, area.fd, 0) ==
		    MAP_FAILED);
	trace_end();
	assert_true(traced("oriel_refuse: ", "region=contig8k call=1 errno=6 reason=8"));
	area_close(&area);
}

static void test_revoke(void **state)
{
	struct area area = area_open("revocable", PROT_READ);

	trace_begin();
	testdev_set("registered", "0");
	assert_int_equal(touch_read(area.address), SIGBUS);
	trace_end();
	assert_true(traced("oriel_revoke: ", "device=testdev region=revocable zapped=1"));
	assert_true(traced("oriel_revoke: ", "device=testdev region=contig8k zapped=0"));
	assert_true(traced("oriel_fault: ", "result=0x2"));
	area_close(&area);
	testdev_set("registered", "1");
}

static void test_silence(void **state)
{
	struct area area = area_open("scattered4m", PROT_READ);

	assert_int_equal(text_write(TRACING "trace", ""), 0);
	touch_read(area.address);
	assert_false(traced("oriel_", ""));
	area_close(&area);
}

static void test_dynamic_debug(void **state)
{
	assert_true(text_file_has("/sys/kernel/debug/dynamic_debug/control", "[oriel]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_exist),
		cmocka_unit_test(test_map_and_fault),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_dynamic_debug),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
