// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel-platform.ko: devices of the platform and AMBA buses, most of them from the
 * device tree, as /dev/oriel/platform-NAME.
 *
 * Binds nothing by itself, only what driver_override says. A device that does DMA
 * has no switch for it that is the bus's: who may write its registers may let it.
 * Nothing of a device can be reached after unbind or while it sleeps.
 */
#include <linux/amba/bus.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <oriel/device.h>

#include "buses/platform.h"
#include "compat/compat.h"

/* What driver_override says. */
#define ORIEL_PLATFORM_DRIVER "oriel-platform"

static int oriel_platform_get_irqs(struct platform_device *pdev, unsigned int *irqs, int nr_irqs)
{
	int i, irq;

	for (i = 0; i < nr_irqs; i++) {
		irq = platform_get_irq(pdev, i);
		if (irq < 0)
			return irq;
		irqs[i] = irq;
	}
	return 0;
}

static int oriel_platform_bind_pdev(struct platform_device *pdev)
{
	int nr_irqs = platform_irq_count(pdev), err;
	unsigned int *irqs;

	if (nr_irqs < 0)
		return nr_irqs;
	irqs = kcalloc(nr_irqs, sizeof(*irqs), GFP_KERNEL);
	if (!irqs)
		return -ENOMEM;
	err = oriel_platform_get_irqs(pdev, irqs, nr_irqs) ?:
	      oriel_platform_bind(&pdev->dev, pdev->resource, pdev->num_resources, irqs, nr_irqs);
	kfree(irqs);
	return err;
}

static int oriel_platform_probe(struct platform_device *pdev)
{
	int err;

	pm_runtime_enable(&pdev->dev);
	err = pm_runtime_resume_and_get(&pdev->dev);
	if (err)
		goto err_disable;
	err = oriel_platform_bind_pdev(pdev);
	if (err)
		goto err_put;
	return 0;

err_put:
	pm_runtime_put_sync(&pdev->dev);
err_disable:
	pm_runtime_disable(&pdev->dev);
	return err;
}

static oriel_platform_removed_t oriel_platform_remove(struct platform_device *pdev)
{
	oriel_platform_unbind(&pdev->dev);
	pm_runtime_put_sync(&pdev->dev);
	pm_runtime_disable(&pdev->dev);
	return ORIEL_PLATFORM_REMOVED;
}

/* Registers do not answer while a device sleeps. */
static int oriel_platform_suspend(struct device *dev)
{
	struct oriel_platform *platform = dev_get_drvdata(dev);

	oriel_device_pause(platform->device, true);
	return 0;
}

static int oriel_platform_resume(struct device *dev)
{
	struct oriel_platform *platform = dev_get_drvdata(dev);

	oriel_device_pause(platform->device, false);
	return 0;
}

static const struct dev_pm_ops oriel_platform_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(oriel_platform_suspend, oriel_platform_resume)
};

static struct platform_driver oriel_platform_driver = {
	.probe	= oriel_platform_probe,
	.remove	= oriel_platform_remove,
	.driver	= {
		.name = ORIEL_PLATFORM_DRIVER,
		.pm   = pm_sleep_ptr(&oriel_platform_pm_ops),
	},
};

/* The bus switched its clock and its power on, and keeps them so until remove. */
static int oriel_platform_amba_probe(struct amba_device *adev, const struct amba_id *id)
{
	u32 nr_irqs = 0;

	while (nr_irqs < AMBA_NR_IRQS && adev->irq[nr_irqs])
		nr_irqs++;
	return oriel_platform_bind(&adev->dev, &adev->res, 1, adev->irq, nr_irqs);
}

static void oriel_platform_amba_remove(struct amba_device *adev)
{
	oriel_platform_unbind(&adev->dev);
}

/* None: the bus wants a table. */
static const struct amba_id oriel_platform_amba_ids[] = {
	{ }
};

static struct amba_driver oriel_platform_amba_driver = {
	.probe	  = oriel_platform_amba_probe,
	.remove	  = oriel_platform_amba_remove,
	.id_table = oriel_platform_amba_ids,
	.drv	  = {
		.name = ORIEL_PLATFORM_DRIVER,
		.pm   = pm_sleep_ptr(&oriel_platform_pm_ops),
	},
};

static int __init oriel_platform_init(void)
{
	int err = platform_driver_register(&oriel_platform_driver);

	if (err || !IS_ENABLED(CONFIG_ARM_AMBA))
		return err;
	err = amba_driver_register(&oriel_platform_amba_driver);
	if (err)
		platform_driver_unregister(&oriel_platform_driver);
	return err;
}
module_init(oriel_platform_init);

static void __exit oriel_platform_exit(void)
{
	if (IS_ENABLED(CONFIG_ARM_AMBA))
		amba_driver_unregister(&oriel_platform_amba_driver);
	platform_driver_unregister(&oriel_platform_driver);
}
module_exit(oriel_platform_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Oriel authors");
MODULE_DESCRIPTION("Registers and interrupts of platform and AMBA devices through mmap");
