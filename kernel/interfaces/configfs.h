/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/kernel/config/oriel: what root makes by mkdir. */
#ifndef ORIEL_INTERFACES_CONFIGFS_H
#define ORIEL_INTERFACES_CONFIGFS_H

#include <linux/kconfig.h>
#include <linux/types.h>

struct config_group;
struct oriel_named_desc;

#if IS_ENABLED(CONFIG_CONFIGFS_FS)
int oriel_configfs_init(void);
void oriel_configfs_populate(void);
void oriel_configfs_exit(void);
#else
static inline int oriel_configfs_init(void)
{
	return 0;
}

static inline void oriel_configfs_populate(void)
{
}

static inline void oriel_configfs_exit(void)
{
}
#endif

int oriel_configfs_value(char *value, size_t room, const char *text, size_t bytes);

/* interfaces/configfs-buffer.c */
void oriel_configfs_buffers_init(struct config_group *group);
int oriel_configfs_buffer_add(struct config_group *parent, const struct oriel_named_desc *desc);
void oriel_configfs_buffers_exit(void);
/* interfaces/named-param.c */
int oriel_named_param_check(void);
void oriel_named_param_make(struct config_group *group);
/* interfaces/configfs-window.c */
void oriel_configfs_windows_init(struct config_group *group);

#endif /* ORIEL_INTERFACES_CONFIGFS_H */
