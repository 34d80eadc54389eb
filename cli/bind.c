// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel bind, oriel unbind: give a device to the driver of ours for its bus, and
 * back.
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

#include "bus.h"
#include "cli.h"

#define PATH_BYTES	256 /* in sysfs */

/* The name of the driver that has the device, or "" */
static void find_driver(const struct bus_device *device, char *driver, size_t size_bytes)
{
	char path[PATH_BYTES], link[PATH_MAX];
	const char *name;
	ssize_t length;

	driver[0] = '\0';
	bus_path(path, sizeof(path), device->bus, device->address, "driver");
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

static int write_device_file(const struct bus_device *device, const char *file,
			     const char *text)
{
	char path[PATH_BYTES];

	bus_path(path, sizeof(path), device->bus, device->address, file);

	return write_file(path, text);
}

/* Has the bus look for a driver; what comes of it, sysfs shows. */
static void probe(const struct bus_device *device)
{
	char path[PATH_BYTES];

	bus_path(path, sizeof(path), device->bus, NULL, "drivers_probe");
	write_file(path, device->address);
}

/* What driver_override says, or "" */
static void get_override(const struct bus_device *device, char *driver, size_t size_bytes)
{
	char path[PATH_BYTES];
	ssize_t length = -1;
	int fd;

	bus_path(path, sizeof(path), device->bus, device->address, "driver_override");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, driver, size_bytes - 1);
		close(fd);
	}
	driver[length > 0 ? length : 0] = '\0';
	driver[strcspn(driver, "\n")] = '\0';
	if (!strcmp(driver, "(null)"))
		driver[0] = '\0';
}

/* driver_override is emptied by an empty line. */
static int set_override(const struct bus_device *device, const char *driver)
{
	int err = write_device_file(device, "driver_override", driver[0] ? driver : "\n");

	if (err)
		return cli_fail("cannot say which driver %s is for: %s. Do it as root.",
				device->address, strerror(-err));

	return CLI_OK;
}

static int release_driver(const struct bus_device *device, const char *driver)
{
	int err = write_device_file(device, "driver/unbind", device->address);

	if (err == -ENOENT)
		return cli_fail("cannot take %s from %s, which gives no device back. Keep that driver from being loaded, then bind.",
				device->address, driver);
	if (err)
		return cli_fail("cannot take %s from %s: %s. Do it as root.", device->address,
				driver, strerror(-err));

	return CLI_OK;
}

static int print_node(const struct bus_device *device)
{
	char node[BUS_ADDRESS_BYTES + 16], path[ORIEL_PATH_BYTES];

	device->bus->node(device->address, node, sizeof(node));
	if (oriel_device_resolve(node, path, sizeof(path)))
		return cli_fail("%s has no node.", device->address);
	printf("%s\n", path);

	return CLI_OK;
}

static bool driver_is_loaded(const struct bus *bus)
{
	char path[PATH_BYTES], file[64];

	snprintf(file, sizeof(file), "drivers/%s", bus->driver);
	bus_path(path, sizeof(path), bus, NULL, file);

	return !access(path, F_OK);
}

/* By the program that the kernel itself would call */
static void load_driver(const struct bus *bus)
{
	char module[64], *const arguments[] = { "modprobe", "-q", module, NULL };
	char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	char program[PATH_MAX] = "";
	ssize_t length;
	pid_t child;
	int fd;

	snprintf(module, sizeof(module), "%s", bus->driver);
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
static int fail_not_taken(const struct bus_device *device)
{
	const struct bus *bus = device->bus;
	char holder[64];

	if (bus->find_holder && bus->find_holder(device->address, holder, sizeof(holder)))
		return cli_fail("%s was not taken by %s: its memory is in use by %s. Unload or unbind that first.",
				device->address, bus->driver, holder);

	return cli_fail("%s was not taken by %s. The kernel's log says why.", device->address,
			bus->driver);
}

/*
 * Takes the device from the driver that has it, if any, and gives it to ours. If
 * that fails, whose it was it is again; ours too, which may get it later: at boot,
 * what the device needs may not be there yet.
 */
static int change_driver(const struct bus_device *device, char *driver, size_t size_bytes)
{
	const bool had_driver = driver[0];
	char before[64];
	int status;

	get_override(device, before, sizeof(before));
	status = set_override(device, device->bus->driver);
	if (status)
		return status;
	if (had_driver)
		status = release_driver(device, driver);
	if (!status) {
		probe(device);
		find_driver(device, driver, size_bytes);
		if (!strcmp(driver, device->bus->driver))
			return CLI_OK;
		status = fail_not_taken(device);
	}
	set_override(device, before);
	if (had_driver)
		probe(device);

	return status;
}

static int run_bind(const struct cli_options *options)
{
	struct bus_device device;
	const char *ours;
	char driver[64];
	int status;

	status = bus_find(options->args[0], &device);
	if (status)
		return status;
	ours = device.bus->driver;
	if (!driver_is_loaded(device.bus))
		load_driver(device.bus);
	if (!driver_is_loaded(device.bus))
		return cli_fail("the driver %s is not loaded, and modprobe did not load it. Install the modules (sudo make install), and do it as root.",
				ours);

	find_driver(&device, driver, sizeof(driver));
	if (driver[0] && strcmp(driver, ours) && !options->force)
		return cli_fail("%s is in use by the driver %s. Make sure that nobody needs it there, then bind with --force.",
				device.address, driver);

	/* Nothing is taken that could not be kept. */
	if (options->persist)
		status = persist_check();
	if (!status && strcmp(driver, ours))
		status = change_driver(&device, driver, sizeof(driver));
	if (!status && options->persist)
		status = persist_add(&device, options->force);

	return status ? status : print_node(&device);
}

static int run_unbind(const struct cli_options *options)
{
	struct bus_device device;
	bool removed = false;
	char driver[64];
	int status;

	/* The device may be gone from the machine, its rule is not. */
	status = options->persist ? bus_parse(options->args[0], &device) :
				    bus_find(options->args[0], &device);
	if (!status && options->persist)
		status = persist_remove(&device, &removed);
	if (status)
		return status;

	find_driver(&device, driver, sizeof(driver));
	if (strcmp(driver, device.bus->driver) && removed)
		return CLI_OK;
	if (strcmp(driver, device.bus->driver))
		return cli_fail("%s is not bound to %s. 'oriel list' shows the devices that are.",
				device.address, device.bus->driver);

	status = set_override(&device, "");
	if (!status)
		status = release_driver(&device, driver);

	return status;
}

const struct cli_command cli_command_bind = {
	.name = "bind",
	.arguments = "ADDRESS",
	.summary = "gives a device to oriel-pci or oriel-platform",
	.help = "ADDRESS of a PCI device is 03:00.0, 0000:03:00.0, pci-0000-03-00.0, or a name\n"
		"in /dev/oriel/by-id; of another, its name in /sys/bus/platform/devices or\n"
		"/sys/bus/amba/devices, 9010000.pl031 for instance, or platform-9010000.pl031.\n"
		"Loads the driver if it has to, and prints the node. A device that another\n"
		"driver has is left alone without --force. With --persist, a udev rule in\n"
		"/etc/udev/rules.d does the same at every boot.\n",
	.min_args = 1,
	.max_args = 1,
	.takes = CLI_TAKES_FORCE | CLI_TAKES_PERSIST,
	.run = run_bind,
};

const struct cli_command cli_command_unbind = {
	.name = "unbind",
	.arguments = "ADDRESS",
	.summary = "takes a device from oriel-pci or oriel-platform",
	.help = "Mappings of it turn into SIGBUS. Its own driver gets it at the next boot, or by\n"
		"echo ADDRESS > /sys/bus/pci/drivers_probe, or platform or amba in place of pci.\n"
		"With --persist, also removes what bind --persist wrote.\n",
	.min_args = 1,
	.max_args = 1,
	.takes = CLI_TAKES_PERSIST,
	.run = run_unbind,
};
