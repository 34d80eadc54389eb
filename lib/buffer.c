// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Buffers: memory that a device reaches by DMA, mapped into this process.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

/*
 * @device: whose it is; open as long as the buffer is there
 * @alloc:  what the kernel said of it
 * @address: where it is mapped
 * @mapped_bytes: by us, whole pages; 0 for what was imported
 */
struct oriel_buffer {
	struct oriel_device *device;
	struct oriel_buffer_alloc alloc;
	void *address;
	size_t mapped_bytes;
};

static void free_buffer(const struct oriel_buffer *buffer)
{
	struct oriel_buffer_free arg = { .handle = buffer->alloc.handle };

	/* If the device is gone, so is its hold on the buffer. */
	(void)ioctl(buffer->device->fd, ORIEL_BUFFER_FREE, &arg);
}

/* A dma-buf does not choose an aligned address by itself. */
static int map_buffer(struct oriel_buffer *buffer)
{
	const uint64_t page_mask = (uint64_t)sysconf(_SC_PAGESIZE) - 1;
	void *hint = NULL;

	buffer->mapped_bytes = (size_t)((buffer->alloc.size_bytes + page_mask) & ~page_mask);
	if (buffer->mapped_bytes >= ORIEL_HUGE_BYTES)
		hint = oriel_find_huge_address(0, buffer->mapped_bytes);
	buffer->address = mmap(hint, buffer->mapped_bytes, PROT_READ | PROT_WRITE,
			       MAP_SHARED, (int)buffer->alloc.dmabuf_fd, 0);
	if (buffer->address == MAP_FAILED)
		return oriel_device_failed(buffer->device, ORIEL_CALL_MMAP);

	return 0;
}

int oriel_buffer_create(struct oriel_device *device, uint32_t kind,
			uint64_t size_bytes, uint32_t flags,
			struct oriel_buffer **buffer)
{
	return oriel_buffer_create_with_cache(device, kind, 0, size_bytes, flags, buffer);
}

int oriel_buffer_create_with_cache(struct oriel_device *device, uint32_t kind,
				   uint32_t cache, uint64_t size_bytes,
				   uint32_t flags, struct oriel_buffer **buffer)
{
	struct oriel_buffer *buf;
	int err;

	if (size_bytes > PTRDIFF_MAX)
		return oriel_device_refuse(device, ORIEL_CALL_BUFFER_ALLOC, EOVERFLOW,
					   ORIEL_REASON_OVERFLOW, 0, size_bytes);

	buf = calloc(1, sizeof(*buf));
	if (!buf)
		return oriel_device_refuse(device, ORIEL_CALL_BUFFER_ALLOC, ENOMEM,
					   ORIEL_REASON_NO_MEMORY, sizeof(*buf), 0);

	buf->device = device;
	buf->alloc.size_bytes = size_bytes;
	buf->alloc.kind = kind;
	buf->alloc.cache = cache;
	buf->alloc.flags = flags;
	if (ioctl(device->fd, ORIEL_BUFFER_ALLOC, &buf->alloc)) {
		err = oriel_device_failed(device, ORIEL_CALL_BUFFER_ALLOC);
		goto err_free;
	}

	err = map_buffer(buf);
	if (err)
		goto err_buffer;
	*buffer = buf;

	return 0;

err_buffer:
	close((int)buf->alloc.dmabuf_fd);
	free_buffer(buf);
err_free:
	free(buf);

	return err;
}

static int import(struct oriel_device *device, struct oriel_buffer_import arg,
		  struct oriel_buffer **buffer)
{
	struct oriel_buffer *buf = calloc(1, sizeof(*buf));
	int err;

	if (!buf)
		return oriel_device_refuse(device, ORIEL_CALL_BUFFER_IMPORT, ENOMEM,
					   ORIEL_REASON_NO_MEMORY, sizeof(*buf), 0);

	if (ioctl(device->fd, ORIEL_BUFFER_IMPORT, &arg)) {
		err = oriel_device_failed(device, ORIEL_CALL_BUFFER_IMPORT);
		free(buf);
		return err;
	}

	buf->device = device;
	buf->address = (void *)(uintptr_t)arg.address;
	buf->alloc.size_bytes = arg.size_bytes;
	buf->alloc.handle = arg.handle;
	buf->alloc.properties = arg.properties;
	buf->alloc.bus_address = arg.bus_address;
	buf->alloc.nr_segments = arg.nr_segments;
	*buffer = buf;

	return 0;
}

int oriel_buffer_import(struct oriel_device *device, void *address,
			size_t size_bytes, uint32_t flags,
			struct oriel_buffer **buffer)
{
	const struct oriel_buffer_import arg = {
		.address = (uintptr_t)address,
		.size_bytes = size_bytes,
		.flags = flags,
	};

	/* That would be another meaning of the arguments. */
	if (flags & ORIEL_BUFFER_DMABUF)
		return oriel_device_refuse(device, ORIEL_CALL_BUFFER_IMPORT, EINVAL,
					   ORIEL_REASON_FLAGS, flags, 0);

	return import(device, arg, buffer);
}

int oriel_buffer_import_dmabuf(struct oriel_device *device, int fd,
			       uint32_t flags, struct oriel_buffer **buffer)
{
	const struct oriel_buffer_import arg = {
		.flags = flags | ORIEL_BUFFER_DMABUF,
		.dmabuf_fd = (uint32_t)fd,
	};

	return import(device, arg, buffer);
}

void oriel_buffer_destroy(struct oriel_buffer *buffer)
{
	if (!buffer)
		return;

	free_buffer(buffer);
	if (buffer->mapped_bytes) {
		munmap(buffer->address, buffer->mapped_bytes);
		close((int)buffer->alloc.dmabuf_fd);
	}
	free(buffer);
}

void *oriel_buffer_get_address(const struct oriel_buffer *buffer)
{
	return buffer->address;
}

size_t oriel_buffer_get_length(const struct oriel_buffer *buffer)
{
	return (size_t)buffer->alloc.size_bytes;
}

uint64_t oriel_buffer_get_bus_address(const struct oriel_buffer *buffer)
{
	return buffer->alloc.bus_address;
}

int oriel_buffer_get_fd(const struct oriel_buffer *buffer)
{
	return buffer->mapped_bytes ? (int)buffer->alloc.dmabuf_fd : -1;
}

uint32_t oriel_buffer_get_properties(const struct oriel_buffer *buffer)
{
	return buffer->alloc.properties;
}

/* The same everywhere, also where the kernel is not asked. */
static int check_sync(const struct oriel_buffer *buffer, const struct oriel_sync *sync)
{
	struct oriel_device *device = buffer->device;
	uint64_t end;

	if (sync->flags != ORIEL_SYNC_FOR_DEVICE && sync->flags != ORIEL_SYNC_FOR_CPU)
		return oriel_device_refuse(device, ORIEL_CALL_SYNC, EINVAL,
					   ORIEL_REASON_FLAGS, sync->flags, 0);
	if (sync->direction > ORIEL_SYNC_FROM_DEVICE)
		return oriel_device_refuse(device, ORIEL_CALL_SYNC, EINVAL,
					   ORIEL_REASON_FLAGS, sync->direction, 0);
	if (!sync->size_bytes)
		return oriel_device_refuse(device, ORIEL_CALL_SYNC, EINVAL,
					   ORIEL_REASON_EMPTY, 0, 0);
	if (__builtin_add_overflow(sync->offset_bytes, sync->size_bytes, &end))
		return oriel_device_refuse(device, ORIEL_CALL_SYNC, EOVERFLOW,
					   ORIEL_REASON_OVERFLOW, sync->offset_bytes,
					   sync->size_bytes);
	if (end > buffer->alloc.size_bytes)
		return oriel_device_refuse(device, ORIEL_CALL_SYNC, ENXIO,
					   ORIEL_REASON_BEYOND, end,
					   buffer->alloc.size_bytes);

	return 0;
}

int oriel_buffer_sync(struct oriel_buffer *buffer, uint64_t offset_bytes,
		      uint64_t size_bytes, uint32_t flags, uint32_t direction)
{
	const struct oriel_sync arg = {
		.handle = buffer->alloc.handle,
		.flags = flags,
		.direction = direction,
		.offset_bytes = offset_bytes,
		.size_bytes = size_bytes,
	};
	int err = check_sync(buffer, &arg);

	if (err || !(buffer->alloc.properties & ORIEL_BUFFER_NEEDS_SYNC))
		return err;
	if (ioctl(buffer->device->fd, ORIEL_SYNC, &arg))
		return oriel_device_failed(buffer->device, ORIEL_CALL_SYNC);

	return 0;
}

uint32_t oriel_buffer_count_segments(const struct oriel_buffer *buffer)
{
	return buffer->alloc.nr_segments;
}

int oriel_buffer_get_segments(const struct oriel_buffer *buffer, uint32_t first,
			      uint32_t count, struct oriel_segment *segments)
{
	struct oriel_buffer_segments arg;

	/* The kernel may tell of fewer at a time. */
	while (count) {
		memset(&arg, 0, sizeof(arg));
		arg.handle = buffer->alloc.handle;
		arg.first = first;
		arg.count = count;
		arg.segments = (uintptr_t)segments;
		if (ioctl(buffer->device->fd, ORIEL_BUFFER_SEGMENTS, &arg))
			return oriel_device_failed(buffer->device,
						   ORIEL_CALL_BUFFER_SEGMENTS);

		first += arg.count;
		count -= arg.count;
		segments += arg.count;
	}

	return 0;
}
