// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine that the mocked kernel has: files, devices and regions.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock.h"
#include "wrap.h"

#define RW	(ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE)

struct mock mock;

static const struct oriel_region_info all_regions[MOCK_NR_REGIONS] = {
	[MOCK_BUFFER] = {
		.index = 0, .name = "buffer", .kind = ORIEL_KIND_CONTIG,
		.cache = ORIEL_CACHE_CACHED, .size_bytes = 8192,
		.flags = RW | ORIEL_REGION_MAPPABLE | ORIEL_REGION_DIRECT_IO,
	},
	[MOCK_REGS] = {
		.index = 1, .name = "regs", .kind = ORIEL_KIND_MMIO,
		.cache = ORIEL_CACHE_UNCACHED, .size_bytes = 256,
		.offset_bytes = 2 * MOCK_MIB, .in_page_bytes = 0x100,
		.flags = RW | ORIEL_REGION_MAPPABLE | ORIEL_REGION_REVOCABLE,
	},
	[MOCK_SMALL] = {
		.index = 2, .name = "small", .kind = ORIEL_KIND_MMIO,
		.cache = ORIEL_CACHE_UNCACHED, .size_bytes = 10,
		.offset_bytes = 4 * MOCK_MIB, .flags = RW,
	},
	[MOCK_LARGE] = {
		.index = 3, .name = "large", .kind = ORIEL_KIND_SCATTERED,
		.cache = ORIEL_CACHE_CACHED, .size_bytes = 8 * MOCK_MIB,
		.offset_bytes = 6 * MOCK_MIB,
		.flags = RW | ORIEL_REGION_MAPPABLE | ORIEL_REGION_HUGE,
	},
	[MOCK_CONST] = {
		.index = 4, .name = "const", .kind = ORIEL_KIND_COHERENT,
		.cache = ORIEL_CACHE_WRITE_COMBINED, .size_bytes = 4096,
		.offset_bytes = 16 * MOCK_MIB,
		.flags = ORIEL_REGION_READABLE | ORIEL_REGION_MAPPABLE,
	},
};

static void make_path(char *path, size_t size, const char *tail)
{
	snprintf(path, size, "%s%s", mock.root, tail);
}

static void make_directory(const char *tail)
{
	char path[256];

	make_path(path, sizeof(path), tail);
	if (__real_mkdir(path, 0700))
		perror(path);
}

static int open_node(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/dev/oriel/%s", mock.root, name);
	fd = __real_open64(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		perror(path);

	return fd;
}

void mock_truncate(const char *name, off_t size)
{
	int fd = open_node(name);

	if (ftruncate(fd, size))
		perror(name);
	close(fd);
}

void mock_make_node(const char *name)
{
	mock_truncate(name, 18 * MOCK_MIB);
}

static void remove_tree(const char *tail)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s%s'", mock.root, tail);
	if (system(command))
		perror(command);
}

void mock_setup(void)
{
	const char *directory = getenv("TMPDIR");

	memset(&mock, 0, sizeof(mock));
	snprintf(mock.root, sizeof(mock.root), "%s/oriel-test-XXXXXX",
		 directory && strlen(directory) < 32 ? directory : "/tmp");
	if (!mkdtemp(mock.root)) {
		perror(mock.root);
		exit(1);
	}

	make_directory("/dev");
	make_directory("/dev/oriel");
	make_directory("/dev/oriel/by-id");
	make_directory("/sys");
	make_directory("/sys/class");
	make_directory("/sys/class/oriel");
	mock_make_node("pci-0000-03-00.0");
	mock_make_node("hello");

	strcpy(mock.info.name, "hello");
	strcpy(mock.info.driver, "hello_driver");
	strcpy(mock.info.bus_address, "0000:03:00.0");
	mock.info.abi_version = ORIEL_ABI_VERSION;
	mock.info.flags = ORIEL_DEVICE_COHERENT;
	mock.info.nr_regions = MOCK_NR_REGIONS;
	mock.info.nr_interrupts = 2;
	memcpy(mock.regions, all_regions, sizeof(all_regions));
}

void mock_teardown(void)
{
	remove_tree("");
	mock.has_proc = false;
}

void mock_remove_devices(void)
{
	remove_tree("/dev/oriel");
}

void mock_remove_core(void)
{
	remove_tree("/dev/oriel");
	remove_tree("/sys/class/oriel");
}

void mock_refuse_mmap(int error, uint32_t reason, uint64_t value0,
		      uint64_t value1)
{
	mock.mmap_error = error;
	mock.explain.call = ORIEL_CALL_MMAP;
	mock.explain.error = (uint32_t)error;
	mock.explain.reason = reason;
	mock.explain.value[0] = value0;
	mock.explain.value[1] = value1;
}

static void make_file(const char *directory, const char *name, const char *text)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = __real_open64(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		perror(path);
	close(fd);
}

void mock_make_buffer(const char *directory)
{
	static const char *const files[] = { "size", "kind", "cache", "device", "live" };
	char path[512];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		make_file(directory, files[i], "");
	if (mock.bus_address)
		make_file(directory, "bus_address", mock.bus_address);
	if (mock.refused)
		make_file(directory, "refused", mock.refused);
	if (!mock.refuses)
		return;
	/* Writing to a directory fails. */
	snprintf(path, sizeof(path), "%s/%s", directory, mock.refuses);
	if (unlink(path) || __real_mkdir(path, 0700))
		perror(path);
}

void mock_empty_buffer(const char *directory)
{
	char command[600];

	snprintf(command, sizeof(command), "rm -rf '%s'/*", directory);
	if (system(command))
		perror(command);
}

void mock_peek(const char *name, off_t offset, void *bytes, size_t length)
{
	int fd = open_node(name);

	if (__real_pread64(fd, bytes, length, offset) != (ssize_t)length)
		perror(name);
	close(fd);
}

void mock_poke(const char *name, off_t offset, const void *bytes, size_t length)
{
	int fd = open_node(name);

	if (__real_pwrite64(fd, bytes, length, offset) != (ssize_t)length)
		perror(name);
	close(fd);
}
