// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel by-id: the name of a PCI device below /dev/oriel/by-id. The udev rule
 * asks for it.
 */
#include <string.h>

#include "cli.h"
#include "pci.h"

static int run(const struct cli_options *options)
{
	char address[PCI_ADDRESS_BYTES];
	struct pci_id id;
	int number, status;

	status = pci_find(options->args[0], address);
	if (status)
		return status;

	number = pci_read_id(address, &id);
	if (!number)
		number = pci_number(address, &id);
	if (number < 0)
		return cli_fail("cannot read what %s is: %s. Check that sysfs is mounted.",
				address, strerror(-number));
	printf("%04x-%04x-%d\n", id.vendor, id.device, number);

	return CLI_OK;
}

const struct cli_command cli_command_by_id = {
	.name = "by-id",
	.arguments = "ADDRESS",
	.summary = "print the name of a PCI device in /dev/oriel/by-id",
	.help = "VENDOR-DEVICE-NUMBER; NUMBER counts devices with the same id in bus order,\n"
		"whether they are bound or not.\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
