// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel create and remove on a made-up configfs: which names there are, what is
 * written where, what is made of what the kernel says. That it acts on it, the
 * guest tests.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "mock.h"
#include "run_cli.h"
#include "test.h"
#include "wrap.h"

#define LONGEST "a23456789-123456789-123456789-123456789-123456789-123456789-123" /* 63 */

static char text[256];

/* What is in a file of a buffer, or NULL */
static const char *file(const char *name)
{
	char path[512];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s" MOCK_BUFFERS "/%s", mock.root, name);
	fd = __real_open64(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	length = read(fd, text, sizeof(text) - 1);
	text[length > 0 ? length : 0] = '\0';
	close(fd);

	return text;
}

static bool is_there(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s" MOCK_BUFFERS "/%s", mock.root, name);

	return !__real_access(path, F_OK);
}

static void setup(void)
{
	static const char *const directories[] = {
		"/sys/kernel", "/sys/kernel/config", "/sys/kernel/config/oriel", MOCK_BUFFERS,
	};
	char path[512];
	size_t i;

	mock_setup();
	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", mock.root, directories[i]);
		__real_mkdir(path, 0700);
	}
}

static void what_was_asked_for_is_written(void)
{
	prints("create log 64K", "/dev/oriel/log\n");
	CHECK_TEXT(file("log/size"), "65536");
	CHECK_TEXT(file("log/kind"), "scattered");
	CHECK_TEXT(file("log/live"), "1");
	CHECK_TEXT(file("log/device"), "");
	CHECK_TEXT(file("log/cache"), "");

	prints("create ring 0x1000 contig", "/dev/oriel/ring\n");
	CHECK_TEXT(file("ring/size"), "4096");
	CHECK_TEXT(file("ring/kind"), "contig");

	prints("create frames 1M writecombine", "/dev/oriel/frames\n");
	CHECK_TEXT(file("frames/kind"), "coherent");
	CHECK_TEXT(file("frames/cache"), "write-combined");

	/* Kinds are the kernel's business. */
	prints("create odd 1 newest", "/dev/oriel/odd\n");
	CHECK_TEXT(file("odd/kind"), "newest");
}

static void a_device_is_found_by_all_its_names(void)
{
	static const char *const names[] = {
		"03:00.0", "0000:03:00.0", "pci-0000-03-00.0", "/dev/oriel/pci-0000-03-00.0",
	};
	char arguments[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(arguments, sizeof(arguments), "create b%zu 4K coherent %s", i, names[i]);
		CHECK_INT(oriel(arguments), 0);
		snprintf(arguments, sizeof(arguments), "b%zu/device", i);
		CHECK_TEXT(file(arguments), "pci-0000-03-00.0");
	}
}

static void the_bus_address_is_told(void)
{
	mock.bus_address = "0x1ff000\n";
	prints("create any 4K coherent",
	       "/dev/oriel/any\nbus address 0x1ff000, for devices that no IOMMU translates\n");
	prints("create for 4K coherent hello", "/dev/oriel/for\nbus address 0x1ff000\n");
	prints("create json 4K coherent hello --json",
	       "{\"name\": \"json\", \"size_bytes\": 4096, \"kind\": \"coherent\", \"device\": \"hello\", \"bus_address\": \"0x1ff000\"}\n");
	mock.bus_address = NULL;
	prints("create none 4K contig --json",
	       "{\"name\": \"none\", \"size_bytes\": 4096, \"kind\": \"contig\", \"device\": null, \"bus_address\": null}\n");
}

static void a_name_is_one_directory(void)
{
	static const char *const wrong[] = {
		".", "..", ".hidden", "../windows/w", "a/b", "/tmp/x", "b/", LONGEST "4",
	};
	char arguments[256];
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(arguments, sizeof(arguments), "create %s 4K", wrong[i]);
		fails(arguments, 2, "is no name");
		snprintf(arguments, sizeof(arguments), "remove %s", wrong[i]);
		fails(arguments, 2, "is no name");
	}
	prints("create " LONGEST " 4K", "/dev/oriel/" LONGEST "\n");
	CHECK_TEXT(file(LONGEST "/live"), "1");
	prints("remove " LONGEST, "");
	CHECK(!is_there(LONGEST));
}

static void sizes_make_sense(void)
{
	fails("create b 4X", 2, "the size");
	fails("create b 1-", 2, "the size");
	fails("create b 99999999999G", 2, "the size");
	fails("create b", 2, "");
	CHECK(!is_there("b"));
}

/* Whichever file it is that refuses: the kernel's reason, as a sentence, and nothing left. */
static void a_refusal_is_explained(void)
{
	static const char *const files[] = { "size", "kind", "device", "live" };
	size_t i;

	mock.refused = "error=12 reason=44 value0=8192 value1=4096 name=\n";
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		mock.refuses = files[i];
		fails("create b 4K contig hello", 1, "each user may have 8192 bytes in buffers, and you have 4096");
		CHECK(!is_there("b"));
	}
	mock.refuses = "cache";
	fails("create b 4K writecombine", 1, "each user may have 8192 bytes");
	mock.refused = "error=95 reason=58 value0=0 value1=0 name=\n";
	fails("create b 4K writecombine", 1, "has all of its memory cached");
	CHECK(!is_there("b"));
}

/* What is not understood is not believed. */
static void a_refusal_without_a_reason(void)
{
	mock.refuses = "live";
	fails("create b 4K", 1, "b: ");
	mock.refused = "";
	fails("create b 4K", 1, "b: ");
	mock.refused = "nonsense error=1 reason=44";
	fails("create b 4K", 1, "b: ");
	CHECK(!strstr(err, "each user may have"));
	CHECK(!is_there("b"));
}

static void a_directory_that_is_not_made(void)
{
	char path[512];

	CHECK_INT(oriel("create b 4K"), 0);
	fails("create b 4K", 1, "there is a buffer of that name");
	CHECK_TEXT(file("b/live"), "1");
	mock.mkdir_error = EACCES;
	fails("create c 4K", 1, "Do it as root");
	mock.mkdir_error = EINVAL;
	fails("create pci-0000-00-00.0 4K", 1, "names of buses (pci-...) are reserved");
	mock.mkdir_error = ENOSPC;
	fails("create c 4K", 1, "No space left");
	mock.mkdir_error = 0;
	prints("remove b", "");
	snprintf(path, sizeof(path), "%s" MOCK_BUFFERS, mock.root);
	CHECK_INT(__real_rmdir(path), 0);
	fails("create b 4K", 1, "Load the oriel module (modprobe oriel) and mount configfs.");
	fails("remove b", 1, "Load the oriel module (modprobe oriel) and mount configfs.");
}

static void a_buffer_is_removed(void)
{
	CHECK_INT(oriel("create b 4K"), 0);
	prints("remove b", "");
	CHECK(!is_there("b"));
	fails("remove b", 1, "there is no such named buffer");
	/* The module parameter's directories stay; what is in them goes. */
	CHECK_INT(oriel("create b 4K"), 0);
	mock.rmdir_error = EPERM;
	prints("remove b", "");
	CHECK_TEXT(file("b/live"), "0");
	mock.rmdir_error = EACCES;
	fails("remove b", 1, "Do it as root");
	CHECK(is_there("b"));
}

static const struct test tests[] = {
	TEST(what_was_asked_for_is_written),
	TEST(a_device_is_found_by_all_its_names),
	TEST(the_bus_address_is_told),
	TEST(a_name_is_one_directory),
	TEST(sizes_make_sense),
	TEST(a_refusal_is_explained),
	TEST(a_refusal_without_a_reason),
	TEST(a_directory_that_is_not_made),
	TEST(a_buffer_is_removed),
};

TEST_MAIN(tests, setup, mock_teardown)
