/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt vectors of a device and the eventfds that they signal. */
#ifndef ORIEL_CORE_IRQ_H
#define ORIEL_CORE_IRQ_H

#include <linux/atomic.h>
#include <linux/types.h>

struct eventfd_ctx;
struct oriel_client;
struct oriel_device;
struct oriel_explain;
struct oriel_irq_set;

/**
 * struct oriel_irq - a vector
 * @trigger: what it signals, with a reference; read by interrupt handlers under
 *           RCU, written under the device's control lock, as all of the following
 * @stale:   what it signalled until just now, on its way out
 * @client:  whose it is, or NULL: the vector is off
 * @count:   how often it came
 */
struct oriel_irq {
	struct eventfd_ctx __rcu *trigger;
	struct eventfd_ctx *stale;
	struct oriel_client *client;
	atomic64_t count;
};

/**
 * struct oriel_irqs - all vectors of a device
 * @nr:     in @irq
 * @in_use: how many of them are on
 * @type:   ORIEL_IRQ_*, if any is on
 * @irq:    the vectors
 */
struct oriel_irqs {
	u32 nr;
	u32 in_use;
	u32 type;
	struct oriel_irq irq[];
};

struct oriel_irqs *oriel_irqs_create(u32 nr);
void oriel_irqs_destroy(struct oriel_irqs *irqs);
int oriel_irq_set(struct oriel_client *client, const struct oriel_irq_set *set,
		  struct eventfd_ctx *trigger, struct oriel_explain *why);
void oriel_irqs_close(struct oriel_device *dev, const struct oriel_client *client);
void oriel_irqs_signal_all(struct oriel_device *dev);

#endif /* ORIEL_CORE_IRQ_H */
