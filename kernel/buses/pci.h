/* SPDX-License-Identifier: GPL-2.0-only */
/* PCI devices bound by oriel-pci. */
#ifndef ORIEL_BUSES_PCI_H
#define ORIEL_BUSES_PCI_H

#include <linux/ioport.h>
#include <linux/mutex.h>
#include <linux/pci.h>

struct oriel_device;
struct pci_saved_state;

/* pci_device_id.driver_data: what the device is known for. */
#define ORIEL_PCI_BAR2_IS_RAM	(1UL << 0) /* BAR 2 is memory that software shares: cached */

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
 */
struct oriel_pci {
	struct pci_dev *pdev;
	struct oriel_device *device;
	unsigned long known;
	struct resource rest[PCI_STD_NUM_BARS];
	struct mutex pause_lock;
	unsigned int paused;
	struct pci_saved_state *state;
};

/* buses/pci-bar.c */
int oriel_pci_add_bars(struct oriel_pci *pci);
void oriel_pci_release_rests(struct oriel_pci *pci);

/* buses/pci-pause.c */
extern const struct pci_error_handlers oriel_pci_error_handlers;
extern const struct dev_pm_ops oriel_pci_pm_ops;

int oriel_pci_init_pause(struct oriel_pci *pci);
void oriel_pci_exit_pause(struct oriel_pci *pci);

#endif /* ORIEL_BUSES_PCI_H */
