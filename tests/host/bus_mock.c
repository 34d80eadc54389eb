// SPDX-License-Identifier: GPL-2.0-only
#include "bus_mock.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mock.h"
#include "wrap.h"

static char text[4096];

/* @format is a path below the test's directory. */
static const char *path_of(const char *format, const char *name)
{
	static char path[512];
	int length = snprintf(path, sizeof(path), "%s", mock.root);

	snprintf(path + length, sizeof(path) - (size_t)length, format, name);

	return path;
}

void write_text(const char *format, const char *name, const char *content)
{
	int fd = __real_open64(path_of(format, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			       0700);

	if (write(fd, content, strlen(content)) != (ssize_t)strlen(content))
		perror(path_of(format, name));
	close(fd);
}

const char *read_text(const char *format, const char *name)
{
	int fd = __real_open64(path_of(format, name), O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	close(fd);

	return fd < 0 ? NULL : text;
}

void make_directory(const char *format, const char *name)
{
	__real_mkdir(path_of(format, name), 0700);
}

void move_path(const char *format, const char *name, const char *to)
{
	char from[512];

	snprintf(from, sizeof(from), "%s", path_of(format, name));
	if (rename(from, path_of("%s", to)))
		perror(from);
}

void make_bus(const char *bus)
{
	make_directory("/sys/bus%s", "");
	make_directory("/sys/bus/%s", bus);
	make_directory("/sys/bus/%s/devices", bus);
	make_directory("/sys/bus/%s/drivers", bus);
	write_text("/sys/bus/%s/drivers_probe", bus, "");
	make_directory("/etc%s", "");
	make_directory("/etc/udev%s", "");
	make_directory("/proc%s", "");
	make_directory("/proc/sys%s", "");
	make_directory("/proc/sys/kernel%s", "");
}

void make_bus_device(const char *bus, const char *address)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", bus, address);
	make_directory("%s", path);
	strcat(path, "/driver_override");
	write_text("%s", path, "(null)\n");
}

void make_driver(const char *bus, const char *driver)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s", bus, driver);
	make_directory("%s", path);
	strcat(path, "/unbind");
	write_text("%s", path, "");
}

void set_driver(const char *bus, const char *address, const char *driver)
{
	char path[160], target[512];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s", bus, driver);
	snprintf(target, sizeof(target), "%s", path_of("%s", path));
	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/driver", bus, address);
	if (symlink(target, path_of("%s", path)))
		perror(address);
}

void make_modprobe(const char *bus, const char *driver)
{
	char script[512], line[300];

	snprintf(script, sizeof(script), "#!/bin/sh\necho \"$@\" > %s/called\nmkdir %s/sys/bus/%s/drivers/%s\n",
		 mock.root, mock.root, bus, driver);
	write_text("/modprobe%s", "", script);
	snprintf(line, sizeof(line), "%s/modprobe\n", mock.root);
	write_text("/proc/sys/kernel/modprobe%s", "", line);
}
