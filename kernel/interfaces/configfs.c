// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/config/oriel: the root, with a directory for each sort of thing
 * that root makes by mkdir. Each thing pins this module until its rmdir.
 */
#include <linux/configfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

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

static struct config_group oriel_configfs_buffers;
static struct config_group oriel_configfs_windows;

/**
 * oriel_configfs_init() - make /sys/kernel/config/oriel
 *
 * Return: 0; -EINVAL, -EOVERFLOW or -EEXIST for a malformed module parameter; or
 * another negative errno.
 */
int oriel_configfs_init(void)
{
	int err = oriel_named_param_check();

	if (err)
		return err;
	config_group_init(&oriel_configfs.su_group);
	oriel_configfs_buffers_init(&oriel_configfs_buffers);
	configfs_add_default_group(&oriel_configfs_buffers, &oriel_configfs.su_group);
	oriel_configfs_windows_init(&oriel_configfs_windows);
	configfs_add_default_group(&oriel_configfs_windows, &oriel_configfs.su_group);
	return configfs_register_subsystem(&oriel_configfs);
}

/**
 * oriel_configfs_populate() - make what the module parameter asks for
 *
 * Context: when nothing can keep the module from being there any more: what is
 * made can be opened at once.
 */
void oriel_configfs_populate(void)
{
	oriel_named_param_make(&oriel_configfs_buffers);
}

/** oriel_configfs_exit() - take it away; nothing that was made there is left */
void oriel_configfs_exit(void)
{
	oriel_configfs_buffers_exit();
	configfs_unregister_subsystem(&oriel_configfs);
}

/**
 * oriel_configfs_value() - what somebody wrote to a file, as echo writes it
 * @value: where to put it, NUL-terminated and without the newline
 * @room:  for that
 * @text:  what was written
 * @bytes: how much
 *
 * Return: 0, or -EINVAL for what is too long, or has a NUL in it: nobody's value.
 */
int oriel_configfs_value(char *value, size_t room, const char *text, size_t bytes)
{
	size_t length = bytes && text[bytes - 1] == '\n' ? bytes - 1 : bytes;

	if (length >= room || memchr(text, 0, length))
		return -EINVAL;
	memcpy(value, text, length);
	value[length] = 0;
	return 0;
}
