/* SPDX-License-Identifier: GPL-2.0-only */
/* edu, QEMU's docs/specs/edu.txt: its DMA engine. */
#ifndef TESTS_EDU_H
#define TESTS_EDU_H

#include <stdbool.h>
#include <stdint.h>

#define EDU_MEMORY	 0x40000	/* the device's own, as its DMA sees it */
/* There are 4096, but QEMU ends for a transfer of the last one. */
#define EDU_MEMORY_BYTES 4088

struct edu {
	int node;
	volatile uint8_t *bar;
};

/* Opens it, maps its registers; fails the test if that fails. */
struct edu edu_open(void);
void edu_close(struct edu *edu);

/* Return: 0 or -errno. */
int edu_allow_dma(const struct edu *edu, bool on);
int edu_set_mask(const struct edu *edu, unsigned int bits);

/* It takes the device 100 ms to begin. */
void edu_start(const struct edu *edu, uint64_t source, uint64_t target, uint32_t bytes,
	       bool from_device);
bool edu_is_busy(const struct edu *edu);
/* Starts and waits. */
void edu_send(const struct edu *edu, uint64_t bus_address, uint32_t bytes);
void edu_fetch(const struct edu *edu, uint64_t bus_address, uint32_t bytes);

/* Its DMA reaches so many bits of address. */
unsigned int edu_dma_bits(void);
/* Is an IOMMU between devices and memory in this machine? */
bool edu_is_translated(void);

#endif /* TESTS_EDU_H */
