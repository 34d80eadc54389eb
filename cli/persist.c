// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that are bound at every boot: a udev rule for each. It says whose the
 * device is before other drivers are loaded, and has this command bind it. Where
 * another device can have the same address, it names more of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus.h"
#include "cli.h"

#define RULES_DIR	"/etc/udev/rules.d"

static void rule_path(const struct bus_device *device, char *path, size_t size_bytes)
{
	char rule[BUS_ADDRESS_BYTES + 16];

	device->bus->rule(device->address, rule, sizeof(rule));
	snprintf(path, size_bytes, RULES_DIR "/60-oriel-bind-%s.rules", rule);
}

/* udev sees the whole of it or nothing: it reads no names that end otherwise. */
static int write_whole(const char *path, const char *text)
{
	const size_t length = strlen(text);
	char temporary[192];
	ssize_t written;
	int err = 0, fd;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	written = write(fd, text, length);
	if (written != (ssize_t)length)
		err = written < 0 ? -errno : -ENOSPC;
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);

	return err;
}

/* Can nobody but root put something else there? True of all directories above. */
static bool is_roots_alone(const char *path)
{
	char part[PATH_MAX];
	struct stat about;
	size_t i;

	for (i = 0; i == 0 || path[i - 1]; i++) {
		if (i && path[i] != '/' && path[i])
			continue;
		snprintf(part, sizeof(part), "%.*s", i ? (int)i : 1, path);
		if (stat(part, &about) || about.st_uid || about.st_mode & S_IWOTH)
			return false;
	}

	return true;
}

/*
 * Where this program is, for udevd, which runs it as root at every boot: not
 * from somebody's build directory, and by no name in which udev sees more.
 */
static int find_self(char *self, size_t size_bytes)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
	ssize_t length;

	length = readlink("/proc/self/exe", self, size_bytes - 1);
	if (length <= 0)
		return cli_fail("cannot find where this program is: %s. Check that /proc is mounted.",
				strerror(errno));
	self[length] = '\0';
	if (self[strspn(self, plain)] || !is_roots_alone(self))
		return cli_fail("%s is not to be run as root at every boot: others can change it, or its path has odd characters. Install the command (sudo make install) and use that.",
				self);

	return CLI_OK;
}

int persist_check(void)
{
	char self[PATH_MAX];

	return find_self(self, sizeof(self));
}

int persist_add(const struct bus_device *device, bool force)
{
	char path[160], self[PATH_MAX], rule[PATH_MAX + 1024];
	const char *address = device->address;
	struct bus_identity identity;
	int err;

	err = device->bus->identify(address, &identity);
	if (err)
		return cli_fail("cannot read what %s is: %s. Check that sysfs is mounted.",
				address, strerror(-err));
	err = find_self(self, sizeof(self));
	if (err)
		return err;

	snprintf(rule, sizeof(rule),
		 "# Written by \"oriel bind --persist %s\"; \"oriel unbind --persist %s\" removes it.\n"
		 "ACTION==\"add\", SUBSYSTEM==\"%s\", KERNEL==\"%s\", %s"
		 "ATTR{driver_override}=\"%s\", RUN+=\"%s bind%s %s\"\n",
		 address, address, device->bus->name, address, identity.match,
		 device->bus->driver, self, force ? " --force" : "", address);

	rule_path(device, path, sizeof(path));
	mkdir(RULES_DIR, 0755); /* a udev without rules of its own */
	err = write_whole(path, rule);
	if (err)
		return cli_fail("cannot write %s: %s. Do it as root.", path, strerror(-err));
	fprintf(stderr, "oriel: wrote %s; %s%s is bound at every boot.\n", path, address,
		identity.label);

	return CLI_OK;
}

int persist_remove(const struct bus_device *device, bool *removed)
{
	char path[160];

	rule_path(device, path, sizeof(path));
	*removed = !unlink(path);
	if (!*removed && errno != ENOENT)
		return cli_fail("cannot remove %s: %s. Do it as root.", path, strerror(errno));
	if (*removed)
		fprintf(stderr, "oriel: removed %s; %s is left alone at the next boot.\n", path,
			device->address);

	return CLI_OK;
}
