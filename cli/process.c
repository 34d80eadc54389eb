// SPDX-License-Identifier: GPL-2.0-only
/*
 * One process: which nodes of Oriel's it has mapped where, from its maps and
 * smaps, and what fdinfo says of those that it still has open.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mappings.h"

#define NODE_DIR	"/dev/oriel/"
#define DELETED		" (deleted)"

FILE *cli_process_open(const char *process, const char *file)
{
	char path[ORIEL_PATH_BYTES];
	FILE *stream;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", process, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	stream = fdopen(fd, "r");
	if (!stream)
		close(fd);

	return stream;
}

/*
 * A line of maps, or the first of a mapping in smaps. The path may begin with
 * where somebody else's root is; a node that was removed is marked.
 * Return: is it one of Oriel's?
 */
static bool parse_mapping(const char *line, struct cli_mapping *mapping, bool *is_gone)
{
	char permissions[5] = "";
	const char *name, *end;

	memset(mapping, 0, sizeof(*mapping));
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64, &mapping->start, &mapping->end,
		   permissions, &mapping->offset_bytes) != 4)
		return false;
	name = strstr(line, NODE_DIR);
	if (!name)
		return false;
	name += strlen(NODE_DIR);
	end = name + strcspn(name, " /\n");
	if (end == name || (size_t)(end - name) >= sizeof(mapping->device))
		return false;
	*is_gone = !strncmp(end, DELETED, strlen(DELETED));
	if (!*is_gone && *end != '\n')
		return false;

	memcpy(mapping->device, name, (size_t)(end - name));
	mapping->is_readable = permissions[0] == 'r';
	mapping->is_writable = permissions[1] == 'w';

	return true;
}

static bool is_wanted(const struct cli_mapping *mapping, const char *device)
{
	return !device || !strcmp(mapping->device, device);
}

static int add(struct cli_mappings *mappings, const struct cli_mapping *mapping)
{
	struct cli_mapping *grown;
	size_t room;

	if (mappings->count == mappings->room) {
		room = mappings->room ? 2 * mappings->room : 16;
		grown = reallocarray(mappings->mapping, room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		mappings->mapping = grown;
		mappings->room = room;
	}
	mappings->mapping[mappings->count++] = *mapping;

	return 0;
}

/* A line of smaps about the mapping that the last first line was of */
static void parse_detail(const char *line, struct cli_mapping *mapping)
{
	unsigned long kib;

	if (!strncmp(line, "VmFlags:", 8))
		mapping->is_pfnmap = strstr(line, " pf ");
	else if (sscanf(line, "FilePmdMapped: %lu", &kib) == 1 && mapping->huge != CLI_HUGE_YES)
		mapping->huge = kib ? CLI_HUGE_YES : CLI_HUGE_NO;
}

static int read_smaps(struct cli_mappings *mappings, FILE *smaps, const char *process,
		      const char *device)
{
	struct cli_mapping mapping;
	bool inside = false, is_gone;
	uint64_t start, end;
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	while (!err && getline(&line, &size, smaps) > 0) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &start, &end) != 2) {
			if (inside)
				parse_detail(line, &mappings->mapping[mappings->count - 1]);
			continue;
		}
		inside = parse_mapping(line, &mapping, &is_gone) && is_wanted(&mapping, device);
		if (!inside)
			continue;
		snprintf(mapping.process, sizeof(mapping.process), "%s", process);
		/* Until sysfs was asked: */
		snprintf(mapping.region, sizeof(mapping.region), "%s", is_gone ? "" : "?");
		err = add(mappings, &mapping);
	}
	free(line);

	return err;
}

/* Most processes have nothing of ours, and smaps is dear. */
static bool has_any(FILE *maps, const char *device)
{
	struct cli_mapping mapping;
	bool found = false, is_gone;
	char *line = NULL;
	size_t size = 0;

	while (!found && getline(&line, &size, maps) > 0)
		found = parse_mapping(line, &mapping, &is_gone) && is_wanted(&mapping, device);
	free(line);

	return found;
}

static void read_program(const char *process, char *program, size_t size_bytes)
{
	FILE *comm = cli_process_open(process, "comm");

	if (!comm || !fgets(program, (int)size_bytes, comm))
		program[0] = '\0';
	program[strcspn(program, "\n")] = '\0';
	if (comm)
		fclose(comm);
}

int cli_process_look(struct cli_mappings *mappings, const char *process, const char *device)
{
	size_t first = mappings->count, i;
	FILE *file;
	bool any;
	int err;

	file = cli_process_open(process, "maps");
	if (!file)
		return -errno;
	errno = 0;
	any = has_any(file, device);
	err = ferror(file) ? -errno : 0;
	fclose(file);
	if (err || !any)
		return err;

	file = cli_process_open(process, "smaps");
	if (!file)
		return -errno;
	err = read_smaps(mappings, file, process, device);
	fclose(file);
	for (i = first; i < mappings->count; i++)
		read_program(process, mappings->mapping[i].program,
			     sizeof(mappings->mapping[i].program));

	return err;
}
