// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices of the platform and AMBA buses, as users name them and as sysfs has them:
 * "9010000.pl031", or by their node, "platform-9010000.pl031". Knows nothing of
 * drivers.
 */
#include <ctype.h>
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "cli.h"

#define DRIVER		"oriel-platform"
#define NODE_DIR	"/dev/oriel/"
#define NODE_PREFIX	"platform-"
#define PCI_PREFIX	"pci-"

/* What neither leads elsewhere in sysfs nor has a meaning in a rule of udev. */
static bool is_name(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@,+-";

	return isalnum((unsigned char)text[0]) && !text[strspn(text, plain)] &&
	       strlen(text) < BUS_ADDRESS_BYTES;
}

/* As oriel-platform names it: "QEMU0002:00" to "platform-qemu0002-00" */
static void address_to_node(const char *address, char *node, size_t size_bytes)
{
	char *c;

	snprintf(node, size_bytes, NODE_PREFIX "%s", address);
	for (c = node; *c; c++) {
		*c = (char)tolower((unsigned char)*c);
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.')
			*c = '-';
	}
}

/* Names differ of which the nodes do not: the device that is there counts. */
static bool find_by_node(const struct bus *bus, const char *node, char *address)
{
	char path[128], other[BUS_ADDRESS_BYTES + sizeof(NODE_PREFIX)];
	struct dirent *entry;
	bool found = false;
	DIR *devices;

	bus_path(path, sizeof(path), bus, NULL, "devices");
	devices = opendir(path);
	if (!devices)
		return false;
	while (!found && (entry = readdir(devices))) {
		if (!is_name(entry->d_name))
			continue;
		address_to_node(entry->d_name, other, sizeof(other));
		found = !strcmp(other, node);
		if (found)
			strcpy(address, entry->d_name);
	}
	closedir(devices);

	return found;
}

static bool parse(const struct bus *bus, const char *text, char *address)
{
	char path[128];

	if (!strncmp(text, NODE_DIR, strlen(NODE_DIR)))
		text += strlen(NODE_DIR);
	if (!is_name(text) || !strncmp(text, PCI_PREFIX, strlen(PCI_PREFIX)))
		return false;
	strcpy(address, text);
	/* There are devices whose own names begin so ("platform-framebuffer.0"). */
	bus_path(path, sizeof(path), bus, text, "");
	if (strncmp(text, NODE_PREFIX, strlen(NODE_PREFIX)) || !access(path, F_OK) ||
	    find_by_node(bus, text, address))
		return true;
	strcpy(address, text + strlen(NODE_PREFIX));

	return is_name(address);
}

/* Its node's name: the rule is found by that when the device is gone. */
static void name_rule(const char *address, char *rule, size_t size_bytes)
{
	address_to_node(address, rule, size_bytes);
}

/* The name says what it is as well as where. */
static int identify(const char *address, struct bus_identity *identity)
{
	(void)address;
	identity->match[0] = '\0';
	identity->label[0] = '\0';

	return 0;
}

#define MISSING								\
	{ "there is no PCI, platform or AMBA device",			\
	  ". lspci shows those on PCI, \"ls /sys/bus/platform/devices /sys/bus/amba/devices\" the others." }

const struct bus bus_platform = {
	.name = "platform",
	.driver = DRIVER,
	.parse = parse,
	.node = address_to_node,
	.rule = name_rule,
	.identify = identify,
	.missing = MISSING,
};

const struct bus bus_amba = {
	.name = "amba",
	.driver = DRIVER,
	.parse = parse,
	.node = address_to_node,
	.rule = name_rule,
	.identify = identify,
	.missing = MISSING,
};
