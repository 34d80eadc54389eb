/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/class/oriel. */
#ifndef ORIEL_INTERFACES_SYSFS_H
#define ORIEL_INTERFACES_SYSFS_H

struct oriel_device;
struct oriel_interface;

extern const struct oriel_interface oriel_sysfs_interface;

int oriel_sysfs_init(void);
void oriel_sysfs_exit(void);

struct oriel_device *oriel_sysfs_find(const char *name);

#endif /* ORIEL_INTERFACES_SYSFS_H */
