/* SPDX-License-Identifier: GPL-2.0-only */
/* PCI devices bound by oriel-pci. */
#ifndef ORIEL_BUSES_PCI_H
#define ORIEL_BUSES_PCI_H

#include <linux/ioport.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

struct oriel_device;
struct pci_saved_state;
struct oriel_device_ops;

/* pci_device_id.driver_data: what the device is known for. */
#define ORIEL_PCI_BAR2_IS_RAM	(1UL << 0) /* BAR 2 is memory that software shares: cached */
#define ORIEL_PCI_CANNOT_DMA	(1UL << 1) /* a bus master for its interrupts only */
#define ORIEL_PCI_IS_EDU	(1UL << 2) /* its DMA reaches what it is configured for */

/**
 * struct oriel_pci_vector - an interrupt vector, dev_id of its handler
 * @pci:    the device
 * @index:  which vector
 * @masked: by its user, or, INTx, by its delivery; for INTx under @pci->intx_lock,
 *          else under the device's control lock
 */
struct oriel_pci_vector {
	struct oriel_pci *pci;
	u32 index;
	bool masked;
};

/**
 * struct oriel_pci - a bound PCI device
 * @pdev:   the device, enabled, its regions requested
 * @device: its face to users
 * @known:  ORIEL_PCI_*
 * @rest:   for a BAR smaller than a page: the rest of its page, requested so that
 *          nobody else's registers come to lie there
 * @pause_lock: protects @paused
 * @paused: why nobody may reach the device now
 * @state:  its configuration, for after a reset of its link
 * @nr_vectors:  in @vector: as many as the best type of interrupt has
 * @nr_requested: how many of them are open
 * @nr_got:      messages that the PCI core gave us, while vectors are open
 * @irq_type:    of the open ones
 * @intx_lock:   orders delivery, masking and unmasking of INTx
 * @vector:      by index
 */
struct oriel_pci {
	struct pci_dev *pdev;
	struct oriel_device *device;
	unsigned long known;
	struct resource rest[PCI_STD_NUM_BARS];
	struct mutex pause_lock;
	unsigned int paused;
	struct pci_saved_state *state;
	u32 nr_vectors;
	u32 nr_requested;
	u32 nr_got;
	u32 irq_type;
	spinlock_t intx_lock;
	struct oriel_pci_vector *vector;
};

/* buses/pci-bar.c */
int oriel_pci_add_bars(struct oriel_pci *pci);
void oriel_pci_release_rests(struct oriel_pci *pci);

/* buses/pci-pause.c */
extern const struct pci_error_handlers oriel_pci_error_handlers;
extern const struct dev_pm_ops oriel_pci_pm_ops;

int oriel_pci_init_pause(struct oriel_pci *pci);
void oriel_pci_exit_pause(struct oriel_pci *pci);

/* buses/pci-control.c */
extern const struct oriel_device_ops oriel_pci_ops;

void oriel_pci_init_dma(struct oriel_pci *pci);
void oriel_pci_exit_dma(struct oriel_pci *pci);
u32 oriel_pci_dma_bits(const struct oriel_pci *pci);

/* buses/pci-irq.c */
void oriel_pci_quiet_wire(struct pci_dev *pdev);
int oriel_pci_create_vectors(struct oriel_pci *pci);
u32 oriel_pci_irq_type(void *owner, u32 wanted);
int oriel_pci_irq_open(void *owner, u32 index, u32 type);
void oriel_pci_irq_close(void *owner, u32 index);
void oriel_pci_irq_mask(void *owner, u32 index, bool masked);

#endif /* ORIEL_BUSES_PCI_H */
