/* SPDX-License-Identifier: GPL-2.0-only */
/* io_uring by its system calls, one request at a time. */
#ifndef TESTS_URING_H
#define TESTS_URING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct io_uring_sqe;
struct io_uring_cqe;

struct uring {
	int fd;
	void *ring;		/* of requests and of completions */
	size_t ring_bytes;
	struct io_uring_sqe *sqes;
	size_t sqes_bytes;
	struct io_uring_cqe *cqes;
	uint32_t *sq_tail, *sq_mask, *sq_array;
	uint32_t *cq_head, *cq_tail, *cq_mask;
};

/* Fails the test on error, as the others do. */
void uring_open(struct uring *uring);
void uring_close(struct uring *uring);
/* Fixes one buffer, as number 0. Return: 0 or -errno. */
int uring_fix(struct uring *uring, void *address, size_t bytes);
void uring_unfix(struct uring *uring);
/* @opcode IORING_OP_READ, ..._WRITE_FIXED. Return: what the request came to. */
int uring_transfer(struct uring *uring, int opcode, int file, void *address, size_t bytes,
		   uint64_t offset);

#endif /* TESTS_URING_H */
