// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/buffer.h"

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define BLOCK ((size_t)2 << 20)

int node_open(const char *pci_address, int flags)
{
	char node[64], *c;
	int fd;

	snprintf(node, sizeof(node), "/dev/oriel/pci-%s", pci_address);
	for (c = node; *c; c++)
		if (*c == ':')
			*c = '-';
	fd = open(node, flags | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	return fd;
}

int buffer_try(int node, uint32_t kind, uint64_t bytes, uint32_t flags,
	       struct oriel_buffer_alloc *alloc)
{
	*alloc = (struct oriel_buffer_alloc){ .size_bytes = bytes, .kind = kind, .flags = flags };
	return ioctl(node, ORIEL_BUFFER_ALLOC, alloc) ? -errno : 0;
}

void *buffer_map(int fd, size_t bytes, int prot, size_t alignment)
{
	size_t room = bytes + alignment;
	void *at = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(at, MAP_FAILED);
	munmap(at, room);
	at = (void *)(((uintptr_t)at + alignment - 1) / alignment * alignment);
	at = mmap(at, bytes, prot, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	if (at == MAP_FAILED)
		fail_msg("mmap of a buffer of %zu bytes: %s", bytes, strerror(errno));
	return at;
}

void buffer_alloc(int node, uint32_t kind, uint64_t bytes, uint32_t flags,
		  struct oriel_buffer_alloc *alloc)
{
	int err, tries;

	for (tries = 0; tries < 20; tries++) {
		err = buffer_try(node, kind, bytes, flags, alloc);
		if (!err)
			return;
		if (explain(node).reason != ORIEL_REASON_NO_CONTIGUOUS)
			break;
		/* What ran before left memory in pieces. */
		text_write("/proc/sys/vm/drop_caches", "3");
		text_write("/proc/sys/vm/compact_memory", "1");
		sleep(1);
	}
	fail_msg("%llu bytes of kind %u: %s, reason %u", (unsigned long long)bytes, kind,
		 strerror(-err), explain(node).reason);
}

struct buffer buffer_open(int node, uint32_t kind, uint64_t bytes)
{
	struct buffer buffer = { .node = node, .bytes = page_round(bytes) };

	buffer_alloc(node, kind, bytes, 0, &buffer.alloc);
	buffer.fd = buffer.alloc.dmabuf_fd;
	buffer.address = buffer_map(buffer.fd, buffer.bytes, PROT_READ | PROT_WRITE, BLOCK);
	return buffer;
}

int buffer_free(int node, uint32_t handle)
{
	struct oriel_buffer_free request = { .handle = handle };

	return ioctl(node, ORIEL_BUFFER_FREE, &request) ? -errno : 0;
}

void buffer_close(struct buffer *buffer)
{
	if (buffer->address)
		munmap(buffer->address, buffer->bytes);
	if (buffer->fd >= 0)
		close(buffer->fd);
	if (buffer->node >= 0)
		buffer_free(buffer->node, buffer->alloc.handle);
}

int buffer_segments(int node, uint32_t handle, uint32_t first, uint32_t count,
		    struct oriel_segment *segments)
{
	struct oriel_buffer_segments list = {
		.handle = handle, .first = first, .count = count,
		.segments = (uintptr_t)segments,
	};

	return ioctl(node, ORIEL_BUFFER_SEGMENTS, &list) ? -errno : (int)list.total;
}

void buffer_limit(uint64_t bytes)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)bytes);
	assert_case("max_buffer_bytes",
		    text_write("/sys/module/oriel/parameters/max_buffer_bytes", text), 0);
}

int dmabuf_sync(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) ? -errno : 0;
}
