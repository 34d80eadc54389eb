// SPDX-License-Identifier: GPL-2.0-only
#include "lib/pagemap.h"

#include <fcntl.h>

#include "lib/check.h"

static uint64_t pagemap_entry(const char *path, uint64_t index)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t entry;

	if (fd < 0 || pread(fd, &entry, sizeof(entry), index * sizeof(entry)) != sizeof(entry))
		fail_msg("%s: entry %#llx: %s", path, (unsigned long long)index, strerror(errno));
	close(fd);
	return entry;
}

static uint64_t pagemap_of(const void *address)
{
	return pagemap_entry("/proc/self/pagemap", (uintptr_t)address / sysconf(_SC_PAGESIZE));
}

bool pagemap_present(const void *address)
{
	return pagemap_of(address) >> 63;
}

uint64_t pagemap_frame(const void *address)
{
	uint64_t entry = pagemap_of(address);

	return entry >> 63 ? entry & ((1ull << 55) - 1) : 0;
}

uint64_t pagemap_flags(uint64_t frame)
{
	return pagemap_entry("/proc/kpageflags", frame);
}
