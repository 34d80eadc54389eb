/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the linker's --wrap makes of the calls that are led to the mock.
 */
#ifndef _WRAP_H
#define _WRAP_H

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

static inline int wrap_fail(int error)
{
	errno = error;
	return -1;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);
int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
ssize_t __real_readlink(const char *path, char *link, size_t size);
ssize_t __wrap_readlink(const char *path, char *link, size_t size);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __real_rmdir(const char *path);
int __wrap_rmdir(const char *path);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_stat64(const char *path, struct stat64 *about);
int __wrap_stat64(const char *path, struct stat64 *about);
int __wrap_ioctl(int fd, unsigned long request, ...);
void *__real_mmap64(void *address, size_t length, int prot, int flags, int fd,
		    off_t offset);
void *__wrap_mmap64(void *address, size_t length, int prot, int flags, int fd,
		    off_t offset);
int __real_munmap(void *address, size_t length);
int __wrap_munmap(void *address, size_t length);
ssize_t __real_pread64(int fd, void *buffer, size_t length, off_t offset);
ssize_t __wrap_pread64(int fd, void *buffer, size_t length, off_t offset);
ssize_t __real_pwrite64(int fd, const void *buffer, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int fd, const void *buffer, size_t length, off_t offset);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_reallocarray(void *pointer, size_t count, size_t size);
void *__wrap_reallocarray(void *pointer, size_t count, size_t size);

#endif /* _WRAP_H */
