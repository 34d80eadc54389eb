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
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "pci.h"

#define DRIVER		"oriel-pci"

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

static bool driver_is_loaded(void)
{
	return !access(PCI_DIR "/drivers/" DRIVER, F_OK);
}

/* By the program that the kernel itself would call */
static void load_driver(void)
{
	char *const arguments[] = { "modprobe", "-q", DRIVER, NULL };
	char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	char program[PATH_MAX] = "";
	ssize_t length;
	pid_t child;
	int fd;

	fd = open("/proc/sys/kernel/modprobe", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, program, sizeof(program) - 1);
	close(fd);
	if (length <= 1)
		return;
	program[length - 1] = '\0'; /* the newline */
	if (!posix_spawn(&child, program, NULL, NULL, arguments, environment))
		waitpid(child, NULL, 0);
}

/* Mostly because somebody holds its memory without being its driver */
static int fail_not_taken(const char *address)
{
	char holder[64];

	if (pci_find_holder(address, holder, sizeof(holder)))
		return cli_fail("%s was not taken by " DRIVER ": its memory is in use by %s. Unload or unbind that first.",
				address, holder);

	return cli_fail("%s was not taken by " DRIVER ". The kernel's log says why.", address);
}

/*
 * Takes the device from the driver that has it, if any, and gives it to ours. If
 * that fails, whose it was it is again.
 */
static int change_driver(const char *address, char *driver, size_t size_bytes)
{
	const bool had_driver = driver[0];
	int status;

	status = set_override(address, DRIVER);
	if (status)
		return status;
	if (had_driver)
		status = release_driver(address, driver);
	if (!status) {
		write_file(PCI_DIR "/drivers_probe", address);
		find_driver(address, driver, size_bytes);
		if (!strcmp(driver, DRIVER))
			return CLI_OK;
		status = fail_not_taken(address);
	}
	set_override(address, "");
	if (had_driver)
		write_file(PCI_DIR "/drivers_probe", address);

	return status;
}

static int run_bind(const struct cli_options *options)
{
	char address[PCI_ADDRESS_BYTES], driver[64];
	int status;

	status = pci_find(options->args[0], address);
	if (status)
		return status;
	if (!driver_is_loaded())
		load_driver();
	if (!driver_is_loaded())
		return cli_fail("the driver " DRIVER " is not loaded, and modprobe did not load it. Install the modules (sudo make install), and do it as root.");

	find_driver(address, driver, sizeof(driver));
	if (driver[0] && strcmp(driver, DRIVER) && !options->force)
		return cli_fail("%s is in use by the driver %s. Make sure that nobody needs it there, then bind with --force.",
				address, driver);

	if (strcmp(driver, DRIVER))
		status = change_driver(address, driver, sizeof(driver));
	if (!status && options->persist)
		status = persist_add(address, options->force);

	return status ? status : print_node(address);
}

static int run_unbind(const struct cli_options *options)
{
	char address[PCI_ADDRESS_BYTES], driver[64];
	bool removed = false;
	int status;

	/* The device may be gone from the machine, its rule is not. */
	status = options->persist ? pci_parse(options->args[0], address) :
				    pci_find(options->args[0], address);
	if (!status && options->persist)
		status = persist_remove(address, &removed);
	if (status)
		return status;

	find_driver(address, driver, sizeof(driver));
	if (strcmp(driver, DRIVER) && removed)
		return CLI_OK;
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
	.help = "ADDRESS is 03:00.0, 0000:03:00.0, pci-0000-03-00.0, or a name in\n"
		"/dev/oriel/by-id. Loads oriel-pci if it has to, and prints the node. A device\n"
		"that another driver has is left alone without --force. With --persist, a udev\n"
		"rule in /etc/udev/rules.d does the same at every boot.\n",
	.min_args = 1,
	.max_args = 1,
	.takes = CLI_TAKES_FORCE | CLI_TAKES_PERSIST,
	.run = run_bind,
};

const struct cli_command cli_command_unbind = {
	.name = "unbind",
	.arguments = "ADDRESS",
	.summary = "takes a PCI device from oriel-pci",
	.help = "Mappings of it turn into SIGBUS. Its own driver gets it at the next boot, or by\n"
		"echo ADDRESS > /sys/bus/pci/drivers_probe. With --persist, also removes what\n"
		"bind --persist wrote.\n",
	.min_args = 1,
	.max_args = 1,
	.takes = CLI_TAKES_PERSIST,
	.run = run_unbind,
};
