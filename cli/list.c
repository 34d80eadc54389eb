// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel list: which devices there are, and whether this user may use them.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* @err: why @info is empty, or 0 */
struct list_row {
	const char *name;
	const char *access;
	struct oriel_device_info info;
	int err;
};

static void look_at(struct list_row *row, const char *name)
{
	struct oriel_device *device;
	char path[ORIEL_PATH_BYTES];

	memset(row, 0, sizeof(*row));
	row->name = name;
	row->access = "none";

	row->err = oriel_device_open(name, ORIEL_OPEN_READ_ONLY, &device);
	if (row->err)
		return;

	row->err = oriel_device_get_info(device, &row->info);
	oriel_device_close(device);
	if (row->err)
		return;

	row->access = "r";
	if (!oriel_device_resolve(name, path, sizeof(path)) && !access(path, W_OK))
		row->access = "rw";
}

static void print_row(const struct list_row *row, int name_width)
{
	const struct oriel_device_info *info = &row->info;

	printf("%-*s  %-6s  ", name_width, row->name, row->access);
	if (row->err)
		printf("%7s  %10s  %-12s  -\n", "-", "-", "-");
	else
		printf("%7u  %10u  %-12s  %s\n", info->nr_regions,
		       info->nr_interrupts,
		       info->bus_address[0] ? info->bus_address : "-",
		       info->driver);
}

static void print_row_json(const struct list_row *row)
{
	const struct oriel_device_info *info = &row->info;

	printf("{\"name\": ");
	cli_json_string(stdout, row->name);
	printf(", \"access\": \"%s\"", row->access);
	if (row->err) {
		printf(", \"bus_address\": null, \"driver\": null, \"nr_regions\": null, \"nr_interrupts\": null}");
		return;
	}

	printf(", \"bus_address\": ");
	cli_json_string(stdout, info->bus_address);
	printf(", \"driver\": ");
	cli_json_string(stdout, info->driver);
	printf(", \"nr_regions\": %u, \"nr_interrupts\": %u}",
	       info->nr_regions, info->nr_interrupts);
}

static int widest_name(const struct oriel_list *list)
{
	size_t i, width = strlen("NAME");

	for (i = 0; i < oriel_list_count(list); i++) {
		size_t length = strlen(oriel_list_get_name(list, i));

		if (length > width)
			width = length;
	}

	return (int)width;
}

static void print_json(const struct oriel_list *list)
{
	struct list_row row;
	size_t i;

	printf("{\"devices\": [");
	for (i = 0; i < oriel_list_count(list); i++) {
		look_at(&row, oriel_list_get_name(list, i));
		printf(i ? ",\n  " : "\n  ");
		print_row_json(&row);
	}
	printf("%s]}\n", i ? "\n" : "");
}

static void print_table(const struct oriel_list *list)
{
	int width = widest_name(list);
	struct list_row row, failed = { .err = 0 };
	size_t i;

	printf("%-*s  %-6s  %7s  %10s  %-12s  %s\n", width, "NAME", "ACCESS",
	       "REGIONS", "INTERRUPTS", "BUS ADDRESS", "DRIVER");
	for (i = 0; i < oriel_list_count(list); i++) {
		look_at(&row, oriel_list_get_name(list, i));
		print_row(&row, width);
		if (row.err && !failed.err)
			failed = row;
	}

	if (failed.err)
		cli_fail_open(failed.name, failed.err);
}

static int run(const struct cli_options *options)
{
	struct oriel_list *list;
	int err;

	err = oriel_list_create(&list);
	if (err)
		return cli_fail("cannot list the devices: %s. Check the permissions of /dev/oriel and /sys/class/oriel.",
				strerror(-err));

	if (options->json)
		print_json(list);
	else if (oriel_list_count(list))
		print_table(list);
	else if (oriel_list_has_core(list))
		cli_fail("no devices. Load a driver (modprobe oriel-pci), or bind a device to one.");
	else
		cli_fail("no devices, the oriel module is not loaded. Load it: modprobe oriel.");

	oriel_list_destroy(list);

	return CLI_OK;
}

const struct cli_command cli_command_list = {
	.name = "list",
	.arguments = "",
	.summary = "show which devices there are",
	.help = "ACCESS is what you may do: rw, r or none.\n",
	.takes = CLI_TAKES_JSON,
	.run = run,
};
