// SPDX-License-Identifier: GPL-2.0-only
/* PCI devices of the machine, through sysfs. */
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/text.h"

int pci_load(void **state)
{
	(void)state;
	return module_load("oriel-pci", "");
}

int pci_unload(void **state)
{
	(void)state;
	return module_unload("oriel-pci");
}

bool pci_packs_pages(void)
{
	return page_bytes() > 4096;
}

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

bool pci_is_bound(const char *address, const char *driver)
{
	char path[128], link[128] = "";

	pci_path(path, sizeof(path), address, "driver");
	if (readlink(path, link, sizeof(link) - 1) < 0)
		return false;
	return strrchr(link, '/') && !strcmp(strrchr(link, '/') + 1, driver);
}

/* A driver of its own may be about to take a device that has just come. */
void pci_bind(const char *address)
{
	int tries = 100;

	assert_case("driver_override", pci_write(address, "driver_override", "oriel-pci"), 0);
	do {
		if (!pci_is_bound(address, "oriel-pci"))
			pci_write(address, "driver/unbind", address);
		text_write("/sys/bus/pci/drivers_probe", address);
		/* Who came while it was plugged in may still be at it: it is his, but not ready. */
	} while (!pci_has(address, "oriel") && tries-- && !usleep(50000));
	assert_true(pci_is_bound(address, "oriel-pci") && pci_has(address, "oriel"));
}

void pci_unbind(const char *address)
{
	assert_case("unbind", text_write("/sys/bus/pci/drivers/oriel-pci/unbind", address), 0);
	pci_write(address, "driver_override", "\n");
}

void pci_await(const char *address, bool present)
{
	int tries = 600;

	while (pci_has(address, "config") != present && tries--)
		usleep(50000);
	if (tries < 0)
		fail_msg("%s: %s", address, present ? "did not come" : "did not go");
}

int pci_try_host(const char *words)
{
	char command[256];

	snprintf(command, sizeof(command), "oriel-host %s >host-answer 2>&1", words);
	return system(command);
}

void pci_ask_host(const char *words)
{
	char answer[256];

	if (!pci_try_host(words))
		return;
	text_line("host-answer", answer, sizeof(answer));
	fail_msg("%s: %s", words, answer);
}

void pci_plug(const char *address, const char *device, const char *words)
{
	const char *port = strcmp(address, PCI_PORT0) ? "port1" : "port0";
	char request[192];
	int tries = 100;

	snprintf(request, sizeof(request), "device_add %s in-%s bus=%s %s", device, port, port,
		 words);
	/* QEMU forgets what was there before only some time after the guest did. */
	while (tries-- && pci_try_host(request))
		usleep(100000);
	if (tries < 0)
		pci_ask_host(request);
	pci_await(address, true);
}

void pci_unplug(const char *address)
{
	const char *port = strcmp(address, PCI_PORT0) ? "port1" : "port0";
	char request[64];

	snprintf(request, sizeof(request), "device_del in-%s", port);
	pci_ask_host(request);
}

static void pci_config(const char *address, unsigned int at, void *value, size_t bytes)
{
	char path[128];
	int fd;

	pci_path(path, sizeof(path), address, "config");
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, value, bytes, at), bytes);
	close(fd);
}

uint8_t pci_config8(const char *address, unsigned int at)
{
	uint8_t value;

	pci_config(address, at, &value, 1);
	return value;
}

uint32_t pci_config32(const char *address, unsigned int at)
{
	uint32_t value;

	pci_config(address, at, &value, 4);
	return value;
}

uint16_t pci_get_command(const char *address)
{
	uint16_t command;

	pci_config(address, PCI_COMMAND, &command, 2);
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

static void pci_node(char *node, size_t bytes, const char *address)
{
	char *c;

	snprintf(node, bytes, "/dev/oriel/pci-%s", address);
	for (c = node; *c; c++)
		if (*c == ':')
			*c = '-';
}

void pci_await_node(const char *address)
{
	char node[64];
	int tries = 600;

	pci_node(node, sizeof(node), address);
	while (access(node, F_OK) && tries--)
		usleep(50000);
	if (tries < 0)
		fail_msg("%s did not come", node);
}

struct area pci_area_open(const char *address, const char *region, int prot)
{
	char node[64];
	int fd;

	pci_node(node, sizeof(node), address);
	fd = open(node, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	return area_of(fd, region, prot);
}
