// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of include/uapi/oriel.h: what they tell, what they refuse, and the
 * reason that ORIEL_EXPLAIN gives afterwards.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/testdev.h"

/* As the ABI has them on every machine. */
_Static_assert(sizeof(struct oriel_device_info) == 3 * 64 + 4 * 4 + 4 * 8, "device_info");
_Static_assert(sizeof(struct oriel_region_info) == 4 * 4 + 3 * 8 + 32 + 4 * 8, "region_info");
_Static_assert(sizeof(struct oriel_prefault) == 2 * 8 + 2 * 4, "prefault");
_Static_assert(sizeof(struct oriel_explain) == 4 * 4 + 2 * 8 + 64, "explain");

static int call(int fd, unsigned long cmd, void *argument)
{
	return ioctl(fd, cmd, argument) ? errno : 0;
}

static void test_device_info(void **state)
{
	struct oriel_device_info info;
	int fd = testdev_open(O_RDONLY);

	/* All but reserved is ignored on entry. */
	memset(&info, 0xff, sizeof(info));
	memset(info.reserved, 0, sizeof(info.reserved));
	assert_int_equal(call(fd, ORIEL_DEVICE_INFO, &info), 0);
	assert_string_equal(info.name, "testdev");
	assert_string_equal(info.bus_address, "test:0");
	assert_string_equal(info.driver, "oriel_testdev");
	assert_int_equal(info.abi_version, ORIEL_ABI_VERSION);
	assert_int_equal(info.flags & ORIEL_DEVICE_REVOKED, 0);
	assert_int_equal(info.nr_regions, 11 + 40);
	assert_int_equal(info.nr_interrupts, 0);
	close(fd);
}

struct region_case {
	const char *name;
	uint64_t pages, size_bytes;	/* of which both or one */
	uint32_t kind, has, has_not;	/* flags */
};

#define RW (ORIEL_REGION_READABLE | ORIEL_REGION_WRITABLE)
#define MAP ORIEL_REGION_MAPPABLE
#define DIO ORIEL_REGION_DIRECT_IO

static const struct region_case region_cases[] = {
	{ "contig8k", 2, 0, ORIEL_KIND_CONTIG, RW | MAP | DIO,
	  ORIEL_REGION_HUGE | ORIEL_REGION_REVOCABLE },
	{ "odd", 1, 904, ORIEL_KIND_SCATTERED, RW | MAP | DIO, ORIEL_REGION_HUGE },
	{ "scattered4m", 0, 4 << 20, ORIEL_KIND_SCATTERED, RW | MAP | DIO | ORIEL_REGION_HUGE, 0 },
	{ "contig4m", 0, 4 << 20, ORIEL_KIND_CONTIG, RW | MAP | DIO | ORIEL_REGION_HUGE, 0 },
	{ "read-only", 4, 0, ORIEL_KIND_CONTIG, ORIEL_REGION_READABLE | MAP | DIO,
	  ORIEL_REGION_WRITABLE },
	{ "write-only", 2, 0, ORIEL_KIND_CONTIG, ORIEL_REGION_WRITABLE,
	  ORIEL_REGION_READABLE | MAP | DIO },
	{ "revocable", 0, 5 << 20, ORIEL_KIND_SCATTERED, RW | MAP | DIO | ORIEL_REGION_REVOCABLE,
	  ORIEL_REGION_HUGE },
};

static void test_region_info(void **state)
{
	int fd = testdev_open(O_RDONLY);
	struct oriel_region_info info;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(region_cases); i++) {
		const struct region_case *c = &region_cases[i];
		uint32_t has = c->has & (kernel_maps_blocks() ? ~0u : ~ORIEL_REGION_HUGE);

		memset(&info, 0xff, sizeof(info));
		memset(info.reserved, 0, sizeof(info.reserved));
		info.index = region_find(fd, c->name).index;
		assert_int_equal(call(fd, ORIEL_REGION_INFO, &info), 0);
		assert_string_equal(info.name, c->name);
		assert_int_equal(info.size_bytes, c->pages * page_bytes() + c->size_bytes);
		assert_case(c->name, info.kind, c->kind);
		assert_case(c->name, info.cache, ORIEL_CACHE_CACHED);
		assert_case(c->name, info.flags & c->has, has);
		assert_case(c->name, info.flags & c->has_not, 0);
		assert_int_equal(info.in_page_bytes, 0);
	}
	close(fd);
}

static void test_bad_index(void **state)
{
	static const uint32_t indices[] = { 51, 52, 1u << 31, ~0u };
	int fd = testdev_open(O_RDONLY);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(indices); i++) {
		struct oriel_region_info info = { .index = indices[i] };

		assert_int_equal(call(fd, ORIEL_REGION_INFO, &info), ENXIO);
		assert_int_equal(explain(fd).reason, ORIEL_REASON_INDEX);
		assert_int_equal(explain(fd).call, ORIEL_CALL_REGION_INFO);
		assert_int_equal(explain(fd).value[0], indices[i]);
		assert_int_equal(explain(fd).value[1], 51);
	}
	close(fd);
}

/* Each byte of each reserved field, with a fresh file: EINVAL and the reason. */
static void check_reserved(unsigned long cmd, void *argument, void *field, size_t bytes)
{
	uint8_t *reserved = field;
	size_t i;

	for (i = 0; i < bytes; i++) {
		int fd = testdev_open(O_RDONLY);

		reserved[i] = 0x80;
		assert_int_equal(call(fd, cmd, argument), EINVAL);
		reserved[i] = 0;
		assert_int_equal(explain(fd).reason, cmd == ORIEL_EXPLAIN ?
				 ORIEL_REASON_NONE : ORIEL_REASON_RESERVED);
		close(fd);
	}
}

static void test_reserved(void **state)
{
	struct oriel_device_info device = {};
	struct oriel_region_info region = {};
	struct oriel_prefault range = { .length_bytes = 1 };
	struct oriel_mapping_info mapping = {};
	struct oriel_explain why = {};

	check_reserved(ORIEL_DEVICE_INFO, &device, device.reserved, sizeof(device.reserved));
	check_reserved(ORIEL_REGION_INFO, &region, region.reserved, sizeof(region.reserved));
	check_reserved(ORIEL_PREFAULT, &range, &range.reserved, sizeof(range.reserved));
	check_reserved(ORIEL_MAPPING_INFO, &mapping, mapping.reserved, sizeof(mapping.reserved));
	check_reserved(ORIEL_EXPLAIN, &why, &why.reserved, sizeof(why.reserved));
}

static void test_flags(void **state)
{
	int fd = testdev_open(O_RDWR), bit;

	for (bit = 0; bit < 32; bit++) {
		struct oriel_prefault range = { .length_bytes = 1, .flags = 1u << bit };

		assert_int_equal(call(fd, ORIEL_PREFAULT, &range), EINVAL);
		assert_int_equal(explain(fd).reason, ORIEL_REASON_FLAGS);
		assert_int_equal(explain(fd).value[0], 1u << bit);
	}
	close(fd);
}

static void test_explain(void **state)
{
	struct oriel_region_info info = { .index = 1000 };
	int fd = testdev_open(O_RDWR), other = testdev_open(O_RDWR);
	struct oriel_explain why;

	assert_int_equal(explain(fd).reason, ORIEL_REASON_NONE);
	assert_int_equal(explain(fd).call, ORIEL_CALL_NONE);
	assert_int_equal(call(fd, ORIEL_REGION_INFO, &info), ENXIO);
	/* A success does not clear it, another file does not see it. */
	info.index = 0;
	assert_int_equal(call(fd, ORIEL_REGION_INFO, &info), 0);
	assert_int_equal(explain(fd).reason, ORIEL_REASON_INDEX);
	assert_int_equal(explain(other).reason, ORIEL_REASON_NONE);
	/* What comes in is ignored but reserved; what goes out is complete. */
	memset(&why, 0xff, sizeof(why));
	why.reserved = 0;
	assert_int_equal(call(other, ORIEL_EXPLAIN, &why), 0);
	assert_int_equal(why.error, 0);
	assert_int_equal(why.value[1], 0);
	assert_string_equal(why.name, "");
	/* The last refusal counts. */
	assert_true(mmap(NULL, 3 * page_bytes(), PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	why = explain(fd);
	assert_int_equal(why.call, ORIEL_CALL_MMAP);
	assert_int_equal(why.reason, ORIEL_REASON_BEYOND);
	assert_int_equal(why.value[0], 3 * page_bytes());
	assert_int_equal(why.value[1], 2 * page_bytes());
	assert_string_equal(why.name, "contig8k");
	close(fd);
	close(other);
}

static void test_unknown_calls(void **state)
{
	static const unsigned long calls[] = {
		0, ~0u, _IO(ORIEL_IOCTL_TYPE, 0), _IO(ORIEL_IOCTL_TYPE, 0xff),
		_IOWR(ORIEL_IOCTL_TYPE, 0x7f, struct oriel_device_info),
		_IOWR(ORIEL_IOCTL_TYPE, 0, uint32_t), _IOR(ORIEL_IOCTL_TYPE, 0,
							   struct oriel_device_info),
		_IOWR(ORIEL_IOCTL_TYPE + 1, 0, struct oriel_device_info),
	};
	struct oriel_device_info info = {};
	int fd = testdev_open(O_RDWR);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		assert_int_equal(call(fd, calls[i], &info), ENOTTY);
	close(fd);
}

static void test_bad_addresses(void **state)
{
	static const unsigned long calls[] = {
		ORIEL_DEVICE_INFO, ORIEL_REGION_INFO, ORIEL_PREFAULT, ORIEL_EXPLAIN,
		ORIEL_MAPPING_INFO,
	};
	uint8_t *page = mmap(NULL, 2 * page_bytes(), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = testdev_open(O_RDWR);
	size_t i;

	munmap(page + page_bytes(), page_bytes());
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		assert_int_equal(call(fd, calls[i], NULL), EFAULT);
		assert_int_equal(call(fd, calls[i], (void *)-4096l), EFAULT);
		assert_int_equal(call(fd, calls[i], page + page_bytes() - 8), EFAULT);
	}
	/* Readable, so that only the way back fails. */
	assert_int_equal(mprotect(page, page_bytes(), PROT_READ), 0);
	assert_int_equal(call(fd, ORIEL_DEVICE_INFO, page), EFAULT);
	assert_int_equal(call(fd, ORIEL_REGION_INFO, page), EFAULT);
	assert_int_equal(call(fd, ORIEL_EXPLAIN, page), EFAULT);
	munmap(page, page_bytes());
	close(fd);
}

/* An address in a structure has 64 bits, also where the kernel has not so many. */
static void test_long_address(void **state)
{
	struct oriel_segment segment;
	struct oriel_buffer_segments list = { .handle = 1, .count = 1 };
	int fd = testdev_open(O_RDWR);

	list.segments = (uintptr_t)&segment;
	assert_case("its own", call(fd, ORIEL_BUFFER_SEGMENTS, &list), ENXIO);
	list.segments |= 1ull << 32;
	if (kernel_bits() == 32)
		assert_case("cut, its own", call(fd, ORIEL_BUFFER_SEGMENTS, &list), EFAULT);
	list.segments = ~0ull - 7;
	assert_case("wraps", call(fd, ORIEL_BUFFER_SEGMENTS, &list), EFAULT);
	close(fd);
}

#ifdef __x86_64__
/* The call as a 32-bit program makes it; the structure lies below 4 GiB. */
static int call32(int fd, uint32_t cmd, void *argument)
{
	long ret;

	asm volatile("int $0x80" : "=a"(ret)
		     : "a"(54), "b"(fd), "c"(cmd), "d"((uint32_t)(uintptr_t)argument)
		     : "memory", "r8", "r9", "r10", "r11");
	return -(int)ret;
}

static void test_32_bit(void **state)
{
	uint8_t *page = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct oriel_device_info *device = (void *)page;
	struct oriel_region_info *region = (void *)page;
	struct oriel_explain *why = (void *)page;
	int fd = testdev_open(O_RDWR);

	assert_true(page != MAP_FAILED);
	assert_int_equal(call32(fd, ORIEL_DEVICE_INFO, device), 0);
	assert_string_equal(device->name, "testdev");
	assert_int_equal(device->nr_regions, 51);
	memset(page, 0, page_bytes());
	region->index = 50;
	assert_int_equal(call32(fd, ORIEL_REGION_INFO, region), 0);
	assert_string_equal(region->name, "small39");
	region->index = 51;
	assert_int_equal(call32(fd, ORIEL_REGION_INFO, region), ENXIO);
	memset(page, 0, page_bytes());
	assert_int_equal(call32(fd, ORIEL_EXPLAIN, why), 0);
	assert_int_equal(why->reason, ORIEL_REASON_INDEX);
	assert_int_equal(why->value[1], 51);
	assert_int_equal(call32(fd, _IO(ORIEL_IOCTL_TYPE, 0xff), why), ENOTTY);
	munmap(page, page_bytes());
	close(fd);
}
#else
static void test_32_bit(void **state)
{
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_device_info),
		cmocka_unit_test(test_region_info),
		cmocka_unit_test(test_bad_index),
		cmocka_unit_test(test_reserved),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_unknown_calls),
		cmocka_unit_test(test_bad_addresses),
		cmocka_unit_test(test_long_address),
		cmocka_unit_test(test_32_bit),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
