// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/config/oriel: the root, with a directory for each sort of thing
 * that root makes by mkdir. Each thing pins this module until its rmdir.
 */
#include <linux/configfs.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "interfaces/configfs.h"

static const struct config_item_type oriel_configfs_type = {
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem oriel_configfs = {
	.su_group.cg_item = {
		.ci_namebuf = "oriel",
		.ci_type    = &oriel_configfs_type,
	},
	.su_mutex = __MUTEX_INITIALIZER(oriel_configfs.su_mutex),
};

static struct config_group oriel_configfs_windows;

/**
 * oriel_configfs_init() - make /sys/kernel/config/oriel
 *
 * Return: 0 or a negative errno.
 */
int oriel_configfs_init(void)
{
	config_group_init(&oriel_configfs.su_group);
	oriel_configfs_windows_init(&oriel_configfs_windows);
	configfs_add_default_group(&oriel_configfs_windows, &oriel_configfs.su_group);
	return configfs_register_subsystem(&oriel_configfs);
}

/** oriel_configfs_exit() - take it away; nothing that was made there is left */
void oriel_configfs_exit(void)
{
	configfs_unregister_subsystem(&oriel_configfs);
}
