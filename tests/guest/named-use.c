// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named buffers in use: by whom, by which device, and what is left when they, or
 * the device, go.
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
#include "lib/module.h"
#include "lib/named.h"
#include "lib/pagemap.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/touch.h"

#define MIB		((uint64_t)1 << 20)
#define NOBODY		65534
#define EDU_NODE	"pci-0000-00-11.0"
#define MARK		0x900

/* In a child: what somebody without rights may try. */
static int try_as_nobody(void *unused)
{
	const size_t page = page_bytes();
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
	CHECK(mmap(NULL, 3 * page, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENXIO);
	p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	p[page + 904] = 1;
	return 0;
}

/* Dies in the middle of using it. */
static int write_and_crash(void *unused)
{
	const size_t page = page_bytes();
	struct area area = { .fd = named_open("b", O_RDWR), .bytes = 2 * page };

	CHECK(area.fd >= 0);
	area.address = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, area.fd, 0);
	CHECK(area.address != MAP_FAILED);
	pattern_write(area.address, MARK, 0, 2 * page);
	kill(getpid(), SIGKILL);
	return 1;
}

static void test_users(void **state)
{
	const size_t page = page_bytes();
	struct area area;

	named_create("b", "2p coherent");
	named_create("closed", "1p");
	assert_int_equal(chown("/dev/oriel/b", NOBODY, NOBODY), 0);
	assert_case("nobody", child_run(try_as_nobody, NULL), 0);
	assert_case("crash", child_run(write_and_crash, NULL), 128 + SIGKILL);
	/* It outlives who wrote it, and who comes next finds it. */
	area = named_area("b", PROT_READ);
	assert_int_equal(pattern_check(area.address, MARK, 0, 2 * page, 8), 0);
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
	const size_t page = page_bytes();
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
	assert_ptr_equal(mmap(NULL, page, PROT_READ, MAP_SHARED, area.fd, 0), MAP_FAILED);
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
	p = buffer_map(export.dmabuf_fd, area.bytes, PROT_READ, page);
	assert_int_equal(pattern_check(p, MARK, 0, area.bytes, 8), 0);
	munmap(p, area.bytes);
	close(export.dmabuf_fd);
}

static void test_remove_while_mapped(void **state)
{
	remove_while_mapped("3p contig");
	remove_while_mapped("4194304 scattered");
	remove_while_mapped("65536 coherent");
	remove_while_mapped("2p coherent - " EDU_NODE);
}

/* They count for who made them, as long as somebody has the memory. */
static void test_limit(void **state)
{
	struct area area;

	buffer_limit(8 * MIB);
	named_create("b", "4194304");
	named_create("c", "4194304 coherent - " EDU_NODE);
	assert_case("third", named_make("d", "1p"), -ENOMEM);
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
	const size_t page = page_bytes();
	uint64_t address = 0, again = 0;
	struct area area;

	named_create("b", "65536 coherent");
	area = named_area("b", PROT_READ | PROT_WRITE);
	assert_int_equal(touch_write(area.address), 0);
	assert_int_equal(named_bus_address("b", &address), 0);
	/* Of a device that nothing translates: the memory's own. */
	assert_int_equal(address, pagemap_frame(area.address) * page);
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

/* A block and a page from elsewhere: there is no one address, but behind an IOMMU. */
static void test_pieces(void **state)
{
	const size_t page = page_bytes();
	uint64_t address = 0;
	struct area area;
	bool one = true;
	size_t at;

	named_create("b", "2M+1p scattered - " EDU_NODE);
	area = named_area("b", PROT_READ | PROT_WRITE);
	for (at = 0; at < area.bytes; at += page)
		assert_int_equal(touch_write(area.address + at), 0);
	for (at = 0; at < area.bytes; at += page)
		one = one && pagemap_frame(area.address + at) ==
			     pagemap_frame(area.address) + at / page;
	assert_case("address", named_bus_address("b", &address),
		    one || edu_is_translated() ? 0 : -EOPNOTSUPP);
	area_close(&area);
	named_remove("b");
}

static void test_dma(void **state)
{
	const size_t page = page_bytes();
	struct edu edu = edu_open();
	uint64_t address = 0;
	struct area area;

	named_create("b", "2p coherent - " EDU_NODE);
	area = named_area("b", PROT_READ | PROT_WRITE);
	assert_int_equal(named_bus_address("b", &address), 0);
	assert_true(address + 2 * page <= (uint64_t)1 << edu_dma_bits());
	assert_true(touch_write(area.address) == 0);
	if (!edu_is_translated())
		assert_int_equal(address, pagemap_frame(area.address) * page);
	pattern_write(area.address, MARK, 0, page);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	edu_send(&edu, address, EDU_MEMORY_BYTES);
	edu_fetch(&edu, address + page, EDU_MEMORY_BYTES);
	assert_int_equal(pattern_check(area.address + page, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	/* It is a buffer of the device as others are. */
	assert_int_equal(edu_allow_dma(&edu, false), 0);
	assert_case("mask", edu_set_mask(&edu, edu_dma_bits() - 4), -EBUSY);
	area_close(&area);
	named_remove("b");
	assert_case("mask", edu_set_mask(&edu, edu_dma_bits() - 4), 0);
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
	assert_case("DMA on", named_make("c", "1p"), -ENOMEM);
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

	named_create("b", "2p coherent - " EDU_NODE);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_users, named_clear),
		cmocka_unit_test_teardown(test_remove_while_mapped, named_clear),
		cmocka_unit_test_teardown(test_limit, named_clear),
		cmocka_unit_test_teardown(test_bus_address, named_clear),
		cmocka_unit_test_teardown(test_pieces, named_clear),
		cmocka_unit_test_teardown(test_dma, named_clear),
		cmocka_unit_test_teardown(test_removed_under_dma, named_clear),
		cmocka_unit_test_teardown(test_device_goes, named_clear),
		cmocka_unit_test_teardown(test_modules, named_clear),
	};

	return cmocka_run_group_tests(tests, named_load, named_unload);
}
