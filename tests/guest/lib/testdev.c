// SPDX-License-Identifier: GPL-2.0-only
#include "lib/testdev.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/text.h"

static long testdev_users_before;

size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

unsigned int kernel_bits(void)
{
	struct utsname machine;

	assert_int_equal(uname(&machine), 0);
	return strcmp(machine.machine, "x86_64") && strcmp(machine.machine, "aarch64") ? 32 : 64;
}

bool kernel_has_blocks(void)
{
	bool does = !access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK);

	/* Debian's kernel for 32-bit Arm is the one that does not. */
	assert_true(does || kernel_bits() == 32);
	return does;
}

bool kernel_maps_blocks(void)
{
	return kernel_has_blocks() &&
	       text_number("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size") == 2 << 20;
}

size_t page_round(uint64_t bytes)
{
	return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
}

static int testdev_load_as(const char *parameters)
{
	int err;

	testdev_users_before = module_users("oriel");
	err = module_load("oriel-testdev", parameters);
	if (err)
		printf("# oriel-testdev: %s\n", strerror(-err));
	return err;
}

int testdev_load(void **state)
{
	return testdev_load_as("");
}

int testdev_load_light(void **state)
{
	return testdev_load_as("light=1");
}

int testdev_load_far(void **state)
{
	return testdev_load_as("light=1 far=1");
}

int testdev_unload(void **state)
{
	int err = module_unload("oriel-testdev");
	long users = module_users("oriel");

	if (err)
		printf("# oriel-testdev does not go: %s\n", strerror(-err));
	if (users != testdev_users_before)
		printf("# oriel has %ld users, had %ld\n", users, testdev_users_before);
	return err ? err : users != testdev_users_before;
}

void testdev_set(const char *parameter, const char *value)
{
	char path[128];
	int err;

	snprintf(path, sizeof(path), "/sys/module/oriel_testdev/parameters/%s", parameter);
	err = text_write(path, value);
	if (err)
		fail_msg("%s: %s", path, strerror(-err));
}

int testdev_open(int flags)
{
	int fd = open(TESTDEV_NODE, flags | O_CLOEXEC);

	if (fd < 0)
		fail_msg(TESTDEV_NODE ": %s", strerror(errno));
	return fd;
}

struct oriel_region_info region_find(int fd, const char *name)
{
	struct oriel_region_info info = {};

	for (;; info.index++) {
		if (ioctl(fd, ORIEL_REGION_INFO, &info))
			fail_msg("region %s: %s", name, strerror(errno));
		if (!strcmp(info.name, name))
			return info;
	}
}

struct oriel_explain explain(int fd)
{
	struct oriel_explain why = {};

	if (ioctl(fd, ORIEL_EXPLAIN, &why))
		fail_msg("explain: %s", strerror(errno));
	return why;
}

void *area_try(const struct area *area, int prot, int flags)
{
	return mmap(NULL, area->bytes, prot, flags, area->fd, area->info.offset_bytes);
}

void *area_map(const struct area *area, int prot, int flags)
{
	void *address = area_try(area, prot, flags);

	if (address == MAP_FAILED)
		fail_msg("mmap of %s: %s", area->info.name, strerror(errno));
	return address;
}

int map_errno(int fd, size_t bytes, int prot, int flags, off_t offset)
{
	void *address = mmap(NULL, bytes, prot, flags, fd, offset);

	if (address == MAP_FAILED)
		return errno;
	munmap(address, bytes);
	return 0;
}

struct area area_open(const char *region, int prot)
{
	return area_of(testdev_open(O_RDWR), region, prot);
}

struct area area_of(int fd, const char *region, int prot)
{
	struct area area = { .fd = fd };

	area.info = region_find(area.fd, region);
	area.bytes = page_round(area.info.size_bytes);
	if (prot)
		area.address = area_map(&area, prot, MAP_SHARED);
	return area;
}

void area_close(struct area *area)
{
	if (area->address)
		munmap(area->address, area->bytes);
	close(area->fd);
}

int pattern_check(const void *from, uint32_t index, uint64_t offset, size_t bytes, size_t stride)
{
	const volatile uint64_t *word = from;
	size_t i;

	for (i = 0; i + sizeof(*word) <= bytes; i += stride) {
		uint64_t got = word[i / sizeof(*word)], wanted = pattern_word(index, offset + i);

		if (got == wanted)
			continue;
		printf("# region %u, byte %#llx: got %#llx, wanted %#llx\n", index,
		       (unsigned long long)(offset + i), (unsigned long long)got,
		       (unsigned long long)wanted);
		return 1;
	}
	return 0;
}

int area_check(const struct area *area)
{
	return pattern_check(area->address, area->info.index, 0, area->info.size_bytes,
			     sizeof(uint64_t));
}
