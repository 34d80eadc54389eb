// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of PCI devices: INTx, MSI, MSI-X (PCI Local Bus 3.0, 2.2.6 and 6.8).
 *
 * Opening, closing and masking run under the device's control lock. INTx is a
 * level on a shared wire: it is masked when it is delivered, since only the user's
 * program knows how to make the device let go, and unmasked when that asks for it.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <oriel/device.h>

#include "buses/pci.h"

static int oriel_pci_count(struct pci_dev *pdev, u32 type)
{
	int count;

	switch (type) {
	case ORIEL_IRQ_MSIX:
		count = pci_msi_enabled() ? pci_msix_vec_count(pdev) : 0;
		break;
	case ORIEL_IRQ_MSI:
		count = pci_msi_enabled() ? pci_msi_vec_count(pdev) : 0;
		break;
	case ORIEL_IRQ_INTX:
		count = pdev->pin && pdev->irq ? 1 : 0;
		break;
	default:
		count = 0;
	}
	return max(count, 0);
}

/**
 * oriel_pci_quiet_wire() - keep a device from pulling its wire while no vector is open
 * @pdev: the device, enabled
 *
 * Others may share the wire, and the kernel gives up one that nobody quiets. A
 * device without the mask bit (PCI 2.3) does not change by this.
 */
void oriel_pci_quiet_wire(struct pci_dev *pdev)
{
	pci_intx(pdev, 0);
}

/**
 * oriel_pci_create_vectors() - find out how many vectors there are
 * @pci: the device; pci->vector is for the caller to kfree()
 *
 * Return: 0 or -ENOMEM.
 */
int oriel_pci_create_vectors(struct oriel_pci *pci)
{
	u32 type, i;

	for (type = ORIEL_IRQ_INTX; type <= ORIEL_IRQ_MSIX; type++)
		pci->nr_vectors = max_t(u32, pci->nr_vectors, oriel_pci_count(pci->pdev, type));
	spin_lock_init(&pci->intx_lock);
	pci->vector = kcalloc(pci->nr_vectors, sizeof(*pci->vector), GFP_KERNEL);
	if (!pci->vector)
		return -ENOMEM;
	for (i = 0; i < pci->nr_vectors; i++)
		pci->vector[i] = (struct oriel_pci_vector){ .pci = pci, .index = i };
	return 0;
}

/* oriel_device_ops.irq_type */
u32 oriel_pci_irq_type(void *owner, u32 wanted)
{
	struct oriel_pci *pci = owner;
	u32 type;

	if (wanted != ORIEL_IRQ_BEST)
		return oriel_pci_count(pci->pdev, wanted) ? wanted : 0;
	for (type = ORIEL_IRQ_MSIX; type >= ORIEL_IRQ_INTX; type--)
		if (oriel_pci_count(pci->pdev, type))
			return type;
	return 0;
}

static irqreturn_t oriel_pci_message(int irq, void *data)
{
	struct oriel_pci_vector *vector = data;

	oriel_device_interrupt(vector->pci->device, vector->index);
	return IRQ_HANDLED;
}

/* Return: whether the wire is ours; if so, it was masked. */
static bool oriel_pci_intx_take(struct oriel_pci_vector *vector)
{
	struct oriel_pci *pci = vector->pci;
	unsigned long flags;
	bool ours;

	spin_lock_irqsave(&pci->intx_lock, flags);
	/* Masked, it does not pull; but its status may say that it wants to. */
	ours = !vector->masked && pci_check_and_mask_intx(pci->pdev);
	if (ours)
		vector->masked = true;
	spin_unlock_irqrestore(&pci->intx_lock, flags);
	return ours;
}

static irqreturn_t oriel_pci_intx(int irq, void *data)
{
	struct oriel_pci_vector *vector = data;

	if (!oriel_pci_intx_take(vector))
		return IRQ_NONE;
	oriel_device_interrupt(vector->pci->device, vector->index);
	return IRQ_HANDLED;
}

static void oriel_pci_intx_mask(struct oriel_pci_vector *vector, bool masked)
{
	struct oriel_pci *pci = vector->pci;
	unsigned long flags;
	bool again = false;

	spin_lock_irqsave(&pci->intx_lock, flags);
	if (masked)
		pci_intx(pci->pdev, 0);
	else if (vector->masked)
		again = !pci_check_and_unmask_intx(pci->pdev);
	/* The device pulls the wire still, or again: delivered, and masked, once more. */
	vector->masked = masked || again;
	spin_unlock_irqrestore(&pci->intx_lock, flags);
	if (again)
		oriel_device_interrupt(pci->device, vector->index);
}

static int oriel_pci_irq_prepare(struct oriel_pci *pci, u32 type)
{
	int got;

	if (type == ORIEL_IRQ_INTX) {
		/* Without a mask bit (PCI 2.3), the wire would never be quiet. */
		if (!pci_intx_mask_supported(pci->pdev))
			return -EOPNOTSUPP;
		got = 1;
	} else {
		got = pci_alloc_irq_vectors(pci->pdev, 1, oriel_pci_count(pci->pdev, type),
					    type == ORIEL_IRQ_MSI ? PCI_IRQ_MSI : PCI_IRQ_MSIX);
		if (got < 0)
			return got == -ENOSPC ? -ENOMEM : got;
	}
	pci->irq_type = type;
	pci->nr_got = got;
	return 0;
}

static void oriel_pci_irq_finish(struct oriel_pci *pci)
{
	if (pci->irq_type != ORIEL_IRQ_INTX) {
		pci_free_irq_vectors(pci->pdev);
		/* Which let the device pull the wire again. */
		oriel_pci_quiet_wire(pci->pdev);
	}
	pci->nr_got = 0;
}

static int oriel_pci_irq_number(const struct oriel_pci *pci, u32 index)
{
	return pci->irq_type == ORIEL_IRQ_INTX ? pci->pdev->irq : pci_irq_vector(pci->pdev, index);
}

static int oriel_pci_irq_request(struct oriel_pci *pci, u32 index)
{
	struct oriel_pci_vector *vector = &pci->vector[index];
	bool intx = pci->irq_type == ORIEL_IRQ_INTX;
	int err;

	if (index >= pci->nr_got)
		return intx ? -EOPNOTSUPP : -ENOMEM;
	vector->masked = false;
	err = request_irq(oriel_pci_irq_number(pci, index),
			  intx ? oriel_pci_intx : oriel_pci_message, intx ? IRQF_SHARED : 0,
			  "oriel-pci", vector);
	if (err)
		return err;
	if (intx)
		pci_intx(pci->pdev, 1);
	else
		/*
		 * Masked at once, not when the next one comes: then this is remembered
		 * by the kernel, and the one after by the controller. Until free_irq().
		 */
		irq_set_status_flags(oriel_pci_irq_number(pci, index), IRQ_DISABLE_UNLAZY);
	return 0;
}

/* oriel_device_ops.irq_open */
int oriel_pci_irq_open(void *owner, u32 index, u32 type)
{
	struct oriel_pci *pci = owner;
	int err;

	if (!pci->nr_requested) {
		err = oriel_pci_irq_prepare(pci, type);
		if (err)
			return err;
	}
	err = oriel_pci_irq_request(pci, index);
	if (!err)
		pci->nr_requested++;
	else if (!pci->nr_requested)
		oriel_pci_irq_finish(pci);
	return err;
}

/* oriel_device_ops.irq_close */
void oriel_pci_irq_close(void *owner, u32 index)
{
	struct oriel_pci *pci = owner;

	if (pci->irq_type == ORIEL_IRQ_INTX)
		pci_intx(pci->pdev, 0);
	free_irq(oriel_pci_irq_number(pci, index), &pci->vector[index]);
	if (!--pci->nr_requested)
		oriel_pci_irq_finish(pci);
}

/* oriel_device_ops.irq_mask */
void oriel_pci_irq_mask(void *owner, u32 index, bool masked)
{
	struct oriel_pci *pci = owner;
	struct oriel_pci_vector *vector = &pci->vector[index];

	if (pci->irq_type == ORIEL_IRQ_INTX) {
		oriel_pci_intx_mask(vector, masked);
		return;
	}
	if (vector->masked == masked)
		return;
	vector->masked = masked;
	/* What comes while it is disabled is delivered when it is enabled. */
	if (masked)
		disable_irq(oriel_pci_irq_number(pci, index));
	else
		enable_irq(oriel_pci_irq_number(pci, index));
}
