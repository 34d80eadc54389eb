// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of Oriel's nodes: goes through all processes, and asks sysfs which
 * region lies at an offset and fdinfo what page tables do not tell.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mappings.h"

#define CLASS_DIR	"/sys/class/oriel"

/* The first word of a file, or "" */
static void read_word(const char *path, char *word, size_t size_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, word, size_bytes - 1);

	word[length > 0 ? length : 0] = '\0';
	word[strcspn(word, " \n")] = '\0';
	if (fd >= 0)
		close(fd);
}

static void read_attribute(const char *device, const char *region, const char *attribute,
			   char *word, size_t size_bytes)
{
	char path[ORIEL_PATH_BYTES];

	snprintf(path, sizeof(path), CLASS_DIR "/%s/regions/%s/%s", device, region, attribute);
	read_word(path, word, size_bytes);
}

static uint64_t read_number(const char *device, const char *region, const char *attribute)
{
	char word[CLI_WORD_BYTES];

	read_attribute(device, region, attribute, word, sizeof(word));

	return strtoull(word, NULL, 0);
}

/* Is the mapping one of this region? Then it gets to know all about it. */
static bool match_region(struct cli_mapping *mapping, const char *region)
{
	uint64_t offset = read_number(mapping->device, region, "offset");
	uint64_t bytes = read_number(mapping->device, region, "size");

	if (mapping->offset_bytes < offset || mapping->offset_bytes - offset >= bytes)
		return false;

	snprintf(mapping->region, sizeof(mapping->region), "%.*s", ORIEL_NAME_BYTES - 1, region);
	mapping->offset_bytes -= offset;
	read_attribute(mapping->device, region, "kind", mapping->kind, sizeof(mapping->kind));
	read_attribute(mapping->device, region, "cache", mapping->cache, sizeof(mapping->cache));

	return true;
}

static void find_region(struct cli_mapping *mapping)
{
	char path[ORIEL_PATH_BYTES];
	struct dirent *entry;
	bool found = false;
	DIR *directory;

	snprintf(path, sizeof(path), CLASS_DIR "/%s/regions", mapping->device);
	directory = opendir(path);
	while (directory && !found && (entry = readdir(directory)))
		found = entry->d_name[0] != '.' && match_region(mapping, entry->d_name);
	if (directory)
		closedir(directory);
	if (!found)
		mapping->region[0] = '\0';
}

/* Does this open file of the process say so? Unknown, if it is another's. */
static enum cli_huge huge_of_file(const struct cli_mapping *mapping, const char *fd)
{
	char file[CLI_WORD_BYTES + 8], line[256], device[ORIEL_NAME_BYTES] = "", region[ORIEL_NAME_BYTES];
	enum cli_huge huge = CLI_HUGE_UNKNOWN;
	bool ours = false;
	FILE *fdinfo;
	int is_huge;

	snprintf(file, sizeof(file), "fdinfo/%.*s", CLI_WORD_BYTES - 1, fd);
	fdinfo = cli_process_open(mapping->process, file);
	if (!fdinfo)
		return huge;
	while (fgets(line, sizeof(line), fdinfo)) {
		if (sscanf(line, "oriel-device: %63s", device) == 1)
			ours = !strcmp(device, mapping->device);
		else if (ours && sscanf(line, "oriel-mapped: %63s bytes=%*u cache=%*s huge=%d",
					region, &is_huge) == 2 && !strcmp(region, mapping->region))
			huge = is_huge ? CLI_HUGE_YES : CLI_HUGE_NO;
	}
	fclose(fdinfo);

	return huge;
}

/* /proc tells nothing of the entries of device memory; an open file does. */
static void find_huge(struct cli_mapping *mapping)
{
	enum cli_huge huge = CLI_HUGE_UNKNOWN;
	char path[ORIEL_PATH_BYTES];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", mapping->process);
	directory = opendir(path);
	while (directory && huge != CLI_HUGE_YES && (entry = readdir(directory))) {
		enum cli_huge found = huge_of_file(mapping, entry->d_name);

		if (found != CLI_HUGE_UNKNOWN)
			huge = found;
	}
	if (directory)
		closedir(directory);
	mapping->huge = huge;
}

/* The names of processes, sorted */
struct pids {
	long *pid;
	size_t count;
	size_t room;
};

static int pids_add(struct pids *pids, long pid)
{
	size_t room = pids->room ? 2 * pids->room : 256;
	long *grown;

	if (pids->count == pids->room) {
		grown = reallocarray(pids->pid, room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		pids->pid = grown;
		pids->room = room;
	}
	pids->pid[pids->count++] = pid;

	return 0;
}

static int compare_pids(const void *left, const void *right)
{
	long a = *(const long *)left, b = *(const long *)right;

	return (a > b) - (a < b);
}

static int pids_list(struct pids *pids)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	long pid;
	int err = 0;

	if (!directory)
		return -errno;
	while (!err && (entry = readdir(directory))) {
		pid = strtol(entry->d_name, NULL, 10);
		if (pid > 0 && pid != getpid())
			err = pids_add(pids, pid);
	}
	closedir(directory);
	if (pids->count)
		qsort(pids->pid, pids->count, sizeof(*pids->pid), compare_pids);

	return err;
}

/* Some end while they are looked at, some belong to others. */
static int look_at(struct cli_mappings *mappings, const char *process, const char *device)
{
	int err = cli_process_look(mappings, process, device);

	if (err == -EACCES || err == -EPERM)
		mappings->nr_hidden++;

	return err == -ENOMEM ? err : 0;
}

int cli_mappings_find(struct cli_mappings *mappings, const char *device, bool own)
{
	char process[CLI_WORD_BYTES];
	struct pids pids = { NULL };
	size_t i;
	int err;

	memset(mappings, 0, sizeof(*mappings));
	err = pids_list(&pids);
	if (!err && own)
		err = look_at(mappings, "self", device);
	for (i = 0; !err && i < pids.count; i++) {
		snprintf(process, sizeof(process), "%ld", pids.pid[i]);
		err = look_at(mappings, process, device);
	}
	free(pids.pid);

	for (i = 0; !err && i < mappings->count; i++) {
		if (mappings->mapping[i].region[0])
			find_region(&mappings->mapping[i]);
		if (mappings->mapping[i].is_pfnmap)
			find_huge(&mappings->mapping[i]);
	}

	return err;
}

void cli_mappings_free(struct cli_mappings *mappings)
{
	free(mappings->mapping);
	memset(mappings, 0, sizeof(*mappings));
}
