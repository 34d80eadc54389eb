// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/named.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/text.h"

static void named_path(char *path, size_t bytes, const char *name, const char *file)
{
	snprintf(path, bytes, BUFFERS "/%s%s%s", name, file ? "/" : "", file ? file : "");
}

int named_mkdir(const char *name)
{
	char path[256];

	named_path(path, sizeof(path), name, NULL);
	return mkdir(path, 0755) ? -errno : 0;
}

int named_rmdir(const char *name)
{
	char path[256];

	named_path(path, sizeof(path), name, NULL);
	return rmdir(path) ? -errno : 0;
}

int named_set(const char *name, const char *file, const char *text)
{
	char path[256];

	named_path(path, sizeof(path), name, file);
	return text_write(path, text);
}

int named_make(const char *name, const char *what)
{
	static const char *const files[] = { "size", "kind", "cache", "device", "numa_node" };
	char words[256], *rest = words, *word;
	int err = named_mkdir(name);
	size_t i;

	snprintf(words, sizeof(words), "%s", what);
	for (i = 0; i < ARRAY_SIZE(files) && !err; i++) {
		word = strsep(&rest, " ");
		if (word && *word && strcmp(word, "-"))
			err = named_set(name, files[i], word);
	}
	return err ? err : named_set(name, "live", "1");
}

void named_create(const char *name, const char *what)
{
	assert_case(what, named_make(name, what), 0);
}

void named_remove(const char *name)
{
	assert_case(name, named_rmdir(name), 0);
}

int named_clear(void **state)
{
	DIR *dir = opendir(BUFFERS);
	struct dirent *entry;

	(void)state;
	if (!dir)
		return 1;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			named_rmdir(entry->d_name);
	closedir(dir);
	return 0;
}

void named_get(const char *name, const char *file, char *text, size_t bytes)
{
	char path[256];

	named_path(path, sizeof(path), name, file);
	text_line(path, text, bytes);
}

unsigned int named_reason(const char *name)
{
	unsigned int error, reason;
	char text[256];

	named_get(name, "refused", text, sizeof(text));
	if (sscanf(text, "error=%u reason=%u ", &error, &reason) != 2)
		fail_msg("refused: %s", text);
	return reason;
}

/* The file is there, and what it answers may be an error. */
static int address_read(const char *path, uint64_t *address)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	char text[64] = "";

	if (fd < 0)
		return -errno;
	err = read(fd, text, sizeof(text) - 1) < 0 ? -errno : 0;
	close(fd);
	*address = strtoull(text, NULL, 16);
	return err;
}

int named_bus_address(const char *name, uint64_t *address)
{
	char path[256];

	named_path(path, sizeof(path), name, "bus_address");
	return address_read(path, address);
}

int named_bus_address_sysfs(const char *name, uint64_t *address)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/class/oriel/%s/regions/buffer/bus_address", name);
	return address_read(path, address);
}

int named_open(const char *name, int flags)
{
	char node[128];
	int fd;

	snprintf(node, sizeof(node), "/dev/oriel/%s", name);
	fd = open(node, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

struct area named_area(const char *name, int prot)
{
	struct area area = { .fd = named_open(name, O_RDWR) };

	if (area.fd < 0)
		fail_msg("%s: %s", name, strerror(-area.fd));
	area.info = region_find(area.fd, "buffer");
	area.bytes = page_round(area.info.size_bytes);
	if (prot)
		area.address = area_map(&area, prot, MAP_SHARED);
	return area;
}
