// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/uring.h"

#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "lib/check.h"

static void *uring_map(const struct uring *uring, size_t bytes, off_t what)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			uring->fd, what);

	if (at == MAP_FAILED)
		fail_msg("mmap of an io_uring: %s", strerror(errno));
	return at;
}

void uring_open(struct uring *uring)
{
	struct io_uring_params params = {};
	uint8_t *ring;

	uring->fd = syscall(SYS_io_uring_setup, 4, &params);
	if (uring->fd < 0)
		fail_msg("io_uring_setup: %s", strerror(errno));
	assert_true(params.features & IORING_FEAT_SINGLE_MMAP);
	uring->ring_bytes = params.cq_off.cqes + params.cq_entries * sizeof(*uring->cqes);
	if (uring->ring_bytes < params.sq_off.array + params.sq_entries * sizeof(uint32_t))
		uring->ring_bytes = params.sq_off.array + params.sq_entries * sizeof(uint32_t);
	uring->ring = uring_map(uring, uring->ring_bytes, IORING_OFF_SQ_RING);
	uring->sqes_bytes = params.sq_entries * sizeof(*uring->sqes);
	uring->sqes = uring_map(uring, uring->sqes_bytes, IORING_OFF_SQES);
	ring = uring->ring;
	uring->sq_tail = (void *)(ring + params.sq_off.tail);
	uring->sq_mask = (void *)(ring + params.sq_off.ring_mask);
	uring->sq_array = (void *)(ring + params.sq_off.array);
	uring->cq_head = (void *)(ring + params.cq_off.head);
	uring->cq_tail = (void *)(ring + params.cq_off.tail);
	uring->cq_mask = (void *)(ring + params.cq_off.ring_mask);
	uring->cqes = (void *)(ring + params.cq_off.cqes);
}

void uring_close(struct uring *uring)
{
	munmap(uring->sqes, uring->sqes_bytes);
	munmap(uring->ring, uring->ring_bytes);
	close(uring->fd);
}

int uring_fix(struct uring *uring, void *address, size_t bytes)
{
	struct iovec vector = { address, bytes };

	return syscall(SYS_io_uring_register, uring->fd, IORING_REGISTER_BUFFERS,
		       &vector, 1) ? -errno : 0;
}

void uring_unfix(struct uring *uring)
{
	if (syscall(SYS_io_uring_register, uring->fd, IORING_UNREGISTER_BUFFERS, NULL, 0))
		fail_msg("giving up a fixed buffer: %s", strerror(errno));
}

int uring_transfer(struct uring *uring, int opcode, int file, void *address, size_t bytes,
		   uint64_t offset)
{
	uint32_t tail = *uring->sq_tail, at = tail & *uring->sq_mask, head;
	int result;

	uring->sqes[at] = (struct io_uring_sqe){
		.opcode = opcode, .fd = file, .addr = (uintptr_t)address, .len = bytes,
		.off = offset,
	};
	uring->sq_array[at] = at;
	__atomic_store_n(uring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, uring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		fail_msg("io_uring_enter: %s", strerror(errno));
	head = *uring->cq_head;
	if (__atomic_load_n(uring->cq_tail, __ATOMIC_ACQUIRE) == head)
		fail_msg("io_uring completed nothing");
	result = uring->cqes[head & *uring->cq_mask].res;
	__atomic_store_n(uring->cq_head, head + 1, __ATOMIC_RELEASE);
	return result;
}
