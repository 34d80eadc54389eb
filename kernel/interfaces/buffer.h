/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls ORIEL_BUFFER_* and ORIEL_SYNC. */
#ifndef ORIEL_INTERFACES_BUFFER_H
#define ORIEL_INTERFACES_BUFFER_H

struct file;
struct oriel_explain;

int oriel_ioctl_buffer_alloc(struct file *file, void __user *arg, struct oriel_explain *why);
int oriel_ioctl_buffer_import(struct file *file, void __user *arg, struct oriel_explain *why);
int oriel_ioctl_buffer_segments(struct file *file, void __user *arg, struct oriel_explain *why);
int oriel_ioctl_sync(struct file *file, void __user *arg, struct oriel_explain *why);
int oriel_ioctl_buffer_free(struct file *file, void __user *arg, struct oriel_explain *why);

#endif /* ORIEL_INTERFACES_BUFFER_H */
