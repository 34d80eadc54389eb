// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA by a real engine into buffers: both ways, into each kind; cut off when
 * whoever started it is killed, the device removed, the buffer another's. The
 * machine has an IOMMU or has none; both are tested.
 * oriel-test: timeout=240 machine=pc,iommu,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/edu.h"
#include "lib/pagemap.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"

#define MARK	0x700
#define BYTES	page_bytes()
#define MOVED	EDU_MEMORY_BYTES
#define LATE_US	400000	/* by then, edu has done what it was told to */

static const uint32_t kinds[] = {
	ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED, ORIEL_KIND_COHERENT,
};

static void test_both_ways(void **state)
{
	struct edu edu = edu_open();
	size_t k;

	assert_int_equal(edu_allow_dma(&edu, true), 0);
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct buffer out = buffer_open(edu.node, kinds[k], BYTES);
		struct buffer in = buffer_open(edu.node, kinds[k], 2 * BYTES);
		struct oriel_segment last[2];
		int n = buffer_segments(edu.node, in.alloc.handle, 0, 2, last);
		uint64_t end = last[n - 1].bus_address + last[n - 1].size_bytes;

		pattern_write(out.address, MARK + k, 0, BYTES);
		memset(in.address, 0xee, 2 * BYTES);
		edu_send(&edu, out.alloc.bus_address, MOVED);
		edu_fetch(&edu, end - BYTES, MOVED);
		assert_int_equal(pattern_check(in.address + BYTES, MARK + k, 0, MOVED, 8), 0);
		assert_int_equal(in.address[0], 0xee);
		assert_int_equal(in.address[BYTES - 1], 0xee);
		assert_int_equal(in.address[BYTES + MOVED], 0xee);
		buffer_close(&out);
		buffer_close(&in);
	}
	edu_close(&edu);
}

/* With an IOMMU the device sees other addresses, and one piece wherever the pages are. */
static void test_addresses(void **state)
{
	struct edu edu = edu_open();
	struct buffer buffer = buffer_open(edu.node, ORIEL_KIND_COHERENT, 64 * BYTES);
	uint64_t physical = pagemap_frame(buffer.address) * page_bytes();

	assert_true(buffer.alloc.bus_address + buffer.bytes <= 1ull << edu_dma_bits());
	assert_false(buffer.alloc.properties & ORIEL_BUFFER_NEEDS_SYNC);
	if (edu_is_translated()) {
		assert_int_not_equal(buffer.alloc.bus_address, physical);
		assert_int_equal(buffer.alloc.nr_segments, 1);
		buffer_close(&buffer);
		buffer = buffer_open(edu.node, ORIEL_KIND_SCATTERED, 20 << 20);
		assert_int_equal(buffer.alloc.nr_segments, 1);
	} else {
		assert_int_equal(buffer.alloc.bus_address, physical);
	}
	buffer_close(&buffer);
	edu_close(&edu);
}

/* What the device may reach does not change below a buffer. */
static void test_mask(void **state)
{
	struct edu edu = edu_open();
	struct buffer buffer = buffer_open(edu.node, ORIEL_KIND_COHERENT, BYTES);

	assert_case("mapped", edu_set_mask(&edu, 27), -EBUSY);
	assert_int_equal(explain(edu.node).reason, ORIEL_REASON_DMA_BUSY);
	buffer_close(&buffer);
	assert_case("free", edu_set_mask(&edu, edu_dma_bits() - 4), 0);
	buffer = buffer_open(edu.node, ORIEL_KIND_COHERENT, BYTES);
	assert_true(buffer.alloc.bus_address + BYTES <= 1ull << (edu_dma_bits() - 4));
	buffer_close(&buffer);
	edu_close(&edu);
}

static void spin_us(unsigned int us)
{
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000000 + (now.tv_nsec - start.tv_nsec) / 1000 < (long)us);
}

struct victim {
	struct buffer buffer;
	int ready[2];
};

/* Tells the device to write to the buffer, and waits to be killed. */
static int start_and_wait(void *argument)
{
	struct victim *victim = argument;
	struct edu edu = edu_open();

	CHECK(!edu_allow_dma(&edu, true));
	victim->buffer = buffer_open(edu.node, ORIEL_KIND_COHERENT, BYTES);
	CHECK(write(victim->ready[1], &victim->buffer, sizeof(victim->buffer)) ==
	      sizeof(victim->buffer));
	edu_start(&edu, EDU_MEMORY, victim->buffer.alloc.bus_address, MOVED, true);
	CHECK(write(victim->ready[1], "", 1) == 1);
	pause();
	return 1;
}

/* A second descriptor of what another process has open. */
static int steal_fd(pid_t pid, int their_fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0), fd;

	assert_true(pidfd >= 0);
	fd = syscall(SYS_pidfd_getfd, pidfd, their_fd, 0);
	if (fd < 0)
		fail_msg("pidfd_getfd: %s", strerror(errno));
	close(pidfd);
	return fd;
}

/* Return: the process. If @held is not NULL, the buffer's pages are mapped there too. */
static pid_t victim_start(struct victim *victim, uint8_t **held)
{
	char byte;
	pid_t pid;
	int fd;

	assert_int_equal(pipe(victim->ready), 0);
	pid = child_start(start_and_wait, victim);
	close(victim->ready[1]);
	assert_int_equal(read(victim->ready[0], &victim->buffer, sizeof(victim->buffer)),
			 sizeof(victim->buffer));
	if (held) {
		fd = steal_fd(pid, victim->buffer.fd);
		*held = buffer_map(fd, BYTES, PROT_READ | PROT_WRITE, page_bytes());
		close(fd);
	}
	assert_int_equal(read(victim->ready[0], &byte, 1), 1);
	close(victim->ready[0]);
	return pid;
}

static void victim_kill(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(child_wait(pid), 128 + SIGKILL);
}

/* By the time that somebody has died, his device writes nowhere any more. */
static void test_killed(void **state)
{
	struct victim victim;
	uint8_t *held;
	int round;

	for (round = 0; round < 8; round++) {
		pid_t pid = victim_start(&victim, &held);

		victim_kill(pid);
		assert_false(pci_get_command(PCI_EDU) & PCI_COMMAND_MASTER);
		memset(held, 0xa5, BYTES);
		usleep(LATE_US);
		assert_int_equal(held[0], 0xa5);
		assert_memory_equal(held, held + 1, BYTES - 1);
		munmap(held, BYTES);
	}
}

/* ... nor does it when the memory has long become somebody else's. */
static void test_killed_and_reused(void **state)
{
	struct victim victim;
	int round;

	for (round = 0; round < 4; round++) {
		void *scribbled;

		victim_kill(victim_start(&victim, NULL));
		scribbled = scribble();
		usleep(LATE_US);
		assert_int_equal(scribble_check(scribbled), 0);
	}
}

/*
 * As long as another one's DMA is on, so is the device's: what it may still
 * write to is kept, and counts for the user who had it.
 */
static void test_parked(void **state)
{
	struct edu edu = edu_open();
	struct oriel_buffer_alloc alloc;
	struct victim victim;
	uint8_t *held;
	pid_t pid;

	buffer_limit(BYTES);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	pid = victim_start(&victim, &held);
	munmap(held, BYTES);
	victim_kill(pid);
	assert_true(pci_get_command(PCI_EDU) & PCI_COMMAND_MASTER);
	assert_case("kept", buffer_try(edu.node, ORIEL_KIND_COHERENT, BYTES, 0, &alloc), -ENOMEM);
	assert_int_equal(explain(edu.node).reason, ORIEL_REASON_USER_LIMIT);
	assert_case("mapped", edu_set_mask(&edu, 27), -EBUSY);
	while (edu_is_busy(&edu))
		usleep(10000);
	assert_int_equal(edu_allow_dma(&edu, false), 0);
	assert_case("gone", buffer_try(edu.node, ORIEL_KIND_COHERENT, BYTES, 0, &alloc), 0);
	close(alloc.dmabuf_fd);

	/* The same, and the other one leaves too. */
	assert_int_equal(buffer_free(edu.node, alloc.handle), 0);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	victim_kill(victim_start(&victim, NULL));
	edu_close(&edu);
	edu = edu_open();
	assert_case("gone", buffer_try(edu.node, ORIEL_KIND_COHERENT, BYTES, 0, &alloc), 0);
	close(alloc.dmabuf_fd);
	edu_close(&edu);
	buffer_limit(0);
}

/*
 * Frees a buffer while the device is about to write to it, @after_us after it
 * was told. Return: whether it wrote before.
 */
static bool free_running(const struct edu *edu, unsigned int after_us)
{
	struct buffer buffer = buffer_open(edu->node, ORIEL_KIND_COHERENT, BYTES);
	volatile uint64_t *seen = (volatile uint64_t *)buffer.address;
	uint64_t at_free;

	/* What an IOMMU has translated, it remembers. */
	edu_fetch(edu, buffer.alloc.bus_address, 8);
	*seen = 0xa5a5a5a5a5a5a5a5;
	edu_start(edu, EDU_MEMORY, buffer.alloc.bus_address, 8, true);
	spin_us(after_us);
	assert_int_equal(buffer_free(edu->node, buffer.alloc.handle), 0);
	at_free = *seen;
	while (edu_is_busy(edu))
		;
	if (*seen != at_free)
		fail_msg("the device wrote to a buffer that was freed");
	munmap(buffer.address, buffer.bytes);
	close(buffer.fd);
	return at_free != 0xa5a5a5a5a5a5a5a5;
}

/* Behind an IOMMU that is told lazily, too, a freed buffer is out of reach at once. */
static void test_freed_running(void **state)
{
	struct edu edu = edu_open();
	struct buffer out = buffer_open(edu.node, ORIEL_KIND_COHERENT, BYTES);
	unsigned int after_us = 96000, step_us = 4000;
	int i;

	if (!edu_is_translated()) {
		/* There only those may switch DMA on who may write anywhere. */
		buffer_close(&out);
		edu_close(&edu);
		skip();
	}
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	pattern_write(out.address, MARK, 0, BYTES);
	edu_send(&edu, out.alloc.bus_address, MOVED);
	/* As late as can be, but before it writes. */
	for (i = 0; i < 60; i++) {
		if (free_running(&edu, after_us))
			after_us -= step_us;
		else
			after_us += step_us;
		if (step_us > 500)
			step_us -= 250;
	}
	buffer_close(&out);
	edu_close(&edu);
}

/* The pages live on; the device has nothing to do with them any more. */
static void test_unbind(void **state)
{
	struct edu edu = edu_open();
	struct buffer buffer = buffer_open(edu.node, ORIEL_KIND_COHERENT, BYTES);
	struct oriel_segment segment;

	assert_int_equal(edu_allow_dma(&edu, true), 0);
	edu_start(&edu, EDU_MEMORY, buffer.alloc.bus_address, MOVED, true);
	pci_unbind(PCI_EDU);
	memset(buffer.address, 0xa5, BYTES);
	usleep(LATE_US);
	assert_int_equal(buffer.address[0], 0xa5);
	assert_memory_equal(buffer.address, buffer.address + 1, BYTES - 1);
	assert_case("free", buffer_free(edu.node, buffer.alloc.handle), -ENODEV);
	assert_case("segments", buffer_segments(edu.node, buffer.alloc.handle, 0, 1, &segment),
		    -ENODEV);
	pci_bind(PCI_EDU);
	buffer_close(&buffer);
	edu_close(&edu);
}

/* The example: a driver in user space, told by interrupts. */
static void test_example(void **state)
{
	int i;

	for (i = 0; i < 3; i++) {
		assert_int_equal(system("edu-user >output"), 0);
		assert_true(text_file_has("output", "they are the same"));
	}
	assert_false(pci_get_command(PCI_EDU) & PCI_COMMAND_MASTER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_killed_and_reused),
		cmocka_unit_test(test_parked),
		cmocka_unit_test(test_freed_running),
		cmocka_unit_test(test_unbind),
		cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
