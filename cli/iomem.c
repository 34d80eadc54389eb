// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds the memory of a PCI device: the kernel's list of resources.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "pci.h"

#define NR_BARS		6
#define IS_MEMORY	0x200 /* of the flags in sysfs */

struct bars {
	uint64_t first[NR_BARS];
	uint64_t last[NR_BARS];
};

static FILE *open_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file && fd >= 0)
		close(fd);

	return file;
}

static bool read_bars(const char *address, struct bars *bars)
{
	char path[ORIEL_PATH_BYTES];
	uint64_t flags;
	FILE *file;
	int i;

	memset(bars, 0, sizeof(*bars));
	snprintf(path, sizeof(path), PCI_DIR "/devices/%s/resource", address);
	file = open_text(path);
	if (!file)
		return false;
	for (i = 0; i < NR_BARS; i++) {
		if (fscanf(file, "%" SCNx64 " %" SCNx64 " %" SCNx64, &bars->first[i],
			   &bars->last[i], &flags) != 3)
			break;
		if (!(flags & IS_MEMORY))
			bars->first[i] = bars->last[i] = 0;
	}
	fclose(file);

	return i == NR_BARS;
}

static bool is_inside(const struct bars *bars, uint64_t first, uint64_t last)
{
	int i;

	for (i = 0; i < NR_BARS; i++)
		if (bars->last[i] && first >= bars->first[i] && last <= bars->last[i])
			return true;

	return false;
}

bool pci_find_holder(const char *address, char *holder, size_t size_bytes)
{
	uint64_t first, last;
	bool found = false;
	struct bars bars;
	char *line = NULL;
	size_t size = 0;
	FILE *iomem;

	if (!read_bars(address, &bars))
		return false;
	iomem = open_text("/proc/iomem");
	if (!iomem)
		return false;
	while (!found && getline(&line, &size, iomem) > 0) {
		const char *name = strstr(line, " : ");

		if (!name || sscanf(line, "%" SCNx64 "-%" SCNx64, &first, &last) != 2)
			continue;
		name += 3;
		/* A BAR itself has the name of its device. */
		found = is_inside(&bars, first, last) &&
			strncmp(name, address, strlen(address));
		if (found)
			snprintf(holder, size_bytes, "%.*s", (int)strcspn(name, "\n"), name);
	}
	free(line);
	fclose(iomem);

	return found;
}
