/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up /sys/bus, and what of /etc and /proc binding needs, in the directory of a
 * test. No kernel is behind it: what is written stays there.
 */
#ifndef _BUS_MOCK_H
#define _BUS_MOCK_H

/* @format, which has one %s for @name, is a path below the test's directory. */
void write_text(const char *format, const char *name, const char *content);
/* NULL: no such file. Good until the next call. */
const char *read_text(const char *format, const char *name);
void make_directory(const char *format, const char *name);
void move_path(const char *format, const char *name, const char *to);

void make_bus(const char *bus);
/* Without a driver */
void make_bus_device(const char *bus, const char *address);
void make_driver(const char *bus, const char *driver);
void set_driver(const char *bus, const char *address, const char *driver);
/* A modprobe that leaves its arguments in /called, and this driver */
void make_modprobe(const char *bus, const char *driver);

#endif /* _BUS_MOCK_H */
