// SPDX-License-Identifier: GPL-2.0-only
/*
 * What oriel-pci does for a device besides its BARs: bus mastering (PCI Local Bus
 * 3.0, 6.2.2, bit 2 of the command register), DMA mask, reset.
 *
 * Called under the device's control lock. A reset takes the kernel's lock of the
 * PCI device, which removal holds when it takes the control lock, so it only
 * tries.
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <oriel/device.h>

#include "buses/pci.h"

static unsigned int oriel_pci_edu_dma_bits = 28;
module_param_named(edu_dma_bits, oriel_pci_edu_dma_bits, uint, 0444);
MODULE_PARM_DESC(edu_dma_bits, "bits of address that edu's DMA reaches, by its property dma_mask (28)");

/**
 * oriel_pci_dma_bits() - how much address the device's DMA reaches
 * @pci: the device
 *
 * Return: bits.
 */
u32 oriel_pci_dma_bits(const struct oriel_pci *pci)
{
	return pci->known & ORIEL_PCI_IS_EDU ? clamp(oriel_pci_edu_dma_bits, 1u, 64u) : 64;
}

/**
 * oriel_pci_init_dma() - set what the device reaches, and that it does not yet
 * @pci: the device, enabled
 *
 * All memory may lie beyond its reach. Its registers and interrupts are of use all
 * the same, so it gets a mask that nothing can be mapped with.
 */
void oriel_pci_init_dma(struct oriel_pci *pci)
{
	struct device *dev = &pci->pdev->dev;

	/* A device that the firmware left running does not go on writing. */
	pci_clear_master(pci->pdev);
	if (pci->known & ORIEL_PCI_CANNOT_DMA)
		pci_set_master(pci->pdev);
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(oriel_pci_dma_bits(pci)))) {
		*dev->dma_mask = 0;
		dev->coherent_dma_mask = 0;
	}
	/* What its DMA engine does with long segments, who drives it knows. */
	dma_set_max_seg_size(dev, UINT_MAX);
	dma_set_seg_boundary(dev, ULONG_MAX);
}

/**
 * oriel_pci_exit_dma() - leave the mask and limits that the PCI core gives to devices
 * @pci: the device
 */
void oriel_pci_exit_dma(struct oriel_pci *pci)
{
	struct device *dev = &pci->pdev->dev;

	dma_set_seg_boundary(dev, U32_MAX);
	dma_set_max_seg_size(dev, SZ_64K);
	*dev->dma_mask = DMA_BIT_MASK(32);
	dev->coherent_dma_mask = DMA_BIT_MASK(32);
}

static void oriel_pci_dma_set(void *owner, bool on)
{
	struct oriel_pci *pci = owner;

	if (on) {
		pci_set_master(pci->pdev);
		return;
	}
	pci_clear_master(pci->pdev);
	/* Its last reads come back, PCI Express Base 6.2, 7.5.3.5; writes went before. */
	pci_wait_for_pending_transaction(pci->pdev);
}

/* With ATS, the device asks once and then uses physical addresses by itself. */
static bool oriel_pci_dma_is_confined(void *owner)
{
	struct oriel_pci *pci = owner;
	struct iommu_domain *domain = iommu_get_domain_for_dev(&pci->pdev->dev);

	return domain && domain->type != IOMMU_DOMAIN_IDENTITY && !pci->pdev->ats_enabled;
}

static int oriel_pci_dma_mask(void *owner, u32 bits)
{
	struct oriel_pci *pci = owner;

	return dma_set_mask_and_coherent(&pci->pdev->dev, DMA_BIT_MASK(bits));
}

static int oriel_pci_reset(void *owner)
{
	struct oriel_pci *pci = owner;
	int err = pci_try_reset_function(pci->pdev);

	switch (err) {
	case -ENOTTY:
		return -EOPNOTSUPP;
	case -EAGAIN:
		return -EBUSY;
	default:
		return err;
	}
}

/* Only a function-level reset: the others may take neighbours along. */
static void oriel_pci_idle(void *owner)
{
	struct oriel_pci *pci = owner;

	if (!pcie_reset_flr(pci->pdev, PCI_RESET_PROBE))
		pci_try_reset_function(pci->pdev);
}

const struct oriel_device_ops oriel_pci_ops = {
	.irq_type	 = oriel_pci_irq_type,
	.irq_open	 = oriel_pci_irq_open,
	.irq_close	 = oriel_pci_irq_close,
	.irq_mask	 = oriel_pci_irq_mask,
	.dma_set	 = oriel_pci_dma_set,
	.dma_is_confined = oriel_pci_dma_is_confined,
	.dma_mask	 = oriel_pci_dma_mask,
	.reset		 = oriel_pci_reset,
	.idle		 = oriel_pci_idle,
};
