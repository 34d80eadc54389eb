// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/window.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/configfs.h"
#include "lib/module.h"

int window_mkdir(const char *name)
{
	return configfs_mkdir(WINDOWS, name);
}

int window_rmdir(const char *name)
{
	return configfs_rmdir(WINDOWS, name);
}

int window_set(const char *name, const char *file, const char *text)
{
	return configfs_set(WINDOWS, name, file, text);
}

int window_make(const char *name, const char *what)
{
	static const char *const files[] = {
		"device", "region", "offset", "size", "cache", "access", NULL
	};

	return configfs_make(WINDOWS, name, files, what);
}

void window_create(const char *name, const char *what)
{
	assert_case(what, window_make(name, what), 0);
}

void window_remove(const char *name)
{
	assert_case(name, window_rmdir(name), 0);
}

int windows_clear(void **state)
{
	(void)state;
	return configfs_clear(WINDOWS);
}

static long users_before;

int windows_load(void **state)
{
	users_before = module_users("oriel");
	return module_load("oriel-pci", "") ?: module_load("oriel-testdev", "");
}

int windows_unload(void **state)
{
	int err = module_unload("oriel-testdev") ?: module_unload("oriel-pci");

	return err ?: module_users("oriel") != users_before;
}

void window_get(const char *name, const char *file, char *text, size_t bytes)
{
	configfs_get(WINDOWS, name, file, text, bytes);
}

bool window_is_live(const char *name)
{
	char text[16];

	window_get(name, "live", text, sizeof(text));
	return strcmp(text, "0");
}

unsigned int window_reason(const char *name)
{
	return configfs_reason(WINDOWS, name);
}

int window_open(const char *name, int flags)
{
	return configfs_open(name, flags);
}

struct area window_area(const char *name, int prot)
{
	struct area area = { .fd = window_open(name, O_RDWR) };

	if (area.fd < 0)
		fail_msg("%s: %s", name, strerror(-area.fd));
	area.info = (struct oriel_region_info){};
	if (ioctl(area.fd, ORIEL_REGION_INFO, &area.info))
		fail_msg("%s: no region: %s", name, strerror(errno));
	area.bytes = page_round(area.info.in_page_bytes + area.info.size_bytes);
	if (prot)
		area.address = area_map(&area, prot, MAP_SHARED);
	return area;
}
