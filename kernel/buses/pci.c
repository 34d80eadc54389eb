// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-pci.ko: PCI devices as /dev/oriel/pci-DDDD-BB-SS.F.
 *
 * Binds by itself only devices that are made for it; any other one through
 * driver_override or new_id. Bus mastering is off until a user who may switches it
 * on. Nothing of a device can be reached after unbind, while it is reset, suspended
 * or in error recovery.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <oriel/device.h>

#include "buses/pci.h"

static int oriel_pci_create_device(struct oriel_pci *pci)
{
	struct pci_dev *pdev = pci->pdev;
	char name[ORIEL_NAME_BYTES];
	const struct oriel_device_desc desc = {
		.name = name, .bus_address = pci_name(pdev), .owner = THIS_MODULE,
		.parent = &pdev->dev, .ops = &oriel_pci_ops, .drvdata = pci,
		.nr_irqs = pci->nr_vectors, .dma_mask_bits = oriel_pci_dma_bits(pci),
		.dma_always = pci->known & ORIEL_PCI_CANNOT_DMA,
	};

	snprintf(name, sizeof(name), "pci-%04x-%02x-%02x.%x", pci_domain_nr(pdev->bus),
		 pdev->bus->number, PCI_SLOT(pdev->devfn), PCI_FUNC(pdev->devfn));
	pci->device = oriel_device_create(&desc);
	return PTR_ERR_OR_ZERO(pci->device);
}

static int oriel_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct oriel_pci *pci;
	int err;

	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL)
		return -EINVAL;
	pci = kzalloc(sizeof(*pci), GFP_KERNEL);
	if (!pci)
		return -ENOMEM;
	pci->pdev = pdev;
	pci->known = id->driver_data;

	err = oriel_pci_create_vectors(pci);
	if (err)
		goto err_free;
	err = pci_enable_device(pdev);
	if (err)
		goto err_free;
	oriel_pci_quiet_wire(pdev);
	oriel_pci_init_dma(pci);
	err = pci_request_regions(pdev, "oriel-pci");
	if (err)
		goto err_dma;
	err = oriel_pci_init_pause(pci);
	if (err)
		goto err_regions;
	err = oriel_pci_create_device(pci);
	if (err)
		goto err_regions;
	err = oriel_pci_add_bars(pci);
	if (err)
		goto err_device;
	pci_set_drvdata(pdev, pci);
	err = oriel_device_register(pci->device);
	if (err)
		goto err_device;
	return 0;

err_device:
	oriel_device_put(pci->device);
	oriel_pci_release_rests(pci);
err_regions:
	oriel_pci_exit_pause(pci);
	pci_release_regions(pdev);
err_dma:
	oriel_pci_exit_dma(pci);
	pci_disable_device(pdev);
err_free:
	kfree(pci->vector);
	kfree(pci);
	return err;
}

static void oriel_pci_remove(struct pci_dev *pdev)
{
	struct oriel_pci *pci = pci_get_drvdata(pdev);

	oriel_device_unregister(pci->device);
	oriel_pci_release_rests(pci);
	oriel_pci_exit_pause(pci);
	pci_release_regions(pdev);
	/* The masters among those that cannot do DMA too. */
	pci_clear_master(pdev);
	oriel_pci_exit_dma(pci);
	pci_disable_device(pdev);
	kfree(pci->vector);
	kfree(pci);
}

static const struct pci_device_id oriel_pci_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1110), /* ivshmem */
	  .driver_data = ORIEL_PCI_BAR2_IS_RAM | ORIEL_PCI_CANNOT_DMA },
	{ PCI_DEVICE(0x1234, 0x11e8), .driver_data = ORIEL_PCI_IS_EDU },
	{ }
};
MODULE_DEVICE_TABLE(pci, oriel_pci_ids);

static struct pci_driver oriel_pci_driver = {
	.name	     = "oriel-pci",
	.id_table    = oriel_pci_ids,
	.probe	     = oriel_pci_probe,
	.remove	     = oriel_pci_remove,
	.err_handler = &oriel_pci_error_handlers,
	.driver.pm   = pm_sleep_ptr(&oriel_pci_pm_ops),
};
module_pci_driver(oriel_pci_driver);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Oriel authors");
MODULE_DESCRIPTION("Registers and memory of PCI devices through mmap");
