// SPDX-License-Identifier: GPL-2.0-only
/* oriel.ko: puts the floors together. */
#include <linux/init.h>
#include <linux/module.h>

#include "core/device.h"
#include "core/home.h"
#include "interfaces/chardev.h"
#include "interfaces/configfs.h"
#include "interfaces/heap.h"
#include "interfaces/sysfs.h"

const struct oriel_interface *const oriel_interfaces[] = {
	&oriel_chardev_interface,	/* gets the device number ... */
	&oriel_sysfs_interface,		/* ... under which it becomes visible */
	NULL
};

static int __init oriel_init(void)
{
	int err;

	err = oriel_chardev_init();
	if (err)
		return err;
	err = oriel_sysfs_init();
	if (err)
		goto err_chardev;
	err = oriel_home_init();
	if (err)
		goto err_sysfs;
	err = oriel_configfs_init();
	if (err)
		goto err_home;
	err = oriel_heap_init();
	if (err)
		goto err_configfs;
	oriel_configfs_populate();
	return 0;

err_configfs:
	oriel_configfs_exit();
err_home:
	oriel_home_exit();
err_sysfs:
	oriel_sysfs_exit();
err_chardev:
	oriel_chardev_exit();
	return err;
}
module_init(oriel_init);

static void __exit oriel_exit(void)
{
	oriel_heap_exit();
	oriel_configfs_exit();
	oriel_home_exit();
	oriel_sysfs_exit();
	oriel_chardev_exit();
}
module_exit(oriel_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Oriel authors");
MODULE_DESCRIPTION("Device memory and kernel buffers through mmap: core, memory kinds, interfaces");
