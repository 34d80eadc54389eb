// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges: OFFSET and LENGTH of a command, and whether the region has them.
 * Mapping a range refuses a bad one as a whole; where a region is reached value
 * by value, only a check beforehand does.
 */
#include <errno.h>
#include <string.h>

#include "cli.h"

int cli_range_parse(struct cli_range *range, const struct cli_options *options,
		    int first_arg)
{
	int status = CLI_OK;

	memset(range, 0, sizeof(*range));
	range->to_end = options->nr_args <= first_arg + 1;

	if (options->nr_args > first_arg)
		status = cli_parse_bytes("offset", options->args[first_arg],
					 &range->offset_bytes);
	if (!status && !range->to_end)
		status = cli_parse_bytes("length", options->args[first_arg + 1],
					 &range->length_bytes);
	if (!status && !range->to_end && !range->length_bytes)
		status = cli_usage_error("length 0 asks for nothing.");
	if (!status && range->offset_bytes + range->length_bytes < range->offset_bytes)
		status = cli_usage_error("offset and length together do not fit into 64 bits.");

	return status;
}

/* Where nothing is left, one access, so that who does it is refused. */
void cli_range_resolve(struct cli_range *range, const struct cli_target *target,
		       unsigned int width_bits)
{
	const uint64_t size_bytes = target->region.size_bytes;

	if (!range->to_end)
		return;

	if (range->offset_bytes < size_bytes)
		range->length_bytes = size_bytes - range->offset_bytes;
	else
		range->length_bytes = width_bits ? width_bits / 8 : 1;
}

static int refuse(const struct cli_target *target, uint32_t call, int error,
		  uint32_t reason, uint64_t value0, uint64_t value1)
{
	struct oriel_explain explain = {
		.call = call,
		.error = (uint32_t)error,
		.reason = reason,
		.value = { value0, value1 },
	};
	char sentence[ORIEL_SENTENCE_BYTES];

	oriel_explain_describe(&explain, sentence, sizeof(sentence));

	return cli_fail("%s %s: %s", target->device_name, target->region_name, sentence);
}

int cli_range_check(const struct cli_range *range, const struct cli_target *target,
		    uint32_t call, unsigned int width_bits)
{
	const struct oriel_region_info *region = &target->region;
	uint64_t end_bytes;
	int status = CLI_OK;

	if (width_bits)
		status = cli_check_aligned("offset", range->offset_bytes, width_bits);
	if (!status && width_bits)
		status = cli_check_aligned("length", range->length_bytes, width_bits);
	if (status)
		return status;

	if (__builtin_add_overflow(range->offset_bytes, range->length_bytes, &end_bytes))
		return refuse(target, call, EOVERFLOW, ORIEL_REASON_OVERFLOW,
			      range->offset_bytes, range->length_bytes);
	if (end_bytes > region->size_bytes)
		return refuse(target, call, ENXIO, ORIEL_REASON_BEYOND, end_bytes,
			      region->size_bytes);
	if (call == ORIEL_CALL_WRITE && !(region->flags & ORIEL_REGION_WRITABLE))
		return refuse(target, call, EACCES, ORIEL_REASON_READ_ONLY, 0, 0);
	if (call == ORIEL_CALL_READ && !(region->flags & ORIEL_REGION_READABLE))
		return refuse(target, call, EACCES, ORIEL_REASON_WRITE_ONLY, 0, 0);

	return CLI_OK;
}
