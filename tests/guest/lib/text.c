// SPDX-License-Identifier: GPL-2.0-only
#include "lib/text.h"

#include <fcntl.h>

#include "lib/check.h"

int text_read(const char *path, char *text, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t got = 1;
	int err = 0;

	if (fd < 0)
		return -errno;
	while (got > 0 && done < bytes - 1) {
		got = read(fd, text + done, bytes - 1 - done);
		if (got < 0)
			err = -errno;
		else
			done += got;
	}
	text[done] = 0;
	close(fd);
	return err ? err : (int)done;
}

void text_line(const char *path, char *text, size_t bytes)
{
	int length = text_read(path, text, bytes);

	if (length < 0)
		fail_msg("%s: %s", path, strerror(-length));
	text[strcspn(text, "\n")] = 0;
}

uint64_t text_number(const char *path)
{
	char text[64];

	text_line(path, text, sizeof(text));
	return strtoull(text, NULL, 0);
}

int text_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

bool text_file_has(const char *path, const char *needle)
{
	FILE *file = fopen(path, "r");
	char line[1024];
	bool found = false;

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, needle);
	if (ferror(file))
		fail_msg("%s: %s", path, strerror(errno));
	fclose(file);
	return found;
}

long text_field(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[1024];
	long value = -1;

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	while (value < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			value = strtol(line + strlen(key), NULL, 0);
	if (ferror(file))
		fail_msg("%s: %s", path, strerror(errno));
	fclose(file);
	return value;
}
