// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mocked kernel's system calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock.h"
#include "wrap.h"

static int fail(int error)
{
	errno = error;
	return -1;
}

/* What lies in the test's own directory; all else is where it is. */
static const char *const translated[] = {
	"/dev/oriel", "/sys/class/oriel", "/sys/bus/", "/etc/udev",
	"/proc/sys/kernel/modprobe", "/proc/iomem", MOCK_BUFFERS,
};

static bool is_mocked(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(translated) / sizeof(translated[0]); i++)
		if (!strncmp(path, translated[i], strlen(translated[i])))
			return true;

	return mock.has_proc && !strncmp(path, "/proc", 5);
}

static const char *translate(const char *path, char *buffer, size_t size)
{
	if (!is_mocked(path))
		return path;

	snprintf(buffer, size, "%s%s", mock.root, path);
	return buffer;
}

static bool is_hidden(const char *path)
{
	int process;

	return mock.hidden_process && sscanf(path, "/proc/%d/", &process) == 1 &&
	       process == mock.hidden_process;
}

int __wrap_open64(const char *path, int flags, ...)
{
	char buffer[512];
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);

	mock.nr_opens++;
	mock.open_flags = flags;
	snprintf(mock.open_path, sizeof(mock.open_path), "%s", path);
	if (mock.open_error)
		return fail(mock.open_error);
	if (is_hidden(path))
		return fail(EACCES);
	if (mock.read_only_nodes && (flags & O_ACCMODE) != O_RDONLY)
		return fail(EACCES);

	return __real_open64(translate(path, buffer, sizeof(buffer)), flags, mode);
}

ssize_t __wrap_readlink(const char *path, char *link, size_t size)
{
	char buffer[512];

	return __real_readlink(translate(path, buffer, sizeof(buffer)), link, size);
}

int __wrap_unlink(const char *path)
{
	char buffer[512];

	return __real_unlink(translate(path, buffer, sizeof(buffer)));
}

/* In configfs, a directory comes with its files, and goes with them. */
static bool is_in_configfs(const char *path)
{
	return !strncmp(path, MOCK_BUFFERS "/", strlen(MOCK_BUFFERS "/"));
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	char buffer[512];
	int err;

	if (mock.mkdir_error)
		return fail(mock.mkdir_error);
	err = __real_mkdir(translate(path, buffer, sizeof(buffer)), mode);
	if (!err && is_in_configfs(path))
		mock_make_buffer(buffer);

	return err;
}

int __wrap_rmdir(const char *path)
{
	char buffer[512];

	if (mock.rmdir_error)
		return fail(mock.rmdir_error);
	translate(path, buffer, sizeof(buffer));
	if (is_in_configfs(path))
		mock_empty_buffer(buffer);

	return __real_rmdir(is_in_configfs(path) ? buffer : path);
}

int __wrap_rename(const char *from, const char *to)
{
	char from_buffer[512], to_buffer[512];

	return __real_rename(translate(from, from_buffer, sizeof(from_buffer)),
			     translate(to, to_buffer, sizeof(to_buffer)));
}

/* All is root's but what the test says, whoever runs it. */
int __wrap_stat64(const char *path, struct stat64 *about)
{
	int err = __real_stat64(path, about);

	about->st_uid = 0;
	about->st_mode &= ~(mode_t)S_IWOTH;
	if (mock.foreign_path && !strcmp(path, mock.foreign_path))
		about->st_uid = 1000;
	if (mock.open_path_to_all && !strcmp(path, mock.open_path_to_all))
		about->st_mode |= S_IWOTH;

	return err;
}

DIR *__wrap_opendir(const char *path)
{
	char buffer[512];

	if (mock.opendir_error && strncmp(path, "/proc", 5)) {
		errno = mock.opendir_error;
		return NULL;
	}

	return __real_opendir(translate(path, buffer, sizeof(buffer)));
}

int __wrap_access(const char *path, int mode)
{
	char buffer[512];

	return __real_access(translate(path, buffer, sizeof(buffer)), mode);
}

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
		return fail(EINVAL);

	*info = mock.info;
	return 0;
}

static int region_info(struct oriel_region_info *info)
{
	if (any_set(info->reserved, sizeof(info->reserved)))
		return fail(EINVAL);

	if (info->index >= mock.info.nr_regions) {
		memset(&mock.explain, 0, sizeof(mock.explain));
		mock.explain.call = ORIEL_CALL_REGION_INFO;
		mock.explain.error = ENXIO;
		mock.explain.reason = ORIEL_REASON_INDEX;
		mock.explain.value[0] = info->index;
		mock.explain.value[1] = mock.info.nr_regions;
		return fail(ENXIO);
	}

	*info = mock.regions[info->index];
	return 0;
}

static int explain(struct oriel_explain *arg)
{
	if (arg->reserved)
		return fail(EINVAL);

	*arg = mock.explain;
	return 0;
}

static int prefault(const struct oriel_prefault *arg)
{
	if (arg->flags || arg->reserved)
		return fail(EINVAL);

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
		return fail(EINVAL);
	if (arg->first >= 3)
		return fail(ENXIO);
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
		return fail(EINVAL);

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
		return fail(ENOTTY);
	if (mock.ioctl_error[number])
		return fail(mock.ioctl_error[number]);

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
		return fail(ENOTTY);
	}
}

void *__wrap_mmap64(void *address, size_t length, int prot, int flags, int fd,
		    off_t offset)
{
	void *mapped;

	if (flags & MAP_ANONYMOUS) {
		mock.nr_reservations++;
		return __real_mmap64(address, length, prot, flags, fd, offset);
	}

	mock.mmap = (struct mock_mmap){ address, length, prot, flags, offset };
	if (mock.mmap_error) {
		errno = mock.mmap_error;
		return MAP_FAILED;
	}

	mapped = __real_mmap64(address, length, prot, flags, fd, offset);
	if (mapped != MAP_FAILED)
		mock.nr_mapped++;

	return mapped;
}

int __wrap_munmap(void *address, size_t length)
{
	if (mock.nr_reservations > 0)
		mock.nr_reservations--;
	else
		mock.nr_mapped--;

	return __real_munmap(address, length);
}

/* Note the request; 0 to go on, else fail. */
static int begin_io(int error, size_t *length, off_t offset)
{
	mock.nr_io++;
	mock.io_length = *length;
	mock.io_offset = offset;
	if (mock.eintr_countdown && !--mock.eintr_countdown)
		return fail(EINTR);
	if (error)
		return fail(error);
	if (mock.io_limit_bytes && *length > mock.io_limit_bytes)
		*length = mock.io_limit_bytes;

	return 0;
}

ssize_t __wrap_pread64(int fd, void *buffer, size_t length, off_t offset)
{
	if (begin_io(mock.pread_error, &length, offset))
		return -1;

	return __real_pread64(fd, buffer, length, offset);
}

ssize_t __wrap_pwrite64(int fd, const void *buffer, size_t length, off_t offset)
{
	if (begin_io(mock.pwrite_error, &length, offset))
		return -1;

	return __real_pwrite64(fd, buffer, length, offset);
}

void *__wrap_calloc(size_t count, size_t size)
{
	if (mock.calloc_countdown && !--mock.calloc_countdown)
		return NULL;

	return __real_calloc(count, size);
}

void *__wrap_reallocarray(void *pointer, size_t count, size_t size)
{
	if (mock.reallocarray_countdown && !--mock.reallocarray_countdown)
		return NULL;

	return __real_reallocarray(pointer, count, size);
}
