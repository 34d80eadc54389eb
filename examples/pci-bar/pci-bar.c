// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody's own PCI driver that wants a safe mmap(): BAR 0 of each device it is
 * given as /dev/oriel/pci-bar-DDDD-BB-SS.F.
 *
 * It asks for no device by itself: echo VVVV DDDD > /sys/bus/pci/drivers/pci-bar/new_id.
 * Before a reset, a driver would also call oriel_device_pause(), see
 * kernel/buses/pci-pause.c.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <oriel/device.h>
#include <oriel/region.h>

/* Nobody gets at the BAR while it does not answer. */
static bool pci_bar_is_reachable(void *owner)
{
	u16 command;

	pci_read_config_word(owner, PCI_COMMAND, &command);
	return command != U16_MAX && command & PCI_COMMAND_MEMORY;
}

static int pci_bar_create_device(struct pci_dev *pdev)
{
	resource_size_t start = pci_resource_start(pdev, 0), size = pci_resource_len(pdev, 0);
	char name[ORIEL_NAME_BYTES];
	const struct oriel_device_desc desc = {
		.name = name, .bus_address = pci_name(pdev), .owner = THIS_MODULE,
		.parent = &pdev->dev,
	};
	const struct oriel_mmio_desc bar = {
		.name = "bar0", .start = start, .size_bytes = size, .cache = ORIEL_CACHE_UNCACHED,
		/* What else is on its pages is not ours to give. */
		.mappable = PAGE_ALIGNED(start | size),
		.reachable = pci_bar_is_reachable, .owner = pdev,
	};
	struct oriel_device *device;
	struct oriel_region *region;
	int err;

	snprintf(name, sizeof(name), "pci-bar-%04x-%02x-%02x.%x", pci_domain_nr(pdev->bus),
		 pdev->bus->number, PCI_SLOT(pdev->devfn), PCI_FUNC(pdev->devfn));
	device = oriel_device_create(&desc);
	if (IS_ERR(device))
		return PTR_ERR(device);
	region = oriel_region_create_mmio(&bar);
	err = IS_ERR(region) ? PTR_ERR(region) : oriel_device_add_region(device, region);
	oriel_region_put(region);
	if (!err)
		err = oriel_device_register(device);
	if (err)
		oriel_device_put(device);
	else
		pci_set_drvdata(pdev, device);
	return err;
}

static int pci_bar_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	if (!(pci_resource_flags(pdev, 0) & IORESOURCE_MEM))
		return -ENODEV;
	err = pci_enable_device_mem(pdev);
	if (err)
		return err;
	err = pci_request_region(pdev, 0, "pci-bar");
	if (err)
		goto err_disable;
	err = pci_bar_create_device(pdev);
	if (err)
		goto err_region;
	return 0;

err_region:
	pci_release_region(pdev, 0);
err_disable:
	pci_disable_device(pdev);
	return err;
}

/* Whatever programs do: from here on their mappings are SIGBUS. */
static void pci_bar_remove(struct pci_dev *pdev)
{
	oriel_device_unregister(pci_get_drvdata(pdev));
	pci_release_region(pdev, 0);
	pci_disable_device(pdev);
}

static struct pci_driver pci_bar_driver = {
	.name = "pci-bar", .probe = pci_bar_probe, .remove = pci_bar_remove,
};
module_pci_driver(pci_bar_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel example: BAR 0 of any PCI device");
