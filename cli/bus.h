/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buses whose devices can be given to a driver of ours, and such a device in sysfs:
 * what bind, unbind and the rules of --persist share.
 */
#ifndef _ORIEL_CLI_BUS_H
#define _ORIEL_CLI_BUS_H

#include <stdbool.h>
#include <stddef.h>

#define BUS_DIR			"/sys/bus"
#define BUS_ADDRESS_BYTES	64
#define BUS_MATCH_BYTES		80

/*
 * How a rule knows a device again, besides by its address: @match, for udev, ends in
 * ", " if it is not empty; @label, for people, begins with a blank then.
 */
struct bus_identity {
	char match[BUS_MATCH_BYTES];
	char label[24];
};

/*
 * @name:	 in /sys/bus, and for udev
 * @driver:	 ours
 * @parse:	 what a user calls a device, to its name in sysfs, which has no '/' in
 *		 it and is not "." or ".."; false: no device of this bus is called so.
 *		 The device need not be there.
 * @node:	 the name of its node
 * @rule:	 what a file name of its own has of it
 * @identify:	 0 or a negative errno
 * @find_holder: is its memory somebody else's? Then @holder names him. Or NULL:
 *		 only the kernel can tell.
 * @missing:	 with the address in between, what to say of a device that is not there
 */
struct bus {
	const char *name;
	const char *driver;
	bool (*parse)(const struct bus *bus, const char *text, char *address);
	void (*node)(const char *address, char *node, size_t size_bytes);
	void (*rule)(const char *address, char *rule, size_t size_bytes);
	int (*identify)(const char *address, struct bus_identity *identity);
	bool (*find_holder)(const char *address, char *holder, size_t size_bytes);
	const char *missing[2];
};

extern const struct bus bus_pci, bus_platform, bus_amba;

struct bus_device {
	const struct bus *bus;
	char address[BUS_ADDRESS_BYTES];
};

/*
 * The device that a user calls @text, or, if there is none, the one that would be
 * called so. 0, or an exit status with the message printed.
 */
int bus_parse(const char *text, struct bus_device *device);

/* The same, and the device is there. */
int bus_find(const char *text, struct bus_device *device);

/* A file of the device, or of its bus with NULL for @address, in sysfs */
void bus_path(char *path, size_t size_bytes, const struct bus *bus, const char *address,
	      const char *file);

/* ---- persist.c: devices that are bound at every boot ---------------------- */

/* These: 0, or an exit status with the message printed. May this program run at boot? */
int persist_check(void);
int persist_add(const struct bus_device *device, bool force);
/* @removed: was there anything to remove? */
int persist_remove(const struct bus_device *device, bool *removed);

#endif /* _ORIEL_CLI_BUS_H */
