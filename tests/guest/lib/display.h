/* SPDX-License-Identifier: GPL-2.0-only */
/* The display that the machine outside sees, and its driver: oriel-pcifb or oriel-clcd. */
#ifndef TESTS_DISPLAY_H
#define TESTS_DISPLAY_H

/* Group set-up and tear-down: it is /dev/fb0, without a console, and oriel-walk is there. */
int display_load(void **state);
int display_unload(void **state);
/* By its driver; these fail the test if that fails. */
void display_remove(void);
void display_return(void);
const char *display_node(void);
/* As it is called, which is the name of its module. */
const char *display_driver(void);

#endif /* TESTS_DISPLAY_H */
