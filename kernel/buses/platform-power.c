// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has to be on while a platform or AMBA device is bound: its clocks, and its
 * resets released. Its power domain is for buses/platform.c and the AMBA bus.
 *
 * A device may have been told to write into memory, and there is no switch for that
 * which is the bus's: a reset, where there is one, ends it.
 */
#include <linux/clk.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/of.h>
#include <linux/reset.h>
#include <linux/string.h>
#include <oriel/device.h>

#include "buses/platform.h"

static bool oriel_platform_node_has_line(const struct device_node *node,
					 const struct of_phandle_args *line)
{
	struct of_phandle_args other;
	int i;

	for (i = 0; !of_parse_phandle_with_args(node, "resets", "#reset-cells", i, &other); i++) {
		of_node_put(other.np);
		if (other.np == line->np && other.args_count == line->args_count &&
		    !memcmp(other.args, line->args, line->args_count * sizeof(line->args[0])))
			return true;
	}
	return false;
}

/* Is one of its reset lines another device's, too, whether that has a driver or not? */
static bool oriel_platform_shares_reset(const struct device *dev)
{
	struct of_phandle_args line;
	struct device_node *node;
	bool shared = false;
	int i;

	for (i = 0; !shared && !of_parse_phandle_with_args(dev->of_node, "resets", "#reset-cells",
							    i, &line); i++) {
		for_each_node_with_property(node, "resets") {
			shared = node != dev->of_node && oriel_platform_node_has_line(node, &line);
			if (shared) {
				of_node_put(node);
				break;
			}
		}
		of_node_put(line.np);
	}
	return shared;
}

/* Shared ones are left as they are: to pull one would reset the others. */
static int oriel_platform_get_resets(struct oriel_platform *platform)
{
	if (oriel_platform_shares_reset(platform->dev)) {
		dev_notice(platform->dev, "its reset is another device's, too: left alone\n");
		return 0;
	}
	platform->resets = of_reset_control_array_get_optional_exclusive(platform->dev->of_node);
	if (IS_ERR(platform->resets))
		return dev_err_probe(platform->dev, PTR_ERR(platform->resets),
				     "its reset cannot be had\n");
	return 0;
}

/**
 * oriel_platform_power_on() - switch a device's clocks on and release its resets
 * @platform: the device
 *
 * Context: May sleep.
 * Return: 0 or a negative errno.
 */
int oriel_platform_power_on(struct oriel_platform *platform)
{
	int err;

	platform->nr_clks = clk_bulk_get_all(platform->dev, &platform->clks);
	if (platform->nr_clks < 0)
		return dev_err_probe(platform->dev, platform->nr_clks, "no clock\n");
	err = clk_bulk_prepare_enable(platform->nr_clks, platform->clks);
	if (err)
		goto err_put;
	err = oriel_platform_get_resets(platform);
	if (err)
		goto err_clks;
	err = reset_control_deassert(platform->resets);
	if (err)
		goto err_resets;
	return 0;

err_resets:
	reset_control_put(platform->resets);
err_clks:
	clk_bulk_disable_unprepare(platform->nr_clks, platform->clks);
err_put:
	clk_bulk_put_all(platform->nr_clks, platform->clks);
	return err;
}

static int oriel_platform_pulse(struct oriel_platform *platform)
{
	int err = reset_control_assert(platform->resets);

	/* There are those that can only be pulled as long as they see fit. */
	if (err == -ENOTSUPP)
		err = reset_control_reset(platform->resets);
	if (err)
		return err == -ENOTSUPP ? -EOPNOTSUPP : err;
	usleep_range(10, 20);
	return reset_control_deassert(platform->resets);
}

/**
 * oriel_platform_reset() - oriel_device_ops.reset
 * @owner: the device
 *
 * Context: May sleep.
 * Return: 0, -EOPNOTSUPP if it has none, or another negative errno.
 */
int oriel_platform_reset(void *owner)
{
	struct oriel_platform *platform = owner;
	int err;

	if (!platform->resets)
		return -EOPNOTSUPP;
	oriel_device_pause(platform->device, true);
	err = oriel_platform_pulse(platform);
	oriel_device_pause(platform->device, false);
	return err;
}

/**
 * oriel_platform_idle() - oriel_device_ops.idle
 * @owner: the device
 *
 * Context: May sleep.
 */
void oriel_platform_idle(void *owner)
{
	struct oriel_platform *platform = owner;
	int err = oriel_platform_reset(owner);

	if (err && err != -EOPNOTSUPP)
		dev_warn(platform->dev, "not reset: error %d\n", err);
}

/**
 * oriel_platform_power_off() - undo oriel_platform_power_on()
 * @platform: the device, nobody uses it any more
 *
 * Its resets stay released: not every driver that comes after knows of them.
 *
 * Context: May sleep.
 */
void oriel_platform_power_off(struct oriel_platform *platform)
{
	int err = platform->resets ? oriel_platform_pulse(platform) : 0;

	if (err && err != -EOPNOTSUPP)
		dev_warn(platform->dev, "not reset: error %d\n", err);
	reset_control_put(platform->resets);
	clk_bulk_disable_unprepare(platform->nr_clks, platform->clks);
	clk_bulk_put_all(platform->nr_clks, platform->clks);
}
