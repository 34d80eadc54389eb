/* SPDX-License-Identifier: GPL-2.0-only */
/* DMA buffers: ORIEL_BUFFER_ALLOC and what comes after it. */
#ifndef TESTS_BUFFER_H
#define TESTS_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include <oriel.h>

struct buffer {
	int node;		/* not owned: may be closed before */
	int fd;			/* of the dma-buf */
	struct oriel_buffer_alloc alloc;
	size_t bytes;		/* in whole pages */
	uint8_t *address;	/* NULL: not mapped */
};

/* Opens the node of a PCI device; fails the test if that fails. */
int node_open(const char *pci_address, int flags);

/* Return: 0 or -errno. */
int buffer_try(int node, uint32_t kind, uint64_t bytes, uint32_t flags,
	       struct oriel_buffer_alloc *alloc);
/* Patient with memory that is in pieces; fails the test if that does not help. */
void buffer_alloc(int node, uint32_t kind, uint64_t bytes, uint32_t flags,
		  struct oriel_buffer_alloc *alloc);
/* Allocates and maps, huge entries possible; fails the test if that fails. */
struct buffer buffer_open(int node, uint32_t kind, uint64_t bytes);
/* Maps the whole of a dma-buf at an address of that alignment. */
void *buffer_map(int fd, size_t bytes, int prot, size_t alignment);
/* Return: 0 or -errno. */
int buffer_free(int node, uint32_t handle);
/* Unmaps, closes, frees: each if it is still there. */
void buffer_close(struct buffer *buffer);

/* Return: how many segments there are, or -errno; puts at most @count there. */
int buffer_segments(int node, uint32_t handle, uint32_t first, uint32_t count,
		    struct oriel_segment *segments);

/* Sets how many bytes a user may have in buffers; 0: as many as by default. */
void buffer_limit(uint64_t bytes);

/* Lets the processor's writes reach devices, or the other way round. */
int dmabuf_sync(int fd, uint64_t flags);

#endif /* TESTS_BUFFER_H */
