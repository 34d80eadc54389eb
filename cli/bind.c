// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel bind, oriel unbind: give a PCI device to oriel-pci, and back.
 *
 * Works through sysfs alone: driver_override names the driver that may have the
 * device, drivers_probe looks for one again.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define PCI_DIR		"/sys/bus/pci"
#define DRIVER		"oriel-pci"

/* "03:00.0" and "0000:03:00.0" to the second, as sysfs has it. */
static int find_device(const char *text, char *address, size_t size_bytes)
{
	char path[PATH_MAX];
	const char *domain = strchr(text, ':') == strrchr(text, ':') ? "0000:" : "";
	int length;

	length = snprintf(address, size_bytes, "%s%s", domain, text);
	if (length < 0 || (size_t)length >= size_bytes || !strchr(text, ':') || strchr(text, '/'))
		return cli_usage_error("\"%s\" is no PCI address. Give one as lspci prints it: 03:00.0.",
				       text);
	snprintf(path, sizeof(path), PCI_DIR "/devices/%s", address);
	if (access(path, F_OK))
		return cli_fail("there is no PCI device %s. lspci shows those that there are.",
				address);

	return CLI_OK;
}

/* The name of the driver that has the device, or "" */
static void find_driver(const char *address, char *driver, size_t size_bytes)
{
	char path[PATH_MAX], link[PATH_MAX];
	const char *name;
	ssize_t length;

	driver[0] = '\0';
	snprintf(path, sizeof(path), PCI_DIR "/devices/%s/driver", address);
	length = readlink(path, link, sizeof(link) - 1);
	if (length < 0)
		return;
	link[length] = '\0';
	name = strrchr(link, '/');
	snprintf(driver, size_bytes, "%.63s", name ? name + 1 : link);
}

/* 0 or a negative errno */
static int write_file(const char *path, const char *text)
{
	size_t length = strlen(text);
	ssize_t written;
	int err, fd;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	written = write(fd, text, length);
	err = written < 0 ? -errno : (size_t)written != length ? -EIO : 0;
	close(fd);

	return err;
}

static int write_device_file(const char *address, const char *file, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), PCI_DIR "/devices/%s/%s", address, file);

	return write_file(path, text);
}

/* driver_override is emptied by an empty line. */
static int set_override(const char *address, const char *driver)
{
	int err = write_device_file(address, "driver_override", driver[0] ? driver : "\n");

	if (err)
		return cli_fail("cannot say which driver %s is for: %s. Do it as root.",
				address, strerror(-err));

	return CLI_OK;
}

static int release_driver(const char *address, const char *driver)
{
	int err = write_device_file(address, "driver/unbind", address);

	if (err)
		return cli_fail("cannot take %s from %s: %s. Do it as root.", address, driver,
				strerror(-err));

	return CLI_OK;
}

static int print_node(const char *address)
{
	char path[ORIEL_PATH_BYTES];

	if (oriel_device_resolve(address, path, sizeof(path)))
		return cli_fail("%s has no node.", address);
	printf("%s\n", path);

	return CLI_OK;
}

static int run_bind(const struct cli_options *options)
{
	char address[32], driver[64];
	int status;

	status = find_device(options->args[0], address, sizeof(address));
	if (status)
		return status;
	if (access(PCI_DIR "/drivers/" DRIVER, F_OK))
		return cli_fail("the driver " DRIVER " is not loaded. Load it: modprobe oriel-pci.");

	find_driver(address, driver, sizeof(driver));
	if (!strcmp(driver, DRIVER))
		return print_node(address);
	if (driver[0] && !options->force)
		return cli_fail("%s is in use by the driver %s. Make sure that nobody needs it there, then bind with --force.",
				address, driver);

	status = set_override(address, DRIVER);
	if (!status && driver[0])
		status = release_driver(address, driver);
	if (status)
		return status;
	write_file(PCI_DIR "/drivers_probe", address);
	find_driver(address, driver, sizeof(driver));
	if (strcmp(driver, DRIVER)) {
		set_override(address, "");
		return cli_fail("%s was not taken by " DRIVER ". The kernel's log says why; /proc/iomem shows who holds its memory.",
				address);
	}

	return print_node(address);
}

static int run_unbind(const struct cli_options *options)
{
	char address[32], driver[64];
	int status;

	status = find_device(options->args[0], address, sizeof(address));
	if (status)
		return status;
	find_driver(address, driver, sizeof(driver));
	if (strcmp(driver, DRIVER))
		return cli_fail("%s is not bound to " DRIVER ". 'oriel list' shows the devices that are.",
				address);

	status = set_override(address, "");
	if (!status)
		status = release_driver(address, driver);

	return status;
}

const struct cli_command cli_command_bind = {
	.name = "bind",
	.arguments = "ADDRESS",
	.summary = "gives a PCI device to oriel-pci",
	.help = "Prints the node. A device that another driver has is left alone without --force.\n",
	.min_args = 1,
	.max_args = 1,
	.takes = CLI_TAKES_FORCE,
	.run = run_bind,
};

const struct cli_command cli_command_unbind = {
	.name = "unbind",
	.arguments = "ADDRESS",
	.summary = "takes a PCI device from oriel-pci",
	.help = "Mappings of it turn into SIGBUS. Its own driver gets it at the next boot, or by\n"
		"echo ADDRESS > /sys/bus/pci/drivers_probe.\n",
	.min_args = 1,
	.max_args = 1,
	.run = run_unbind,
};
