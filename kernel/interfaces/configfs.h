/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/kernel/config/oriel: what root makes by mkdir. */
#ifndef ORIEL_INTERFACES_CONFIGFS_H
#define ORIEL_INTERFACES_CONFIGFS_H

#include <linux/kconfig.h>

struct config_group;

#if IS_ENABLED(CONFIG_CONFIGFS_FS)
int oriel_configfs_init(void);
void oriel_configfs_exit(void);
#else
static inline int oriel_configfs_init(void)
{
	return 0;
}

static inline void oriel_configfs_exit(void)
{
}
#endif

/* interfaces/configfs-window.c */
void oriel_configfs_windows_init(struct config_group *group);

#endif /* ORIEL_INTERFACES_CONFIGFS_H */
