// SPDX-License-Identifier: GPL-2.0-only
/* PCI devices of the machine, through sysfs. */
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/pci.h"
#include "lib/text.h"

static void pci_path(char *path, size_t bytes, const char *address, const char *file)
{
	snprintf(path, bytes, "/sys/bus/pci/devices/%s/%s", address, file);
}

int pci_write(const char *address, const char *file, const char *text)
{
	char path[128];

	pci_path(path, sizeof(path), address, file);
	return text_write(path, text);
}

bool pci_has(const char *address, const char *file)
{
	char path[128];

	pci_path(path, sizeof(path), address, file);
	return !access(path, F_OK);
}

void pci_bind(const char *address)
{
	pci_write(address, "driver/unbind", address);
	assert_case("driver_override", pci_write(address, "driver_override", "oriel-pci"), 0);
	text_write("/sys/bus/pci/drivers_probe", address);
	assert_true(pci_has(address, "oriel"));
}

void pci_unbind(const char *address)
{
	assert_case("unbind", text_write("/sys/bus/pci/drivers/oriel-pci/unbind", address), 0);
	pci_write(address, "driver_override", "\n");
}

uint16_t pci_get_command(const char *address)
{
	uint16_t command = 0;
	char path[128];
	int fd;

	pci_path(path, sizeof(path), address, "config");
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &command, 2, PCI_COMMAND), 2);
	close(fd);
	return command;
}

void pci_set_command(const char *address, uint16_t command)
{
	char path[128];
	int fd;

	pci_path(path, sizeof(path), address, "config");
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &command, 2, PCI_COMMAND), 2);
	close(fd);
}

struct area pci_area_open(const char *address, const char *region, int prot)
{
	struct area area = {};
	char node[64], *c;

	snprintf(node, sizeof(node), "/dev/oriel/pci-%s", address);
	for (c = node; *c; c++)
		if (*c == ':')
			*c = '-';
	area.fd = open(node, O_RDWR | O_CLOEXEC);
	if (area.fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	area.info = region_find(area.fd, region);
	area.bytes = page_round(area.info.size_bytes);
	if (prot) {
		area.address = area_map(&area, prot, MAP_SHARED);
		assert_ptr_not_equal(area.address, MAP_FAILED);
	}
	return area;
}

void *area_try(const struct area *area, int prot, int flags)
{
	return mmap(NULL, area->bytes, prot, flags, area->fd, area->info.offset_bytes);
}
