// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel maps: who has mapped what.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "mappings.h"

static const char *access_name(const struct cli_mapping *mapping)
{
	if (mapping->is_writable)
		return mapping->is_readable ? "rw" : "w";

	return mapping->is_readable ? "r" : "none";
}

static void print_row(const struct cli_mapping *mapping)
{
	static const char *const huge_name[] = { "-", "no", "yes" };

	printf("%7s  %-15s  %-20s  %-10s  0x%08" PRIx64 "  %12" PRIu64 "  %-6s  %-14s  %s\n",
	       mapping->process, mapping->program, mapping->device,
	       mapping->region[0] ? mapping->region : "(gone)", mapping->offset_bytes,
	       mapping->end - mapping->start, access_name(mapping),
	       mapping->cache[0] ? mapping->cache : "-", huge_name[mapping->huge]);
}

/* What is not known is null. */
static void print_word_json(const char *name, const char *word)
{
	printf(", \"%s\": ", name);
	if (word[0])
		cli_json_string(stdout, word);
	else
		printf("null");
}

static void print_row_json(const struct cli_mapping *mapping)
{
	static const char *const huge_name[] = { "null", "false", "true" };

	printf("{\"pid\": %s", mapping->process);
	print_word_json("program", mapping->program);
	print_word_json("device", mapping->device);
	print_word_json("region", mapping->region);
	printf(", \"address\": \"0x%" PRIx64 "\", \"offset_bytes\": %" PRIu64 ", \"length_bytes\": %" PRIu64,
	       mapping->start, mapping->offset_bytes, mapping->end - mapping->start);
	print_word_json("access", access_name(mapping));
	print_word_json("cache", mapping->cache);
	printf(", \"huge\": %s}", huge_name[mapping->huge]);
}

static void print_json(const struct cli_mappings *mappings)
{
	size_t i;

	printf("{\"mappings\": [");
	for (i = 0; i < mappings->count; i++) {
		printf(i ? ",\n  " : "\n  ");
		print_row_json(&mappings->mapping[i]);
	}
	printf("%s], \"hidden_processes\": %zu}\n", i ? "\n" : "", mappings->nr_hidden);
}

static void print_table(const struct cli_mappings *mappings)
{
	size_t i;

	if (mappings->count)
		printf("%7s  %-15s  %-20s  %-10s  %10s  %12s  %-6s  %-14s  %s\n", "PID", "PROGRAM",
		       "DEVICE", "REGION", "OFFSET", "BYTES", "ACCESS", "CACHE", "HUGE");
	for (i = 0; i < mappings->count; i++)
		print_row(&mappings->mapping[i]);
	if (mappings->nr_hidden)
		cli_fail("%zu processes of others are not looked into. Root sees them.",
			 mappings->nr_hidden);
}

static int run(const struct cli_options *options)
{
	char path[ORIEL_PATH_BYTES];
	struct cli_mappings mappings;
	const char *device = NULL;
	int err;

	if (options->nr_args) {
		if (oriel_device_resolve(options->args[0], path, sizeof(path)))
			return cli_usage_error("\"%s\" is no device name.", options->args[0]);
		device = strrchr(path, '/') + 1;
	}

	err = cli_mappings_find(&mappings, device, false);
	if (err) {
		cli_mappings_free(&mappings);
		return cli_fail("cannot look into /proc: %s.", strerror(-err));
	}
	if (options->json)
		print_json(&mappings);
	else
		print_table(&mappings);
	cli_mappings_free(&mappings);

	return CLI_OK;
}

const struct cli_command cli_command_maps = {
	.name = "maps",
	.arguments = "[DEVICE]",
	.summary = "show which processes have mapped what",
	.help = "OFFSET counts from the start of the region. HUGE is whether entries of 2 MiB or\n"
		"more are used; of device memory only a process that still has the node open can\n"
		"be asked. Root sees everybody's.\n",
	.max_args = 1,
	.takes = CLI_TAKES_JSON,
	.run = run,
};
