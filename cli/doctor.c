// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel doctor: what stands in the way of a buffer, or of a mapping.
 *
 * Each limit that could stop it is a line; in the end it is tried, and what the
 * kernel says decides.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-heap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"

#define LIMIT_FILE	"/sys/module/oriel/parameters/max_buffer_bytes"
#define CGROUPS		"/sys/fs/cgroup"
#define PATH_BYTES	4096
#define LINE_BYTES	1024

/* What there is of something, and what helps if that is too little. */
struct limit {
	const char *what;
	uint64_t bytes;
	const char *remedy;
};

struct wanted {
	uint64_t bytes;
	const struct cli_kind *kind;
	const char *device_name; /* or NULL */
};

/* The number behind @key in a file of lines "KEY: NUMBER kB" or "NUMBER". */
static bool read_number(const char *path, const char *key, uint64_t *number)
{
	FILE *file = fopen(path, "re");
	char line[LINE_BYTES];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = !strncmp(line, key, strlen(key)) &&
			sscanf(line + strlen(key), "%" SCNu64, number) == 1;
	fclose(file);

	return found;
}

static uint64_t whole_pages(uint64_t bytes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return bytes > UINT64_MAX - page ? bytes : (bytes + page - 1) / page * page;
}

/* ---- the limits: false if there is none, or nothing is known ------------- */

static bool limit_user(struct limit *limit)
{
	uint64_t kib;

	limit->what = "buffers of one user";
	limit->remedy = "As root: echo BYTES >" LIMIT_FILE;
	if (!read_number(LIMIT_FILE, "", &limit->bytes))
		return false;
	if (limit->bytes)
		return true;
	if (!read_number("/proc/meminfo", "MemTotal:", &kib))
		return false;
	limit->bytes = kib / 2 * 1024;

	return true;
}

static bool limit_memory(struct limit *limit)
{
	uint64_t kib;

	limit->what = "available memory";
	limit->remedy = "Stop what uses it, or add some";
	if (!read_number("/proc/meminfo", "MemAvailable:", &kib))
		return false;
	limit->bytes = kib * 1024;

	return true;
}

static bool own_cgroup(char *path, size_t size_bytes)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_BYTES];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strncmp(line, "0::/", 4) &&
			snprintf(path, size_bytes, CGROUPS "%s", line + 3) < (int)size_bytes;
	}
	fclose(file);

	return found;
}

/* The least that is left in the process's memory cgroup and in those around it. */
static bool limit_cgroup(struct limit *limit)
{
	char path[PATH_BYTES], file[PATH_BYTES + 32];
	uint64_t most, now;
	bool found = false;

	limit->what = "room in the memory cgroup";
	limit->remedy = "Raise memory.max of the cgroup (systemd: MemoryMax=)";
	if (!own_cgroup(path, sizeof(path)))
		return false;
	for (; strlen(path) >= strlen(CGROUPS); *strrchr(path, '/') = '\0') {
		snprintf(file, sizeof(file), "%s/memory.max", path);
		if (!read_number(file, "", &most))
			continue;
		snprintf(file, sizeof(file), "%s/memory.current", path);
		if (!read_number(file, "", &now))
			continue;
		most = most > now ? most - now : 0;
		if (!found || most < limit->bytes)
			limit->bytes = most;
		found = true;
	}

	return found;
}

/* Of all zones. What is free below another size can be put together, by luck. */
static bool limit_in_one_piece(struct limit *limit)
{
	FILE *file = fopen("/proc/buddyinfo", "re");
	char line[LINE_BYTES], *at, *end;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	unsigned int order;

	limit->what = "largest free block";
	limit->remedy = "As root: echo 1 >/proc/sys/vm/compact_memory; or make it when oriel is loaded (parameter buffers); or take scattered";
	limit->bytes = 0;
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		at = strstr(line, "zone");
		if (!at)
			continue;
		at += strlen("zone");
		at += strspn(at, " ");
		at += strcspn(at, " ");
		for (order = 0; strtoull(at, &end, 10), end != at; order++) {
			if (strtoull(at, NULL, 10) && page << order > limit->bytes)
				limit->bytes = page << order;
			at = end;
		}
	}
	fclose(file);

	return true;
}

/* ---- the diagnosis ------------------------------------------------------- */

static void print_limit(const struct limit *limit, uint64_t wanted_bytes)
{
	bool enough = wanted_bytes <= limit->bytes;

	printf("%-26s %14" PRIu64 "  %s%s%s\n", limit->what, limit->bytes,
	       enough ? "enough" : "too little. ", enough ? "" : limit->remedy,
	       enough ? "" : ".");
}

static void print_limits(const struct wanted *wanted)
{
	static bool (*const limits[])(struct limit *limit) = {
		limit_user, limit_memory, limit_cgroup,
	};
	uint64_t bytes = whole_pages(wanted->bytes);
	struct limit limit;
	size_t i;

	printf("%-26s %14" PRIu64 "\n", "wanted", bytes);
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (limits[i](&limit))
			print_limit(&limit, bytes);
	/* More than the largest block that there can be is put together from some. */
	if (wanted->kind->kind == ORIEL_KIND_CONTIG && limit_in_one_piece(&limit))
		print_limit(&limit, bytes < (2 << 20) ? bytes : 2 << 20);
}

/* 0, an exit status with the message printed */
static int try_for_device(const struct wanted *wanted)
{
	struct oriel_buffer *buffer;
	struct oriel_device *device;
	int status = CLI_OK, err;

	err = oriel_device_open(wanted->device_name, 0, &device);
	if (err)
		return cli_fail_open(wanted->device_name, err);
	err = oriel_buffer_create_with_cache(device, wanted->kind->kind, wanted->kind->cache,
					     wanted->bytes, 0, &buffer);
	if (err)
		status = cli_fail_call(device, wanted->device_name, NULL, err);
	else
		oriel_buffer_destroy(buffer);
	oriel_device_close(device);

	return status;
}

static int try_for_nobody(const struct wanted *wanted)
{
	struct dma_heap_allocation_data data = { .len = wanted->bytes, .fd_flags = O_RDWR };
	char path[64];
	int heap, err;

	snprintf(path, sizeof(path), "/dev/dma_heap/oriel-%s", wanted->kind->name);
	heap = open(path, O_RDWR | O_CLOEXEC);
	if (heap < 0)
		return cli_fail("%s cannot be opened: %s. %s", path, strerror(errno),
				errno == EACCES ? "Join the group oriel, or do it as root." :
				"Load the oriel module (modprobe oriel).");
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? errno : 0;
	close(heap);
	if (err)
		return cli_fail("the kernel says: %s.", strerror(err));
	close((int)data.fd);

	return CLI_OK;
}

static int examine_buffer(const struct wanted *wanted)
{
	int status;

	print_limits(wanted);
	status = wanted->device_name ? try_for_device(wanted) : try_for_nobody(wanted);
	if (!status)
		printf("tried: it can be had now\n");

	return status;
}

static int examine_mapping(char **args)
{
	struct oriel_mapping *mapping;
	struct cli_target target;
	bool writable = true;
	int status, err;

	status = cli_target_open(&target, args, writable);
	if (status)
		return status;
	writable = target.region.flags & ORIEL_REGION_WRITABLE;
	err = oriel_mapping_create(target.device, &target.region,
				   PROT_READ | (writable ? PROT_WRITE : 0), &mapping);
	if (err) {
		status = cli_target_fail(&target, err);
	} else {
		oriel_mapping_destroy(mapping);
		printf("tried: it can be mapped, for reading%s\n",
		       writable ? " and writing" : "; it is not for writing");
	}
	cli_target_close(&target);

	return status;
}

/* 0x10, 64K; not 00:11.0, nor hello */
static bool is_size(const char *text)
{
	return isdigit((unsigned char)text[0]) && !strpbrk(text, ":./-_");
}

static int run(const struct cli_options *options)
{
	struct wanted wanted = {};
	int status;

	if (!is_size(options->args[0])) {
		if (options->nr_args != 2)
			return cli_usage_error("doctor: a device wants a region, and nothing else.");
		return examine_mapping(options->args);
	}
	status = cli_parse_bytes("the size", options->args[0], &wanted.bytes);
	if (!status)
		status = cli_parse_kind(options->nr_args > 1 ? options->args[1] : NULL,
					&wanted.kind);
	if (status)
		return status;
	if (options->nr_args > 2)
		wanted.device_name = options->args[2];

	return examine_buffer(&wanted);
}

const struct cli_command cli_command_doctor = {
	.name = "doctor",
	.arguments = "SIZE [KIND [DEVICE]] | DEVICE REGION",
	.summary = "says what stands in the way of a buffer, or a mapping",
	.help = "Of a buffer of SIZE bytes: which limits there are, and whether they are enough;\n"
		"then it is allocated, and freed at once. KIND is scattered (if not given),\n"
		"contig, coherent or writecombine. Of a region: whether it can be mapped, or why\n"
		"not, and what helps.\n",
	.min_args = 1,
	.max_args = 3,
	.run = run,
};
