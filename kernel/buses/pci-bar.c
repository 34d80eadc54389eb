// SPDX-License-Identifier: GPL-2.0-only
/*
 * BARs of a PCI device as regions: barN, and barN-wc for prefetchable ones.
 *
 * Decides what may be mapped: never a page that holds somebody else's
 * registers, never an MSI-X table for writing (PCI Local Bus 3.0, 6.8.2: a
 * write there is an interrupt to anywhere).
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "buses/decode.h"
#include "buses/pci.h"

static bool oriel_pci_direct_io;
module_param_named(direct_io, oriel_pci_direct_io, bool, 0444);
MODULE_PARM_DESC(direct_io,
		 "give memory that is RAM (ivshmem's) struct pages, for direct I/O; unbinding then waits for I/O to it");

static bool oriel_pci_is_reachable(void *owner)
{
	struct oriel_pci *pci = owner;

	return oriel_pci_decodes(pci->pdev, PCI_COMMAND_MEMORY);
}

static bool oriel_pci_port_is_reachable(void *owner)
{
	struct oriel_pci *pci = owner;

	return oriel_pci_decodes(pci->pdev, PCI_COMMAND_IO);
}

/*
 * Is the BAR alone on its pages? One that starts and ends on page boundaries
 * is. A smaller one is if the rest of its page can be had: what can be
 * requested is nobody's, and stays so.
 */
static bool oriel_pci_bar_is_alone(struct oriel_pci *pci, int bar)
{
	struct resource *own = &pci->pdev->resource[bar], *rest = &pci->rest[bar];

	if (!PAGE_ALIGNED(own->start))
		return false;
	if (PAGE_ALIGNED(own->end + 1))
		return true;
	if (!own->parent)
		return false;
	rest->name = "oriel-pci (rest of a page)";
	rest->start = own->end + 1;
	rest->end = PAGE_ALIGN(own->end + 1) - 1;
	rest->flags = own->flags;
	if (request_resource(own->parent, rest)) {
		rest->flags = 0;
		return false;
	}
	return true;
}

/**
 * oriel_pci_release_rests() - give up what oriel_pci_add_bars() requested
 * @pci: the device; nothing of it is mapped any more
 */
void oriel_pci_release_rests(struct oriel_pci *pci)
{
	int bar;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		if (pci->rest[bar].flags)
			release_resource(&pci->rest[bar]);
}

/* The MSI-X table and pending bits in this BAR (PCI Local Bus 3.0, 6.8.2.4 and 6.8.2.5). */
static void oriel_pci_guard_msix(struct pci_dev *pdev, int bar, struct oriel_mmio_desc *desc)
{
	u32 table;
	u16 control;

	if (!pdev->msix_cap)
		return;
	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &control);
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	if ((table & PCI_MSIX_TABLE_BIR) != bar)
		return;
	desc->guarded_offset = table & PCI_MSIX_TABLE_OFFSET;
	desc->guarded_bytes = ((control & PCI_MSIX_FLAGS_QSIZE) + 1) * PCI_MSIX_ENTRY_SIZE;
}

static int oriel_pci_add_region(struct oriel_pci *pci, const struct oriel_mmio_desc *desc)
{
	struct oriel_region *region = oriel_region_create_mmio(desc);
	int err;

	if (IS_ERR(region))
		return PTR_ERR(region);
	err = oriel_device_add_region(pci->device, region);
	oriel_region_put(region);
	return err;
}

static int oriel_pci_add_bar(struct oriel_pci *pci, int bar)
{
	struct pci_dev *pdev = pci->pdev;
	unsigned long flags = pci_resource_flags(pdev, bar);
	char name[sizeof("barN-wc")];
	struct oriel_mmio_desc desc = {
		.name = name,
		.start = pci_resource_start(pdev, bar),
		.size_bytes = pci_resource_len(pdev, bar),
		.cache = ORIEL_CACHE_UNCACHED,
		.is_port = flags & IORESOURCE_IO,
		.owner = pci,
	};
	int err;

	if (!desc.size_bytes || !desc.start || !(flags & (IORESOURCE_IO | IORESOURCE_MEM)))
		return 0;
	desc.reachable = desc.is_port ? oriel_pci_port_is_reachable : oriel_pci_is_reachable;
	if (!desc.is_port) {
		desc.mappable = oriel_pci_bar_is_alone(pci, bar);
		oriel_pci_guard_msix(pdev, bar, &desc);
	}
	if (bar == 2 && pci->known & ORIEL_PCI_BAR2_IS_RAM) {
		desc.cache = ORIEL_CACHE_CACHED;
		desc.pages = oriel_pci_direct_io;
	}
	snprintf(name, sizeof(name), "bar%d", bar);
	err = oriel_pci_add_region(pci, &desc);
	if (err || !(flags & IORESOURCE_PREFETCH) || !desc.mappable)
		return err;
	snprintf(name, sizeof(name), "bar%d-wc", bar);
	desc.cache = ORIEL_CACHE_WRITE_COMBINED;
	desc.pages = false;
	return oriel_pci_add_region(pci, &desc);
}

/**
 * oriel_pci_add_bars() - make regions of all BARs
 * @pci: the device, enabled, its BARs requested, @pci->device not registered yet
 *
 * Context: May sleep.
 * Return: 0 or a negative errno; oriel_pci_release_rests() has to follow in
 * either case.
 */
int oriel_pci_add_bars(struct oriel_pci *pci)
{
	int bar, err;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		err = oriel_pci_add_bar(pci, bar);
		if (err)
			return err;
	}
	return 0;
}
