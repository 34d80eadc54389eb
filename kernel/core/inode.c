// SPDX-License-Identifier: GPL-2.0-only
/*
 * An inode of its own for each device, on a file system that nobody mounts:
 * its address_space is where all mappings of the device are found.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

#include "core/device.h"

#define ORIEL_FS_MAGIC 0x6f72696c /* "oril" */

static int oriel_fs_init_context(struct fs_context *fc)
{
	return init_pseudo(fc, ORIEL_FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type oriel_fs = {
	.name		 = "oriel",
	.owner		 = THIS_MODULE,
	.init_fs_context = oriel_fs_init_context,
	.kill_sb	 = kill_anon_super,
};

/* Pinned by each inode, not by the module: it could never be unloaded. */
static struct vfsmount *oriel_fs_mount;
static int oriel_fs_pins;

/**
 * oriel_inode_create() - an inode with an address_space of its own
 *
 * Return: the inode, to be given up with oriel_inode_destroy(), or an
 * ERR_PTR().
 */
struct inode *oriel_inode_create(void)
{
	struct inode *inode;
	int err;

	err = simple_pin_fs(&oriel_fs, &oriel_fs_mount, &oriel_fs_pins);
	if (err)
		return ERR_PTR(err);
	inode = alloc_anon_inode(oriel_fs_mount->mnt_sb);
	if (IS_ERR(inode))
		simple_release_fs(&oriel_fs_mount, &oriel_fs_pins);
	else
		/* The core maps nothing huge beyond what it takes for the end. */
		i_size_write(inode, MAX_LFS_FILESIZE);
	return inode;
}

/* Nobody opens it: it is what mappings hold on to. */
static const struct file_operations oriel_inode_fops = {
	.owner = THIS_MODULE,
};

/**
 * oriel_inode_open() - a file whose mappings are the inode's
 * @inode: from oriel_inode_create()
 * @name:  as it is shown in /proc/PID/maps
 *
 * The file keeps inode, file system and module.
 *
 * Context: May sleep.
 * Return: the file, for the caller to fput(), or an ERR_PTR(): -ENFILE, -ENOMEM.
 */
struct file *oriel_inode_open(struct inode *inode, const char *name)
{
	struct file *file;

	ihold(inode);
	/* Given up with the file. */
	__module_get(THIS_MODULE);
	file = alloc_file_pseudo(inode, oriel_fs_mount, name, O_RDWR, &oriel_inode_fops);
	if (IS_ERR(file)) {
		module_put(THIS_MODULE);
		iput(inode);
	}
	return file;
}

/**
 * oriel_inode_destroy() - give up an inode
 * @inode: from oriel_inode_create(); the device's files are closed
 */
void oriel_inode_destroy(struct inode *inode)
{
	iput(inode);
	simple_release_fs(&oriel_fs_mount, &oriel_fs_pins);
}
