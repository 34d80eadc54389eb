// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mocked kernel's system calls, but for ioctl(): see wrap_ioctl.c.
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
		return wrap_fail(mock.open_error);
	if (is_hidden(path))
		return wrap_fail(EACCES);
	if (mock.read_only_nodes && (flags & O_ACCMODE) != O_RDONLY)
		return wrap_fail(EACCES);

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
		return wrap_fail(mock.mkdir_error);
	err = __real_mkdir(translate(path, buffer, sizeof(buffer)), mode);
	if (!err && is_in_configfs(path))
		mock_make_buffer(buffer);

	return err;
}

int __wrap_rmdir(const char *path)
{
	char buffer[512];

	if (mock.rmdir_error)
		return wrap_fail(mock.rmdir_error);
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
		return wrap_fail(EINTR);
	if (error)
		return wrap_fail(error);
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
