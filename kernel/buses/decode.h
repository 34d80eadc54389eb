/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a PCI device answer where its BARs are? */
#ifndef ORIEL_BUSES_DECODE_H
#define ORIEL_BUSES_DECODE_H

#include <linux/pci.h>

/*
 * @space is PCI_COMMAND_MEMORY or PCI_COMMAND_IO: a device answers there while it
 * decodes it (PCI Local Bus 3.0, 6.2.2). One that was pulled out reads as all ones.
 */
static inline bool oriel_pci_decodes(struct pci_dev *pdev, u16 space)
{
	u16 command;

	return !pci_read_config_word(pdev, PCI_COMMAND, &command) && command != U16_MAX &&
	       command & space;
}

#endif /* ORIEL_BUSES_DECODE_H */
