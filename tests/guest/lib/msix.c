// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/msix.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/pci.h"
#include "lib/touch.h"

/* PCI Local Bus 3.0, 6.7 and 6.8.2 */
#define PCI_CAPABILITIES	0x34
#define PCI_CAP_MSIX		0x11
#define MSIX_CONTROL		2
#define MSIX_TABLE		4
#define MSIX_ENTRY_BYTES	16

struct msix msix_find(const char *address)
{
	uint8_t at = pci_config8(address, PCI_CAPABILITIES);
	struct msix msix;
	uint32_t table;

	while (at && pci_config8(address, at) != PCI_CAP_MSIX)
		at = pci_config8(address, at + 1);
	if (!at)
		fail_msg("%s has no MSI-X", address);
	table = pci_config32(address, at + MSIX_TABLE);
	msix.bar = table & 7;
	msix.offset = table & ~7u;
	msix.bytes = ((pci_config32(address, at) >> 16 & 0x7ff) + 1) * MSIX_ENTRY_BYTES;
	return msix;
}

static void check_pages(const struct area *bar, size_t first, size_t end)
{
	size_t page = page_bytes(), at;

	for (at = 0; at < bar->bytes; at += page) {
		bool guarded = at >= first && at < end;
		uint8_t *map = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, bar->fd,
				    bar->info.offset_bytes + at);

		assert_case("writable", map == MAP_FAILED ? errno : 0, guarded ? EACCES : 0);
		if (guarded)
			assert_int_equal(explain(bar->fd).reason, ORIEL_REASON_GUARDED);
		else
			munmap(map, page);
	}
	assert_ptr_equal(area_try(bar, PROT_READ | PROT_WRITE, MAP_SHARED), MAP_FAILED);
	assert_case("all of it", errno, EACCES);
}

/* A mapping that holds the table, among others perhaps, stays read-only. */
static void check_upgrade(const struct area *bar, size_t first, size_t end)
{
	uint8_t *map = area_try(bar, PROT_READ, MAP_SHARED);
	int mem = open("/proc/self/mem", O_RDWR);
	uint32_t word = 0;
	size_t at;

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_true(mem >= 0);
	for (at = first; at < end; at += page_bytes()) {
		assert_case("read", touch_read(map + at), 0);
		assert_case("write", touch_write(map + at), SIGSEGV);
		assert_int_equal(mprotect(map + at, page_bytes(), PROT_READ | PROT_WRITE), -1);
		assert_case("mprotect", errno, EACCES);
		assert_int_equal(pwrite(mem, &word, 4, (off_t)(uintptr_t)(map + at)), -1);
	}
	close(mem);
	munmap(map, bar->bytes);
}

static void check_copying(const struct area *bar, const struct msix *msix)
{
	uint32_t before, after, word = 0xfee00000;
	off_t table = bar->info.offset_bytes + msix->offset;

	assert_int_equal(pread(bar->fd, &before, 4, table), 4);
	assert_int_equal(pwrite(bar->fd, &word, 4, table), -1);
	assert_case("first entry", errno, EACCES);
	assert_int_equal(pwrite(bar->fd, &word, 4, table + msix->bytes - 4), -1);
	assert_case("last entry", errno, EACCES);
	assert_int_equal(pread(bar->fd, &after, 4, table), 4);
	assert_int_equal(after, before);
}

void msix_check_guarded(const char *address)
{
	struct msix msix = msix_find(address);
	size_t page = page_bytes();
	size_t first = msix.offset / page * page, end = page_round(msix.offset + msix.bytes);
	char name[8];
	struct area bar;

	snprintf(name, sizeof(name), "bar%u", msix.bar);
	bar = pci_area_open(address, name, 0);
	assert_true(msix.bytes && msix.offset + msix.bytes <= bar.info.size_bytes);
	check_pages(&bar, first, end);
	check_upgrade(&bar, first, end);
	check_copying(&bar, &msix);
	area_close(&bar);
}
