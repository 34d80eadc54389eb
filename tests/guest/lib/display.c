// SPDX-License-Identifier: GPL-2.0-only
#include "lib/display.h"

#include <unistd.h>

#include "lib/check.h"
#include "lib/clcd.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/screen.h"
#include "lib/text.h"

#define PCI_DRIVER	"/sys/bus/pci/drivers/oriel-pcifb/"

static bool is_pci(void)
{
	return !access("/sys/bus/pci/devices/" PCI_DISPLAY, F_OK);
}

const char *display_driver(void)
{
	return is_pci() ? "oriel-pcifb" : "oriel-clcd";
}

const char *display_node(void)
{
	return is_pci() ? "/dev/oriel/pcifb-0000-00-12.0" : clcd_node();
}

void display_remove(void)
{
	if (is_pci())
		assert_case("unbind", text_write(PCI_DRIVER "unbind", PCI_DISPLAY), 0);
	else
		clcd_remove();
}

void display_return(void)
{
	if (!is_pci()) {
		clcd_return();
		return;
	}
	assert_case("bind", text_write(PCI_DRIVER "bind", PCI_DISPLAY), 0);
	screen_console(false);
}

int display_load(void **state)
{
	int err = module_load("oriel-walk", "");

	if (err)
		return err;
	if (!is_pci())
		return clcd_load("");
	err = module_load("oriel-pci", "") ?: module_load("oriel-pcifb", "");
	if (err)
		return err;
	display_remove();
	display_return();
	return 0;
}

int display_unload(void **state)
{
	int err;

	if (is_pci()) {
		screen_console(true);
		/* The console holds on to the driver as long as it draws. */
		display_remove();
		err = module_unload("oriel-pcifb") ?: module_unload("oriel-pci");
	} else {
		err = clcd_unload();
	}
	return err ?: module_unload("oriel-walk");
}
