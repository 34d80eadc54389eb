// SPDX-License-Identifier: GPL-2.0-only
#include "lib/smaps.h"

#include "lib/check.h"

/* Finds the line "FIELD:..." of the mapping. Return: whether there is one. */
static bool smaps_find(const void *address, const char *field, char *line, size_t bytes)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	bool inside = false, found = false;
	unsigned long start, end;
	size_t length = strlen(field);

	if (!file)
		fail_msg("smaps: %s", strerror(errno));
	while (!found && fgets(line, bytes, file)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			inside = (unsigned long)address >= start && (unsigned long)address < end;
		else if (inside && !strncmp(line, field, length) && line[length] == ':')
			found = true;
	}
	fclose(file);
	return found;
}

bool smaps_has_flag(const void *address, const char *flag)
{
	char line[512], wanted[8];

	if (!smaps_find(address, "VmFlags", line, sizeof(line)))
		fail_msg("smaps: nothing is mapped at %p", address);
	snprintf(wanted, sizeof(wanted), " %s ", flag);
	return strstr(line, wanted);
}

long smaps_kib(const void *address, const char *field)
{
	char line[512];

	if (!smaps_find(address, field, line, sizeof(line)))
		return -1;
	return strtol(strchr(line, ':') + 1, NULL, 10);
}
