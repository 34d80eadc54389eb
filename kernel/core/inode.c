// SPDX-License-Identifier: GPL-2.0-only
/*
 * An inode of its own for each device, on a file system that nobody mounts:
 * its address_space is where all mappings of the device are found.
 */
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

/**
 * oriel_inode_destroy() - give up an inode
 * @inode: from oriel_inode_create(); no file or mapping uses it any more
 */
void oriel_inode_destroy(struct inode *inode)
{
	iput(inode);
	simple_release_fs(&oriel_fs_mount, &oriel_fs_pins);
}
