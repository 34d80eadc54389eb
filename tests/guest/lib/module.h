/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading and unloading modules, by the system calls. */
#ifndef TESTS_MODULE_H
#define TESTS_MODULE_H

#include <stdbool.h>

/* @name as in the file's name. Return: 0 or -errno. */
int module_load(const char *name, const char *parameters);
int module_unload(const char *name);
bool module_is_loaded(const char *name);
/* How many use a module, other modules included. */
long module_users(const char *name);

#endif /* TESTS_MODULE_H */
