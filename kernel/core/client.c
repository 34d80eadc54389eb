// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients: what an open file holds of its device, from open to close.
 *
 * Takes the device's control lock, asks whether the device is still there, and
 * calls who does the work. Whatever a client was given goes back here, in the
 * order that keeps the device from writing into what is no longer its own:
 * first it is stopped, then memory is given up.
 */
#include "core/buffer.h"
#include "core/client.h"
#include "core/device.h"
#include "core/irq.h"
#include "core/refusal.h"

/**
 * oriel_client_open() - somebody opens a device
 * @client: to be filled in
 * @dev:    the device; the client takes over the caller's reference
 * @writes: may the client write to it?
 */
void oriel_client_open(struct oriel_client *client, struct oriel_device *dev, bool writes)
{
	client->device = dev;
	xa_init_flags(&client->buffers, XA_FLAGS_ALLOC1);
	mutex_lock(&dev->control);
	dev->nr_clients++;
	/* Without a switch nobody knows what the device is told by its registers. */
	if (writes && dev->ops && !dev->ops->dma_set)
		dev->dma_used = true;
	mutex_unlock(&dev->control);
}

/**
 * oriel_client_close() - give everything back
 * @client: who leaves
 *
 * Context: May sleep.
 */
void oriel_client_close(struct oriel_client *client)
{
	struct oriel_device *dev = client->device;

	mutex_lock(&dev->control);
	dev->nr_clients--;
	if (dev->ops) {
		oriel_irqs_close(dev, client);
		oriel_dma_off(client);
		if (!dev->nr_clients)
			oriel_dma_idle(dev);
	}
	oriel_buffers_close(client);
	if (!dev->nr_dma)
		oriel_buffers_unpark(dev);
	mutex_unlock(&dev->control);
	oriel_device_put(dev);
}

/* With the control lock held. */
static int oriel_client_check_alive(const struct oriel_client *client, struct oriel_explain *why)
{
	if (oriel_device_is_revoked(client->device))
		return oriel_refuse(why, -ENODEV, ORIEL_REASON_REVOKED, 0, 0);
	return 0;
}

/**
 * oriel_client_set_irq() - set up an interrupt vector
 * @client:  who asks
 * @set:     what is wanted, its fields checked by themselves
 * @trigger: the eventfd, or NULL; taken over if the call succeeds
 * @why:     where to say why not
 *
 * Context: May sleep.
 * Return: 0 or a negative errno as the UAPI header says for ORIEL_IRQ_SET.
 */
int oriel_client_set_irq(struct oriel_client *client, const struct oriel_irq_set *set,
			 struct eventfd_ctx *trigger, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	int err;

	mutex_lock(&dev->control);
	err = oriel_client_check_alive(client, why);
	if (!err)
		err = oriel_irq_set(client, set, trigger, why);
	mutex_unlock(&dev->control);
	return err;
}

static int oriel_client_reset(struct oriel_device *dev, struct oriel_explain *why)
{
	int err = dev->ops && dev->ops->reset ? dev->ops->reset(dev->owner) : -EOPNOTSUPP;

	switch (err) {
	case -EOPNOTSUPP:
		return oriel_refuse(why, err, ORIEL_REASON_NO_RESET, 0, 0);
	case -EBUSY:
		return oriel_refuse(why, err, ORIEL_REASON_CONTROL_BUSY, 0, 0);
	case -EIO:
		return oriel_refuse(why, err, ORIEL_REASON_NO_ANSWER, 0, 0);
	default:
		return err;
	}
}

static int oriel_client_do_set_device(struct oriel_client *client,
				      const struct oriel_device_set *set,
				      struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	int err = oriel_client_check_alive(client, why);

	if (!err && set->flags & ORIEL_DEVICE_RESET)
		err = oriel_client_reset(dev, why);
	if (!err && set->flags & ORIEL_DEVICE_SET_DMA_MASK)
		err = oriel_dma_narrow(dev, set->dma_mask_bits, why);
	if (err || !(set->flags & ORIEL_DEVICE_SET_DMA))
		return err;
	if (set->dma)
		return oriel_dma_on(client, why);
	oriel_dma_off(client);
	if (!dev->nr_dma)
		oriel_buffers_unpark(dev);
	return 0;
}

/**
 * oriel_client_set_device() - reset the device, or let it reach memory
 * @client: who asks
 * @set:    what is wanted, its fields checked by themselves
 * @why:    where to say why not
 *
 * Context: May sleep.
 * Return: 0 or a negative errno as the UAPI header says for ORIEL_DEVICE_SET.
 */
int oriel_client_set_device(struct oriel_client *client, const struct oriel_device_set *set,
			    struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	int err;

	mutex_lock(&dev->control);
	err = oriel_client_do_set_device(client, set, why);
	mutex_unlock(&dev->control);
	return err;
}
