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
#define PCI_DISK	"0000:00:14.0"	/* virtio-blk */
#define PCI_SMALL	"0000:00:16.0"	/* sdhci-pci: a BAR of 256 bytes */
#define PCI_DOORBELL	"0000:00:17.0"	/* in the machine doorbell only */
#define PCI_ROOT_PORT0	"0000:00:18.0"
/* What is plugged in behind the root ports. */
#define PCI_PORT0	"0000:01:00.0"
#define PCI_PORT1	"0000:02:00.0"

#define PCI_COMMAND		4 /* offset in configuration space */
#define PCI_COMMAND_IO		1
#define PCI_COMMAND_MEMORY	2
#define PCI_COMMAND_MASTER	4
#define PCI_COMMAND_SERR	0x100

/* Group set-up and tear-down: oriel-pci is there, and has what it binds by ID. */
int pci_load(void **state);
int pci_unload(void **state);

/* Writes to a file of the device. Return: 0 or -errno. */
int pci_write(const char *address, const char *file, const char *text);
bool pci_has(const char *address, const char *file);
/* Binds to oriel-pci, from whatever driver; fails the test if that fails. */
void pci_bind(const char *address);
void pci_unbind(const char *address);

/*
 * Do BARs of 4 KiB share their pages, so that none of them can be mapped? So they do where
 * pages are larger, unless firmware has spread them.
 */
bool pci_packs_pages(void);

/* Does the driver of this name have the device? */
bool pci_is_bound(const char *address, const char *driver);
/* Waits until the device is there, or until it is gone. */
void pci_await(const char *address, bool present);

/* A request to the machine outside (vm/host.sh). Return: 0, or it was refused. */
int pci_try_host(const char *words);
/* The same; fails the test if it is refused. */
void pci_ask_host(const char *words);

/* Plugs a device in: QEMU's name for it, with further KEY=VALUE words, or "". */
void pci_plug(const char *address, const char *device, const char *words);
/* Pulls it out, without a word to its driver before. Does not wait. */
void pci_unplug(const char *address);

/* What stands in configuration space. */
uint8_t pci_config8(const char *address, unsigned int at);
uint32_t pci_config32(const char *address, unsigned int at);
uint16_t pci_get_command(const char *address);
void pci_set_command(const char *address, uint16_t command);

/* What is bound by ID has its node a moment after the device came. */
void pci_await_node(const char *address);
/* Opens the node read-write and maps the region whole, or with 0 not at all. */
struct area pci_area_open(const char *address, const char *region, int prot);

#endif /* TESTS_PCI_H */
