// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening and listing devices: each failure has one errno, nothing leaks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include <oriel.h>

#include "mock.h"
#include "test.h"

/* Failures must leave results alone. */
#define UNTOUCHED	((struct oriel_device *)16)

static int open_device(const char *name, unsigned int flags)
{
	struct oriel_device *device = UNTOUCHED;
	int err = oriel_device_open(name, flags, &device);

	if (err)
		CHECK(device == UNTOUCHED);
	else
		oriel_device_close(device);

	return err;
}

static void names_become_paths(void)
{
	static const char *const table[][2] = {
		{ "hello", "/dev/oriel/hello" },
		{ "pci-0000-03-00.0", "/dev/oriel/pci-0000-03-00.0" },
		{ "0000:03:00.0", "/dev/oriel/pci-0000-03-00.0" },
		{ "03:00.0", "/dev/oriel/pci-0000-03-00.0" },
		{ "0001:AF:1f.7", "/dev/oriel/pci-0001-af-1f.7" },
		{ "10000:e1:00.0", "/dev/oriel/pci-10000-e1-00.0" },
		{ "/dev/oriel/by-id/1af4-1110-0", "/dev/oriel/by-id/1af4-1110-0" },
		{ "./node", "./node" },
		{ "a_b.c-d", "/dev/oriel/a_b.c-d" },
	};
	char path[ORIEL_PATH_BYTES];
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		CHECK_INT(oriel_device_resolve(table[i][0], path, sizeof(path)), 0);
		CHECK_TEXT(path, table[i][1]);
	}
}

static void malformed_names_are_einval(void)
{
	static const char *const table[] = {
		"", ".", "..", ".hidden", "Hello", "a b", "a:b", "03:00", "03:00.8",
		"03:00.00", "3:00.0", "003:00.0", "000:03:00.0", "0000:03:00.0 ",
		"0000:03:00.0:1", "0000:0g:00.0", ":03:00.0", "a\n",
		"0123456789012345678901234567890123456789012345678901234567890123",
		"000000000000000000000000000000000000000000000000000000:03:00.0",
	};
	char path[ORIEL_PATH_BYTES];
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		CHECK_INT(oriel_device_resolve(table[i], path, sizeof(path)), -EINVAL);
		CHECK_INT(open_device(table[i], 0), -EINVAL);
	}
	CHECK_INT(oriel_device_resolve(NULL, path, sizeof(path)), -EINVAL);
	CHECK_INT(mock.nr_opens, 0);
}

static void a_small_path_buffer_is_eoverflow(void)
{
	char path[17];

	CHECK_INT(oriel_device_resolve("hello", path, 16), -EOVERFLOW);
	CHECK_INT(oriel_device_resolve("hello", path, 17), 0);
}

static void open_passes_flags(void)
{
	CHECK_INT(open_device("03:00.0", 0), 0);
	CHECK_TEXT(mock.open_path, "/dev/oriel/pci-0000-03-00.0");
	CHECK_INT(mock.open_flags, O_RDWR | O_CLOEXEC);

	CHECK_INT(open_device("hello", ORIEL_OPEN_READ_ONLY), 0);
	CHECK_INT(mock.open_flags, O_RDONLY | O_CLOEXEC);
}

static void unknown_open_flags_are_einval(void)
{
	CHECK_INT(open_device("hello", 2), -EINVAL);
	CHECK_INT(oriel_device_open("hello", 0, NULL), -EINVAL);
	CHECK_INT(mock.nr_opens, 0);
}

static void open_errors_are_passed_on(void)
{
	static const int errors[] = { EACCES, EPERM, ENXIO, ENODEV, EMFILE, EBUSY };
	size_t i;

	CHECK_INT(open_device("missing", 0), -ENOENT);
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		mock.open_error = errors[i];
		CHECK_INT(open_device("hello", 0), -errors[i]);
	}
}

static void other_files_are_enotty(void)
{
	mock.ioctl_error[0] = ENOTTY;
	CHECK_INT(open_device("hello", 0), -ENOTTY);
}

static void a_removed_device_is_enodev(void)
{
	struct oriel_device_info info;
	struct oriel_device *device;

	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
	mock.ioctl_error[0] = ENODEV;
	CHECK_INT(oriel_device_get_info(device, &info), -ENODEV);
	oriel_device_close(device);
	CHECK_INT(open_device("hello", 0), -ENODEV);
}

static void no_memory_is_enomem(void)
{
	mock.calloc_countdown = 1;
	CHECK_INT(open_device("hello", 0), -ENOMEM);
	CHECK_INT(mock.nr_opens, 0);
}

static void info_is_passed_on_and_terminated(void)
{
	struct oriel_device_info info;
	struct oriel_device *device;

	memset(mock.info.driver, 'x', sizeof(mock.info.driver));
	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
	memset(&info, 0xff, sizeof(info));
	CHECK_INT(oriel_device_get_info(device, &info), 0);
	CHECK_TEXT(info.name, "hello");
	CHECK_INT(strnlen(info.driver, sizeof(info.driver)), ORIEL_NAME_BYTES - 1);
	CHECK_INT(info.nr_regions, MOCK_NR_REGIONS);
	CHECK(fcntl(oriel_device_get_fd(device), F_GETFD) & FD_CLOEXEC);
	oriel_device_close(device);
	oriel_device_close(NULL);
}

static void lists_are_sorted_and_merged(void)
{
	struct oriel_list *list;

	mock_make_node("a");
	mock_make_node(".hidden");
	CHECK_INT(oriel_list_create(&list), 0);
	CHECK_INT(oriel_list_count(list), 3);
	CHECK(oriel_list_has_core(list));
	CHECK_TEXT(oriel_list_get_name(list, 0), "a");
	CHECK_TEXT(oriel_list_get_name(list, 1), "hello");
	CHECK_TEXT(oriel_list_get_name(list, 2), "pci-0000-03-00.0");
	CHECK(oriel_list_has_node(list, 2));
	CHECK(!oriel_list_get_name(list, 3));
	CHECK(!oriel_list_has_node(list, 3));
	oriel_list_destroy(list);
	oriel_list_destroy(NULL);
}

static void missing_directories_are_empty_lists(void)
{
	struct oriel_list *list;

	mock_remove_devices();
	CHECK_INT(oriel_list_create(&list), 0);
	CHECK_INT(oriel_list_count(list), 0);
	CHECK(oriel_list_has_core(list));
	oriel_list_destroy(list);

	mock_remove_core();
	CHECK_INT(oriel_list_create(&list), 0);
	CHECK_INT(oriel_list_count(list), 0);
	CHECK(!oriel_list_has_core(list));
	oriel_list_destroy(list);
}

static void long_lists_are_complete(void)
{
	struct oriel_list *list;
	char name[16];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "n%03d", i);
		mock_make_node(name);
	}
	CHECK_INT(oriel_list_create(&list), 0);
	CHECK_INT(oriel_list_count(list), 102);
	CHECK_TEXT(oriel_list_get_name(list, 100), "n099");
	oriel_list_destroy(list);
}

static void list_errors_are_passed_on(void)
{
	struct oriel_list *list = NULL;

	mock.opendir_error = EACCES;
	CHECK_INT(oriel_list_create(&list), -EACCES);
	mock.opendir_error = 0;
	mock.calloc_countdown = 1;
	CHECK_INT(oriel_list_create(&list), -ENOMEM);
	mock.reallocarray_countdown = 1;
	CHECK_INT(oriel_list_create(&list), -ENOMEM);
	CHECK(!list);
}

static const struct test tests[] = {
	TEST(names_become_paths),
	TEST(malformed_names_are_einval),
	TEST(a_small_path_buffer_is_eoverflow),
	TEST(open_passes_flags),
	TEST(unknown_open_flags_are_einval),
	TEST(open_errors_are_passed_on),
	TEST(other_files_are_enotty),
	TEST(a_removed_device_is_enodev),
	TEST(no_memory_is_enomem),
	TEST(info_is_passed_on_and_terminated),
	TEST(lists_are_sorted_and_merged),
	TEST(missing_directories_are_empty_lists),
	TEST(long_lists_are_complete),
	TEST(list_errors_are_passed_on),
};

TEST_MAIN(tests, mock_setup, mock_teardown)
