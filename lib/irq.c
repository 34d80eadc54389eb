// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Interrupts: vectors of a device that signal an eventfd of the caller's.
 */
#include <errno.h>
#include <sys/ioctl.h>

#include "internal.h"

static int set(struct oriel_device *device, const struct oriel_irq_set *arg)
{
	if (ioctl(device->fd, ORIEL_IRQ_SET, arg))
		return oriel_device_failed(device, ORIEL_CALL_IRQ_SET);

	return 0;
}

int oriel_irq_enable(struct oriel_device *device, uint32_t index, uint32_t type,
		     int eventfd)
{
	struct oriel_irq_set arg = {
		.index = index, .flags = ORIEL_IRQ_EVENTFD, .type = type,
		.eventfd = (uint32_t)eventfd,
	};

	/* To the kernel, -1 means to give the vector up. */
	if (eventfd < 0)
		return oriel_device_refuse(device, ORIEL_CALL_IRQ_SET, EBADF,
					   ORIEL_REASON_EVENTFD, arg.eventfd, 0);

	return set(device, &arg);
}

int oriel_irq_disable(struct oriel_device *device, uint32_t index)
{
	struct oriel_irq_set arg = {
		.index = index, .flags = ORIEL_IRQ_EVENTFD,
		.eventfd = (uint32_t)-1,
	};

	return set(device, &arg);
}

int oriel_irq_mask(struct oriel_device *device, uint32_t index)
{
	struct oriel_irq_set arg = {
		.index = index, .flags = ORIEL_IRQ_MASK,
	};

	return set(device, &arg);
}

int oriel_irq_unmask(struct oriel_device *device, uint32_t index)
{
	struct oriel_irq_set arg = {
		.index = index, .flags = ORIEL_IRQ_UNMASK,
	};

	return set(device, &arg);
}
