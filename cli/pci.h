/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI devices in sysfs: what by-id and the bus "pci" of bind and unbind share.
 */
#ifndef _ORIEL_CLI_PCI_H
#define _ORIEL_CLI_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_DIR			"/sys/bus/pci"
#define PCI_ADDRESS_BYTES	32 /* "0000:03:00.0" and longer domains */

struct pci_id {
	uint16_t vendor;
	uint16_t device;
};

/*
 * What a user calls a device, to its address in sysfs: "03:00.0",
 * "0000:03:00.0", "pci-0000-03-00.0", "1234-11e8-0" (vendor, device and number
 * among such devices in bus order), or a path that ends in one of the last two.
 * @address has PCI_ADDRESS_BYTES. False: no PCI device is called so.
 */
bool pci_parse(const char *text, char *address);

/* The same, and the device is there. 0, or an exit status with the message printed. */
int pci_find(const char *text, char *address);

/* 0 or a negative errno */
int pci_read_id(const char *address, struct pci_id *id);

/* How many devices with this id come before in bus order; or a negative errno */
int pci_number(const char *address, const struct pci_id *id);

/* ---- iomem.c: who holds a device's memory --------------------------------- */

/* Return: is there somebody besides the device itself? Then @holder names him. */
bool pci_find_holder(const char *address, char *holder, size_t size_bytes);

#endif /* _ORIEL_CLI_PCI_H */
