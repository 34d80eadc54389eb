// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a device may do: DMA, its reach, a fresh start.
 */
#include <sys/ioctl.h>

#include "internal.h"

static int set(struct oriel_device *device, const struct oriel_device_set *arg)
{
	if (ioctl(device->fd, ORIEL_DEVICE_SET, arg))
		return oriel_device_failed(device, ORIEL_CALL_DEVICE_SET);

	return 0;
}

int oriel_device_set_dma(struct oriel_device *device, bool on)
{
	struct oriel_device_set arg = {
		.flags = ORIEL_DEVICE_SET_DMA, .dma = on,
	};

	return set(device, &arg);
}

int oriel_device_set_dma_mask(struct oriel_device *device, unsigned int bits)
{
	struct oriel_device_set arg = {
		.flags = ORIEL_DEVICE_SET_DMA_MASK, .dma_mask_bits = bits,
	};

	return set(device, &arg);
}

int oriel_device_reset(struct oriel_device *device)
{
	struct oriel_device_set arg = { .flags = ORIEL_DEVICE_RESET };

	return set(device, &arg);
}
