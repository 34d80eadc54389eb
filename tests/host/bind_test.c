// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel bind, unbind and by-id on a made-up /sys/bus: what PCI devices may be
 * called, what is written where. Other buses: see bind_platform_test.c. That the
 * kernel acts on it, the guest tests.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus_mock.h"
#include "mock.h"
#include "run_cli.h"
#include "test.h"
#include "wrap.h"

static void make_device(const char *address, const char *vendor, const char *device)
{
	make_bus_device("pci", address);
	write_text("/sys/bus/pci/devices/%s/vendor", address, vendor);
	write_text("/sys/bus/pci/devices/%s/device", address, device);
}

static void setup(void)
{
	mock_setup();
	make_bus("pci");
	make_driver("pci", "oriel-pci");
	make_driver("pci", "e1000e");
	/* The order in which readdir() gives them is not that of the bus. */
	make_device("0000:0a:00.0", "0x1234\n", "0x11e8\n");
	make_device("0000:03:00.1", "0x1234\n", "0x11e8\n");
	make_device("0001:00:00.0", "0x1234\n", "0x11e8\n");
	make_device("0000:03:00.0", "0x1234\n", "0x11e8\n");
	make_device("0000:02:00.0", "0x8086\n", "0x10d3\n");
	set_driver("pci", "0000:03:00.0", "oriel-pci");
	set_driver("pci", "0000:02:00.0", "e1000e");
}

static void numbers_follow_the_bus(void)
{
	prints("by-id 03:00.0", "1234-11e8-0\n");
	prints("by-id 0000:03:00.1", "1234-11e8-1\n");
	prints("by-id 0a:00.0", "1234-11e8-2\n");
	prints("by-id 0001:00:00.0", "1234-11e8-3\n");
	prints("by-id 02:00.0", "8086-10d3-0\n");
	fails("by-id 04:00.0", 1, "no PCI device 0000:04:00.0");
}

/* All ways to call one device; bound already, so that its node is printed */
static void names_of_a_device(void)
{
	static const char *const names[] = {
		"03:00.0", "0000:03:00.0", "pci-0000-03-00.0", "/dev/oriel/pci-0000-03-00.0",
		"1234-11e8-0", "by-id/1234-11e8-0", "/dev/oriel/by-id/1234-11e8-0",
	};
	char arguments[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(arguments, sizeof(arguments), "bind %s", names[i]);
		prints(arguments, "/dev/oriel/pci-0000-03-00.0\n");
	}
	fails("bind hello", 1, "no PCI, platform or AMBA device hello. lspci");
	fails("bind 03:00", 1, "no PCI, platform or AMBA device 03:00.");
	fails("bind 03:00.8", 1, "no PCI, platform or AMBA device");
	fails("bind 0x12-11e8-0", 1, "no PCI, platform or AMBA device");
	fails("bind 1234-11e8-4", 1, "no PCI, platform or AMBA device");
	fails("bind pci-0x00-03-00.0", 2, "no PCI address");
	fails("bind pci-+000-03-00.0", 2, "no PCI address");
	fails("bind ../../x", 2, "no PCI address");
	fails("bind pci-0000-03-00.0-1", 2, "no PCI address");
	fails("by-id 9010000.pl031", 2, "no PCI address");
	fails("bind 04:00.0", 1, "no PCI device 0000:04:00.0");
}

static void other_drivers_keep_their_devices(void)
{
	fails("bind 02:00.0", 1, "0000:02:00.0 is in use by the driver e1000e.");
	fails("bind 02:00.0 --persist", 1, "in use by the driver e1000e.");
	CHECK_TEXT(read_text("/sys/bus/pci/devices/%s/driver_override", "0000:02:00.0"),
		   "(null)\n");
	CHECK(!read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-02-00.0"));
	fails("unbind 02:00.0", 1, "not bound to oriel-pci");
}

/* No kernel takes the device here: it is asked, and left as it was. */
static void a_device_that_is_not_taken(void)
{
	fails("bind 03:00.1 --persist", 1, "0000:03:00.1 was not taken by oriel-pci");
	CHECK_TEXT(read_text("/sys/bus/pci/drivers_probe%s", ""), "0000:03:00.1");
	CHECK_TEXT(read_text("/sys/bus/pci/devices/%s/driver_override", "0000:03:00.1"),
		   "\nriel-pci"); /* a plain file keeps the rest */
	CHECK(!read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.1"));
}

/* It does not let go, or nobody takes it: in the end it is asked for again. */
static void a_driver_that_keeps_its_device(void)
{
	char unbind[] = "/sys/bus/pci/drivers/e1000e/unbind", moved[] = "/unbind.old";

	write_text("/sys/bus/pci/drivers_probe%s", "", "");
	move_path("%s", unbind, moved);
	fails("bind 02:00.0 --force", 1, "cannot take 0000:02:00.0 from e1000e");
	move_path("%s", moved, unbind);
	CHECK_TEXT(read_text("/sys/bus/pci/drivers_probe%s", ""), "0000:02:00.0");
	CHECK_TEXT(read_text("/sys/bus/pci/devices/%s/driver_override", "0000:02:00.0"),
		   "\nriel-pci");
	fails("bind 02:00.0 --force", 1, "0000:02:00.0 was not taken by oriel-pci");
	CHECK_TEXT(read_text("/sys/bus/pci/devices/%s/driver_override", "0000:02:00.0"),
		   "\nriel-pci");
}

/* What others said of the device holds again: it may be for them, or for us later. */
static void an_override_comes_back(void)
{
	write_text("/sys/bus/pci/devices/%s/driver_override", "0000:03:00.1", "vfio-pci-of-mine\n");
	fails("bind 03:00.1", 1, "0000:03:00.1 was not taken by oriel-pci");
	CHECK_TEXT(read_text("/sys/bus/pci/devices/%s/driver_override", "0000:03:00.1"),
		   "vfio-pci-of-mine\n");
}

static void who_holds_the_memory_is_named(void)
{
	write_text("/sys/bus/pci/devices/%s/resource", "0000:03:00.1",
		   "0x00000000feb00000 0x00000000feb0ffff 0x0000000000040200\n"
		   "0x000000000000c000 0x000000000000c01f 0x0000000000040101\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		   "0x0000004000000000 0x000000403fffffff 0x000000000014220c\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	write_text("/proc/iomem%s", "", "00000000-00000fff : Reserved\n"
		   "0000c000-0000c01f : ports are no memory\n"
		   "fea00000-febfffff : PCI Bus 0000:03\n"
		   "  feb00000-feb0ffff : 0000:03:00.1\n"
		   "4000000000-403fffffff : 0000:03:00.1\n");
	fails("bind 03:00.1", 1, "0000:03:00.1 was not taken by oriel-pci. The kernel's log");
	write_text("/proc/iomem%s", "", "fea00000-febfffff : PCI Bus 0000:03\n"
		   "  feb00000-feb0ffff : 0000:03:00.1\n"
		   "4000000000-403fffffff : 0000:03:00.1\n"
		   "  4000001000-4000001fff : some driver's\n");
	fails("bind 03:00.1", 1, "its memory is in use by some driver's. Unload or unbind");
}

static void a_rule_at_every_boot(void)
{
	char self[256] = "", rule[1024];

	CHECK(__real_readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	CHECK_INT(oriel("bind 03:00.0 --persist"), 0);
	CHECK_TEXT(out, "/dev/oriel/pci-0000-03-00.0\n");
	CHECK_TEXT(err, "oriel: wrote /etc/udev/rules.d/60-oriel-bind-0000-03-00.0.rules; 0000:03:00.0 (1234:11e8) is bound at every boot.\n");
	snprintf(rule, sizeof(rule),
		 "# Written by \"oriel bind --persist 0000:03:00.0\"; \"oriel unbind --persist 0000:03:00.0\" removes it.\n"
		 "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"0000:03:00.0\", ATTR{vendor}==\"0x1234\", ATTR{device}==\"0x11e8\", "
		 "ATTR{driver_override}=\"oriel-pci\", RUN+=\"%s bind 0000:03:00.0\"\n", self);
	CHECK_TEXT(read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.0"), rule);

	CHECK_INT(oriel("bind 03:00.0 --persist --force"), 0);
	CHECK(strstr(read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.0"),
		     "bind --force 0000:03:00.0\"\n"));

	CHECK_INT(oriel("unbind 1234-11e8-0 --persist"), 0);
	CHECK_TEXT(out, "");
	CHECK_TEXT(err, "oriel: removed /etc/udev/rules.d/60-oriel-bind-0000-03-00.0.rules; 0000:03:00.0 is left alone at the next boot.\n");
	CHECK(!read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.0"));
	CHECK_TEXT(read_text("/sys/bus/pci/drivers/%s/unbind", "oriel-pci"), "0000:03:00.0");
}

/* Of the path of what runs as root at boot, nothing is anybody else's. */
static void a_rule_runs_what_is_roots(void)
{
	char self[256] = "", directory[256] = "";

	CHECK(__real_readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	mock.foreign_path = self;
	fails("bind 03:00.0 --persist", 1, "is not to be run as root at every boot");
	mock.foreign_path = "/";
	fails("bind 03:00.0 --persist", 1, "is not to be run as root at every boot");
	/* Nor is anything taken before that is known. */
	write_text("/sys/bus/pci/drivers_probe%s", "", "");
	fails("bind 03:00.1 --persist", 1, "is not to be run as root at every boot");
	CHECK_TEXT(read_text("/sys/bus/pci/drivers_probe%s", ""), "");
	CHECK_TEXT(read_text("/sys/bus/pci/devices/%s/driver_override", "0000:03:00.1"),
		   "(null)\n");
	mock.foreign_path = NULL;
	snprintf(directory, sizeof(directory), "%.*s", (int)(strrchr(self, '/') - self), self);
	mock.open_path_to_all = directory;
	fails("bind 03:00.0 --persist", 1, "is not to be run as root at every boot");
	CHECK(!read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.0"));
	mock.open_path_to_all = NULL;
	CHECK_INT(oriel("bind 03:00.0 --persist"), 0);
	CHECK(read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.0"));
	CHECK(!read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules.new", "0000-03-00.0"));
}

static void a_rule_goes_without_its_device(void)
{
	CHECK_INT(oriel("bind 03:00.0 --persist"), 0);
	move_path("/sys/bus/pci/devices/%s", "0000:03:00.0", "/unplugged");
	CHECK_INT(oriel("unbind 03:00.0 --persist"), 0);
	CHECK(!read_text("/etc/udev/rules.d/60-oriel-bind-%s.rules", "0000-03-00.0"));
	fails("unbind 03:00.0 --persist", 1, "not bound");
	fails("unbind 03:00.0", 1, "no PCI device");
}

/* modprobe is what the kernel calls so. */
static void the_driver_is_loaded_when_it_can_be(void)
{
	move_path("/sys/bus/pci/drivers/%s", "oriel-pci", "/unloaded");
	fails("bind 03:00.0", 1, "modprobe did not load it. Install the modules");
	make_modprobe("pci", "oriel-pci");
	prints("bind 03:00.0", "/dev/oriel/pci-0000-03-00.0\n");
	CHECK_TEXT(read_text("/called%s", ""), "-q oriel-pci\n");
}

static const struct test tests[] = {
	TEST(numbers_follow_the_bus),
	TEST(names_of_a_device),
	TEST(other_drivers_keep_their_devices),
	TEST(a_device_that_is_not_taken),
	TEST(a_driver_that_keeps_its_device),
	TEST(an_override_comes_back),
	TEST(who_holds_the_memory_is_named),
	TEST(a_rule_at_every_boot),
	TEST(a_rule_runs_what_is_roots),
	TEST(a_rule_goes_without_its_device),
	TEST(the_driver_is_loaded_when_it_can_be),
};

TEST_MAIN(tests, setup, mock_teardown)
