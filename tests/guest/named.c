// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named buffers: what configfs and the module parameter take and refuse, what
 * their nodes show, and what is left when they go.
 * oriel-test: timeout=240 machine=pc,iommu
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/edu.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/named.h"
#include "lib/pagemap.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/window.h"

#define MIB		((uint64_t)1 << 20)
#define NOBODY		65534
#define EDU_NODE	"pci-0000-00-11.0"
#define IVSHMEM_NODE	"pci-0000-00-10.0"
#define SYSFS		"/sys/class/oriel/"
#define TRACING		"/sys/kernel/tracing/"
#define MARK		0x900

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

	window_create("taken", IVSHMEM_NODE " bar2 0 4096");
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

/* In a child: what somebody without rights may try. */
static int try_as_nobody(void *unused)
{
	uint64_t address;
	uint8_t *p;
	int fd;

	CHECK(!setgid(NOBODY) && !setuid(NOBODY));
	CHECK(mkdir(BUFFERS "/mine", 0755) < 0 && errno == EACCES);
	CHECK(named_rmdir("b") == -EACCES);
	CHECK(named_set("b", "live", "0") == -EACCES);
	CHECK(named_bus_address("b", &address) == -EACCES);
	CHECK(named_bus_address_sysfs("b", &address) == -EACCES);
	CHECK(named_open("closed", O_RDONLY) == -EACCES);
	fd = named_open("b", O_RDWR);
	CHECK(fd >= 0);
	CHECK(mmap(NULL, 12288, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENXIO);
	p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	p[5000] = 1;
	return 0;
}

/* Dies in the middle of using it. */
static int write_and_crash(void *unused)
{
	struct area area = { .fd = named_open("b", O_RDWR), .bytes = 8192 };

	CHECK(area.fd >= 0);
	area.address = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, area.fd, 0);
	CHECK(area.address != MAP_FAILED);
	pattern_write(area.address, MARK, 0, 8192);
	kill(getpid(), SIGKILL);
	return 1;
}

static void test_users(void **state)
{
	struct area area;

	named_create("b", "8192 coherent");
	named_create("closed", "4096");
	assert_int_equal(chown("/dev/oriel/b", NOBODY, NOBODY), 0);
	assert_case("nobody", child_run(try_as_nobody, NULL), 0);
	assert_case("crash", child_run(write_and_crash, NULL), 128 + SIGKILL);
	/* It outlives who wrote it, and who comes next finds it. */
	area = named_area("b", PROT_READ);
	assert_int_equal(pattern_check(area.address, MARK, 0, 8192, 8), 0);
	area_close(&area);
	named_remove("b");
	named_remove("closed");
}

/* Writes over what is free: where a page was given back too early, it is seen. */
static void use_free_memory(void)
{
	const size_t bytes = 64 << 20;
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	memset(memory, 0xff, bytes);
	munmap(memory, bytes);
}

/* The page table forgets the pages: only the region knows them now. */
static void check_held(const struct area *area)
{
	use_free_memory();
	assert_int_equal(madvise(area->address, area->bytes, MADV_DONTNEED), 0);
	assert_int_equal(pattern_check(area->address, MARK, 0, area->bytes, 8), 0);
}

static void remove_while_mapped(const char *what)
{
	struct oriel_region_export export = {};
	struct area area, anew;
	uint64_t word;
	void *p;

	named_create("b", what);
	area = named_area("b", PROT_READ | PROT_WRITE);
	pattern_write(area.address, MARK, 0, area.bytes);
	export.size_bytes = area.info.size_bytes;
	assert_int_equal(ioctl(area.fd, ORIEL_REGION_EXPORT, &export), 0);
	named_remove("b");
	assert_int_equal(access("/dev/oriel/b", F_OK), -1);
	assert_case("pread", pread(area.fd, &word, 8, 0) < 0 ? errno : 0, ENODEV);
	assert_ptr_equal(mmap(NULL, 4096, PROT_READ, MAP_SHARED, area.fd, 0), MAP_FAILED);
	assert_case("mmap", errno, ENODEV);
	check_held(&area);

	/* Another one of that name is another one. */
	named_create("b", what);
	anew = named_area("b", PROT_READ | PROT_WRITE);
	assert_int_equal(anew.address[0] | anew.address[anew.bytes - 1], 0);
	memset(anew.address, 0x11, anew.bytes);
	check_held(&area);
	area_close(&anew);
	named_remove("b");

	/* The dma-buf alone keeps the memory. */
	area_close(&area);
	use_free_memory();
	p = buffer_map(export.dmabuf_fd, area.bytes, PROT_READ, 4096);
	assert_int_equal(pattern_check(p, MARK, 0, area.bytes, 8), 0);
	munmap(p, area.bytes);
	close(export.dmabuf_fd);
}

static void test_remove_while_mapped(void **state)
{
	remove_while_mapped("12288 contig");
	remove_while_mapped("4194304 scattered");
	remove_while_mapped("65536 coherent");
	remove_while_mapped("8192 coherent - " EDU_NODE);
}

/* They count for who made them, as long as somebody has the memory. */
static void test_limit(void **state)
{
	struct area area;

	buffer_limit(8 * MIB);
	named_create("b", "4194304");
	named_create("c", "4194304 coherent - " EDU_NODE);
	assert_case("third", named_make("d", "4096"), -ENOMEM);
	assert_int_equal(named_reason("d"), ORIEL_REASON_USER_LIMIT);
	area = named_area("b", PROT_READ);
	named_remove("b");
	assert_case("still mapped", named_set("d", "live", "1"), -ENOMEM);
	area_close(&area);
	assert_case("unmapped", named_set("d", "live", "1"), 0);
	named_remove("c");
	named_remove("d");
	named_create("e", "8388608");
	named_remove("e");
	buffer_limit(0);
}

static void test_bus_address(void **state)
{
	uint64_t address = 0, again = 0;
	struct area area;

	named_create("b", "65536 coherent");
	area = named_area("b", PROT_READ | PROT_WRITE);
	assert_int_equal(touch_write(area.address), 0);
	assert_int_equal(named_bus_address("b", &address), 0);
	/* Of a device that nothing translates: the memory's own. */
	assert_int_equal(address, pagemap_frame(area.address) * 4096);
	assert_int_equal(named_bus_address_sysfs("b", &again), 0);
	assert_int_equal(again, address);
	area_close(&area);
	named_remove("b");

	assert_int_equal(named_mkdir("b"), 0);
	assert_case("not live", named_bus_address("b", &address), -ENXIO);
	named_remove("b");
	named_create("b", "65536 contig");
	assert_case("for no device", named_bus_address("b", &address), -ENXIO);
	named_remove("b");
}

static void test_dma(void **state)
{
	struct edu edu = edu_open();
	uint64_t address = 0;
	struct area area;

	named_create("b", "8192 coherent - " EDU_NODE);
	area = named_area("b", PROT_READ | PROT_WRITE);
	assert_int_equal(named_bus_address("b", &address), 0);
	assert_true(address + 8192 <= (uint64_t)1 << edu_dma_bits());
	assert_true(touch_write(area.address) == 0);
	if (!edu_is_translated())
		assert_int_equal(address, pagemap_frame(area.address) * 4096);
	pattern_write(area.address, MARK, 0, 4096);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	edu_send(&edu, address, EDU_MEMORY_BYTES);
	edu_fetch(&edu, address + 4096, EDU_MEMORY_BYTES);
	assert_int_equal(pattern_check(area.address + 4096, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	/* It is a buffer of the device as others are. */
	assert_int_equal(edu_allow_dma(&edu, false), 0);
	assert_case("mask", edu_set_mask(&edu, 24), -EBUSY);
	area_close(&area);
	named_remove("b");
	assert_case("mask", edu_set_mask(&edu, 24), 0);
	edu_close(&edu);
}

/* The device could write to it as long as its DMA is on: until then nobody else gets it. */
static void test_removed_under_dma(void **state)
{
	struct edu edu = edu_open();

	buffer_limit(4 * MIB);
	named_create("b", "4194304 scattered - " EDU_NODE);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	named_remove("b");
	assert_case("DMA on", named_make("c", "4096"), -ENOMEM);
	assert_int_equal(named_reason("c"), ORIEL_REASON_USER_LIMIT);
	assert_int_equal(edu_allow_dma(&edu, false), 0);
	assert_case("DMA off", named_set("c", "live", "1"), 0);
	named_remove("c");

	/* The same for one that closes the last file, and for one that unbinds. */
	named_create("b", "4194304 scattered - " EDU_NODE);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	named_remove("b");
	edu_close(&edu);
	named_create("c", "4194304");
	named_remove("c");
	edu = edu_open();
	named_create("b", "4194304 scattered - " EDU_NODE);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	named_remove("b");
	pci_unbind(PCI_EDU);
	named_create("c", "4194304");
	named_remove("c");
	edu_close(&edu);
	pci_bind(PCI_EDU);
	buffer_limit(0);
}

/* The device goes, the memory stays; it is mapped for the one that comes next if asked. */
static void test_device_goes(void **state)
{
	struct area area;
	uint64_t address;
	char text[64];

	named_create("b", "8192 coherent - " EDU_NODE);
	area = named_area("b", PROT_READ | PROT_WRITE);
	pattern_write(area.address, MARK, 0, area.bytes);
	pci_unbind(PCI_EDU);
	assert_case("gone", named_bus_address("b", &address), -ENODEV);
	assert_case("gone", named_bus_address_sysfs("b", &address), -ENODEV);
	named_get("b", "live", text, sizeof(text));
	assert_string_equal(text, "1");
	check_held(&area);
	assert_case("open", close(named_open("b", O_RDWR)), 0);
	assert_case("driver", module_unload("oriel-pci"), 0);
	check_held(&area);
	assert_case("driver", module_load("oriel-pci", ""), 0);
	pci_await_node(PCI_EDU);
	assert_case("still", named_bus_address("b", &address), -ENODEV);
	area_close(&area);
	assert_case("down", named_set("b", "live", "0"), 0);
	assert_case("up", named_set("b", "live", "1"), 0);
	assert_case("back", named_bus_address("b", &address), 0);
	named_remove("b");
}

static void test_modules(void **state)
{
	long users = module_users("oriel");

	assert_int_equal(named_mkdir("b"), 0);
	assert_true(module_users("oriel") > users);
	named_remove("b");
	assert_int_equal(module_users("oriel"), users);
}

static long available_kib;

static int load(void **state)
{
	available_kib = leftover_available_kib();
	return module_load("oriel-pci", "");
}

static int unload(void **state)
{
	int err = module_unload("oriel-pci");

	windows_clear(state);
	if (!err)
		leftover_check(available_kib);
	return err ? err : (int)module_users("oriel");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_names, named_clear),
		cmocka_unit_test_teardown(test_values, named_clear),
		cmocka_unit_test_teardown(test_refusals, named_clear),
		cmocka_unit_test_teardown(test_no_memory, named_clear),
		cmocka_unit_test_teardown(test_fixed_while_live, named_clear),
		cmocka_unit_test_teardown(test_what_it_tells, named_clear),
		cmocka_unit_test_teardown(test_users, named_clear),
		cmocka_unit_test_teardown(test_remove_while_mapped, named_clear),
		cmocka_unit_test_teardown(test_limit, named_clear),
		cmocka_unit_test_teardown(test_bus_address, named_clear),
		cmocka_unit_test_teardown(test_dma, named_clear),
		cmocka_unit_test_teardown(test_removed_under_dma, named_clear),
		cmocka_unit_test_teardown(test_device_goes, named_clear),
		cmocka_unit_test_teardown(test_modules, named_clear),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
