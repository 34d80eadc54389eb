// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA: whether a device may reach memory by itself.
 *
 * Off until somebody switches it on who may; on as long as one of those has the
 * device open. Everything here runs under the device's control lock.
 */
#include <linux/capability.h>
#include <linux/lockdep.h>
#include <linux/security.h>

#include "core/buffer.h"
#include "core/client.h"
#include "core/device.h"
#include "core/refusal.h"

/**
 * oriel_device_has_dma() - may the device reach memory by itself now?
 * @dev: the device, its control lock held
 *
 * Return: whether bus mastering is on, by our doing.
 */
bool oriel_device_has_dma(const struct oriel_device *dev)
{
	lockdep_assert_held(&dev->control);
	return dev->dma_always || dev->nr_dma;
}

/*
 * An IOMMU makes the device harmless. Without one it can write anywhere, which
 * takes somebody who may do that anyway, or root's word for the device.
 */
static int oriel_dma_check_right(const struct oriel_device *dev, struct oriel_explain *why)
{
	if (dev->ops->dma_is_confined && dev->ops->dma_is_confined(dev->owner))
		return 0;
	if (!dev->dma_allowed && !capable(CAP_SYS_RAWIO))
		return oriel_refuse(why, -EPERM, ORIEL_REASON_DMA_FORBIDDEN, 0, 0);
	if (security_locked_down(LOCKDOWN_PCI_ACCESS))
		return oriel_refuse(why, -EPERM, ORIEL_REASON_LOCKDOWN, 0, 0);
	return 0;
}

/**
 * oriel_dma_on() - let the device reach memory
 * @client: who asks; its device is alive, its control lock held
 * @why:    where to say why not
 *
 * Return: 0; -EOPNOTSUPP if the device cannot, -EPERM if @client may not.
 */
int oriel_dma_on(struct oriel_client *client, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	int err;

	lockdep_assert_held(&dev->control);
	if (dev->dma_always || client->dma)
		return 0;
	if (!dev->ops || !dev->ops->dma_set)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NO_DMA, 0, 0);
	err = oriel_dma_check_right(dev, why);
	if (err)
		return err;
	if (!dev->nr_dma)
		dev->ops->dma_set(dev->owner, true);
	client->dma = true;
	dev->dma_used = true;
	dev->nr_dma++;
	return 0;
}

/**
 * oriel_dma_off() - a client needs no DMA any more
 * @client: who; its device's control lock is held, its driver still there
 *
 * When this returns and no other client had switched it on, the device reaches
 * no memory.
 */
void oriel_dma_off(struct oriel_client *client)
{
	struct oriel_device *dev = client->device;

	lockdep_assert_held(&dev->control);
	if (!client->dma)
		return;
	client->dma = false;
	if (!--dev->nr_dma)
		dev->ops->dma_set(dev->owner, false);
}

/**
 * oriel_dma_cut() - the device goes: it reaches no memory from now on
 * @dev: the device, its control lock held, its driver still there
 */
void oriel_dma_cut(struct oriel_device *dev)
{
	lockdep_assert_held(&dev->control);
	if (dev->nr_dma)
		dev->ops->dma_set(dev->owner, false);
	dev->nr_dma = 0;
}

/**
 * oriel_dma_idle() - the last client left: forget what it had set up
 * @dev: the device, its control lock held, its driver still there, DMA off
 */
void oriel_dma_idle(struct oriel_device *dev)
{
	lockdep_assert_held(&dev->control);
	if (dev->ops->idle && dev->dma_used)
		dev->ops->idle(dev->owner);
	dev->dma_used = false;
	/* It had this mask before, so it can have it again. */
	if (dev->dma_mask_now != dev->dma_mask_bits &&
	    !dev->ops->dma_mask(dev->owner, dev->dma_mask_bits))
		dev->dma_mask_now = dev->dma_mask_bits;
}

/**
 * oriel_dma_narrow() - the device reaches less than it was thought to
 * @dev:  the device, alive, its control lock held
 * @bits: of address
 * @why:  where to say why not
 *
 * Return: 0; -EINVAL if it never reached as far, -EOPNOTSUPP if it cannot do
 * DMA, -EBUSY if it has buffers mapped, or what the driver returns.
 */
int oriel_dma_narrow(struct oriel_device *dev, u32 bits, struct oriel_explain *why)
{
	int err;

	lockdep_assert_held(&dev->control);
	if (!dev->ops || !dev->ops->dma_mask)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_NO_DMA, 0, 0);
	if (!bits || bits > dev->dma_mask_bits)
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_DMA_MASK, bits,
				    dev->dma_mask_bits);
	if (oriel_device_has_buffers(dev))
		return oriel_refuse(why, -EBUSY, ORIEL_REASON_DMA_BUSY, 0, 0);
	err = dev->ops->dma_mask(dev->owner, bits);
	if (err)
		return oriel_refuse(why, err, ORIEL_REASON_DMA_MASK, bits, dev->dma_mask_bits);
	dev->dma_mask_now = bits;
	return 0;
}
