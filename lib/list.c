// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lists: which devices there are, from sysfs and the nodes. Opens no device.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct oriel_list_entry {
	char name[ORIEL_NAME_BYTES];
	bool has_node;
};

struct oriel_list {
	struct oriel_list_entry *entries;
	size_t count;
	size_t room;
	bool has_core;
};

static int list_add(struct oriel_list *list, const char *name, bool has_node)
{
	struct oriel_list_entry *entry;
	size_t i, room;

	for (i = 0; i < list->count; i++) {
		entry = &list->entries[i];
		if (!strcmp(entry->name, name)) {
			entry->has_node |= has_node;
			return 0;
		}
	}

	if (list->count == list->room) {
		room = list->room ? 2 * list->room : 16;
		entry = reallocarray(list->entries, room, sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		list->entries = entry;
		list->room = room;
	}

	entry = &list->entries[list->count++];
	strcpy(entry->name, name);
	entry->has_node = has_node;

	return 0;
}

/*
 * Add what stands in a directory. Sub-directories (by-id below /dev) are not
 * devices; entries of /sys/class are symbolic links.
 */
static int list_add_directory(struct oriel_list *list, const char *path,
			      bool are_nodes, bool *exists)
{
	struct dirent *entry;
	DIR *directory;
	int err = 0;

	directory = opendir(path);
	*exists = directory || errno != ENOENT;
	if (!directory)
		return errno == ENOENT ? 0 : -errno;

	while (!err) {
		errno = 0;
		entry = readdir(directory);
		if (!entry) {
			err = -errno;
			break;
		}
		if (entry->d_type != DT_DIR && oriel_name_is_valid(entry->d_name))
			err = list_add(list, entry->d_name, are_nodes);
	}

	closedir(directory);

	return err;
}

static int compare_entries(const void *left, const void *right)
{
	const struct oriel_list_entry *a = left, *b = right;

	return strcmp(a->name, b->name);
}

int oriel_list_create(struct oriel_list **list)
{
	struct oriel_list *new;
	bool has_nodes;
	int err;

	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;

	err = list_add_directory(new, ORIEL_SYS_DIR, false, &new->has_core);
	if (!err)
		err = list_add_directory(new, ORIEL_DEV_DIR, true, &has_nodes);
	if (err) {
		oriel_list_destroy(new);
		return err;
	}

	if (new->count)
		qsort(new->entries, new->count, sizeof(*new->entries),
		      compare_entries);
	*list = new;

	return 0;
}

void oriel_list_destroy(struct oriel_list *list)
{
	if (!list)
		return;

	free(list->entries);
	free(list);
}

size_t oriel_list_count(const struct oriel_list *list)
{
	return list->count;
}

const char *oriel_list_get_name(const struct oriel_list *list, size_t index)
{
	return index < list->count ? list->entries[index].name : NULL;
}

bool oriel_list_has_node(const struct oriel_list *list, size_t index)
{
	return index < list->count && list->entries[index].has_node;
}

bool oriel_list_has_core(const struct oriel_list *list)
{
	return list->has_core;
}
