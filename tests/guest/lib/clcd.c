// SPDX-License-Identifier: GPL-2.0-only
#include "lib/clcd.h"

#include <fcntl.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/screen.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define DRIVER "/sys/bus/amba/drivers/oriel-clcd/"

/* A board has those of its motherboard and perhaps of its tile, which is shown then. */
static const char *const addresses[] = { "10020000", "1c1f0000", "1001f000" };

static const char *clcd_address(void)
{
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		snprintf(path, sizeof(path), "/sys/bus/amba/devices/%s.clcd", addresses[i]);
		if (!access(path, F_OK))
			return addresses[i];
	}
	fail_msg("this machine has no LCD controller");
	return NULL;
}

const char *clcd_node(void)
{
	static char node[32];

	snprintf(node, sizeof(node), "/dev/oriel/clcd-%s", clcd_address());
	return node;
}

static int clcd_write(const char *file, const char *address)
{
	char name[32];

	snprintf(name, sizeof(name), "%s.clcd", address);
	return text_write(file, name);
}

void clcd_remove(void)
{
	assert_case("unbind", clcd_write(DRIVER "unbind", clcd_address()), 0);
}

void clcd_return(void)
{
	assert_case("bind", clcd_write(DRIVER "bind", clcd_address()), 0);
	screen_console(false);
}

int clcd_load(const char *parameters)
{
	int err = module_load("oriel-clcd", parameters);
	size_t i;

	if (err)
		return err;
	/* All, so that the one that is wanted becomes the first frame buffer. */
	for (i = 0; i < ARRAY_SIZE(addresses); i++)
		clcd_write(DRIVER "unbind", addresses[i]);
	err = clcd_write(DRIVER "bind", clcd_address());
	screen_console(false);
	return err;
}

int clcd_unload(void)
{
	screen_console(true);
	/* The console holds on to the driver as long as it draws. */
	clcd_write(DRIVER "unbind", clcd_address());
	return module_unload("oriel-clcd");
}

uint32_t clcd_register(unsigned int offset)
{
	int fd = open(clcd_node(), O_RDONLY | O_CLOEXEC);
	struct oriel_region_info info = region_find(fd, "registers");
	uint32_t value = 0;

	assert_int_equal(pread(fd, &value, sizeof(value), info.offset_bytes + offset),
			 sizeof(value));
	close(fd);
	return value;
}
