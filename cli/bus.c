// SPDX-License-Identifier: GPL-2.0-only
/*
 * On which bus is the device that a user names? The buses are asked in turn.
 */
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "cli.h"

static const struct bus *const buses[] = { &bus_pci, &bus_platform, &bus_amba };

void bus_path(char *path, size_t size_bytes, const struct bus *bus, const char *address,
	      const char *file)
{
	snprintf(path, size_bytes, BUS_DIR "/%s%s%s/%s", bus->name, address ? "/devices/" : "",
		 address ? address : "", file);
}

static bool is_there(const struct bus_device *device)
{
	char path[256];

	bus_path(path, sizeof(path), device->bus, device->address, "");

	return !access(path, F_OK);
}

int bus_parse(const char *text, struct bus_device *device)
{
	struct bus_device candidate;
	size_t i;

	device->bus = NULL;
	for (i = 0; i < sizeof(buses) / sizeof(buses[0]); i++) {
		candidate.bus = buses[i];
		if (!candidate.bus->parse(candidate.bus, text, candidate.address))
			continue;
		if (device->bus && is_there(device) && is_there(&candidate))
			return cli_fail("\"%s\" is a device on two buses, %s and %s. Write to driver_override and drivers_probe of the one that is meant.",
					text, device->bus->name, candidate.bus->name);
		if (!device->bus || is_there(&candidate))
			*device = candidate;
	}
	if (!device->bus)
		return cli_usage_error("\"%s\" is no PCI address and no name of another device. Give one as lspci prints it (03:00.0), or as it stands in /sys/bus/platform/devices or /sys/bus/amba/devices.",
				       text);

	return CLI_OK;
}

int bus_find(const char *text, struct bus_device *device)
{
	int status = bus_parse(text, device);

	if (status || is_there(device))
		return status;

	return cli_fail("%s %s%s", device->bus->missing[0], device->address,
			device->bus->missing[1]);
}
