// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/configfs.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/testdev.h"
#include "lib/text.h"

static void configfs_path(char *path, size_t bytes, const char *parent, const char *name,
			  const char *file)
{
	snprintf(path, bytes, "%s/%s%s%s", parent, name, file ? "/" : "", file ? file : "");
}

int configfs_mkdir(const char *parent, const char *name)
{
	char path[256];

	configfs_path(path, sizeof(path), parent, name, NULL);
	return mkdir(path, 0755) ? -errno : 0;
}

int configfs_rmdir(const char *parent, const char *name)
{
	char path[256];

	configfs_path(path, sizeof(path), parent, name, NULL);
	return rmdir(path) ? -errno : 0;
}

/* Is it a sum with pages or MiB in it? */
static bool configfs_sum(const char *text, uint64_t *sum)
{
	bool minus = false;
	uint64_t term;
	char *end;

	if (!strpbrk(text, "pM"))
		return false;
	for (*sum = 0; isdigit((unsigned char)*text); text = end + 1) {
		term = strtoull(text, &end, 0);
		if (*end == 'p' || *end == 'M')
			term *= *end++ == 'p' ? page_bytes() : 1 << 20;
		*sum += minus ? -term : term;
		if (!*end)
			return true;
		if (*end != '+' && *end != '-')
			return false;
		minus = *end == '-';
	}
	return false;
}

int configfs_set(const char *parent, const char *name, const char *file, const char *text)
{
	char path[256], number[32];
	uint64_t sum;

	configfs_path(path, sizeof(path), parent, name, file);
	if (!configfs_sum(text, &sum))
		return text_write(path, text);
	snprintf(number, sizeof(number), "%llu", (unsigned long long)sum);
	return text_write(path, number);
}

int configfs_make(const char *parent, const char *name, const char *const *files,
		  const char *what)
{
	char words[256], *rest = words, *word;
	int err = configfs_mkdir(parent, name);

	snprintf(words, sizeof(words), "%s", what);
	for (; *files && !err; files++) {
		word = strsep(&rest, " ");
		if (word && *word && strcmp(word, "-"))
			err = configfs_set(parent, name, *files, word);
	}
	return err ? err : configfs_set(parent, name, "live", "1");
}

int configfs_clear(const char *parent)
{
	DIR *dir = opendir(parent);
	struct dirent *entry;

	if (!dir)
		return 1;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			configfs_rmdir(parent, entry->d_name);
	closedir(dir);
	return 0;
}

void configfs_get(const char *parent, const char *name, const char *file, char *text,
		  size_t bytes)
{
	char path[256];

	configfs_path(path, sizeof(path), parent, name, file);
	text_line(path, text, bytes);
}

unsigned int configfs_reason(const char *parent, const char *name)
{
	unsigned int error, reason;
	char text[256];

	configfs_get(parent, name, "refused", text, sizeof(text));
	if (sscanf(text, "error=%u reason=%u ", &error, &reason) != 2)
		fail_msg("refused: %s", text);
	return reason;
}

int configfs_open(const char *name, int flags)
{
	char node[128];
	int fd;

	snprintf(node, sizeof(node), "/dev/oriel/%s", name);
	fd = open(node, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
