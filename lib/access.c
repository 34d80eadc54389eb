// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Access without a mapping: values and ranges through pread() and pwrite().
 * A value is one system call and one access to the device, never repeated.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* Refuse what cannot be one access; else tell its place in the file. */
static int check_value(struct oriel_device *device, uint32_t call,
		       const struct oriel_region_info *region,
		       uint64_t offset_bytes, unsigned int width_bits)
{
	unsigned int width_bytes = width_bits / 8;
	int err;

	if (width_bits != 8 && width_bits != 16 && width_bits != 32 &&
	    width_bits != 64)
		return oriel_device_refuse(device, call, EINVAL,
					   ORIEL_REASON_NONE, 0, 0);

	err = oriel_region_check_range(device, call, region, offset_bytes,
				       width_bytes);
	if (err)
		return err;

	if ((region->in_page_bytes + offset_bytes) % width_bytes)
		return oriel_device_refuse(device, call, EINVAL,
					   ORIEL_REASON_MISALIGNED,
					   offset_bytes, width_bytes);

	return 0;
}

int oriel_region_read_value(struct oriel_device *device,
			    const struct oriel_region_info *region,
			    uint64_t offset_bytes, unsigned int width_bits,
			    uint64_t *value)
{
	const uint32_t call = ORIEL_CALL_READ;
	size_t width_bytes = width_bits / 8;
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	} data;
	ssize_t done;
	int err;

	err = check_value(device, call, region, offset_bytes, width_bits);
	if (err)
		return err;

	done = pread(device->fd, &data, width_bytes,
		     (off_t)(region->offset_bytes + offset_bytes));
	if (done < 0)
		return oriel_device_failed(device, call);
	if ((size_t)done != width_bytes)
		return oriel_device_refuse(device, call, EIO, ORIEL_REASON_NONE, 0, 0);

	switch (width_bits) {
	case 8:
		*value = data.u8;
		break;
	case 16:
		*value = data.u16;
		break;
	case 32:
		*value = data.u32;
		break;
	default:
		*value = data.u64;
	}

	return 0;
}

int oriel_region_write_value(struct oriel_device *device,
			     const struct oriel_region_info *region,
			     uint64_t offset_bytes, unsigned int width_bits,
			     uint64_t value)
{
	const uint32_t call = ORIEL_CALL_WRITE;
	size_t width_bytes = width_bits / 8;
	const uint8_t u8 = (uint8_t)value;
	const uint16_t u16 = (uint16_t)value;
	const uint32_t u32 = (uint32_t)value;
	const void *data = &value;
	ssize_t done;
	int err;

	err = check_value(device, call, region, offset_bytes, width_bits);
	if (err)
		return err;

	if (width_bits < 64 && value >> width_bits)
		return oriel_device_refuse(device, call, EINVAL, ORIEL_REASON_NONE, 0, 0);

	if (width_bits == 8)
		data = &u8;
	else if (width_bits == 16)
		data = &u16;
	else if (width_bits == 32)
		data = &u32;

	done = pwrite(device->fd, data, width_bytes,
		      (off_t)(region->offset_bytes + offset_bytes));
	if (done < 0)
		return oriel_device_failed(device, call);
	if ((size_t)done != width_bytes)
		return oriel_device_refuse(device, call, EIO, ORIEL_REASON_NONE, 0, 0);

	return 0;
}

/* All of it, in as many calls as it takes: into @to, or from @from, as @call says. */
static int copy_range(struct oriel_device *device, uint32_t call,
		      const struct oriel_region_info *region,
		      uint64_t offset_bytes, char *to, const char *from,
		      size_t length_bytes)
{
	size_t done_bytes = 0;
	ssize_t done;
	off_t at;
	int err;

	err = oriel_region_check_range(device, call, region, offset_bytes,
				       length_bytes);
	if (err)
		return err;

	while (done_bytes < length_bytes) {
		at = (off_t)(region->offset_bytes + offset_bytes + done_bytes);
		if (call == ORIEL_CALL_READ)
			done = pread(device->fd, to + done_bytes,
				     length_bytes - done_bytes, at);
		else
			done = pwrite(device->fd, from + done_bytes,
				      length_bytes - done_bytes, at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return oriel_device_failed(device, call);
		if (!done)
			return oriel_device_refuse(device, call, ENXIO,
						   ORIEL_REASON_BEYOND,
						   offset_bytes + length_bytes,
						   offset_bytes + done_bytes);
		done_bytes += (size_t)done;
	}

	return 0;
}

int oriel_region_read_range(struct oriel_device *device,
			    const struct oriel_region_info *region,
			    uint64_t offset_bytes, void *buffer,
			    size_t length_bytes)
{
	return copy_range(device, ORIEL_CALL_READ, region, offset_bytes,
			  buffer, NULL, length_bytes);
}

int oriel_region_write_range(struct oriel_device *device,
			     const struct oriel_region_info *region,
			     uint64_t offset_bytes, const void *buffer,
			     size_t length_bytes)
{
	return copy_range(device, ORIEL_CALL_WRITE, region, offset_bytes,
			  NULL, buffer, length_bytes);
}
