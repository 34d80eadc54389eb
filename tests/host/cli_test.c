// SPDX-License-Identifier: GPL-2.0-only
/*
 * The oriel command on the mocked kernel: arguments, output, exit statuses, and
 * errors of one line.
 */
#include <errno.h>

#include <linux/oriel.h>

#include "json_check.h"
#include "mock.h"
#include "run_cli.h"
#include "test.h"

static void usage_errors_are_2(void)
{
	fails("", 2, "which command");
	fails("frobnicate", 2, "frobnicate");
	fails("read", 2, "missing");
	fails("read hello", 2, "missing");
	fails("read hello buffer", 2, "missing");
	fails("read hello buffer 0 1", 2, "too many");
	fails("write hello buffer 0", 2, "missing");
	fails("write hello buffer 0 1 2", 2, "too many");
	fails("list hello", 2, "too many");
	fails("info", 2, "missing");
	fails("dump hello", 2, "missing");
	fails("dump hello buffer 0 1 2", 2, "too many");
	fails("list --width 8", 2, "--width");
	fails("write hello buffer 0 1 --json", 2, "--json");
	fails("dump hello buffer --json", 2, "--json");
	fails("read hello buffer 0 --frob", 2, "--frob");
	fails("read hello buffer 0 --width", 2, "needs a value");
	fails("write hello buffer 0 -1", 2, "-1");
	CHECK_INT(mock.nr_opens, 0);
}

static void bad_numbers_are_2(void)
{
	static const char *const offsets[] = {
		"x", "0x", "1x", "0x0x1", "1KK", "1T", "+1", "0x-1", "0x+1",
		"18446744073709551616", "0x10000000000000000", "17179869184G",
	};
	char arguments[128];
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		snprintf(arguments, sizeof(arguments), "read hello buffer %s",
			 offsets[i]);
		fails(arguments, 2, offsets[i]);
	}
	fails("read hello buffer 0 --width 7", 2, "\"7\"");
	fails("read hello buffer 0 --width 128", 2, "128");
	fails("read hello buffer 0 -w x", 2, "\"x\"");
	fails("dump hello buffer 0 0", 2, "length 0");
	fails("dump hello buffer 1 0xffffffffffffffff", 2, "64 bits");
}

static void misaligned_offsets_are_2(void)
{
	fails("read hello buffer 2", 2, "multiple of 4");
	fails("read hello buffer 1 --width 16", 2, "multiple of 2");
	fails("read hello buffer 4 --width 64", 2, "multiple of 8");
	fails("write hello buffer 0x3 1", 2, "multiple of 4");
	fails("dump hello buffer 2 4 --width 32", 2, "multiple of 4");
	fails("dump hello buffer 0 6 --width 32", 2, "multiple of 4");
}

static void values_must_fit(void)
{
	fails("write hello buffer 0 0x100 --width 8", 2, "8 bits");
	fails("write hello buffer 0 65536 --width 16", 2, "16 bits");
	fails("write hello buffer 0 4G", 2, "32 bits");
	fails("write hello buffer 0 0x10000000000000000 --width 64", 2, "64 bits");
	prints("write hello buffer 0 0xff --width 8", "");
	prints("write hello buffer 0 0xffffffffffffffff --width 64", "");
}

static void help_and_version(void)
{
	CHECK_INT(oriel("--help"), 0);
	CHECK(strstr(out, "Usage: oriel") && strstr(out, "dump"));
	CHECK_INT(oriel("read --help"), 0);
	CHECK(strstr(out, "Usage: oriel read DEVICE REGION OFFSET"));
	CHECK_INT(oriel("--version"), 0);
	CHECK(!strncmp(out, "oriel ", 6));
}

static void values_of_each_width(void)
{
	uint64_t there = 0;

	prints("write hello buffer 4K 0x8877665544332211 --width 64", "");
	mock_peek("hello", 4096, &there, 8);
	CHECK_INT(there, 0x8877665544332211);
	prints("read hello buffer 0x1000 --width 64", "0x8877665544332211\n");
	prints("write hello buffer 8 0xdeadbeef", "");
	prints("read hello buffer 8", "0xdeadbeef\n");
	prints("write -w 16 hello 0 010 0xabcd", "");
	prints("read hello buffer 10 --width=16", "0xabcd\n");
	prints("write hello buffer 8191 7 --width 8", "");
	prints("read 03:00.0 buffer 8191 --width 8", "0x00\n");
	prints("read hello buffer 8191 --width 8", "0x07\n");
}

static void registers_inside_a_page(void)
{
	uint32_t there = 0;

	prints("write hello regs 0x10 0x1234", "");
	mock_peek("hello", (off_t)(2 * MOCK_MIB + 0x110), &there, 4);
	CHECK_INT(there, 0x1234);
	prints("read hello 1 0x10", "0x00001234\n");
}

static void regions_that_cannot_be_mapped(void)
{
	prints("write hello small 8 0xabcd --width 16", "");
	prints("read hello small 8 --width 16", "0xabcd\n");
	fails("read hello small 8", 1, "cannot read: the request ends at byte 12, the region at byte 10. Ask");
}

static void json_is_json(void)
{
	CHECK_INT(oriel("list --json"), 0);
	CHECK(json_is_valid(out));
	CHECK(strstr(out, "\"name\": \"pci-0000-03-00.0\", \"access\": \"rw\""));
	CHECK_INT(oriel("info hello --json"), 0);
	CHECK(json_is_valid(out));
	CHECK(strstr(out, "\"name\": \"large\", \"kind\": \"scattered\", \"cache\": \"cached\", \"size_bytes\": 8388608"));
	CHECK(strstr(out, "\"flags\": [\"readable\", \"writable\", \"mappable\", \"huge\"]"));
	prints("read hello buffer 4 --json", "{\"device\": \"hello\", \"region\": \"buffer\", \"offset_bytes\": 4, \"width_bits\": 32, \"value\": \"0x00000000\"}\n");
	CHECK(json_is_valid(out));

	strcpy(mock.info.driver, "a\"b\\c\nd");
	CHECK_INT(oriel("info hello -j"), 0);
	CHECK(json_is_valid(out));

	mock.info.nr_regions = 0;
	CHECK_INT(oriel("info hello --json"), 0);
	CHECK(json_is_valid(out));

	mock.open_error = EACCES;
	CHECK_INT(oriel("list --json"), 0);
	CHECK(json_is_valid(out));
	CHECK(strstr(out, "\"access\": \"none\", \"bus_address\": null"));

	mock_remove_core();
	CHECK_INT(oriel("list --json"), 0);
	CHECK(json_is_valid(out));
}

static void the_checker_knows_json(void)
{
	CHECK(json_is_valid(" {\"a\": [1, -2, true, null, {}], \"b\\u00e9\": []} "));
	CHECK(!json_is_valid("{\"a\": 1,}"));
	CHECK(!json_is_valid("{a: 1}"));
	CHECK(!json_is_valid("[1 2]"));
	CHECK(!json_is_valid("\"a\nb\""));
	CHECK(!json_is_valid("[1"));
	CHECK(!json_is_valid("0x1"));
	CHECK(!json_is_valid("{} {}"));
	CHECK(!json_is_valid(""));
}

static void tables_are_for_people(void)
{
	CHECK_INT(oriel("list"), 0);
	CHECK(strstr(out, "NAME "));
	CHECK(strstr(out, "hello             rw            5           2  0000:03:00.0  hello_driver\n"));
	CHECK_INT(oriel("info hello"), 0);
	CHECK(strstr(out, "\n1      regs              mmio       uncached                 256  0x000000200000      256  readable,writable,mappable,revocable\n"));
}

static void an_empty_list_says_what_to_do(void)
{
	mock_remove_devices();
	CHECK_INT(oriel("list"), 0);
	CHECK_TEXT(out, "");
	CHECK(strstr(err, "Load a driver"));
	mock_remove_core();
	CHECK_INT(oriel("list"), 0);
	CHECK(strstr(err, "modprobe oriel"));
}

static void dumps_look_like_hexdump(void)
{
	mock_poke("hello", 0, "0123456789abcdefOriel\1", 22);
	prints("dump hello buffer 0 22",
	       "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
	       "00000010  4f 72 69 65 6c 01                                 |Oriel.|\n"
	       "00000016\n");
	prints("dump hello buffer 4K",
	       "00001000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
	       "*\n"
	       "00002000\n");
	prints("dump hello regs 0xf8",
	       "000000f8  00000000 00000000                     |........|\n00000100\n");
}

static void dumps_stay_inside(void)
{
	fails("dump hello buffer 8192", 1, "ends at byte 8193");
	fails("dump hello buffer 0 8193", 1, "ends at byte 8193");
	fails("dump hello regs 0 0x104", 1, "ends at byte 260");
	fails("dump hello small", 2, "multiple of 4");
}

static void errors_say_reason_and_remedy(void)
{
	fails("read hello buffer 8192", 1, "hello buffer: cannot map: the request ends at byte 8196, the region at byte 8192. Ask for a range");
	fails("read hello nothing 0", 1, "hello nothing: cannot ask what the region is: there is no region called \"nothing\". 'oriel info'");
	fails("read hello 5 0", 1, "there is no region 5, the device has 5. Count");
	fails("read missing buffer 0", 1, "missing: cannot open: there is no /dev/oriel/missing. 'oriel list'");
	fails("read Hello buffer 0", 1, "\"Hello\" is no device name");
	fails("info /dev/null", 1, "not an Oriel node");
	mock.open_error = EACCES;
	fails("read hello buffer 0", 1, "no permission for /dev/oriel/hello. Join the group");
	fails("info hello", 1, "no permission");
	mock.open_error = 0;
	mock_refuse_mmap(EACCES, ORIEL_REASON_READ_ONLY, 0, 0);
	fails("write hello const 0 1", 1, "hello const: cannot map: the region is read-only. Ask for reading only.");
	mock_remove_core();
	fails("info hello", 1, "modprobe oriel");
}

static void reading_needs_no_right_to_write(void)
{
	mock.read_only_nodes = true;
	prints("read hello buffer 0", "0x00000000\n");
	CHECK_INT(oriel("dump hello buffer"), 0);
	CHECK_INT(oriel("info hello"), 0);
	CHECK_INT(oriel("list"), 0);
	CHECK_TEXT(err, "");
	fails("write hello buffer 0 1", 1, "no permission");
}

static void lists_say_why_a_device_is_closed(void)
{
	mock.open_error = EACCES;
	CHECK_INT(oriel("list"), 0);
	CHECK(strstr(out, "\nhello             none "));
	CHECK(strstr(err, "hello: cannot open: no permission"));
}

static void names_cannot_make_two_lines(void)
{
	char name[] = "read a\nb\x1b[2J buffer 0";

	fails(name, 1, "a?b?[2J");
}

static void memory_that_went_away_is_an_error(void)
{
	mock_truncate("hello", 4096);
	fails("read hello buffer 4096", 1, "hello buffer: cannot read at 0x1000: the memory is not there (SIGBUS)");
	fails("write hello buffer 4096 1", 1, "cannot write at 0x1000: the memory is not there (SIGBUS)");
	CHECK_INT(oriel("dump hello buffer"), 1);
	CHECK(strstr(err, "SIGBUS"));
}

static void a_removed_device_is_an_error(void)
{
	mock.ioctl_error[1] = ENODEV;
	fails("info hello", 1, "gone");
	mock.ioctl_error[0] = ENODEV;
	fails("read hello buffer 0", 1, "gone");
}

static const struct test tests[] = {
	TEST(usage_errors_are_2),
	TEST(bad_numbers_are_2),
	TEST(misaligned_offsets_are_2),
	TEST(values_must_fit),
	TEST(help_and_version),
	TEST(values_of_each_width),
	TEST(registers_inside_a_page),
	TEST(regions_that_cannot_be_mapped),
	TEST(json_is_json),
	TEST(the_checker_knows_json),
	TEST(tables_are_for_people),
	TEST(an_empty_list_says_what_to_do),
	TEST(dumps_look_like_hexdump),
	TEST(dumps_stay_inside),
	TEST(errors_say_reason_and_remedy),
	TEST(reading_needs_no_right_to_write),
	TEST(lists_say_why_a_device_is_closed),
	TEST(names_cannot_make_two_lines),
	TEST(memory_that_went_away_is_an_error),
	TEST(a_removed_device_is_an_error),
};

TEST_MAIN(tests, mock_setup, mock_teardown)
