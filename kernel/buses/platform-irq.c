// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of platform and AMBA devices: wires, which nobody else may use as long
 * as the device is bound.
 *
 * Opening, closing and masking run under the device's control lock. A level is
 * masked when it is delivered, since only the user's program knows how to make the
 * device let go; it unmasks. A vector that is not open is masked.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/slab.h>
#include <oriel/device.h>

#include "buses/platform.h"

/* oriel_device_ops.irq_type */
u32 oriel_platform_irq_type(void *owner, u32 wanted)
{
	struct oriel_platform *platform = owner;

	if (!platform->nr_vectors || (wanted != ORIEL_IRQ_BEST && wanted != ORIEL_IRQ_INTX))
		return 0;
	return ORIEL_IRQ_INTX;
}

/* With the vector's lock held. */
static void oriel_platform_set_masked(struct oriel_platform_vector *vector, bool masked)
{
	if (vector->masked == masked)
		return;
	vector->masked = masked;
	if (masked)
		disable_irq_nosync(vector->irq);
	else
		enable_irq(vector->irq);
}

static irqreturn_t oriel_platform_handle(int irq, void *data)
{
	struct oriel_platform_vector *vector = data;
	unsigned long flags;

	spin_lock_irqsave(&vector->lock, flags);
	if (vector->level)
		oriel_platform_set_masked(vector, true);
	spin_unlock_irqrestore(&vector->lock, flags);
	oriel_device_interrupt(vector->platform->device, vector->index);
	return IRQ_HANDLED;
}

/* oriel_device_ops.irq_mask */
void oriel_platform_irq_mask(void *owner, u32 index, bool masked)
{
	struct oriel_platform *platform = owner;
	struct oriel_platform_vector *vector = &platform->vector[index];
	unsigned long flags;

	spin_lock_irqsave(&vector->lock, flags);
	oriel_platform_set_masked(vector, masked);
	spin_unlock_irqrestore(&vector->lock, flags);
	/* None is delivered once it is masked. */
	if (masked)
		synchronize_irq(vector->irq);
}

/* oriel_device_ops.irq_open */
int oriel_platform_irq_open(void *owner, u32 index, u32 type)
{
	struct oriel_platform *platform = owner;

	/* An edge from before, if the controller can forget it. */
	irq_set_irqchip_state(platform->vector[index].irq, IRQCHIP_STATE_PENDING, false);
	oriel_platform_irq_mask(owner, index, false);
	return 0;
}

/* oriel_device_ops.irq_close */
void oriel_platform_irq_close(void *owner, u32 index)
{
	oriel_platform_irq_mask(owner, index, true);
}

static int oriel_platform_claim_irq(struct oriel_platform *platform, u32 index, unsigned int irq)
{
	struct oriel_platform_vector *vector = &platform->vector[index];
	int err;

	*vector = (struct oriel_platform_vector){
		.platform = platform, .index = index, .irq = irq, .masked = true,
	};
	spin_lock_init(&vector->lock);
	/* What is not known to be an edge could come for ever. */
	vector->level = !(irq_get_trigger_type(irq) & IRQ_TYPE_EDGE_BOTH);
	err = request_irq(irq, oriel_platform_handle, IRQF_NO_AUTOEN | IRQF_PROBE_SHARED,
			  "oriel-platform", vector);
	if (err)
		return dev_err_probe(platform->dev, err, "interrupt %u cannot be had alone\n", index);
	/* As for messages, see pci-irq.c: an edge while it is masked comes once after. */
	irq_set_status_flags(irq, IRQ_DISABLE_UNLAZY);
	return 0;
}

/**
 * oriel_platform_claim_irqs() - request all interrupts of a device
 * @platform: the device, nobody uses it yet
 * @irqs:     the kernel's numbers of them
 * @nr_irqs:  how many
 *
 * Context: May sleep.
 * Return: 0; -EBUSY if somebody else uses one; or another negative errno.
 */
int oriel_platform_claim_irqs(struct oriel_platform *platform, const unsigned int *irqs,
			      u32 nr_irqs)
{
	int err;

	platform->vector = kcalloc(nr_irqs, sizeof(*platform->vector), GFP_KERNEL);
	if (!platform->vector)
		return -ENOMEM;
	for (; platform->nr_vectors < nr_irqs; platform->nr_vectors++) {
		err = oriel_platform_claim_irq(platform, platform->nr_vectors,
					       irqs[platform->nr_vectors]);
		if (err) {
			oriel_platform_release_irqs(platform);
			return err;
		}
	}
	return 0;
}

/**
 * oriel_platform_release_irqs() - undo oriel_platform_claim_irqs()
 * @platform: the device, nobody uses it any more
 */
void oriel_platform_release_irqs(struct oriel_platform *platform)
{
	while (platform->nr_vectors--)
		free_irq(platform->vector[platform->nr_vectors].irq,
			 &platform->vector[platform->nr_vectors]);
	kfree(platform->vector);
}
