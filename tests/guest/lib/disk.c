// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/disk.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/place.h"
#include "lib/testdev.h"

#define DISK_NODE "/dev/vda"
#define DISK_LAST ((64 << 20) - 512)

int disk_open(void)
{
	int disk = open(DISK_NODE, O_RDWR | O_DIRECT | O_CLOEXEC);

	if (disk < 0)
		fail_msg(DISK_NODE ": %s", strerror(errno));
	return disk;
}

static void *disk_buffer(size_t bytes)
{
	void *buffer = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (buffer == MAP_FAILED)
		fail_msg("buffer of %zu bytes: %s", bytes, strerror(errno));
	return buffer;
}

void disk_fill(int disk, uint32_t mark, size_t bytes)
{
	void *buffer = disk_buffer(bytes);

	pattern_write(buffer, mark, 0, bytes);
	if (pwrite(disk, buffer, bytes, 0) != (ssize_t)bytes)
		fail_msg("filling the disk: %s", strerror(errno));
	munmap(buffer, bytes);
}

int disk_check(int disk, uint32_t mark, size_t bytes, uint64_t offset)
{
	void *buffer = disk_buffer(bytes);
	int wrong;

	if (pread(disk, buffer, bytes, offset) != (ssize_t)bytes)
		fail_msg("reading the disk: %s", strerror(errno));
	wrong = pattern_check(buffer, mark, 0, bytes, 8);
	munmap(buffer, bytes);
	return wrong;
}

/* One byte a second; the first request passes and uses up minutes of that. */
void disk_hold(int disk, bool hold)
{
	static uint8_t sector[512] __attribute__((aligned(512)));
	char command[256];

	snprintf(command, sizeof(command),
		 "oriel-host qmp '{\"execute\":\"block_set_io_throttle\",\"arguments\":"
		 "{\"device\":\"scratch\",\"bps\":%d,\"bps_rd\":0,\"bps_wr\":0,"
		 "\"iops\":0,\"iops_rd\":0,\"iops_wr\":0}}' >/dev/null", hold);
	fflush(NULL);
	if (system(command))
		fail_msg("the host does not %s the disk", hold ? "hold" : "let go");
	if (hold && pread(disk, sector, sizeof(sector), DISK_LAST) != sizeof(sector))
		fail_msg("reading the disk: %s", strerror(errno));
}
