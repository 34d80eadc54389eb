// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel bind and unbind of devices of the platform and AMBA buses, on a made-up
 * /sys/bus. That the kernel acts on it: the guest test cli-bind.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus_mock.h"
#include "mock.h"
#include "run_cli.h"
#include "test.h"
#include "wrap.h"

#define SLOT	"a000000.virtio_mmio"
#define CLOCK	"9010000.pl031"
#define RULE	"/etc/udev/rules.d/60-oriel-bind-%s.rules"

static void setup(void)
{
	mock_setup();
	make_bus("pci");
	make_bus("platform");
	make_bus("amba");
	make_driver("platform", "oriel-platform");
	make_driver("platform", "virtio-mmio");
	make_driver("amba", "oriel-platform");
	make_driver("amba", "rtc-pl031");
	make_bus_device("platform", SLOT);
	make_bus_device("platform", "a000200.virtio_mmio");
	make_bus_device("platform", "QEMU0002:00");
	make_bus_device("platform", "platform-framebuffer.0");
	make_bus_device("platform", "Fixed MDIO bus.0");
	make_bus_device("amba", CLOCK);
	make_bus_device("amba", "9030000.pl061");
	set_driver("platform", "a000200.virtio_mmio", "virtio-mmio");
	set_driver("amba", CLOCK, "rtc-pl031");
}

/* Bound already, so that their nodes are printed */
static void names_of_a_device(void)
{
	set_driver("platform", SLOT, "oriel-platform");
	set_driver("platform", "QEMU0002:00", "oriel-platform");
	set_driver("platform", "platform-framebuffer.0", "oriel-platform");
	set_driver("amba", "9030000.pl061", "oriel-platform");
	prints("bind " SLOT, "/dev/oriel/platform-" SLOT "\n");
	prints("bind platform-" SLOT, "/dev/oriel/platform-" SLOT "\n");
	prints("bind /dev/oriel/platform-" SLOT, "/dev/oriel/platform-" SLOT "\n");
	prints("bind 9030000.pl061", "/dev/oriel/platform-9030000.pl061\n");
	prints("bind platform-9030000.pl061", "/dev/oriel/platform-9030000.pl061\n");
	prints("bind QEMU0002:00", "/dev/oriel/platform-qemu0002-00\n");
	prints("bind platform-qemu0002-00", "/dev/oriel/platform-qemu0002-00\n");
	prints("bind platform-framebuffer.0", "/dev/oriel/platform-platform-framebuffer.0\n");
	prints("bind platform-platform-framebuffer.0",
	       "/dev/oriel/platform-platform-framebuffer.0\n");
}

/* Some of these are paths that are there: none of them is looked at. */
static void what_is_no_name(void)
{
	static const char *const texts[] = {
		".", "..", "/", "../devices/" CLOCK, CLOCK "/", CLOCK "/../" CLOCK, "./" CLOCK,
		"/sys/bus/amba/devices/" CLOCK, "/dev/oriel/../" CLOCK, "/dev/oriel/", "platform-",
		"platform-..", "platform-/" CLOCK, "/dev/oriel/platform-../" CLOCK, "9010000.pl*",
		"$kernel", "%k", "a\"b", "pci-0000-03-00",
		"0123456789012345678901234567890123456789012345678901234567890123456789",
	};
	char arguments[128];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(arguments, sizeof(arguments), "bind --force --persist %s", texts[i]);
		fails(arguments, 2, "no name of another device. Give one as");
		snprintf(arguments, sizeof(arguments), "unbind --persist %s", texts[i]);
		fails(arguments, 2, "no name of another device. Give one as");
	}
	CHECK_TEXT(read_text("/sys/bus/amba/devices/%s/driver_override", CLOCK), "(null)\n");
}

static void a_name_on_two_buses(void)
{
	make_bus_device("amba", SLOT);
	fails("bind " SLOT, 1, "is a device on two buses, platform and amba.");
	fails("bind " SLOT " --force --persist", 1, "is a device on two buses");
	CHECK_TEXT(read_text("/sys/bus/platform/devices/%s/driver_override", SLOT), "(null)\n");
	CHECK_TEXT(read_text("/sys/bus/amba/devices/%s/driver_override", SLOT), "(null)\n");
	CHECK(!read_text(RULE, "platform-" SLOT));
}

static void what_is_not_there(void)
{
	fails("bind 9010000.rtc", 1, "there is no PCI, platform or AMBA device 9010000.rtc. lspci");
	fails("unbind 9010000.rtc", 1, "there is no PCI, platform or AMBA device 9010000.rtc.");
	fails("bind platform-9010000.rtc", 1, "or AMBA device 9010000.rtc.");
	fails("unbind 9010000.rtc --persist", 1, "9010000.rtc is not bound to oriel-platform.");
}

static void other_drivers_keep_their_devices(void)
{
	fails("bind " CLOCK, 1, CLOCK " is in use by the driver rtc-pl031. Make sure");
	fails("bind a000200.virtio_mmio --persist", 1, "in use by the driver virtio-mmio.");
	CHECK_TEXT(read_text("/sys/bus/amba/devices/%s/driver_override", CLOCK), "(null)\n");
	CHECK_TEXT(read_text("/sys/bus/amba/drivers/%s/unbind", "rtc-pl031"), "");
	fails("unbind " CLOCK, 1, CLOCK " is not bound to oriel-platform.");
	fails("unbind " SLOT, 1, SLOT " is not bound to oriel-platform.");
}

/* No kernel takes the device here: its own bus is asked, and it is left as it was. */
static void a_device_that_is_not_taken(void)
{
	fails("bind " SLOT " --persist", 1,
	      SLOT " was not taken by oriel-platform. The kernel's log says why.");
	CHECK_TEXT(read_text("/sys/bus/%s/drivers_probe", "platform"), SLOT);
	CHECK_TEXT(read_text("/sys/bus/%s/drivers_probe", "amba"), "");
	CHECK_TEXT(read_text("/sys/bus/platform/devices/%s/driver_override", SLOT),
		   "\nriel-platform"); /* a plain file keeps the rest */
	CHECK(!read_text(RULE, "platform-" SLOT));
}

static void a_device_is_taken_by_force(void)
{
	fails("bind platform-" CLOCK " --force", 1, CLOCK " was not taken by oriel-platform.");
	CHECK_TEXT(read_text("/sys/bus/amba/drivers/%s/unbind", "rtc-pl031"), CLOCK);
	CHECK_TEXT(read_text("/sys/bus/%s/drivers_probe", "amba"), CLOCK);
	CHECK_TEXT(read_text("/sys/bus/%s/drivers_probe", "platform"), "");
	CHECK_TEXT(read_text("/sys/bus/amba/devices/%s/driver_override", CLOCK),
		   "\nriel-platform");
}

static void a_driver_that_gives_nothing_back(void)
{
	move_path("%s", "/sys/bus/amba/drivers/rtc-pl031/unbind", "/unbind.old");
	fails("bind " CLOCK " --force", 1,
	      "cannot take " CLOCK " from rtc-pl031, which gives no device back. Keep that driver from");
	CHECK_TEXT(read_text("/sys/bus/amba/devices/%s/driver_override", CLOCK),
		   "\nriel-platform");
}

static void a_rule_at_every_boot(void)
{
	char self[256] = "", rule[1024];

	CHECK(__real_readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	set_driver("platform", SLOT, "oriel-platform");
	CHECK_INT(oriel("bind platform-" SLOT " --persist"), 0);
	CHECK_TEXT(out, "/dev/oriel/platform-" SLOT "\n");
	CHECK_TEXT(err, "oriel: wrote /etc/udev/rules.d/60-oriel-bind-platform-" SLOT ".rules; " SLOT " is bound at every boot.\n");
	snprintf(rule, sizeof(rule),
		 "# Written by \"oriel bind --persist " SLOT "\"; \"oriel unbind --persist " SLOT "\" removes it.\n"
		 "ACTION==\"add\", SUBSYSTEM==\"platform\", KERNEL==\"" SLOT "\", "
		 "ATTR{driver_override}=\"oriel-platform\", RUN+=\"%s bind " SLOT "\"\n", self);
	CHECK_TEXT(read_text(RULE, "platform-" SLOT), rule);

	set_driver("amba", "9030000.pl061", "oriel-platform");
	CHECK_INT(oriel("bind 9030000.pl061 --persist --force"), 0);
	snprintf(rule, sizeof(rule), "%s", read_text(RULE, "platform-9030000.pl061"));
	CHECK(strstr(rule, "SUBSYSTEM==\"amba\", KERNEL==\"9030000.pl061\", ATTR{driver_override}=\"oriel-platform\","));
	CHECK(strstr(rule, " bind --force 9030000.pl061\"\n"));

	CHECK_INT(oriel("unbind " SLOT " --persist"), 0);
	CHECK_TEXT(out, "");
	CHECK_TEXT(err, "oriel: removed /etc/udev/rules.d/60-oriel-bind-platform-" SLOT ".rules; " SLOT " is left alone at the next boot.\n");
	CHECK(!read_text(RULE, "platform-" SLOT));
	CHECK(read_text(RULE, "platform-9030000.pl061"));
	CHECK_TEXT(read_text("/sys/bus/platform/drivers/%s/unbind", "oriel-platform"), SLOT);
	CHECK_TEXT(read_text("/sys/bus/amba/drivers/%s/unbind", "oriel-platform"), "");
}

/* Another tree, or another board: by the name of its node as well */
static void a_rule_goes_without_its_device(void)
{
	set_driver("platform", "QEMU0002:00", "oriel-platform");
	CHECK_INT(oriel("bind QEMU0002:00 --persist"), 0);
	CHECK(read_text(RULE, "platform-qemu0002-00"));
	move_path("/sys/bus/platform/devices/%s", "QEMU0002:00", "/unplugged");
	CHECK_INT(oriel("unbind platform-qemu0002-00 --persist"), 0);
	CHECK(!read_text(RULE, "platform-qemu0002-00"));
	fails("unbind QEMU0002:00 --persist", 1, "not bound");
}

static void the_driver_is_loaded_when_it_can_be(void)
{
	set_driver("amba", "9030000.pl061", "oriel-platform");
	move_path("/sys/bus/amba/drivers/%s", "oriel-platform", "/unloaded");
	fails("bind 9030000.pl061", 1, "the driver oriel-platform is not loaded, and modprobe did not load it. Install");
	make_modprobe("amba", "oriel-platform");
	prints("bind 9030000.pl061", "/dev/oriel/platform-9030000.pl061\n");
	CHECK_TEXT(read_text("/called%s", ""), "-q oriel-platform\n");
}

static const struct test tests[] = {
	TEST(names_of_a_device),
	TEST(what_is_no_name),
	TEST(a_name_on_two_buses),
	TEST(what_is_not_there),
	TEST(other_drivers_keep_their_devices),
	TEST(a_device_that_is_not_taken),
	TEST(a_device_is_taken_by_force),
	TEST(a_driver_that_gives_nothing_back),
	TEST(a_rule_at_every_boot),
	TEST(a_rule_goes_without_its_device),
	TEST(the_driver_is_loaded_when_it_can_be),
};

TEST_MAIN(tests, setup, mock_teardown)
