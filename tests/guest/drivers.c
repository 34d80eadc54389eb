// SPDX-License-Identifier: GPL-2.0-only
/*
 * The example drivers do what they say: hello shows one memory to both sides,
 * scattered takes any size and refuses those that are none; their programs run.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define HELLO "/dev/oriel/hello"
#define XOR "/sys/class/oriel/hello/xor"

static int node_open(const char *node)
{
	int fd = open(node, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	return fd;
}

/* The driver changes each byte through an address of its own. */
static void test_hello_xor(void **state)
{
	volatile uint8_t *map;
	int fd, i;

	assert_int_equal(module_load("hello", ""), 0);
	fd = node_open(HELLO);
	assert_int_equal(lseek(fd, 0, SEEK_END), 8192);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(map != MAP_FAILED);
	for (i = 0; i < 8192; i++) {
		assert_int_equal(map[i], 0);
		map[i] = i * 7;
	}
	assert_int_equal(text_write(XOR, "0xa5"), 0);
	for (i = 0; i < 8192; i++)
		assert_int_equal(map[i], (uint8_t)(i * 7) ^ 0xa5);
	assert_int_equal(text_write(XOR, "0xa5"), 0);
	for (i = 0; i < 8192; i++)
		assert_int_equal(map[i], (uint8_t)(i * 7));
	assert_int_equal(text_write(XOR, "256"), -ERANGE);
	assert_int_equal(text_write(XOR, "x"), -EINVAL);

	/* It goes at once; the memory stays for who has it. */
	assert_int_equal(module_unload("hello"), 0);
	assert_int_equal(map[8191], (uint8_t)(8191 * 7));
	munmap((void *)map, 8192);
	close(fd);
}

static const struct {
	const char *parameters;
	int error;
} sizes[] = {
	{ "", 0 },
	{ "size=1", 0 },
	{ "size=4095", 0 },
	{ "size=4097", 0 },
	{ "size=2097152", 0 },
	{ "size=2097153", 0 },
	{ "size=67108864", 0 },
	{ "size=0", -EINVAL },
	{ "size=-1", -EINVAL },
	{ "size=18446744073709551616", -ERANGE },
	{ "size=18446744073709551615", -EOVERFLOW },
	{ "size=18446744073709547522", -EOVERFLOW },	/* SIZE_MAX - 4093 */
	{ "size=18446744073709547521", -EOVERFLOW },
	{ "size=18446744073709547520", -EOVERFLOW },
	{ "size=9223372036854775808", -EOVERFLOW },	/* 2^63 */
	{ "size=9223372036854775807", -ENOMEM },
	{ "size=4611686018427387904", -ENOMEM },	/* 2^62 */
	{ "size=1099511627776", -ENOMEM },
	{ "size=3000000000", -ENOMEM },
	{ "size=4294963200", -ENOMEM },			/* 2^32 - 4096 */
	{ "size=4294967295", -ENOMEM },
	{ "size=4294967296", -ENOMEM },
};

/* The module's parameter is an unsigned long, and what a region's bytes fit into. */
static int size_error(size_t i)
{
	unsigned long long bytes = strtoull(sizes[i].parameters + strlen("size="), NULL, 10);

	if (kernel_bits() == 64 || !sizes[i].error || sizes[i].error == -EINVAL)
		return sizes[i].error;
	if (bytes > UINT32_MAX)
		return -ERANGE;
	return bytes > UINT32_MAX - 4095 ? -EOVERFLOW : sizes[i].error;
}

static void check_scattered(const char *parameters)
{
	uint64_t bytes = *parameters ? strtoull(parameters + 5, NULL, 10) : 1 << 20, page;
	int fd = node_open("/dev/oriel/scattered");
	uint8_t *map;

	assert_true(lseek(fd, 0, SEEK_END) == (off_t)bytes);
	map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(map != MAP_FAILED);
	for (page = 0; page < bytes / page_bytes(); page++)
		assert_true(*(volatile uint64_t *)(map + page * page_bytes()) == page);
	map[bytes - 1] = 1;
	munmap(map, bytes);
	close(fd);
}

static void test_scattered_sizes(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		int error = size_error(i);

		assert_case(sizes[i].parameters, module_load("scattered", sizes[i].parameters),
			    error);
		assert_case(sizes[i].parameters, module_is_loaded("scattered"), !error);
		if (error)
			continue;
		check_scattered(sizes[i].parameters);
		assert_int_equal(module_unload("scattered"), 0);
	}
}

static void test_programs(void **state)
{
	char words[32];

	assert_int_equal(module_load("hello", ""), 0);
	assert_int_equal(module_load("scattered", "size=5000000"), 0);
	assert_int_equal(system("hello-user >output"), 0);
	assert_true(text_file_has("output", "program sees:"));
	assert_int_equal(system("scattered-user >output"), 0);
	snprintf(words, sizeof(words), "%zu pages", 5000000 / page_bytes());
	assert_true(text_file_has("output", words));
	assert_int_not_equal(system("hello-user /dev/oriel/none 2>output"), 0);
	assert_int_equal(module_unload("scattered"), 0);
	assert_int_equal(module_unload("hello"), 0);
}

/* Both at once, twice each: names are taken, nothing is left. */
static void test_both(void **state)
{
	assert_int_equal(module_load("hello", ""), 0);
	assert_int_equal(module_load("scattered", ""), 0);
	assert_int_equal(module_users("oriel") > 0, 1);
	assert_int_equal(module_unload("hello"), 0);
	check_scattered("");
	assert_int_equal(module_unload("scattered"), 0);
	assert_int_equal(module_users("oriel"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hello_xor),
		cmocka_unit_test(test_scattered_sizes),
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
