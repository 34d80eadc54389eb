/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of the platform and AMBA buses, and those of them that every board has. */
#ifndef TESTS_PLATFORM_H
#define TESTS_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/testdev.h"

#define PLATFORM_DRIVER "oriel-platform"

/* Arm DDI 0224C (PL031), chapter 3 */
enum { RTC_DR = 0x00, RTC_MR = 0x04, RTC_CR = 0x0c, RTC_IMSC = 0x10, RTC_RIS = 0x14,
       RTC_ICR = 0x1c, RTC_PERIPH_ID = 0xfe0 };

/* VIRTIO 1.2, 4.2.2 and 5.5 */
enum { VIRTIO_MAGIC = 0x00, VIRTIO_DEVICE = 0x08, VIRTIO_INTERRUPT = 0x60, VIRTIO_ACK = 0x64,
       VIRTIO_STATUS = 0x70 };
#define VIRTIO_IS_BALLOON 5

struct platform {
	const char *bus;
	char name[64];
	char node[96];
};

/* The clock, and an empty slot of virtio-mmio. */
extern struct platform platform_rtc, platform_slot;

/* Group set-up and tear-down: oriel-platform is there, and has both. */
int platform_load(void **state);
int platform_unload(void **state);

/* Finds a device by a pattern of its name in sysfs, with a driver or perhaps without. */
bool platform_find(struct platform *device, const char *pattern, bool in_use);
/* Reads a file of the device. */
void platform_line(const struct platform *device, const char *file, char *text, size_t bytes);
bool platform_is_bound(const struct platform *device, const char *driver);
/* Binds to oriel-platform, from whatever driver; fails the test if that fails. */
void platform_bind(const struct platform *device);
/* Gives it to the driver that it had by itself, if there is one. */
void platform_unbind(const struct platform *device);

/* Opens the node read-write and maps the region whole, or with 0 not at all. */
struct area platform_open(const struct platform *device, const char *region, int prot);
/* A register of a region that is mapped ... */
volatile uint32_t *platform_reg(const struct area *area, uint32_t offset);
/* ... or is not. */
uint32_t platform_read(const struct area *area, uint32_t offset);
void platform_write(const struct area *area, uint32_t offset, uint32_t value);

/* ORIEL_IRQ_SET for vector 0. Return: 0 or errno. */
int platform_irq_set(int fd, uint32_t flags, int event);
/* Return: how many interrupts came, waiting for the first. */
uint64_t platform_await(int event, int wait_ms);

#endif /* TESTS_PLATFORM_H */
