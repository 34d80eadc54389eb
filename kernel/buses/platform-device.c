// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device of the platform or AMBA bus as /dev/oriel/platform-NAME: its register
 * windows as regions reg0, reg1, ..., and the memory that is kept for it.
 *
 * What is requested here with devm goes after the driver's remove(), when no one
 * has it mapped any more.
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <oriel/device.h>
#include <oriel/region.h>

#include "buses/platform.h"

static const struct oriel_device_ops oriel_platform_ops = {
	.irq_type  = oriel_platform_irq_type,
	.irq_open  = oriel_platform_irq_open,
	.irq_close = oriel_platform_irq_close,
	.irq_mask  = oriel_platform_irq_mask,
	.reset	   = oriel_platform_reset,
	.idle	   = oriel_platform_idle,
};

/* The device's name with nothing in it that a node's name may not have. */
static int oriel_platform_name(char *name, size_t bytes, const struct device *dev)
{
	char *c;

	if (snprintf(name, bytes, "platform-%s", dev_name(dev)) >= bytes)
		return -ENAMETOOLONG;
	for (c = name; *c; c++) {
		*c = tolower(*c);
		if (!isascii(*c) || (!isalnum(*c) && *c != '_' && *c != '.'))
			*c = '-';
	}
	return 0;
}

static int oriel_platform_create_device(struct oriel_platform *platform)
{
	char name[ORIEL_NAME_BYTES];
	const struct oriel_device_desc desc = {
		.name = name, .bus_address = dev_name(platform->dev), .owner = THIS_MODULE,
		.parent = platform->dev, .ops = &oriel_platform_ops, .drvdata = platform,
		.nr_irqs = platform->nr_vectors,
	};
	int err = oriel_platform_name(name, sizeof(name), platform->dev);

	if (err)
		return err;
	platform->device = oriel_device_create(&desc);
	return PTR_ERR_OR_ZERO(platform->device);
}

static bool oriel_platform_is_window(const struct resource *resource)
{
	return resource_type(resource) == IORESOURCE_MEM && resource_size(resource);
}

/* All of them, before it is asked whether one is alone on its page. */
static int oriel_platform_claim_windows(struct device *dev, const struct resource *resources,
					u32 nr_resources)
{
	u32 i;

	for (i = 0; i < nr_resources; i++)
		if (oriel_platform_is_window(&resources[i]) &&
		    !devm_request_mem_region(dev, resources[i].start,
					     resource_size(&resources[i]), "oriel-platform"))
			return dev_err_probe(dev, -EBUSY, "%pR has another user\n", &resources[i]);
	return 0;
}

/**
 * oriel_platform_add_region() - offer memory as a region of a device
 * @platform: the device, not registered yet
 * @desc:     the memory, requested
 *
 * Context: May sleep.
 * Return: 0 or a negative errno.
 */
int oriel_platform_add_region(struct oriel_platform *platform, const struct oriel_mmio_desc *desc)
{
	struct oriel_region *region = oriel_region_create_mmio(desc);
	int err;

	if (IS_ERR(region))
		return PTR_ERR(region);
	err = oriel_device_add_region(platform->device, region);
	oriel_region_put(region);
	return err;
}

static int oriel_platform_add_window(struct oriel_platform *platform,
				     const struct resource *window)
{
	char name[ORIEL_REGION_NAME_BYTES];
	struct oriel_mmio_desc desc = {
		.name = name, .start = window->start, .size_bytes = resource_size(window),
		.cache = ORIEL_CACHE_UNCACHED,
		.mappable = oriel_platform_is_alone(platform->dev, window),
	};

	snprintf(name, sizeof(name), "reg%u", platform->nr_regions++);
	return oriel_platform_add_region(platform, &desc);
}

static int oriel_platform_add_windows(struct oriel_platform *platform,
				      const struct resource *resources, u32 nr_resources)
{
	u32 i;
	int err;

	for (i = 0; i < nr_resources; i++) {
		if (!oriel_platform_is_window(&resources[i]))
			continue;
		err = oriel_platform_add_window(platform, &resources[i]);
		if (err)
			return err;
	}
	return platform->nr_regions ? 0 :
	       dev_err_probe(platform->dev, -ENODEV, "has no registers\n");
}

/* By its registers it may be told to write anywhere, and there is no switch for that. */
static int oriel_platform_check_lockdown(struct device *dev)
{
	const struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	int err;

	if (domain && domain->type != IOMMU_DOMAIN_IDENTITY)
		return 0;
	err = security_locked_down(LOCKDOWN_PCI_ACCESS);
	return err ? dev_err_probe(dev, err, "the kernel is locked down\n") : 0;
}

/**
 * oriel_platform_bind() - make a node of a device
 * @dev:          the device, with its power domain on
 * @resources:    its register windows, among others
 * @nr_resources: how many
 * @irqs:         the kernel's numbers of its interrupts
 * @nr_irqs:      how many
 *
 * Context: May sleep.
 * Return: 0; -EBUSY if somebody else uses a register or an interrupt of it;
 * -ENODEV if it has no registers; -EPERM if the kernel is locked down and no IOMMU
 * confines it; or another negative errno.
 */
int oriel_platform_bind(struct device *dev, struct resource *resources, u32 nr_resources,
			const unsigned int *irqs, u32 nr_irqs)
{
	struct oriel_platform *platform;
	int err;

	err = oriel_platform_check_lockdown(dev) ?:
	      oriel_platform_claim_windows(dev, resources, nr_resources);
	if (err)
		return err;
	platform = kzalloc(sizeof(*platform), GFP_KERNEL);
	if (!platform)
		return -ENOMEM;
	platform->dev = dev;
	err = oriel_platform_power_on(platform);
	if (err)
		goto err_free;
	err = oriel_platform_claim_irqs(platform, irqs, nr_irqs);
	if (err)
		goto err_power;
	err = oriel_platform_create_device(platform);
	if (err)
		goto err_irqs;
	err = oriel_platform_add_windows(platform, resources, nr_resources) ?:
	      oriel_platform_add_memories(platform);
	if (err)
		goto err_device;
	dev_set_drvdata(dev, platform);
	err = oriel_device_register(platform->device);
	if (err)
		goto err_device;
	return 0;

err_device:
	oriel_device_put(platform->device);
err_irqs:
	oriel_platform_release_irqs(platform);
err_power:
	oriel_platform_power_off(platform);
err_free:
	kfree(platform);
	return err;
}

/**
 * oriel_platform_unbind() - take a device away from users and switch it off
 * @dev: the device, bound
 *
 * Context: May sleep, but does not wait for users.
 */
void oriel_platform_unbind(struct device *dev)
{
	struct oriel_platform *platform = dev_get_drvdata(dev);

	oriel_device_unregister(platform->device);
	oriel_platform_release_irqs(platform);
	oriel_platform_power_off(platform);
	kfree(platform);
}
