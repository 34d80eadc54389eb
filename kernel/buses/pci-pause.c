// SPDX-License-Identifier: GPL-2.0-only
/*
 * What takes a PCI device away for a while: reset, suspend, error recovery.
 *
 * Mappings are swept out before, and nobody gets in until the last reason is
 * gone. Lock: pci->pause_lock, for pci->paused.
 */
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <oriel/device.h>

#include "buses/pci.h"

/* Several may come together: a reset that ends does not end error recovery. */
enum {
	ORIEL_PCI_RESET	= BIT(0),
	ORIEL_PCI_SLEEP	= BIT(1),
	ORIEL_PCI_ERROR	= BIT(2),
};

static void oriel_pci_pause(struct pci_dev *pdev, unsigned int reason)
{
	struct oriel_pci *pci = pci_get_drvdata(pdev);

	mutex_lock(&pci->pause_lock);
	pci->paused |= reason;
	oriel_device_pause(pci->device, true);
	mutex_unlock(&pci->pause_lock);
}

static void oriel_pci_go_on(struct pci_dev *pdev, unsigned int reason)
{
	struct oriel_pci *pci = pci_get_drvdata(pdev);

	mutex_lock(&pci->pause_lock);
	pci->paused &= ~reason;
	if (!pci->paused)
		oriel_device_pause(pci->device, false);
	mutex_unlock(&pci->pause_lock);
}

static void oriel_pci_reset_prepare(struct pci_dev *pdev)
{
	oriel_pci_pause(pdev, ORIEL_PCI_RESET);
}

static void oriel_pci_reset_done(struct pci_dev *pdev)
{
	oriel_pci_go_on(pdev, ORIEL_PCI_RESET);
}

/*
 * PCI Express Base 6.2: after a fatal error nothing is accessed until the link
 * was reset; the others leave the device as it is.
 */
static pci_ers_result_t oriel_pci_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	oriel_pci_pause(pdev, ORIEL_PCI_ERROR);
	switch (state) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		return PCI_ERS_RESULT_NEED_RESET;
	default:
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

/* The reset of a link takes addresses and all from the devices behind it. */
static pci_ers_result_t oriel_pci_slot_reset(struct pci_dev *pdev)
{
	struct oriel_pci *pci = pci_get_drvdata(pdev);

	if (pci_load_saved_state(pdev, pci->state))
		return PCI_ERS_RESULT_DISCONNECT;
	pci_restore_state(pdev);
	if (pdev->is_busmaster)
		pci_set_master(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void oriel_pci_error_resume(struct pci_dev *pdev)
{
	oriel_pci_go_on(pdev, ORIEL_PCI_ERROR);
}

const struct pci_error_handlers oriel_pci_error_handlers = {
	.error_detected	= oriel_pci_error_detected,
	.slot_reset	= oriel_pci_slot_reset,
	.resume		= oriel_pci_error_resume,
	.reset_prepare	= oriel_pci_reset_prepare,
	.reset_done	= oriel_pci_reset_done,
};

static int oriel_pci_suspend(struct device *dev)
{
	oriel_pci_pause(to_pci_dev(dev), ORIEL_PCI_SLEEP);
	return 0;
}

static int oriel_pci_resume(struct device *dev)
{
	oriel_pci_go_on(to_pci_dev(dev), ORIEL_PCI_SLEEP);
	return 0;
}

const struct dev_pm_ops oriel_pci_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(oriel_pci_suspend, oriel_pci_resume)
};

/**
 * oriel_pci_init_pause() - prepare for what may take the device away
 * @pci: the device, enabled, nobody uses it yet
 *
 * Context: May sleep.
 * Return: 0 or a negative errno. oriel_pci_exit_pause() has to follow in either
 * case, when the device is unregistered.
 */
int oriel_pci_init_pause(struct oriel_pci *pci)
{
	int err;

	mutex_init(&pci->pause_lock);
	err = pci_save_state(pci->pdev);
	if (err)
		return err;
	pci->state = pci_store_saved_state(pci->pdev);
	return pci->state ? 0 : -ENOMEM;
}

/**
 * oriel_pci_exit_pause() - undo oriel_pci_init_pause()
 * @pci: the device
 */
void oriel_pci_exit_pause(struct oriel_pci *pci)
{
	kfree(pci->state);
}
