// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/named.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/configfs.h"
#include "lib/leftover.h"
#include "lib/module.h"

int named_mkdir(const char *name)
{
	return configfs_mkdir(BUFFERS, name);
}

int named_rmdir(const char *name)
{
	return configfs_rmdir(BUFFERS, name);
}

int named_set(const char *name, const char *file, const char *text)
{
	return configfs_set(BUFFERS, name, file, text);
}

int named_make(const char *name, const char *what)
{
	static const char *const files[] = {
		"size", "kind", "cache", "device", "numa_node", NULL
	};

	return configfs_make(BUFFERS, name, files, what);
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
	(void)state;
	return configfs_clear(BUFFERS);
}

static long available_kib;

int named_load(void **state)
{
	available_kib = leftover_available_kib();
	return module_load("oriel-pci", "");
}

int named_unload(void **state)
{
	int err = module_unload("oriel-pci");

	if (!err)
		leftover_check(available_kib);
	return err ?: (int)module_users("oriel");
}

void named_get(const char *name, const char *file, char *text, size_t bytes)
{
	configfs_get(BUFFERS, name, file, text, bytes);
}

unsigned int named_reason(const char *name)
{
	return configfs_reason(BUFFERS, name);
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

	snprintf(path, sizeof(path), BUFFERS "/%s/bus_address", name);
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
	return configfs_open(name, flags);
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
