// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: values of a region, each by exactly one access of its width. A touch
 * of memory that went away raises SIGBUS; here it becomes a failure.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "cli.h"

/* Where the handler goes back to; the command has one thread. */
static sigjmp_buf touch_failed;

static void on_bus_error(int signal)
{
	siglongjmp(touch_failed, signal);
}

static void catch_bus_errors(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_bus_error;
	sigaction(SIGBUS, &action, NULL);
}

static int fail_touch(const struct cli_window *window, const char *verb,
		      uint64_t offset_bytes)
{
	const struct cli_target *target = window->target;

	return cli_fail("%s %s: cannot %s at 0x%" PRIx64 ": the memory is not there (SIGBUS): the device was removed or does not decode its memory. 'oriel list' shows the devices.",
			target->device_name, target->region_name, verb,
			offset_bytes);
}

int cli_window_open(struct cli_window *window, const struct cli_target *target,
		    uint64_t offset_bytes, uint64_t length_bytes,
		    unsigned int width_bits, int prot)
{
	int err;

	window->target = target;
	window->mapping = NULL;
	window->offset_bytes = offset_bytes;

	if (!(target->region.flags & ORIEL_REGION_MAPPABLE) ||
	    (width_bits == 64 && !ORIEL_HAVE_ACCESS64))
		return CLI_OK;

	err = oriel_mapping_create_range(target->device, &target->region,
					 offset_bytes, length_bytes, prot,
					 &window->mapping);
	if (err)
		return cli_target_fail(target, err);

	catch_bus_errors();

	return CLI_OK;
}

void cli_window_close(struct cli_window *window)
{
	oriel_mapping_destroy(window->mapping);
}

static void *address_of(const struct cli_window *window, uint64_t offset_bytes)
{
	return (char *)oriel_mapping_get_address(window->mapping) +
	       (offset_bytes - window->offset_bytes);
}

static uint64_t load(const volatile void *address, unsigned int width_bits)
{
	switch (width_bits) {
	case 8:
		return oriel_read8(address);
	case 16:
		return oriel_read16(address);
	case 32:
		return oriel_read32(address);
	default:
		return cli_load64(address);
	}
}

static void store(volatile void *address, unsigned int width_bits, uint64_t value)
{
	switch (width_bits) {
	case 8:
		oriel_write8(address, (uint8_t)value);
		break;
	case 16:
		oriel_write16(address, (uint16_t)value);
		break;
	case 32:
		oriel_write32(address, (uint32_t)value);
		break;
	default:
		cli_store64(address, value);
	}
}

int cli_window_read(struct cli_window *window, uint64_t offset_bytes,
		    unsigned int width_bits, uint64_t *value)
{
	const struct cli_target *target = window->target;
	int err;

	if (!window->mapping) {
		err = oriel_region_read_value(target->device, &target->region,
					      offset_bytes, width_bits, value);
		return err ? cli_target_fail(target, err) : CLI_OK;
	}

	if (sigsetjmp(touch_failed, 1))
		return fail_touch(window, "read", offset_bytes);

	*value = load(address_of(window, offset_bytes), width_bits);

	return CLI_OK;
}

int cli_window_write(struct cli_window *window, uint64_t offset_bytes,
		     unsigned int width_bits, uint64_t value)
{
	const struct cli_target *target = window->target;
	int err;

	if (!window->mapping) {
		err = oriel_region_write_value(target->device, &target->region,
					       offset_bytes, width_bits, value);
		return err ? cli_target_fail(target, err) : CLI_OK;
	}

	if (sigsetjmp(touch_failed, 1))
		return fail_touch(window, "write", offset_bytes);

	store(address_of(window, offset_bytes), width_bits, value);

	return CLI_OK;
}

/* Without a mapping: by system calls, one a value unless the width is any. */
static int copy_out_unmapped(const struct cli_target *target, uint64_t offset_bytes,
			     unsigned int width_bits, char *buffer, size_t length_bytes)
{
	uint64_t value;
	size_t i;
	int err;

	if (!width_bits) {
		err = oriel_region_read_range(target->device, &target->region,
					      offset_bytes, buffer, length_bytes);
		return err ? cli_target_fail(target, err) : CLI_OK;
	}

	for (i = 0; i < length_bytes; i += width_bits / 8) {
		err = oriel_region_read_value(target->device, &target->region,
					      offset_bytes + i, width_bits, &value);
		if (err)
			return cli_target_fail(target, err);
		cli_value_to_bytes(value, width_bits, buffer + i);
	}

	return CLI_OK;
}

static int copy_in_unmapped(const struct cli_target *target, uint64_t offset_bytes,
			    unsigned int width_bits, const char *buffer,
			    size_t length_bytes)
{
	size_t i;
	int err;

	if (!width_bits) {
		err = oriel_region_write_range(target->device, &target->region,
					       offset_bytes, buffer, length_bytes);
		return err ? cli_target_fail(target, err) : CLI_OK;
	}

	for (i = 0; i < length_bytes; i += width_bits / 8) {
		err = oriel_region_write_value(target->device, &target->region,
					       offset_bytes + i, width_bits,
					       cli_value_from_bytes(buffer + i, width_bits));
		if (err)
			return cli_target_fail(target, err);
	}

	return CLI_OK;
}

int cli_window_copy_out(struct cli_window *window, uint64_t offset_bytes,
			unsigned int width_bits, void *buffer, size_t length_bytes)
{
	char *from, *to = buffer;
	size_t i;

	if (!window->mapping)
		return copy_out_unmapped(window->target, offset_bytes, width_bits,
					 buffer, length_bytes);

	from = address_of(window, offset_bytes);
	window->touched_bytes = offset_bytes;
	if (sigsetjmp(touch_failed, 1))
		return fail_touch(window, "read", window->touched_bytes);

	if (!width_bits) {
		memcpy(to, from, length_bytes);
		return CLI_OK;
	}

	for (i = 0; i < length_bytes; i += width_bits / 8) {
		cli_value_to_bytes(load(from + i, width_bits), width_bits, to + i);
		window->touched_bytes += width_bits / 8;
	}

	return CLI_OK;
}

int cli_window_copy_in(struct cli_window *window, uint64_t offset_bytes,
		       unsigned int width_bits, const void *buffer, size_t length_bytes)
{
	const char *from = buffer;
	size_t i;
	char *to;

	if (!window->mapping)
		return copy_in_unmapped(window->target, offset_bytes, width_bits,
					buffer, length_bytes);

	to = address_of(window, offset_bytes);
	window->touched_bytes = offset_bytes;
	if (sigsetjmp(touch_failed, 1))
		return fail_touch(window, "write", window->touched_bytes);

	if (!width_bits) {
		memcpy(to, from, length_bytes);
		return CLI_OK;
	}

	for (i = 0; i < length_bytes; i += width_bits / 8) {
		store(to + i, width_bits, cli_value_from_bytes(from + i, width_bits));
		window->touched_bytes += width_bits / 8;
	}

	return CLI_OK;
}
