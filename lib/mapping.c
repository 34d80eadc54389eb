// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Mappings: a range of a region in this process. What was mapped, whole pages,
 * is kept apart from what was asked for, bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

/*
 * Reserve more than is needed, look inside, give it back. The address is only a
 * hint to mmap(): MAP_FIXED could replace what another thread mapped meanwhile,
 * and a lost hint costs nothing but the huge entries.
 */
void *oriel_find_huge_address(uint64_t file_offset_bytes, size_t length_bytes)
{
	const uintptr_t mask = ORIEL_HUGE_BYTES - 1;
	uintptr_t start, shift;
	size_t reserve_bytes;
	void *reserved;

	if (__builtin_add_overflow(length_bytes, (size_t)ORIEL_HUGE_BYTES,
				   &reserve_bytes))
		return NULL;

	reserved = mmap(NULL, reserve_bytes, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (reserved == MAP_FAILED)
		return NULL;

	munmap(reserved, reserve_bytes);
	start = (uintptr_t)reserved;
	shift = ((uintptr_t)file_offset_bytes - start) & mask;

	return (void *)(start + shift);
}

static int map_pages(struct oriel_device *device,
		     const struct oriel_region_info *region, int prot,
		     uint64_t file_offset_bytes, struct oriel_mapping *mapping)
{
	void *hint = NULL;

	/* Device memory has larger entries yet: the kernel proposes by itself. */
	if ((region->flags & ORIEL_REGION_HUGE) &&
	    region->kind != ORIEL_KIND_MMIO &&
	    mapping->mapped_bytes >= ORIEL_HUGE_BYTES)
		hint = oriel_find_huge_address(file_offset_bytes, mapping->mapped_bytes);

	mapping->base = mmap(hint, mapping->mapped_bytes, prot, MAP_SHARED,
			     device->fd, (off_t)file_offset_bytes);
	if (mapping->base == MAP_FAILED)
		return oriel_device_failed(device, ORIEL_CALL_MMAP);

	return 0;
}

int oriel_mapping_create(struct oriel_device *device,
			 const struct oriel_region_info *region, int prot,
			 struct oriel_mapping **mapping)
{
	return oriel_mapping_create_range(device, region, 0, 0, prot, mapping);
}

int oriel_mapping_create_range(struct oriel_device *device,
			       const struct oriel_region_info *region,
			       uint64_t offset_bytes, uint64_t length_bytes,
			       int prot, struct oriel_mapping **mapping)
{
	const uint64_t page_mask = (uint64_t)sysconf(_SC_PAGESIZE) - 1;
	uint64_t before_bytes, mapped_bytes;
	struct oriel_mapping *map;
	int err;

	/* All that follows: at least one byte, so that nothing is an error. */
	if (!length_bytes && offset_bytes < region->size_bytes)
		length_bytes = region->size_bytes - offset_bytes;
	else if (!length_bytes)
		length_bytes = 1;

	err = oriel_region_check_range(device, ORIEL_CALL_MMAP, region,
				       offset_bytes, length_bytes);
	if (err)
		return err;

	offset_bytes += region->in_page_bytes;
	before_bytes = offset_bytes & page_mask;
	mapped_bytes = (before_bytes + length_bytes + page_mask) & ~page_mask;
	if (mapped_bytes > PTRDIFF_MAX)
		return oriel_device_refuse(device, ORIEL_CALL_MMAP, EOVERFLOW,
					   ORIEL_REASON_OVERFLOW, offset_bytes,
					   length_bytes);

	map = calloc(1, sizeof(*map));
	if (!map)
		return oriel_device_refuse(device, ORIEL_CALL_MMAP, ENOMEM,
					   ORIEL_REASON_NO_MEMORY, sizeof(*map), 0);

	map->mapped_bytes = (size_t)mapped_bytes;
	map->length_bytes = (size_t)length_bytes;
	err = map_pages(device, region, prot,
			region->offset_bytes + offset_bytes - before_bytes, map);
	if (err) {
		free(map);
		return err;
	}

	map->address = (char *)map->base + before_bytes;
	*mapping = map;

	return 0;
}

void oriel_mapping_destroy(struct oriel_mapping *mapping)
{
	if (!mapping)
		return;

	munmap(mapping->base, mapping->mapped_bytes);
	free(mapping);
}

void *oriel_mapping_get_address(const struct oriel_mapping *mapping)
{
	return mapping->address;
}

size_t oriel_mapping_get_length(const struct oriel_mapping *mapping)
{
	return mapping->length_bytes;
}

int oriel_mapping_prefault(struct oriel_mapping *mapping,
			   struct oriel_device *device)
{
	struct oriel_prefault arg;

	memset(&arg, 0, sizeof(arg));
	arg.address = (uintptr_t)mapping->base;
	arg.length_bytes = mapping->mapped_bytes;
	if (ioctl(device->fd, ORIEL_PREFAULT, &arg))
		return oriel_device_failed(device, ORIEL_CALL_PREFAULT);

	return 0;
}

int oriel_mapping_get_info(const struct oriel_mapping *mapping,
			   struct oriel_device *device, size_t offset_bytes,
			   struct oriel_mapping_info *info)
{
	struct oriel_mapping_info arg;

	if (offset_bytes >= mapping->length_bytes)
		return oriel_device_refuse(device, ORIEL_CALL_MAPPING_INFO, ENXIO,
					   ORIEL_REASON_BEYOND, offset_bytes,
					   mapping->length_bytes);

	memset(&arg, 0, sizeof(arg));
	arg.address = (uintptr_t)mapping->address + offset_bytes;
	if (ioctl(device->fd, ORIEL_MAPPING_INFO, &arg))
		return oriel_device_failed(device, ORIEL_CALL_MAPPING_INFO);

	*info = arg;
	return 0;
}
