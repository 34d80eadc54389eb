/* SPDX-License-Identifier: GPL-2.0-only */
/* PCI devices of the machine, through sysfs. */
#ifndef TESTS_PCI_H
#define TESTS_PCI_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/testdev.h"

/* Where vm/machines/pc.sh puts them. */
#define PCI_IVSHMEM	"0000:00:10.0"
#define PCI_EDU		"0000:00:11.0"
#define PCI_DISPLAY	"0000:00:12.0"
#define PCI_TESTDEV	"0000:00:13.0"

#define PCI_COMMAND		4 /* offset in configuration space */
#define PCI_COMMAND_MEMORY	2
#define PCI_COMMAND_MASTER	4

/* Writes to a file of the device. Return: 0 or -errno. */
int pci_write(const char *address, const char *file, const char *text);
bool pci_has(const char *address, const char *file);
/* Binds to oriel-pci, from whatever driver; fails the test if that fails. */
void pci_bind(const char *address);
void pci_unbind(const char *address);

uint16_t pci_get_command(const char *address);
void pci_set_command(const char *address, uint16_t command);

/* Opens the node read-write and maps the region whole, or with 0 not at all. */
struct area pci_area_open(const char *address, const char *region, int prot);
/* Maps the region whole, or not: MAP_FAILED, and errno says why. */
void *area_try(const struct area *area, int prot, int flags);

#endif /* TESTS_PCI_H */
