// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: what configfs takes and refuses, and what a window tells of itself.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/window.h"

#define IVSHMEM_NODE	"pci-0000-00-10.0"
#define EDU_NODE	"pci-0000-00-11.0"
#define TESTDEV_PORTS	"pci-0000-00-13.0"

static void test_names(void **state)
{
	static const struct {
		const char *name;
		int err;
	} cases[] = {
		{ "w", 0 },
		{ "a_name-with.all-0123456789", 0 },
		{ "pcie", 0 },
		{ "123456789012345678901234567890123456789012345678901234567890123", 0 },
		{ "1234567890123456789012345678901234567890123456789012345678901234", -EINVAL },
		{ "pci-0000-00-99.0", -EINVAL },
		{ "platform-x", -EINVAL },
		{ "clcd-1c1f0000", -EINVAL },
		{ "by-id", -EINVAL },
		{ "Upper", -EINVAL },
		{ "with:colon", -EINVAL },
		{ "with space", -EINVAL },
		{ ".hidden", -EINVAL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].name, window_mkdir(cases[i].name), cases[i].err);
		if (!cases[i].err)
			window_remove(cases[i].name);
	}
	assert_case("twice", window_mkdir("w"), 0);
	assert_case("twice", window_mkdir("w"), -EEXIST);
	window_remove("w");
}

static void test_values(void **state)
{
	static const struct {
		const char *file, *text, *shown;
		int err;
	} cases[] = {
		{ "device", "pci-0000-00-03.0\n", "pci-0000-00-03.0", 0 },
		{ "device", "pci:0", "pci-0000-00-03.0", -EINVAL },
		{ "device", "\n", "pci-0000-00-03.0", -EINVAL },
		{ "device", "1234567890123456789012345678901234567890123456789012345678901234",
		  "pci-0000-00-03.0", -EINVAL },
		{ "region", "bar2-wc", "bar2-wc", 0 },
		{ "region", "12345678901234567890123456789012", "bar2-wc", -EINVAL },
		{ "offset", "0x1000", "4096", 0 },
		{ "offset", "18446744073709551615", "18446744073709551615", 0 },
		{ "offset", "18446744073709551616", "18446744073709551615", -EOVERFLOW },
		{ "offset", "-1", "18446744073709551615", -EINVAL },
		{ "offset", "4096 ", "18446744073709551615", -EINVAL },
		{ "size", "4096\n", "4096", 0 },
		{ "size", "4K", "4096", -EINVAL },
		{ "size", "\n", "4096", -EINVAL },
		{ "cache", "write-combined", "write-combined", 0 },
		{ "cache", "write-through", "write-combined", -EINVAL },
		{ "cache", "same", "same", 0 },
		{ "access", "r", "r", 0 },
		{ "access", "rwx", "r", -EINVAL },
		{ "access", "rw", "rw", 0 },
		{ "live", "2", "0", -EINVAL },
	};
	char text[128];
	size_t i;

	assert_case("mkdir", window_mkdir("w"), 0);
	window_get("w", "cache", text, sizeof(text));
	assert_string_equal(text, "same");
	window_get("w", "access", text, sizeof(text));
	assert_string_equal(text, "same");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].text, window_set("w", cases[i].file, cases[i].text),
			    cases[i].err);
		if (cases[i].err)
			assert_case(cases[i].text, window_reason("w"), ORIEL_REASON_WINDOW_TEXT);
		window_get("w", cases[i].file, text, sizeof(text));
		if (strcmp(text, cases[i].shown))
			fail_msg("%s: %s shows %s", cases[i].text, cases[i].file, text);
	}
	window_remove("w");
}

/* What live=1 checks; see window_make(). */
static void test_live(void **state)
{
	static const struct {
		const char *name, *what;
		int err;
		unsigned int reason;
	} cases[] = {
		{ "w", IVSHMEM_NODE " bar2 0 1p", 0, 0 },
		{ "w", IVSHMEM_NODE " bar2 0 4M", 0, 0 },
		{ "w", IVSHMEM_NODE " bar2 4M-1p 1p uncached r", 0, 0 },
		{ "w", IVSHMEM_NODE " bar0 0 256", 0, 0 },
		{ "w", "testdev odd 1p 904", 0, 0 },
		{ "w", "", -ENODEV, ORIEL_REASON_WINDOW_DEVICE },
		{ "w", "nothing bar2 0 1p", -ENODEV, ORIEL_REASON_WINDOW_DEVICE },
		{ "w", IVSHMEM_NODE " bar3 0 1p", -ENXIO,
		  ORIEL_REASON_WINDOW_REGION },
		{ "w", IVSHMEM_NODE " - 0 1p", -ENXIO, ORIEL_REASON_WINDOW_REGION },
		{ "w", IVSHMEM_NODE " bar2 0", -EINVAL, ORIEL_REASON_EMPTY },
		{ "w", IVSHMEM_NODE " bar2 2048 1p", -EINVAL,
		  ORIEL_REASON_WINDOW_CUT },
		{ "w", IVSHMEM_NODE " bar2 0 1p-1", -EINVAL, ORIEL_REASON_WINDOW_CUT },
		{ "w", IVSHMEM_NODE " bar2 4M-0x800 0x800", -EINVAL,
		  ORIEL_REASON_WINDOW_CUT },
		{ "w", IVSHMEM_NODE " bar0 0 128", -EINVAL, ORIEL_REASON_WINDOW_CUT },
		{ "w", "testdev odd 1p 1p", -ENXIO, ORIEL_REASON_BEYOND },
		{ "w", IVSHMEM_NODE " bar2 4M 1p", -ENXIO,
		  ORIEL_REASON_BEYOND },
		{ "w", IVSHMEM_NODE " bar2 4M-1p 2p", -ENXIO,
		  ORIEL_REASON_BEYOND },
		{ "w", IVSHMEM_NODE " bar2 0x8000000000000000-1p 1p", -ENXIO,
		  ORIEL_REASON_BEYOND },
		{ "w", IVSHMEM_NODE " bar2 0-1p 1p", -EOVERFLOW,
		  ORIEL_REASON_OVERFLOW },
		{ "w", IVSHMEM_NODE " bar2 1p 0-1p", -EOVERFLOW,
		  ORIEL_REASON_OVERFLOW },
		{ "w", EDU_NODE " bar0 0 1p cached", -EOPNOTSUPP,
		  ORIEL_REASON_WINDOW_CACHE },
		{ "w", "testdev contig8k 0 1p uncached", -EOPNOTSUPP,
		  ORIEL_REASON_WINDOW_CACHE },
		{ "w", "testdev contig8k 0 1p write-combined", -EOPNOTSUPP,
		  ORIEL_REASON_WINDOW_CACHE },
		{ "w", TESTDEV_PORTS " bar1 0 256 write-combined", -EOPNOTSUPP,
		  ORIEL_REASON_WINDOW_CACHE },
		{ "w", "testdev read-only 0 1p - rw", -EACCES,
		  ORIEL_REASON_WINDOW_ACCESS },
		{ "w", "testdev read-only 0 1p - w", -EACCES,
		  ORIEL_REASON_WINDOW_ACCESS },
		{ "w", "testdev write-only 0 1p - r", -EACCES,
		  ORIEL_REASON_WINDOW_ACCESS },
		{ "w", "other contig8k 0 1p", -EOPNOTSUPP,
		  ORIEL_REASON_WINDOW_NESTED },
		{ "testdev", "testdev contig8k 0 1p", -EEXIST,
		  ORIEL_REASON_WINDOW_NAME },
	};
	size_t i;

	pci_bind(PCI_TESTDEV);
	window_create("other", "testdev contig8k 0 1p");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].what, window_make(cases[i].name, cases[i].what), cases[i].err);
		assert_case(cases[i].what, window_is_live(cases[i].name), !cases[i].err);
		assert_case(cases[i].what, window_reason(cases[i].name), cases[i].reason);
		window_remove(cases[i].name);
	}
	window_remove("other");
	pci_unbind(PCI_TESTDEV);
}

static void test_fixed_while_live(void **state)
{
	static const char *const files[][2] = {
		{ "device", "testdev" }, { "region", "odd" }, { "offset", "0" },
		{ "size", "2p" }, { "cache", "same" }, { "access", "rw" },
	};
	char text[64], page[64];
	size_t i;

	window_create("w", "testdev contig8k 1p 1p - r");
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		assert_case(files[i][0], window_set("w", files[i][0], files[i][1]), -EBUSY);
		assert_case(files[i][0], window_reason("w"), ORIEL_REASON_WINDOW_LIVE);
	}
	window_get("w", "offset", text, sizeof(text));
	snprintf(page, sizeof(page), "%zu", page_bytes());
	assert_string_equal(text, page);
	assert_case("again", window_set("w", "live", "1"), 0);
	assert_case("node", access("/dev/oriel/w", F_OK), 0);
	assert_case("down", window_set("w", "live", "0"), 0);
	assert_case("node", access("/dev/oriel/w", F_OK), -1);
	assert_case("down again", window_set("w", "live", "0"), 0);
	assert_case("size", window_set("w", "size", "2p"), 0);
	assert_case("offset", window_set("w", "offset", "0"), 0);
	assert_case("up", window_set("w", "live", "1"), 0);
	assert_case("bytes", text_number("/sys/class/oriel/w/regions/contig8k/size"),
		    2 * page_bytes());
	window_remove("w");
	assert_case("node", access("/dev/oriel/w", F_OK), -1);
}

static void test_what_it_tells(void **state)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };
	struct oriel_buffer_alloc buffer = { .size_bytes = 1, .kind = ORIEL_KIND_SCATTERED };
	struct oriel_irq_set irq = { .flags = ORIEL_IRQ_MASK };
	struct oriel_device_info device = {};
	struct area area;
	struct stat node;
	char text[64];

	window_create("w", IVSHMEM_NODE " bar2 1p 2p uncached r");
	area = window_area("w", 0);
	assert_int_equal(ioctl(area.fd, ORIEL_DEVICE_INFO, &device), 0);
	assert_string_equal(device.name, "w");
	assert_string_equal(device.driver, "oriel");
	assert_string_equal(device.bus_address, "");
	assert_int_equal(device.nr_regions, 1);
	assert_int_equal(device.nr_interrupts, 0);
	assert_string_equal(area.info.name, "bar2");
	assert_int_equal(area.info.kind, ORIEL_KIND_MMIO);
	assert_int_equal(area.info.cache, ORIEL_CACHE_UNCACHED);
	assert_int_equal(area.info.size_bytes, 2 * page_bytes());
	assert_int_equal(area.info.offset_bytes, 0);
	assert_int_equal(area.info.flags & ~ORIEL_REGION_HUGE, ORIEL_REGION_READABLE |
			 ORIEL_REGION_MAPPABLE | ORIEL_REGION_REVOCABLE);
	assert_int_equal(lseek(area.fd, 0, SEEK_END), 2 * page_bytes());
	/* A window is memory: it switches nothing of the device. */
	assert_case("dma", ioctl(area.fd, ORIEL_DEVICE_SET, &set) ? errno : 0, EOPNOTSUPP);
	set = (struct oriel_device_set){ .flags = ORIEL_DEVICE_RESET };
	assert_case("reset", ioctl(area.fd, ORIEL_DEVICE_SET, &set) ? errno : 0, EOPNOTSUPP);
	assert_case("irq", ioctl(area.fd, ORIEL_IRQ_SET, &irq) ? errno : 0, ENXIO);
	assert_case("buffer", ioctl(area.fd, ORIEL_BUFFER_ALLOC, &buffer) ? errno : 0, EOPNOTSUPP);
	text_line("/sys/class/oriel/w/regions/bar2/cache", text, sizeof(text));
	assert_string_equal(text, "uncached");
	text_line("/sys/class/oriel/w/driver_info", text, sizeof(text));
	assert_string_equal(text, "oriel");
	assert_int_equal(stat("/dev/oriel/w", &node), 0);
	assert_int_equal(node.st_mode & 07777, 0600);
	assert_int_equal(node.st_uid, 0);
	area_close(&area);
	window_remove("w");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_names, windows_clear),
		cmocka_unit_test_teardown(test_values, windows_clear),
		cmocka_unit_test_teardown(test_live, windows_clear),
		cmocka_unit_test_teardown(test_fixed_while_live, windows_clear),
		cmocka_unit_test_teardown(test_what_it_tells, windows_clear),
	};

	return cmocka_run_group_tests(tests, windows_load, windows_unload);
}
