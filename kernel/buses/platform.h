/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of the platform and AMBA buses, bound by oriel-platform. */
#ifndef ORIEL_BUSES_PLATFORM_H
#define ORIEL_BUSES_PLATFORM_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct clk_bulk_data;
struct device;
struct oriel_device;
struct oriel_mmio_desc;
struct oriel_platform;
struct reset_control;
struct resource;

/**
 * struct oriel_platform_vector - an interrupt, dev_id of its handler
 * @platform: the device
 * @index:    which vector
 * @irq:      the kernel's number of it, requested
 * @level:    it stays on until the device is told: masked when it is delivered
 * @lock:     orders delivery, masking and unmasking
 * @masked:   by its user, by its delivery, or since it is not open; under @lock
 */
struct oriel_platform_vector {
	struct oriel_platform *platform;
	u32 index;
	unsigned int irq;
	bool level;
	spinlock_t lock;
	bool masked;
};

/**
 * struct oriel_platform - a bound device
 * @dev:        the device, its power domain on
 * @device:     its face to users
 * @clks:       its clocks, all of them on
 * @nr_clks:    how many
 * @resets:     its reset lines, all of them released, or NULL
 * @nr_regions: how many register windows there are
 * @nr_vectors: in @vector
 * @vector:     by index
 */
struct oriel_platform {
	struct device *dev;
	struct oriel_device *device;
	struct clk_bulk_data *clks;
	int nr_clks;
	struct reset_control *resets;
	u32 nr_regions;
	u32 nr_vectors;
	struct oriel_platform_vector *vector;
};

/* buses/platform-device.c */
int oriel_platform_bind(struct device *dev, struct resource *resources, u32 nr_resources,
			const unsigned int *irqs, u32 nr_irqs);
void oriel_platform_unbind(struct device *dev);
int oriel_platform_add_region(struct oriel_platform *platform, const struct oriel_mmio_desc *desc);

/* buses/platform-irq.c */
u32 oriel_platform_irq_type(void *owner, u32 wanted);
int oriel_platform_irq_open(void *owner, u32 index, u32 type);
void oriel_platform_irq_close(void *owner, u32 index);
void oriel_platform_irq_mask(void *owner, u32 index, bool masked);

int oriel_platform_claim_irqs(struct oriel_platform *platform, const unsigned int *irqs,
			      u32 nr_irqs);
void oriel_platform_release_irqs(struct oriel_platform *platform);

/* buses/platform-memory.c */
int oriel_platform_add_memories(struct oriel_platform *platform);

/* buses/platform-page.c */
bool oriel_platform_is_alone(struct device *dev, const struct resource *window);

/* buses/platform-power.c */
int oriel_platform_reset(void *owner);
void oriel_platform_idle(void *owner);

int oriel_platform_power_on(struct oriel_platform *platform);
void oriel_platform_power_off(struct oriel_platform *platform);

#endif /* ORIEL_BUSES_PLATFORM_H */
