// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver in user space for "edu", the teaching device that QEMU has
 * (docs/specs/edu.txt there): registers, DMA both ways, interrupts.
 *
 *	edu-user [NODE]
 *
 * Sends a page of numbers into the device's own memory and gets it back into
 * another buffer, told by an interrupt each time; all but the set-up is loads,
 * stores and a read() that sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <oriel.h>

#define NODE "/dev/oriel/pci-0000-00-11.0"

/* Registers, and what goes into them. */
#define EDU_ID		0x00	/* 0xRRrr00ed, revision RR.rr */
#define EDU_IRQ_STATUS	0x24
#define EDU_IRQ_ACK	0x64
#define EDU_DMA_SOURCE	0x80
#define EDU_DMA_TARGET	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_COMMAND	0x98
#define EDU_DMA_START		1
#define EDU_DMA_FROM_DEVICE	2
#define EDU_DMA_INTERRUPT	4
#define EDU_BAR_BYTES	(1 << 20)
#define EDU_MEMORY	0x40000	/* the device's own, as its DMA sees it ... */
#define EDU_MEMORY_BYTES 4088	/* of 4096: QEMU takes the last word for beyond */

struct buffer {
	uint8_t *address;
	uint64_t bus_address;	/* where the device finds it */
	uint32_t handle;
};

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

/* Root may let a device reach memory; it is off again when the node is closed. */
static void allow_dma(int node)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };

	if (ioctl(node, ORIEL_DEVICE_SET, &set))
		fail("DMA");
}

/* One eventfd for each interrupt vector; edu has one. */
static int interrupt_open(int node)
{
	int event = eventfd(0, EFD_CLOEXEC);
	struct oriel_irq_set set = { .index = 0, .flags = ORIEL_IRQ_EVENTFD, .eventfd = event };

	if (event < 0 || ioctl(node, ORIEL_IRQ_SET, &set))
		fail("interrupt");
	return event;
}

static struct buffer buffer_alloc(int node, size_t bytes)
{
	struct oriel_buffer_alloc alloc = {
		.size_bytes = bytes, .kind = ORIEL_KIND_COHERENT, .flags = ORIEL_BUFFER_SINGLE,
	};
	struct buffer buffer;

	if (ioctl(node, ORIEL_BUFFER_ALLOC, &alloc))
		fail("buffer");
	buffer.bus_address = alloc.bus_address;
	buffer.handle = alloc.handle;
	buffer.address = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, alloc.dmabuf_fd, 0);
	if (buffer.address == MAP_FAILED)
		fail("mmap of the buffer");
	close(alloc.dmabuf_fd);	/* the mapping stays */
	return buffer;
}

/* INTx comes back as long as the device asserts it: quiet it before unmasking. */
static void interrupt_done(int node, volatile uint8_t *bar)
{
	struct oriel_irq_set set = { .index = 0, .flags = ORIEL_IRQ_UNMASK };
	uint32_t status = *(volatile uint32_t *)(bar + EDU_IRQ_STATUS);

	*(volatile uint32_t *)(bar + EDU_IRQ_ACK) = status;
	if (ioctl(node, ORIEL_IRQ_SET, &set))
		fail("unmask");
}

static void transfer(int node, volatile uint8_t *bar, int event, uint64_t source,
		     uint64_t target, uint64_t command)
{
	uint64_t count;

	*(volatile uint64_t *)(bar + EDU_DMA_SOURCE) = source;
	*(volatile uint64_t *)(bar + EDU_DMA_TARGET) = target;
	*(volatile uint64_t *)(bar + EDU_DMA_COUNT) = EDU_MEMORY_BYTES;
	/* What we stored in the buffer comes before the order to fetch it. */
	__sync_synchronize();
	*(volatile uint64_t *)(bar + EDU_DMA_COMMAND) = command | EDU_DMA_START | EDU_DMA_INTERRUPT;
	if (read(event, &count, sizeof(count)) != sizeof(count))
		fail("waiting");
	interrupt_done(node, bar);
}

int main(int argc, char **argv)
{
	int i, event, node = open(argc > 1 ? argv[1] : NODE, O_RDWR | O_CLOEXEC);
	struct buffer out, in;
	volatile uint8_t *bar;

	if (node < 0)
		fail(argc > 1 ? argv[1] : NODE);
	bar = mmap(NULL, EDU_BAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, node, 0);
	if (bar == MAP_FAILED)
		fail("mmap of the registers");
	printf("edu 0x%08x\n", *(volatile uint32_t *)(bar + EDU_ID));
	allow_dma(node);
	event = interrupt_open(node);
	out = buffer_alloc(node, EDU_MEMORY_BYTES);
	in = buffer_alloc(node, EDU_MEMORY_BYTES);

	for (i = 0; i < EDU_MEMORY_BYTES; i++)
		out.address[i] = i * 7 + i / 256;
	transfer(node, bar, event, out.bus_address, EDU_MEMORY, 0);
	printf("sent %d bytes from bus address 0x%llx\n", EDU_MEMORY_BYTES,
	       (unsigned long long)out.bus_address);
	transfer(node, bar, event, EDU_MEMORY, in.bus_address, EDU_DMA_FROM_DEVICE);
	printf("got %d bytes at bus address 0x%llx\n", EDU_MEMORY_BYTES,
	       (unsigned long long)in.bus_address);
	i = memcmp(out.address, in.address, EDU_MEMORY_BYTES);
	printf("they are %s\n", i ? "different" : "the same");
	/* Closing the node stops the device before it takes the buffers away. */
	return i ? EXIT_FAILURE : EXIT_SUCCESS;
}
