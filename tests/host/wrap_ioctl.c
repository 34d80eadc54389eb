// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mocked kernel's ioctl(): what a device answers.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock.h"
#include "wrap.h"

static int any_set(const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;

	while (length--) {
		if (*byte++)
			return 1;
	}

	return 0;
}

static int device_info(struct oriel_device_info *info)
{
	if (any_set(info->reserved, sizeof(info->reserved)))
		return wrap_fail(EINVAL);

	*info = mock.info;
	return 0;
}

static int region_info(struct oriel_region_info *info)
{
	if (any_set(info->reserved, sizeof(info->reserved)))
		return wrap_fail(EINVAL);

	if (info->index >= mock.info.nr_regions) {
		memset(&mock.explain, 0, sizeof(mock.explain));
		mock.explain.call = ORIEL_CALL_REGION_INFO;
		mock.explain.error = ENXIO;
		mock.explain.reason = ORIEL_REASON_INDEX;
		mock.explain.value[0] = info->index;
		mock.explain.value[1] = mock.info.nr_regions;
		return wrap_fail(ENXIO);
	}

	*info = mock.regions[info->index];
	return 0;
}

static int explain(struct oriel_explain *arg)
{
	if (arg->reserved)
		return wrap_fail(EINVAL);

	*arg = mock.explain;
	return 0;
}

static int prefault(const struct oriel_prefault *arg)
{
	if (arg->flags || arg->reserved)
		return wrap_fail(EINVAL);

	mock.prefault = *arg;
	return 0;
}

/* A buffer of three segments, MOCK_MIB apart. */
static int buffer_alloc(struct oriel_buffer_alloc *arg)
{
	int fd = memfd_create("buffer", MFD_CLOEXEC);

	mock.buffer_alloc = *arg;
	if (fd < 0 || ftruncate(fd, (off_t)(arg->size_bytes + 4095) / 4096 * 4096))
		return -1;
	arg->handle = 5;
	arg->dmabuf_fd = (uint32_t)fd;
	arg->properties = mock.is_coherent ? 0 : ORIEL_BUFFER_NEEDS_SYNC;
	arg->bus_address = MOCK_MIB;
	arg->nr_segments = 3;
	return 0;
}

static int buffer_import(struct oriel_buffer_import *arg)
{
	mock.buffer_import = *arg;
	if (arg->flags & ORIEL_BUFFER_DMABUF)
		arg->size_bytes = 12288;
	arg->handle = 6;
	arg->properties = mock.is_coherent ? 0 : ORIEL_BUFFER_NEEDS_SYNC;
	arg->bus_address = 2 * MOCK_MIB;
	arg->nr_segments = 3;
	return 0;
}

static int buffer_segments(struct oriel_buffer_segments *arg)
{
	struct oriel_segment *segment = (struct oriel_segment *)(uintptr_t)arg->segments;
	uint32_t i;

	mock.buffer_segments = *arg;
	if (any_set(arg->reserved, sizeof(arg->reserved)))
		return wrap_fail(EINVAL);
	if (arg->first >= 3)
		return wrap_fail(ENXIO);
	if (arg->count > mock.segments_at_once)
		arg->count = mock.segments_at_once;
	for (i = 0; i < arg->count; i++) {
		segment[i].bus_address = (arg->first + i + 1) * MOCK_MIB;
		segment[i].size_bytes = arg->first + i;
	}
	arg->total = 3;
	return 0;
}

static int mapping_info(struct oriel_mapping_info *arg)
{
	if (any_set(arg->reserved, sizeof(arg->reserved)))
		return wrap_fail(EINVAL);

	arg->cache = ORIEL_CACHE_WRITE_COMBINED;
	arg->entry_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	unsigned int number = _IOC_NR(request);
	struct stat status;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);

	/* Nodes are plain files here; all else is somebody else's. */
	if (fstat(fd, &status))
		return -1;
	if (!S_ISREG(status.st_mode) || _IOC_TYPE(request) != ORIEL_IOCTL_TYPE || number >= MOCK_NR_IOCTLS)
		return wrap_fail(ENOTTY);
	if (mock.ioctl_error[number])
		return wrap_fail(mock.ioctl_error[number]);

	switch (request) {
	case ORIEL_DEVICE_INFO:
		return device_info(arg);
	case ORIEL_REGION_INFO:
		return region_info(arg);
	case ORIEL_EXPLAIN:
		return explain(arg);
	case ORIEL_PREFAULT:
		return prefault(arg);
	case ORIEL_IRQ_SET:
		mock.irq_set = *(const struct oriel_irq_set *)arg;
		return 0;
	case ORIEL_DEVICE_SET:
		mock.device_set = *(const struct oriel_device_set *)arg;
		return 0;
	case ORIEL_BUFFER_ALLOC:
		return buffer_alloc(arg);
	case ORIEL_BUFFER_IMPORT:
		return buffer_import(arg);
	case ORIEL_BUFFER_SEGMENTS:
		return buffer_segments(arg);
	case ORIEL_BUFFER_FREE:
		mock.buffer_free = *(const struct oriel_buffer_free *)arg;
		return 0;
	case ORIEL_SYNC:
		mock.sync = *(const struct oriel_sync *)arg;
		return 0;
	case ORIEL_MAPPING_INFO:
		return mapping_info(arg);
	case ORIEL_REGION_EXPORT:
		mock.region_export = *(const struct oriel_region_export *)arg;
		((struct oriel_region_export *)arg)->dmabuf_fd = 77;
		return 0;
	default:
		return wrap_fail(ENOTTY);
	}
}
