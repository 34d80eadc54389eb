// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/window.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/text.h"

static void window_path(char *path, size_t bytes, const char *name, const char *file)
{
	snprintf(path, bytes, WINDOWS "/%s%s%s", name, file ? "/" : "", file ? file : "");
}

int window_mkdir(const char *name)
{
	char path[256];

	window_path(path, sizeof(path), name, NULL);
	return mkdir(path, 0755) ? -errno : 0;
}

int window_rmdir(const char *name)
{
	char path[256];

	window_path(path, sizeof(path), name, NULL);
	return rmdir(path) ? -errno : 0;
}

int window_set(const char *name, const char *file, const char *text)
{
	char path[256];

	window_path(path, sizeof(path), name, file);
	return text_write(path, text);
}

int window_make(const char *name, const char *what)
{
	static const char *const files[] = {
		"device", "region", "offset", "size", "cache", "access",
	};
	char words[256], *rest = words, *word;
	int err = window_mkdir(name);
	size_t i;

	snprintf(words, sizeof(words), "%s", what);
	for (i = 0; i < ARRAY_SIZE(files) && !err; i++) {
		word = strsep(&rest, " ");
		if (word && *word && strcmp(word, "-"))
			err = window_set(name, files[i], word);
	}
	return err ? err : window_set(name, "live", "1");
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
	DIR *dir = opendir(WINDOWS);
	struct dirent *entry;

	(void)state;
	if (!dir)
		return 1;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			window_rmdir(entry->d_name);
	closedir(dir);
	return 0;
}

void window_get(const char *name, const char *file, char *text, size_t bytes)
{
	char path[256];

	window_path(path, sizeof(path), name, file);
	text_line(path, text, bytes);
}

bool window_is_live(const char *name)
{
	char text[16];

	window_get(name, "live", text, sizeof(text));
	return strcmp(text, "0");
}

unsigned int window_reason(const char *name)
{
	unsigned int error, reason;
	char text[256];

	window_get(name, "refused", text, sizeof(text));
	if (sscanf(text, "error=%u reason=%u ", &error, &reason) != 2)
		fail_msg("refused: %s", text);
	return reason;
}

int window_open(const char *name, int flags)
{
	char node[128];
	int fd;

	snprintf(node, sizeof(node), "/dev/oriel/%s", name);
	fd = open(node, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
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
