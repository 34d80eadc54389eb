// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt vectors: which open file has which, and what eventfd it signals.
 *
 * Everything but oriel_device_interrupt() runs under the device's control lock.
 * That one runs in interrupt handlers and takes no lock: it finds the eventfd
 * under RCU, so an eventfd is given up only after a grace period.
 */
#include <linux/eventfd.h>
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/nospec.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "core/client.h"
#include "core/device.h"
#include "core/irq.h"
#include "core/refusal.h"

/**
 * oriel_irqs_create() - make the vectors of a device, all of them off
 * @nr: how many
 *
 * Return: the vectors, or NULL if there is no memory.
 */
struct oriel_irqs *oriel_irqs_create(u32 nr)
{
	struct oriel_irqs *irqs = kvzalloc(struct_size(irqs, irq, nr), GFP_KERNEL);

	if (irqs)
		irqs->nr = nr;
	return irqs;
}

/**
 * oriel_irqs_destroy() - undo oriel_irqs_create()
 * @irqs: vectors, all of them off, or NULL
 */
void oriel_irqs_destroy(struct oriel_irqs *irqs)
{
	kvfree(irqs);
}

/**
 * oriel_device_interrupt() - an interrupt came
 * @dev:   a device with interrupts
 * @index: which vector, less than the number that the device was created with
 *
 * Context: Any, interrupt handlers above all.
 */
void oriel_device_interrupt(struct oriel_device *dev, u32 index)
{
	struct oriel_irq *irq = &dev->irqs->irq[index];
	struct eventfd_ctx *trigger;

	atomic64_inc(&irq->count);
	rcu_read_lock();
	trigger = rcu_dereference(irq->trigger);
	if (trigger)
		oriel_eventfd_signal(trigger);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(oriel_device_interrupt);

static void oriel_irq_retire(struct oriel_device *dev, struct oriel_irq *irq,
			     struct eventfd_ctx *next)
{
	irq->stale = rcu_replace_pointer(irq->trigger, next, lockdep_is_held(&dev->control));
}

static void oriel_irqs_drop_stale(struct oriel_irqs *irqs)
{
	u32 i;

	/* Handlers that still saw them are over after this. */
	synchronize_rcu();
	for (i = 0; i < irqs->nr; i++) {
		if (irqs->irq[i].stale)
			eventfd_ctx_put(irqs->irq[i].stale);
		irqs->irq[i].stale = NULL;
	}
}

static void oriel_irq_off(struct oriel_device *dev, u32 index)
{
	struct oriel_irq *irq = &dev->irqs->irq[index];

	dev->ops->irq_close(dev->owner, index);
	oriel_irq_retire(dev, irq, NULL);
	irq->client = NULL;
	dev->irqs->in_use--;
}

/**
 * oriel_irqs_close() - switch vectors off and give up their eventfds
 * @dev:    the device, its control lock held, its driver still there
 * @client: whose vectors, or NULL for all
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_irqs_close(struct oriel_device *dev, const struct oriel_client *client)
{
	struct oriel_irqs *irqs = dev->irqs;
	bool any = false;
	u32 i;

	lockdep_assert_held(&dev->control);
	for (i = 0; i < irqs->nr && irqs->in_use; i++) {
		if (!irqs->irq[i].client || (client && irqs->irq[i].client != client))
			continue;
		oriel_irq_off(dev, i);
		any = true;
	}
	if (any)
		oriel_irqs_drop_stale(irqs);
}

/**
 * oriel_irqs_signal_all() - wake up who waits for an interrupt: the device goes
 * @dev: the device, its control lock held
 */
void oriel_irqs_signal_all(struct oriel_device *dev)
{
	struct eventfd_ctx *trigger;
	u32 i;

	lockdep_assert_held(&dev->control);
	for (i = 0; i < dev->irqs->nr; i++) {
		trigger = rcu_dereference_protected(dev->irqs->irq[i].trigger,
						    lockdep_is_held(&dev->control));
		if (trigger)
			oriel_eventfd_signal(trigger);
	}
}

/* Return: the type that vectors are to have, or a negative errno. */
static int oriel_irq_choose(struct oriel_device *dev, u32 wanted, struct oriel_explain *why)
{
	const struct oriel_irqs *irqs = dev->irqs;
	u32 type;

	if (wanted == ORIEL_IRQ_BEST && irqs->in_use)
		return irqs->type;
	type = dev->ops->irq_type(dev->owner, wanted);
	if (type == ORIEL_IRQ_BEST)
		return oriel_refuse(why, -EOPNOTSUPP, ORIEL_REASON_IRQ_TYPE, wanted, 0);
	if (irqs->in_use && type != irqs->type)
		return oriel_refuse(why, -EBUSY, ORIEL_REASON_IRQ_MIXED, irqs->type, 0);
	/* A message is a write by the device. */
	if (type != ORIEL_IRQ_INTX && !oriel_device_has_dma(dev))
		return oriel_refuse(why, -EPERM, ORIEL_REASON_NEEDS_DMA, 0, 0);
	return type;
}

/* Takes over @trigger if it succeeds. */
static int oriel_irq_on(struct oriel_client *client, u32 index, u32 wanted,
			struct eventfd_ctx *trigger, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	struct oriel_irq *irq = &dev->irqs->irq[index];
	int type, err;

	type = oriel_irq_choose(dev, wanted, why);
	if (type < 0)
		return type;
	/* In place before the first interrupt comes. */
	oriel_irq_retire(dev, irq, trigger);
	err = dev->ops->irq_open(dev->owner, index, type);
	if (err) {
		oriel_irq_retire(dev, irq, NULL);
		synchronize_rcu();
		irq->stale = NULL;
		return err == -EOPNOTSUPP ?
			oriel_refuse(why, err, ORIEL_REASON_IRQ_TYPE, type, 0) :
			oriel_refuse(why, err, ORIEL_REASON_IRQ_NONE_LEFT, index, 0);
	}
	irq->client = client;
	dev->irqs->type = type;
	dev->irqs->in_use++;
	return 0;
}

static int oriel_irq_replace(struct oriel_client *client, const struct oriel_irq_set *set,
			     u32 index, struct eventfd_ctx *trigger, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	struct oriel_irq *irq = &dev->irqs->irq[index];
	int type;

	if (!irq->client)
		return trigger ? oriel_irq_on(client, index, set->type, trigger, why) : 0;
	if (!trigger) {
		oriel_irq_off(dev, index);
	} else {
		type = oriel_irq_choose(dev, set->type, why);
		if (type < 0)
			return type;
		oriel_irq_retire(dev, irq, trigger);
	}
	oriel_irqs_drop_stale(dev->irqs);
	return 0;
}

/**
 * oriel_irq_set() - ORIEL_IRQ_SET, when its fields have been checked by themselves
 * @client:  who asks; its device's control lock is held, the device is alive
 * @set:     what is wanted
 * @trigger: the eventfd, or NULL; taken over if the call succeeds
 * @why:     where to say why not
 *
 * Context: May sleep.
 * Return: 0 or a negative errno as the UAPI header says.
 */
int oriel_irq_set(struct oriel_client *client, const struct oriel_irq_set *set,
		  struct eventfd_ctx *trigger, struct oriel_explain *why)
{
	struct oriel_device *dev = client->device;
	u32 index = set->index;
	struct oriel_irq *irq;
	int err;

	lockdep_assert_held(&dev->control);
	if (index >= dev->irqs->nr)
		return oriel_refuse(why, -ENXIO, ORIEL_REASON_IRQ_INDEX, index, dev->irqs->nr);
	index = array_index_nospec(index, dev->irqs->nr);
	irq = &dev->irqs->irq[index];
	if (irq->client && irq->client != client)
		return oriel_refuse(why, -EBUSY, ORIEL_REASON_IRQ_TAKEN, index, 0);
	if (set->flags & (ORIEL_IRQ_MASK | ORIEL_IRQ_UNMASK) &&
	    !(set->flags & ORIEL_IRQ_EVENTFD ? trigger != NULL : irq->client != NULL))
		return oriel_refuse(why, -EINVAL, ORIEL_REASON_IRQ_IDLE, index, 0);

	if (set->flags & ORIEL_IRQ_EVENTFD) {
		err = oriel_irq_replace(client, set, index, trigger, why);
		if (err)
			return err;
	}
	if (set->flags & ORIEL_IRQ_MASK)
		dev->ops->irq_mask(dev->owner, index, true);
	if (set->flags & ORIEL_IRQ_UNMASK)
		dev->ops->irq_mask(dev->owner, index, false);
	return 0;
}
