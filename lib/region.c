// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Regions: what a device has, and whether a range lies within it.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "internal.h"

int oriel_region_get_info(struct oriel_device *device, uint32_t index,
			  struct oriel_region_info *region)
{
	struct oriel_region_info arg;

	memset(&arg, 0, sizeof(arg));
	arg.index = index;
	if (ioctl(device->fd, ORIEL_REGION_INFO, &arg))
		return oriel_device_failed(device, ORIEL_CALL_REGION_INFO);

	arg.name[sizeof(arg.name) - 1] = 0;
	*region = arg;
	return 0;
}

int oriel_region_export(struct oriel_device *device,
			const struct oriel_region_info *region,
			uint64_t offset_bytes, uint64_t size_bytes, int *dmabuf_fd)
{
	struct oriel_region_export arg = {
		.index = region->index,
		.offset_bytes = offset_bytes,
		.size_bytes = size_bytes,
	};

	if (ioctl(device->fd, ORIEL_REGION_EXPORT, &arg))
		return oriel_device_failed(device, ORIEL_CALL_REGION_EXPORT);

	*dmabuf_fd = (int)arg.dmabuf_fd;
	return 0;
}

int oriel_region_find(struct oriel_device *device, const char *name,
		      struct oriel_region_info *region)
{
	struct oriel_device_info device_info;
	struct oriel_region_info info;
	uint32_t i;
	int err;

	err = oriel_device_get_info(device, &device_info);
	if (err)
		return err;

	for (i = 0; i < device_info.nr_regions; i++) {
		err = oriel_region_get_info(device, i, &info);
		if (err)
			return err;
		if (strncmp(info.name, name, sizeof(info.name)))
			continue;
		*region = info;
		return 0;
	}

	return oriel_device_refuse_name(device, ORIEL_CALL_REGION_INFO, ENXIO,
					name);
}

int oriel_region_check_range(struct oriel_device *device, uint32_t call,
			     const struct oriel_region_info *region,
			     uint64_t offset_bytes, uint64_t length_bytes)
{
	uint64_t end, file_end;

	if (__builtin_add_overflow(offset_bytes, length_bytes, &end))
		return oriel_device_refuse(device, call, EOVERFLOW,
					   ORIEL_REASON_OVERFLOW, offset_bytes,
					   length_bytes);

	if (end > region->size_bytes)
		return oriel_device_refuse(device, call, ENXIO,
					   ORIEL_REASON_BEYOND, end,
					   region->size_bytes);

	if (__builtin_add_overflow(region->offset_bytes, region->in_page_bytes,
				   &file_end) ||
	    __builtin_add_overflow(file_end, end, &file_end) ||
	    file_end > INT64_MAX)
		return oriel_device_refuse(device, call, EOVERFLOW,
					   ORIEL_REASON_OVERFLOW,
					   region->offset_bytes, end);

	return 0;
}

const char *oriel_kind_get_name(uint32_t kind)
{
	switch (kind) {
	case ORIEL_KIND_MMIO:
		return "mmio";
	case ORIEL_KIND_CONTIG:
		return "contig";
	case ORIEL_KIND_SCATTERED:
		return "scattered";
	case ORIEL_KIND_COHERENT:
		return "coherent";
	case ORIEL_KIND_IMPORT:
		return "import";
	default:
		return "unknown";
	}
}

const char *oriel_cache_get_name(uint32_t cache)
{
	switch (cache) {
	case ORIEL_CACHE_CACHED:
		return "cached";
	case ORIEL_CACHE_UNCACHED:
		return "uncached";
	case ORIEL_CACHE_WRITE_COMBINED:
		return "write-combined";
	default:
		return "unknown";
	}
}
