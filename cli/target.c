// SPDX-License-Identifier: GPL-2.0-only
/*
 * Targets: the region of a device that DEVICE and REGION name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Names come first: a region may be called "0". */
static int find_region(struct oriel_device *device, const char *name,
		       struct oriel_region_info *region)
{
	unsigned long index;
	int err;

	err = oriel_region_find(device, name, region);
	if (err != -ENXIO || !name[0] || strspn(name, "0123456789") != strlen(name))
		return err;

	errno = 0;
	index = strtoul(name, NULL, 10);
	if (errno || index > UINT32_MAX)
		return err;

	return oriel_region_get_info(device, (uint32_t)index, region);
}

int cli_target_open(struct cli_target *target, char **args, bool writable)
{
	unsigned int flags = writable ? 0 : ORIEL_OPEN_READ_ONLY;
	int err, status;

	target->device_name = args[0];
	target->region_name = args[1];

	err = oriel_device_open(args[0], flags, &target->device);
	if (err)
		return cli_fail_open(args[0], err);

	err = find_region(target->device, args[1], &target->region);
	if (err) {
		status = cli_target_fail(target, err);
		cli_target_close(target);
		return status;
	}

	return CLI_OK;
}

void cli_target_close(struct cli_target *target)
{
	oriel_device_close(target->device);
}

int cli_target_fail(const struct cli_target *target, int err)
{
	return cli_fail_call(target->device, target->device_name,
			     target->region_name, err);
}
