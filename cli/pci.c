// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI devices, as users name them and as sysfs has them. Of drivers it knows the
 * name of ours.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "cli.h"
#include "pci.h"

#define NODE_PREFIX	"pci-"

/* A number that orders addresses as the bus does; false if it is no address */
static bool parse_address(const char *text, uint64_t *order)
{
	unsigned int domain, bus, slot, function;
	int length = -1;

	/* sscanf() would also take blanks, signs and 0x. */
	if (text[strspn(text, "0123456789abcdef:.")] ||
	    sscanf(text, "%8x:%2x:%2x.%1u%n", &domain, &bus, &slot, &function, &length) != 4 ||
	    length < 0 || text[length] || function > 7 || slot > 31)
		return false;
	*order = (uint64_t)domain << 16 | bus << 8 | slot << 3 | function;

	return true;
}

/* "pci-0000-03-00.0" to "0000:03:00.0" */
static bool node_to_address(const char *node, char *address)
{
	uint64_t order;
	char *dash;

	if (strncmp(node, NODE_PREFIX, strlen(NODE_PREFIX)) ||
	    strlen(node) - strlen(NODE_PREFIX) >= PCI_ADDRESS_BYTES)
		return false;
	strcpy(address, node + strlen(NODE_PREFIX));
	for (dash = strchr(address, '-'); dash; dash = strchr(dash, '-'))
		*dash = ':';

	return parse_address(address, &order);
}

int pci_read_id(const char *address, struct pci_id *id)
{
	static const char *const files[] = { "vendor", "device" };
	unsigned int value[2];
	char path[128], text[16];
	ssize_t length;
	int fd, i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), PCI_DIR "/devices/%s/%s", address, files[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
		if (length <= 0)
			return -EIO;
		text[length] = '\0';
		value[i] = (unsigned int)strtoul(text, NULL, 16);
	}
	id->vendor = (uint16_t)value[0];
	id->device = (uint16_t)value[1];

	return 0;
}

/*
 * Bus order alone counts, not who was bound first: the number of a device is the
 * same at every boot, and two that are asked for at once do not get the same.
 */
static int count_before(const struct pci_id *id, uint64_t before)
{
	struct dirent *entry;
	struct pci_id other;
	uint64_t order;
	int count = 0;
	DIR *devices;

	devices = opendir(PCI_DIR "/devices");
	if (!devices)
		return -errno;
	while ((entry = readdir(devices))) {
		if (parse_address(entry->d_name, &order) && order < before &&
		    !pci_read_id(entry->d_name, &other) &&
		    other.vendor == id->vendor && other.device == id->device)
			count++;
	}
	closedir(devices);

	return count;
}

int pci_number(const char *address, const struct pci_id *id)
{
	uint64_t order;

	return parse_address(address, &order) ? count_before(id, order) : -EINVAL;
}

/* "1234-11e8-0" to the address of that device */
static bool id_to_address(const char *text, char *address)
{
	unsigned int vendor, device, number;
	struct dirent *entry;
	struct pci_id id, other;
	bool found = false;
	int length = -1;
	DIR *devices;

	if (text[strspn(text, "0123456789abcdef-")] ||
	    sscanf(text, "%4x-%4x-%9u%n", &vendor, &device, &number, &length) != 3 ||
	    length < 0 || text[length])
		return false;
	id.vendor = (uint16_t)vendor;
	id.device = (uint16_t)device;

	devices = opendir(PCI_DIR "/devices");
	if (!devices)
		return false;
	while (!found && (entry = readdir(devices))) {
		found = strlen(entry->d_name) < PCI_ADDRESS_BYTES &&
			!pci_read_id(entry->d_name, &other) &&
			other.vendor == id.vendor && other.device == id.device &&
			pci_number(entry->d_name, &id) == (int)number;
		if (found)
			strcpy(address, entry->d_name);
	}
	closedir(devices);

	return found;
}

bool pci_parse(const char *text, char *address)
{
	char path[ORIEL_PATH_BYTES], *real;
	const char *name;
	bool found;

	name = strrchr(text, '/');
	if (id_to_address(name ? name + 1 : text, address))
		return true;

	found = !oriel_device_resolve(text, path, sizeof(path));
	real = found ? realpath(path, NULL) : NULL;
	name = strrchr(real ? real : path, '/');
	found = found && name && node_to_address(name + 1, address);
	free(real);

	return found;
}

int pci_find(const char *text, char *address)
{
	char path[128];

	if (!pci_parse(text, address))
		return cli_usage_error("\"%s\" is no PCI address. Give one as lspci prints it: 03:00.0.",
				       text);
	snprintf(path, sizeof(path), PCI_DIR "/devices/%s", address);
	if (access(path, F_OK))
		return cli_fail("there is no PCI device %s. lspci shows those that there are.",
				address);

	return CLI_OK;
}

static bool parse(const struct bus *bus, const char *text, char *address)
{
	(void)bus;

	return pci_parse(text, address);
}

static void address_to_node(const char *address, char *node, size_t size_bytes)
{
	char *colon;

	snprintf(node, size_bytes, NODE_PREFIX "%s", address);
	while ((colon = strchr(node, ':')))
		*colon = '-';
}

static void address_to_rule(const char *address, char *rule, size_t size_bytes)
{
	char node[BUS_ADDRESS_BYTES];

	address_to_node(address, node, sizeof(node));
	snprintf(rule, size_bytes, "%s", node + strlen(NODE_PREFIX));
}

/* By vendor and device, so that another card in the same slot is left alone */
static int identify(const char *address, struct bus_identity *identity)
{
	struct pci_id id;
	int err = pci_read_id(address, &id);

	if (err)
		return err;
	snprintf(identity->match, sizeof(identity->match),
		 "ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", ", id.vendor, id.device);
	snprintf(identity->label, sizeof(identity->label), " (%04x:%04x)", id.vendor, id.device);

	return 0;
}

const struct bus bus_pci = {
	.name = "pci",
	.driver = "oriel-pci",
	.parse = parse,
	.node = address_to_node,
	.rule = address_to_rule,
	.identify = identify,
	.find_holder = pci_find_holder,
	.missing = { "there is no PCI device", ". lspci shows those that there are." },
};
