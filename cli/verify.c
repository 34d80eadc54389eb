// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel verify: maps regions, and compares what page tables point at, here and
 * in every process that has them mapped, with what they should.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "frames.h"

/* What goes through all regions */
struct verification {
	const struct cli_options *options;
	struct oriel_device *device;
	const char *device_name;	/* as it was given */
	char name[ORIEL_NAME_BYTES];	/* its own */
	size_t nr_checked;
	size_t nr_wrong;
};

static void print_row(const struct cli_mapping *mapping, const struct cli_frames_result *result)
{
	printf("%7s  %-15s  %-16s  %8" PRIu64 "  ", mapping->process, mapping->program,
	       mapping->region, result->nr_pages);
	if (mapping->is_pfnmap && !result->fault)
		printf("%8s  no page is counted memory\n", "-");
	else if (!result->fault)
		printf("%8" PRIu64 "  ok\n", result->nr_present);
	else
		printf("%8" PRIu64 "  WRONG: page %" PRIu64 " has frame 0x%" PRIx64 ": %s\n",
		       result->nr_present, result->page, result->frame, result->fault);
}

static void print_row_json(const struct cli_mapping *mapping,
			   const struct cli_frames_result *result, bool is_first)
{
	bool is_own = !strcmp(mapping->process, "self");

	printf("%s\n  {\"pid\": %s, \"program\": ", is_first ? "" : ",",
	       is_own ? "null" : mapping->process);
	cli_json_string(stdout, mapping->program);
	printf(", \"region\": ");
	cli_json_string(stdout, mapping->region);
	printf(", \"address\": \"0x%" PRIx64 "\", \"pages\": %" PRIu64 ", \"present_pages\": ",
	       mapping->start, result->nr_pages);
	if (mapping->is_pfnmap)
		printf("null");
	else
		printf("%" PRIu64, result->nr_present);
	printf(", \"fault\": ");
	if (result->fault)
		cli_json_string(stdout, result->fault);
	else
		printf("null");
	printf("}");
}

/* What was prefaulted is there, every page of it. */
static void check_whole(const struct cli_mapping *mapping, struct cli_frames_result *result)
{
	if (strcmp(mapping->process, "self") || mapping->is_pfnmap || result->fault ||
	    result->nr_present == result->nr_pages)
		return;
	result->fault = "pages are missing that were faulted in";
}

static int verify_mapping(struct verification *verification, struct cli_frames *frames,
			  const struct cli_mapping *mapping)
{
	struct cli_frames_result result;
	int err = cli_frames_check(frames, mapping, &result);

	if (err == -ESRCH || err == -ENOENT)
		return 0; /* it ended meanwhile */
	if (err)
		return err;
	check_whole(mapping, &result);
	if (verification->options->json)
		print_row_json(mapping, &result, !verification->nr_checked);
	else
		print_row(mapping, &result);
	verification->nr_checked++;
	verification->nr_wrong += result.fault != NULL;

	return 0;
}

static int verify_mappings(struct verification *verification,
			   const struct oriel_region_info *region)
{
	struct cli_mappings mappings;
	struct cli_frames frames;
	size_t i;
	int err;

	err = cli_frames_open(&frames, region->size_bytes + region->in_page_bytes);
	if (err)
		return err;
	err = cli_mappings_find(&mappings, verification->name, true);
	for (i = 0; !err && i < mappings.count; i++) {
		if (!strcmp(mappings.mapping[i].region, region->name))
			err = verify_mapping(verification, &frames, &mappings.mapping[i]);
	}
	cli_mappings_free(&mappings);
	cli_frames_close(&frames);

	return err;
}

/* With a mapping of our own, unless somebody has it in another cache mode. */
static int verify_region(struct verification *verification,
			 const struct oriel_region_info *region)
{
	struct oriel_mapping *mapping = NULL;
	int err;

	err = oriel_mapping_create(verification->device, region, PROT_READ, &mapping);
	if (!err)
		err = oriel_mapping_prefault(mapping, verification->device);
	if (err && err != -EBUSY) {
		oriel_mapping_destroy(mapping);
		return cli_fail_call(verification->device, verification->device_name,
				     region->name, err);
	}

	err = verify_mappings(verification, region);
	oriel_mapping_destroy(mapping);
	if (err)
		return cli_fail("cannot look at frames: %s.%s", strerror(-err),
				err == -EPERM || err == -EACCES ? " Do it as root." : "");

	return CLI_OK;
}

static int verify_all(struct verification *verification, const struct oriel_device_info *info)
{
	struct oriel_region_info region;
	int status = CLI_OK, err;
	uint32_t i;

	for (i = 0; i < info->nr_regions && !status; i++) {
		err = oriel_region_get_info(verification->device, i, &region);
		if (err)
			return cli_fail_call(verification->device, verification->device_name,
					     NULL, err);
		if (region.flags & ORIEL_REGION_MAPPABLE && region.flags & ORIEL_REGION_READABLE)
			status = verify_region(verification, &region);
	}

	return status;
}

static int run_on(struct verification *verification, const struct oriel_region_info *region)
{
	struct oriel_device_info info;
	int status, err;

	err = oriel_device_get_info(verification->device, &info);
	if (err)
		return cli_fail_call(verification->device, verification->device_name, NULL, err);
	snprintf(verification->name, sizeof(verification->name), "%s", info.name);

	if (verification->options->json)
		printf("{\"mappings\": [");
	else
		printf("%7s  %-15s  %-16s  %8s  %8s  %s\n", "PID", "PROGRAM", "REGION", "PAGES",
		       "PRESENT", "FRAMES");
	status = region ? verify_region(verification, region) : verify_all(verification, &info);
	if (verification->options->json)
		printf("], \"wrong\": %zu}\n", verification->nr_wrong);
	if (!status && verification->nr_wrong)
		status = cli_fail("%zu of %zu mappings are not what they should be. Please report it.",
				  verification->nr_wrong, verification->nr_checked);
	if (!status && !verification->nr_checked)
		status = cli_fail("%s: nothing of it can be mapped.", verification->device_name);

	return status;
}

static int run(const struct cli_options *options)
{
	struct verification verification = {
		.options = options,
		.device_name = options->args[0],
	};
	struct cli_target target;
	int err, status;

	if (options->nr_args > 1) {
		status = cli_target_open(&target, options->args, false);
		if (status)
			return status;
		verification.device = target.device;
		status = run_on(&verification, &target.region);
		cli_target_close(&target);
		return status;
	}

	err = oriel_device_open(options->args[0], ORIEL_OPEN_READ_ONLY, &verification.device);
	if (err)
		return cli_fail_open(options->args[0], err);
	status = run_on(&verification, NULL);
	oriel_device_close(verification.device);

	return status;
}

const struct cli_command cli_command_verify = {
	.name = "verify",
	.arguments = "DEVICE [REGION]",
	.summary = "check the frames behind mappings",
	.help = "Maps the region (without one: each) and looks, through pagemap and kpageflags, at\n"
		"the frames behind this mapping and those of all processes. Root only.\n",
	.min_args = 1,
	.max_args = 2,
	.takes = CLI_TAKES_JSON,
	.run = run,
};
