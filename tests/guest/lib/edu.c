// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/edu.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/pci.h"
#include "lib/text.h"

#define BAR_BYTES	(1 << 20)
#define DMA_SOURCE	0x80
#define DMA_TARGET	0x88
#define DMA_COUNT	0x90
#define DMA_COMMAND	0x98
#define DMA_START	1
#define DMA_FROM_DEVICE	2

static volatile uint64_t *edu_register(const struct edu *edu, size_t offset)
{
	return (volatile uint64_t *)(edu->bar + offset);
}

struct edu edu_open(void)
{
	struct edu edu = { .node = node_open(PCI_EDU, O_RDWR) };

	edu.bar = mmap(NULL, BAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, edu.node, 0);
	if (edu.bar == MAP_FAILED)
		fail_msg("registers of edu: %s", strerror(errno));
	return edu;
}

void edu_close(struct edu *edu)
{
	munmap((void *)edu->bar, BAR_BYTES);
	close(edu->node);
}

int edu_allow_dma(const struct edu *edu, bool on)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = on };

	return ioctl(edu->node, ORIEL_DEVICE_SET, &set) ? -errno : 0;
}

int edu_set_mask(const struct edu *edu, unsigned int bits)
{
	struct oriel_device_set set = {
		.flags = ORIEL_DEVICE_SET_DMA_MASK, .dma_mask_bits = bits,
	};

	return ioctl(edu->node, ORIEL_DEVICE_SET, &set) ? -errno : 0;
}

void edu_start(const struct edu *edu, uint64_t source, uint64_t target, uint32_t bytes,
	       bool from_device)
{
	*edu_register(edu, DMA_SOURCE) = source;
	*edu_register(edu, DMA_TARGET) = target;
	*edu_register(edu, DMA_COUNT) = bytes;
	*edu_register(edu, DMA_COMMAND) = DMA_START | (from_device ? DMA_FROM_DEVICE : 0);
}

bool edu_is_busy(const struct edu *edu)
{
	return *edu_register(edu, DMA_COMMAND) & DMA_START;
}

static void edu_wait(const struct edu *edu)
{
	while (edu_is_busy(edu))
		usleep(10000);
}

void edu_send(const struct edu *edu, uint64_t bus_address, uint32_t bytes)
{
	edu_start(edu, bus_address, EDU_MEMORY, bytes, false);
	edu_wait(edu);
}

void edu_fetch(const struct edu *edu, uint64_t bus_address, uint32_t bytes)
{
	edu_start(edu, EDU_MEMORY, bus_address, bytes, true);
	edu_wait(edu);
}

unsigned int edu_dma_bits(void)
{
	return text_number("/sys/module/oriel_pci/parameters/edu_dma_bits");
}

bool edu_is_translated(void)
{
	bool wanted = text_file_has("/proc/cmdline", "intel_iommu=on");

	if (wanted == !!access("/sys/class/iommu/dmar0", F_OK))
		fail_msg("an IOMMU is %s", wanted ? "missing" : "there, and nobody asked for it");
	return wanted;
}
