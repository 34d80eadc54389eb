/* SPDX-License-Identifier: GPL-2.0-only */
/* The LCD controller of the Versatile Express whose picture the machine outside sees. */
#ifndef TESTS_CLCD_H
#define TESTS_CLCD_H

#include <stdint.h>

/* oriel-clcd with this one device, which is /dev/fb0; without a console. Return: 0 or -errno. */
int clcd_load(const char *parameters);
int clcd_unload(void);
/* By its driver; these fail the test if that fails. */
void clcd_remove(void);
void clcd_return(void);

const char *clcd_node(void);
/* What stands in a register. */
uint32_t clcd_register(unsigned int offset);

#endif /* TESTS_CLCD_H */
