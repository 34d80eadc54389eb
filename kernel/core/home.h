/* SPDX-License-Identifier: GPL-2.0-only */
/* The device that has the DMA memory of no device in particular. */
#ifndef ORIEL_CORE_HOME_H
#define ORIEL_CORE_HOME_H

#include <linux/types.h>

struct device;
struct oriel_supply;

int oriel_home_init(void);
void oriel_home_exit(void);

struct device *oriel_home_device(void);
struct oriel_supply oriel_home_supply(u32 kind, int node);

#endif /* ORIEL_CORE_HOME_H */
