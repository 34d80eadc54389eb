// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Paths: which node does a name, a path or a bus address mean? Opens nothing.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

bool oriel_name_is_valid(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	return length > 0 && length < ORIEL_NAME_BYTES && !name[length] &&
	       name[0] != '.';
}

/*
 * Read exactly @digits hexadecimal digits (or more, if @more) and the character
 * that ends them; return what follows, or NULL.
 */
static const char *skip_hex(const char *text, size_t digits, bool more, char end)
{
	size_t length = strspn(text, "0123456789abcdefABCDEF");

	if (length < digits || (length > digits && !more) || text[length] != end)
		return NULL;

	return end ? text + length + 1 : text + length;
}

/* Is it "03:00.0", what lspci prints where there is one domain? */
static bool is_pci_slot(const char *text)
{
	text = skip_hex(text, 2, false, ':');
	if (text)
		text = skip_hex(text, 2, false, '.');

	return text && text[0] >= '0' && text[0] <= '7' && !text[1];
}

/* "0000:03:00.0" and "03:00.0" to "pci-0000-03-00.0" */
static int pci_to_name(const char *address, char *name, size_t size_bytes)
{
	const char *slot = address;
	const char *domain = "";
	int length;

	if (is_pci_slot(address)) {
		domain = "0000:";
	} else {
		slot = skip_hex(address, 4, true, ':');
		if (!slot || !is_pci_slot(slot))
			return -EINVAL;
	}

	length = snprintf(name, size_bytes, "pci-%s%s", domain, address);
	if (length < 0 || (size_t)length >= size_bytes)
		return -EINVAL;

	for (; *name; name++) {
		if (*name == ':')
			*name = '-';
		else
			*name = (char)tolower((unsigned char)*name);
	}

	return 0;
}

int oriel_device_resolve(const char *name, char *path, size_t size_bytes)
{
	char node[ORIEL_NAME_BYTES];
	int length;

	if (!name || !path || !name[0])
		return -EINVAL;

	if (strchr(name, '/')) {
		length = snprintf(path, size_bytes, "%s", name);
	} else {
		if (oriel_name_is_valid(name))
			strcpy(node, name);
		else if (pci_to_name(name, node, sizeof(node)))
			return -EINVAL;
		length = snprintf(path, size_bytes, "%s/%s", ORIEL_DEV_DIR, node);
	}

	return length < 0 || (size_t)length >= size_bytes ? -EOVERFLOW : 0;
}
