// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel info: what a device is and what regions it has.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli.h"

struct flag_word {
	uint32_t flag;
	const char *word;
};

static const struct flag_word device_flags[] = {
	{ ORIEL_DEVICE_REVOKED, "revoked" },
	{ ORIEL_DEVICE_DMA_ALLOWED, "dma_allowed" },
	{ ORIEL_DEVICE_COHERENT, "coherent" },
	{ 0, NULL },
};

static const struct flag_word region_flags[] = {
	{ ORIEL_REGION_READABLE, "readable" },
	{ ORIEL_REGION_WRITABLE, "writable" },
	{ ORIEL_REGION_MAPPABLE, "mappable" },
	{ ORIEL_REGION_DIRECT_IO, "direct_io" },
	{ ORIEL_REGION_HUGE, "huge" },
	{ ORIEL_REGION_REVOCABLE, "revocable" },
	{ 0, NULL },
};

/* Words of the flags that are set, each between two @quote, ", " or "," apart */
static void print_flags(const struct flag_word *words, uint32_t flags,
			const char *quote, const char *comma)
{
	const char *separator = "";

	for (; words->word; words++) {
		if (!(flags & words->flag))
			continue;
		printf("%s%s%s%s", separator, quote, words->word, quote);
		separator = comma;
	}
}

static void print_json(const struct oriel_device_info *info,
		       const struct oriel_region_info *regions)
{
	uint32_t i;

	printf("{\"name\": ");
	cli_json_string(stdout, info->name);
	printf(", \"bus_address\": ");
	cli_json_string(stdout, info->bus_address);
	printf(", \"driver\": ");
	cli_json_string(stdout, info->driver);
	printf(", \"abi_version\": %u, \"nr_interrupts\": %u, \"flags\": [",
	       info->abi_version, info->nr_interrupts);
	print_flags(device_flags, info->flags, "\"", ", ");
	printf("],\n \"regions\": [");

	for (i = 0; i < info->nr_regions; i++) {
		const struct oriel_region_info *region = &regions[i];

		printf("%s\n  {\"index\": %u, \"name\": ", i ? "," : "", i);
		cli_json_string(stdout, region->name);
		printf(", \"kind\": \"%s\", \"cache\": \"%s\", \"size_bytes\": %" PRIu64,
		       oriel_kind_get_name(region->kind),
		       oriel_cache_get_name(region->cache),
		       (uint64_t)region->size_bytes);
		printf(", \"offset_bytes\": %" PRIu64 ", \"in_page_bytes\": %" PRIu64 ", \"flags\": [",
		       (uint64_t)region->offset_bytes,
		       (uint64_t)region->in_page_bytes);
		print_flags(region_flags, region->flags, "\"", ", ");
		printf("]}");
	}
	printf("]}\n");
}

static void print_table(const struct oriel_device_info *info,
			const struct oriel_region_info *regions)
{
	uint32_t i;

	printf("name:        %s\n", info->name);
	printf("bus address: %s\n", info->bus_address[0] ? info->bus_address : "-");
	printf("driver:      %s\n", info->driver);
	printf("interrupts:  %u\n", info->nr_interrupts);
	printf("flags:       ");
	print_flags(device_flags, info->flags, "", ",");
	printf("%s\n", info->flags ? "" : "-");

	printf("\n%-5s  %-16s  %-9s  %-14s  %12s  %14s  %7s  %s\n", "INDEX",
	       "REGION", "KIND", "CACHE", "SIZE", "OFFSET", "IN-PAGE", "FLAGS");
	for (i = 0; i < info->nr_regions; i++) {
		const struct oriel_region_info *region = &regions[i];

		printf("%-5u  %-16s  %-9s  %-14s  %12" PRIu64 "  0x%012" PRIx64 "  %7" PRIu64 "  ",
		       i, region->name, oriel_kind_get_name(region->kind),
		       oriel_cache_get_name(region->cache),
		       (uint64_t)region->size_bytes,
		       (uint64_t)region->offset_bytes,
		       (uint64_t)region->in_page_bytes);
		print_flags(region_flags, region->flags, "", ",");
		printf("\n");
	}
}

/* All of it is known before anything is printed. */
static int get_regions(struct oriel_device *device, uint32_t nr_regions,
		       struct oriel_region_info **regions)
{
	struct oriel_region_info *array;
	uint32_t i;
	int err;

	array = calloc(nr_regions ? nr_regions : 1, sizeof(*array));
	if (!array)
		return -ENOMEM;

	for (i = 0; i < nr_regions; i++) {
		err = oriel_region_get_info(device, i, &array[i]);
		if (err) {
			free(array);
			return err;
		}
	}

	*regions = array;
	return 0;
}

static int run(const struct cli_options *options)
{
	const char *name = options->args[0];
	struct oriel_region_info *regions;
	struct oriel_device_info info;
	struct oriel_device *device;
	int err, status = CLI_OK;

	err = oriel_device_open(name, ORIEL_OPEN_READ_ONLY, &device);
	if (err)
		return cli_fail_open(name, err);

	err = oriel_device_get_info(device, &info);
	if (!err)
		err = get_regions(device, info.nr_regions, &regions);
	if (err) {
		status = cli_fail_call(device, name, NULL, err);
		goto out_close;
	}

	if (options->json)
		print_json(&info, regions);
	else
		print_table(&info, regions);
	free(regions);

out_close:
	oriel_device_close(device);
	return status;
}

const struct cli_command cli_command_info = {
	.name = "info",
	.arguments = "DEVICE",
	.summary = "show what a device is and its regions",
	.help = "OFFSET is where the region lies in the device's file, for mmap().\n",
	.min_args = 1,
	.max_args = 1,
	.takes = CLI_TAKES_JSON,
	.run = run,
};
