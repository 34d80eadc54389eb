/* SPDX-License-Identifier: GPL-2.0-only */
/* The call ORIEL_REGION_EXPORT. */
#ifndef ORIEL_INTERFACES_EXPORT_H
#define ORIEL_INTERFACES_EXPORT_H

struct file;
struct oriel_explain;

int oriel_ioctl_region_export(struct file *file, void __user *arg, struct oriel_explain *why);

#endif /* ORIEL_INTERFACES_EXPORT_H */
