// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named buffers: what configfs takes and refuses, and what it tells of them.
 * oriel-test: timeout=240 machine=pc,iommu
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/named.h"
#include "lib/pagemap.h"
#include "lib/text.h"
#include "lib/window.h"

#define EDU_NODE	"pci-0000-00-11.0"
#define IVSHMEM_NODE	"pci-0000-00-10.0"
#define SYSFS		"/sys/class/oriel/"
#define TRACING		"/sys/kernel/tracing/"

static void test_names(void **state)
{
	static const struct {
		const char *name;
		int err;
	} cases[] = {
		{ "b", 0 },
		{ "a_name-with.all-0123456789", 0 },
		{ "123456789012345678901234567890123456789012345678901234567890123", 0 },
		{ "1234567890123456789012345678901234567890123456789012345678901234", -EINVAL },
		{ "pci-0000-00-99.0", -EINVAL },
		{ "sim-x", -EINVAL },
		{ "by-id", -EINVAL },
		{ "Upper", -EINVAL },
		{ "with:colon", -EINVAL },
		{ "with space", -EINVAL },
		{ ".hidden", -EINVAL },
		{ "..", -EEXIST },
		{ "a/b", -ENOENT },
		{ "..a", -EINVAL },
		{ "a,b", -EINVAL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].name, named_mkdir(cases[i].name), cases[i].err);
		if (!cases[i].err)
			named_remove(cases[i].name);
	}
	assert_case("twice", named_mkdir("b"), 0);
	assert_case("twice", named_mkdir("b"), -EEXIST);
	named_remove("b");
}

static void test_values(void **state)
{
	static const struct {
		const char *file, *text, *shown;
		int err;
	} cases[] = {
		{ "size", "0x1000\n", "4096", 0 },
		{ "size", "18446744073709551615", "18446744073709551615", 0 },
		{ "size", "18446744073709551616", "18446744073709551615", -EOVERFLOW },
		{ "size", "-1", "18446744073709551615", -EINVAL },
		{ "size", "4K", "18446744073709551615", -EINVAL },
		{ "size", "4096 ", "18446744073709551615", -EINVAL },
		{ "size", "\n", "18446744073709551615", -EINVAL },
		{ "size", "8192", "8192", 0 },
		{ "kind", "contig", "contig", 0 },
		{ "kind", "scattered", "scattered", 0 },
		{ "kind", "coherent", "coherent", 0 },
		{ "kind", "mmio", "coherent", -EINVAL },
		{ "kind", "import", "coherent", -EINVAL },
		{ "kind", "coherentx", "coherent", -EINVAL },
		{ "cache", "write-combined", "write-combined", 0 },
		{ "cache", "write-through", "write-combined", -EINVAL },
		{ "cache", "cached", "cached", 0 },
		{ "device", "pci-0000-00-03.0\n", "pci-0000-00-03.0", 0 },
		{ "device", "pci:0", "pci-0000-00-03.0", -EINVAL },
		{ "device", "../b", "pci-0000-00-03.0", -EINVAL },
		{ "device", "1234567890123456789012345678901234567890123456789012345678901234",
		  "pci-0000-00-03.0", -EINVAL },
		{ "device", "\n", "", 0 },
		{ "numa_node", "3", "3", 0 },
		{ "numa_node", "4294967296", "3", -EOVERFLOW },
		{ "numa_node", "0x1", "3", -EINVAL },
		{ "numa_node", "-1", "-1", 0 },
		{ "live", "2", "0", -EINVAL },
	};
	char text[128];
	size_t i;

	assert_case("mkdir", named_mkdir("b"), 0);
	named_get("b", "kind", text, sizeof(text));
	assert_string_equal(text, "scattered");
	named_get("b", "numa_node", text, sizeof(text));
	assert_string_equal(text, "-1");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].text, named_set("b", cases[i].file, cases[i].text),
			    cases[i].err);
		if (cases[i].err)
			assert_case(cases[i].text, named_reason("b"), ORIEL_REASON_BUFFER_TEXT);
		named_get("b", cases[i].file, text, sizeof(text));
		if (strcmp(text, cases[i].shown))
			fail_msg("%s: %s shows %s", cases[i].text, cases[i].file, text);
	}
	assert_case("bus address", named_set("b", "bus_address", "0"), -EACCES);
	named_remove("b");
}

/* What live=1 checks; see named_make(). */
static const struct refusal {
	const char *name, *what;
	int err;
	unsigned int reason;
} refusals[] = {
	{ "b", "0", -EINVAL, ORIEL_REASON_EMPTY },
	{ "b", "18446744073709551615", -EOVERFLOW, ORIEL_REASON_OVERFLOW },
	{ "b", "0x7ffffffffffff001 contig", -ENOMEM, ORIEL_REASON_USER_LIMIT },
	{ "b", "0x10000000000", -ENOMEM, ORIEL_REASON_USER_LIMIT },
	{ "b", "4096 scattered uncached", -EOPNOTSUPP, ORIEL_REASON_BUFFER_CACHE },
	{ "b", "4096 contig write-combined", -EOPNOTSUPP, ORIEL_REASON_BUFFER_CACHE },
	{ "b", "4096 coherent - nothing", -ENODEV, ORIEL_REASON_BUFFER_DEVICE },
	{ "b", "4096 coherent - taken", -EOPNOTSUPP, ORIEL_REASON_NO_DMA },
	/* Nobody could switch its DMA off. */
	{ "b", "4096 coherent - " IVSHMEM_NODE, -EOPNOTSUPP, ORIEL_REASON_NO_DMA },
	{ "b", "0 coherent - " EDU_NODE, -EINVAL, ORIEL_REASON_EMPTY },
	{ "b", "4096 coherent uncached " EDU_NODE, -EOPNOTSUPP, ORIEL_REASON_BUFFER_CACHE },
	{ "b", "4096 contig - " EDU_NODE " 0", -EINVAL, ORIEL_REASON_BUFFER_NODE },
	{ "b", "4096 contig - - 63", -EINVAL, ORIEL_REASON_BUFFER_NODE },
	{ "b", "4096 contig - - 2147483647", -EINVAL, ORIEL_REASON_BUFFER_NODE },
	{ "b", "4096 contig - - -2", -EINVAL, ORIEL_REASON_BUFFER_NODE },
	{ "taken", "4096", -EEXIST, ORIEL_REASON_BUFFER_NAME },
	{ "taken", "4096 coherent", -EEXIST, ORIEL_REASON_BUFFER_NAME },
	{ "taken", "4096 contig - " EDU_NODE, -EEXIST, ORIEL_REASON_BUFFER_NAME },
};

static void test_refusals(void **state)
{
	const struct refusal *r;
	char text[16];
	size_t i;

	window_create("taken", IVSHMEM_NODE " bar2 0 1p");
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		r = &refusals[i];
		assert_case(r->what, named_make(r->name, r->what), r->err);
		assert_case(r->what, named_reason(r->name), r->reason);
		named_get(r->name, "live", text, sizeof(text));
		assert_case(r->what, text[0], '0');
		named_remove(r->name);
	}
	assert_int_equal(access("/dev/oriel/b", F_OK), -1);
	assert_int_equal(access("/dev/oriel/taken", F_OK), 0);
	window_remove("taken");
}

/* Memory that is not there: the reason is told, and in the trace. */
static void test_no_memory(void **state)
{
	buffer_limit((uint64_t)1 << 40);
	assert_int_equal(text_write(TRACING "trace", ""), 0);
	assert_int_equal(text_write(TRACING "events/oriel/oriel_refuse/enable", "1"), 0);
	assert_case("more than there is", named_make("b", "0x100000000 contig"), -ENOMEM);
	assert_int_equal(text_write(TRACING "events/oriel/oriel_refuse/enable", "0"), 0);
	buffer_limit(0);
	assert_int_equal(named_reason("b"), ORIEL_REASON_NO_CONTIGUOUS);
	assert_true(text_file_has(TRACING "trace",
				  "call=17 errno=12 reason=46 values=0x100000000,"));
	assert_int_equal(text_write(TRACING "trace", ""), 0);
	/* And it can be tried with less. */
	assert_case("size", named_set("b", "size", "4096"), 0);
	assert_case("live", named_set("b", "live", "1"), 0);
	named_remove("b");
}

static void test_fixed_while_live(void **state)
{
	static const char *const files[][2] = {
		{ "size", "4096" }, { "kind", "contig" }, { "cache", "cached" },
		{ "device", "" }, { "device", EDU_NODE }, { "numa_node", "-1" },
	};
	char text[64];
	size_t i;

	named_create("b", "8192 scattered");
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		/* Nothing at all cannot be written. */
		const char *value = files[i][1][0] ? files[i][1] : "\n";

		assert_case(files[i][0], named_set("b", files[i][0], value), -EBUSY);
		assert_case(files[i][0], named_reason("b"), ORIEL_REASON_BUFFER_LIVE);
	}
	named_get("b", "size", text, sizeof(text));
	assert_string_equal(text, "8192");
	assert_case("again", named_set("b", "live", "1"), 0);
	assert_case("node", access("/dev/oriel/b", F_OK), 0);
	assert_case("down", named_set("b", "live", "0"), 0);
	assert_case("node", access("/dev/oriel/b", F_OK), -1);
	assert_case("down again", named_set("b", "live", "0"), 0);
	assert_case("size", named_set("b", "size", "100"), 0);
	assert_case("up", named_set("b", "live", "1"), 0);
	assert_case("bytes", text_number(SYSFS "b/regions/buffer/size"), 100);
	named_remove("b");
	assert_case("node", access("/dev/oriel/b", F_OK), -1);
}

static void test_what_it_tells(void **state)
{
	static const struct {
		const char *what, *kind;
		uint32_t id;
		size_t bytes;
		bool bus_address;
	} cases[] = {
		{ "8192 contig", "contig", ORIEL_KIND_CONTIG, 8192, false },
		{ "5000 scattered", "scattered", ORIEL_KIND_SCATTERED, 5000, false },
		{ "2097152 coherent", "coherent", ORIEL_KIND_COHERENT, 2097152, true },
		{ "4096 contig - " EDU_NODE, "contig", ORIEL_KIND_CONTIG, 4096, true },
		{ "4096 contig cached - 0", "contig", ORIEL_KIND_CONTIG, 4096, false },
	};
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };
	struct oriel_buffer_alloc buffer = { .size_bytes = 1, .kind = ORIEL_KIND_SCATTERED };
	struct oriel_device_info device;
	struct area area;
	struct stat node;
	char text[64];
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		named_create("b", cases[i].what);
		area = named_area("b", PROT_READ | PROT_WRITE);
		device = (struct oriel_device_info){};
		assert_int_equal(ioctl(area.fd, ORIEL_DEVICE_INFO, &device), 0);
		assert_string_equal(device.name, "b");
		assert_string_equal(device.driver, "oriel");
		assert_int_equal(device.nr_regions, 1);
		assert_int_equal(device.nr_interrupts, 0);
		assert_int_equal(area.info.kind, cases[i].id);
		assert_int_equal(area.info.cache, ORIEL_CACHE_CACHED);
		assert_int_equal(area.info.size_bytes, cases[i].bytes);
		assert_int_equal(area.info.offset_bytes, 0);
		assert_int_equal(area.info.flags & ~ORIEL_REGION_HUGE, ORIEL_REGION_READABLE |
				 ORIEL_REGION_WRITABLE | ORIEL_REGION_MAPPABLE |
				 ORIEL_REGION_DIRECT_IO);
		text_line(SYSFS "b/regions/buffer/kind", text, sizeof(text));
		assert_string_equal(text, cases[i].kind);
		assert_case(cases[i].what, !access(SYSFS "b/regions/buffer/bus_address", F_OK),
			    cases[i].bus_address);
		/* Empty, the rest of the last page too. */
		for (at = 0; at < area.bytes; at += 8)
			if (*(uint64_t *)(area.address + at))
				fail_msg("%s: not empty at %zu", cases[i].what, at);
		assert_case("dma", ioctl(area.fd, ORIEL_DEVICE_SET, &set) ? errno : 0, EOPNOTSUPP);
		assert_case("buffer", ioctl(area.fd, ORIEL_BUFFER_ALLOC, &buffer) ? errno : 0,
			    EOPNOTSUPP);
		assert_int_equal(stat("/dev/oriel/b", &node), 0);
		assert_int_equal(node.st_mode & 07777, 0600);
		assert_int_equal(node.st_uid, 0);
		memset(area.address, 0xff, area.bytes);
		area_close(&area);
		named_remove("b");
	}
}

/* A window too may have been left. */
static int clear(void **state)
{
	return windows_clear(state) ?: named_clear(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_names, named_clear),
		cmocka_unit_test_teardown(test_values, named_clear),
		cmocka_unit_test_teardown(test_refusals, clear),
		cmocka_unit_test_teardown(test_no_memory, named_clear),
		cmocka_unit_test_teardown(test_fixed_while_live, named_clear),
		cmocka_unit_test_teardown(test_what_it_tells, named_clear),
	};

	return cmocka_run_group_tests(tests, named_load, named_unload);
}
