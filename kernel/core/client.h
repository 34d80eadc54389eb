/* SPDX-License-Identifier: GPL-2.0-only */
/* Clients: who uses a device through one open file. */
#ifndef ORIEL_CORE_CLIENT_H
#define ORIEL_CORE_CLIENT_H

#include <linux/types.h>
#include <linux/xarray.h>

struct eventfd_ctx;
struct oriel_device;
struct oriel_device_set;
struct oriel_explain;
struct oriel_irq_set;

/**
 * struct oriel_client - an open file's hold on its device
 * @device: with a reference
 * @dma:    this client switched DMA on; protected by the device's control lock, as
 *          what follows
 * @buffers: by handle
 * @next_buffer: where to look for a free handle
 */
struct oriel_client {
	struct oriel_device *device;
	bool dma;
	struct xarray buffers;
	u32 next_buffer;
};

void oriel_client_open(struct oriel_client *client, struct oriel_device *dev, bool writes);
void oriel_client_close(struct oriel_client *client);
int oriel_client_set_irq(struct oriel_client *client, const struct oriel_irq_set *set,
			 struct eventfd_ctx *trigger, struct oriel_explain *why);
int oriel_client_set_device(struct oriel_client *client, const struct oriel_device_set *set,
			    struct oriel_explain *why);

/* core/dma.c, all with the control lock held */
bool oriel_device_has_dma(const struct oriel_device *dev);
int oriel_dma_on(struct oriel_client *client, struct oriel_explain *why);
void oriel_dma_off(struct oriel_client *client);
void oriel_dma_cut(struct oriel_device *dev);
void oriel_dma_idle(struct oriel_device *dev);
int oriel_dma_narrow(struct oriel_device *dev, u32 bits, struct oriel_explain *why);

#endif /* ORIEL_CORE_CLIENT_H */
