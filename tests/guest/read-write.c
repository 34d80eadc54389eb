// SPDX-License-Identifier: GPL-2.0-only
/*
 * The copying path: pread() and pwrite() see what a mapping sees, word by word
 * where they are aligned, end where the region ends, and never beyond.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "lib/check.h"
#include "lib/testdev.h"

static const char *const regions[] = { "contig8k", "odd", "scattered4m", "revocable" };

/* All alignments and lengths around a page's border, against the mapping. */
static void test_against_mapping(void **state)
{
	uint8_t buffer[32], before[64];
	size_t i, at, bytes;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		uint8_t *border = area.address + page_bytes() - 16;
		off_t offset = area.info.offset_bytes + page_bytes() - 16;

		memcpy(before, border, sizeof(before));
		for (at = 0; at < 24; at++) {
			for (bytes = 1; bytes <= 24; bytes++) {
				assert_int_equal(pread(area.fd, buffer, bytes, offset + at), bytes);
				assert_memory_equal(buffer, border + at, bytes);
				memset(buffer, at + bytes, bytes);
				assert_int_equal(pwrite(area.fd, buffer, bytes, offset + at),
						 bytes);
				assert_memory_equal(border + at, buffer, bytes);
				assert_memory_equal(border, before, at);
				assert_memory_equal(border + at + bytes, before + at + bytes,
						    sizeof(before) - at - bytes);
				memcpy(border, before, sizeof(before));
			}
		}
		area_close(&area);
	}
}

/* Only the words' values can be seen here; that it is one access, cannot. */
static void test_words(void **state)
{
	struct area area = area_open("contig8k", PROT_READ | PROT_WRITE);
	uint64_t value = 0x1122334455667788, got;
	size_t bytes;

	for (bytes = 1; bytes <= 8; bytes *= 2) {
		got = 0;
		assert_int_equal(pwrite(area.fd, &value, bytes, 64), bytes);
		assert_memory_equal(area.address + 64, &value, bytes);
		assert_int_equal(pread(area.fd, &got, bytes, 64), bytes);
		assert_memory_equal(&got, &value, bytes);
	}
	area_close(&area);
}

struct end_case {
	int64_t start;		/* from the region's last byte but one */
	size_t bytes;
	long read;		/* bytes or -errno */
	long write;
};

static const struct end_case ends[] = {
	{ -1, 1, 1, 1 },	/* the last byte */
	{ -1, 2, 1, 1 },	/* short */
	{ -8, 100, 8, 8 },
	{ 0, 1, 0, -ENXIO },	/* at the end: end of file, no room */
	{ 0, 4096, 0, -ENXIO },
	{ 0, 0, 0, 0 },
	{ 1, 1, -ENXIO, -ENXIO },	/* behind it */
	{ 4096, 1, -ENXIO, -ENXIO },
	{ 1 << 20, 8, -ENXIO, -ENXIO },
};

static void test_end(void **state)
{
	static const char *const regions[] = { "contig8k", "odd", "small39" };
	static char buffer[8192];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], 0);
		off_t end = area.info.offset_bytes + area.info.size_bytes;

		for (j = 0; j < ARRAY_SIZE(ends); j++) {
			long got = pread(area.fd, buffer, ends[j].bytes, end + ends[j].start);

			assert_case(regions[i], got < 0 ? -errno : got, ends[j].read);
			got = pwrite(area.fd, buffer, ends[j].bytes, end + ends[j].start);
			assert_case(regions[i], got < 0 ? -errno : got, ends[j].write);
		}
		area_close(&area);
	}
	testdev_set("registered", "0");
	testdev_set("registered", "1");
}

static void test_far_away(void **state)
{
	static const uint64_t offsets[] = {
		1ull << 32, 1ull << 40, (1ull << 62), INT64_MAX - 4096, INT64_MAX - 8,
	};
	int fd = testdev_open(O_RDWR);
	char buffer[8] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		assert_int_equal(pread(fd, buffer, 8, offsets[i]), -1);
		assert_int_equal(errno, ENXIO);
		assert_int_equal(explain(fd).reason, ORIEL_REASON_NO_REGION);
		assert_int_equal(explain(fd).call, ORIEL_CALL_READ);
		assert_int_equal(pwrite(fd, buffer, 8, offsets[i]), -1);
		assert_int_equal(errno, ENXIO);
		assert_int_equal(explain(fd).call, ORIEL_CALL_WRITE);
	}
	/* What does not fit below 2^63 or is negative, the kernel refuses. */
	assert_int_equal(pread(fd, buffer, 8, -1), -1);
	assert_true(errno == EINVAL || errno == ENXIO || errno == EOVERFLOW);
	close(fd);
}

static void test_access(void **state)
{
	struct area read_only = area_open("read-only", PROT_READ);
	struct area write_only = area_open("write-only", 0);
	uint64_t word = 1;
	int fd;

	assert_int_equal(pread(read_only.fd, &word, 8, read_only.info.offset_bytes), 8);
	assert_true(word == pattern_word(read_only.info.index, 0));
	assert_int_equal(pwrite(read_only.fd, &word, 8, read_only.info.offset_bytes), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(explain(read_only.fd).reason, ORIEL_REASON_READ_ONLY);
	assert_int_equal(area_check(&read_only), 0);

	assert_int_equal(pwrite(write_only.fd, &word, 8, write_only.info.offset_bytes), 8);
	assert_int_equal(pread(write_only.fd, &word, 8, write_only.info.offset_bytes), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(explain(write_only.fd).reason, ORIEL_REASON_WRITE_ONLY);

	fd = testdev_open(O_RDONLY);
	assert_int_equal(pwrite(fd, &word, 8, 0), -1);
	assert_int_equal(errno, EBADF);
	close(fd);
	fd = testdev_open(O_WRONLY);
	assert_int_equal(pread(fd, &word, 8, 0), -1);
	assert_int_equal(errno, EBADF);
	close(fd);
	area_close(&read_only);
	area_close(&write_only);
}

/* A buffer that is not there: what fits before it is copied, else EFAULT. */
static void test_bad_buffers(void **state)
{
	struct area area = area_open("scattered4m", PROT_READ | PROT_WRITE);
	uint8_t *room = mmap(NULL, 2 * page_bytes(), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	off_t at = area.info.offset_bytes;

	munmap(room + page_bytes(), page_bytes());
	assert_int_equal(pread(area.fd, room + page_bytes(), 8, at), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(pread(area.fd, room + page_bytes(), 4096, at), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(pwrite(area.fd, room + page_bytes(), 8, at), -1);
	assert_int_equal(errno, EFAULT);
	assert_in_range(pread(area.fd, room, 2 * page_bytes(), at), 1, page_bytes());
	assert_int_equal(area_check(&area), 0);
	munmap(room, page_bytes());
	area_close(&area);
}

/* The buffer is a mapping of the region that is read or written. */
static void test_onto_itself(void **state)
{
	static const char *const regions[] = { "scattered4m", "revocable" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct area area = area_open(regions[i], PROT_READ | PROT_WRITE);
		off_t at = area.info.offset_bytes;

		assert_int_equal(pread(area.fd, area.address, area.bytes, at), area.bytes);
		assert_int_equal(pwrite(area.fd, area.address, area.bytes, at), area.bytes);
		assert_int_equal(area_check(&area), 0);
		area_close(&area);
	}
}

static void test_seek_and_vectors(void **state)
{
	struct area area = area_open("contig8k", PROT_READ | PROT_WRITE);
	uint64_t words[4];
	struct iovec vector[] = { { words, 8 }, { words + 1, 3 }, { (char *)words + 11, 21 } };

	assert_int_equal(lseek(area.fd, 0, SEEK_END), area.info.size_bytes);
	assert_int_equal(read(area.fd, words, 8), 0);
	assert_int_equal(lseek(area.fd, 8, SEEK_SET), 8);
	assert_int_equal(readv(area.fd, vector, 3), 32);
	assert_int_equal(pattern_check(words, area.info.index, 8, 32, 8), 0);
	assert_int_equal(lseek(area.fd, 0, SEEK_CUR), 40);
	assert_int_equal(lseek(area.fd, -1, SEEK_SET), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(lseek(area.fd, -41, SEEK_CUR), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(lseek(area.fd, INT64_MAX, SEEK_CUR), -1);
	assert_int_equal(errno, EOVERFLOW);
	assert_int_equal(lseek(area.fd, 0, SEEK_CUR), 40);
	assert_int_equal(lseek(area.fd, 0, 17), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(lseek(area.fd, 1ll << 40, SEEK_SET), 1ll << 40);
	assert_int_equal(read(area.fd, words, 8), -1);
	assert_int_equal(errno, ENXIO);
	area_close(&area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_mapping),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_far_away),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_bad_buffers),
		cmocka_unit_test(test_onto_itself),
		cmocka_unit_test(test_seek_and_vectors),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
