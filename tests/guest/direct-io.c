// SPDX-License-Identifier: GPL-2.0-only
/*
 * O_DIRECT between the scratch disk and mappings: what the disk's driver moved
 * by itself is the same in the mapping, in another mapping, through the node and
 * on the disk.
 * oriel-test: timeout=120
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/disk.h"
#include "lib/place.h"

#define MARK_DISK	0x100	/* what was on the disk */
#define MARK_MEMORY	0x200	/* what was in the region */
#define SECTOR		512

static int disk;

/* Through a mapping of its own. */
static void fill(const struct area *area, uint32_t mark)
{
	void *other = area_map(area, PROT_READ | PROT_WRITE, MAP_SHARED);

	pattern_write(other, mark, 0, area->bytes);
	munmap(other, area->bytes);
}

/* In the mapping, in another one, and by the copying way. */
static void check_region(const struct area *area, uint32_t mark)
{
	size_t bytes = area->info.size_bytes;
	void *other = area_map(area, PROT_READ, MAP_SHARED), *copy = malloc(bytes);

	assert_int_equal(pattern_check(area->address, mark, 0, area->bytes, 8), 0);
	assert_int_equal(pattern_check(other, mark, 0, area->bytes, 8), 0);
	assert_int_equal(pread(area->fd, copy, bytes, area->info.offset_bytes), bytes);
	assert_int_equal(pattern_check(copy, mark, 0, bytes, 8), 0);
	munmap(other, area->bytes);
	free(copy);
}

static void read_into(const struct place *place, struct area *area)
{
	disk_fill(disk, MARK_DISK, area->bytes);
	assert_int_equal(pread(disk, area->address, area->bytes, 0), area->bytes);
	check_region(area, MARK_DISK);
}

static void test_read_into_untouched(void **state)
{
	places_each(read_into);
}

static void write_from(const struct place *place, struct area *area)
{
	disk_fill(disk, MARK_DISK, area->bytes);
	fill(area, MARK_MEMORY);
	assert_int_equal(pwrite(disk, area->address, area->bytes, 0), area->bytes);
	assert_int_equal(disk_check(disk, MARK_MEMORY, area->bytes, 0), 0);
}

static void test_write_from_untouched(void **state)
{
	places_each(write_from);
}

/* Two sectors across an edge; what is next to them stays. */
static void read_across(const struct area *area, size_t edge)
{
	size_t from = edge - SECTOR;

	fill(area, MARK_MEMORY);
	assert_int_equal(pread(disk, area->address + from, 2 * SECTOR, from), 2 * SECTOR);
	assert_int_equal(pattern_check(area->address, MARK_MEMORY, 0, from, 8), 0);
	assert_int_equal(pattern_check(area->address + from, MARK_DISK, from, 2 * SECTOR, 8), 0);
	from += 2 * SECTOR;
	assert_int_equal(pattern_check(area->address + from, MARK_MEMORY, from,
				       area->bytes - from, 8), 0);
}

static void read_edges(const struct place *place, struct area *area)
{
	/* In a single page there is none. */
	if (area->bytes == page_bytes())
		return;
	disk_fill(disk, MARK_DISK, area->bytes);
	read_across(area, page_bytes());
	read_across(area, area->bytes - page_bytes());
	if (area->bytes >= 4u << 20)
		read_across(area, 2u << 20);
}

static void test_read_across_edges(void **state)
{
	places_each(read_edges);
}

/* A vector of pages in reverse order, read and written back in order. */
static void vectors(const struct place *place, struct area *area)
{
	size_t i, n = area->bytes / page_bytes() < 256 ? area->bytes / page_bytes() : 256;
	struct iovec vector[256];

	disk_fill(disk, MARK_DISK, n * page_bytes());
	for (i = 0; i < n; i++)
		vector[i] = (struct iovec){
			area->address + (n - 1 - i) * page_bytes(), page_bytes()
		};
	assert_int_equal(preadv(disk, vector, n, 0), n * page_bytes());
	for (i = 0; i < n; i++)
		assert_int_equal(pattern_check(vector[i].iov_base, MARK_DISK, i * page_bytes(),
					       page_bytes(), 8), 0);
	assert_int_equal(pwritev(disk, vector, n, 0), n * page_bytes());
	assert_int_equal(disk_check(disk, MARK_DISK, n * page_bytes(), 0), 0);
}

static void test_vectors(void **state)
{
	places_each(vectors);
}

/* A mapping that cannot be written is no target, but a source. */
static void read_only(const struct place *place, struct area *area)
{
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		void *sealed = area_map(area, PROT_READ, flags[i]);

		fill(area, MARK_MEMORY);
		disk_fill(disk, MARK_DISK, area->bytes);
		assert_int_equal(pread(disk, sealed, area->bytes, 0), -1);
		assert_int_equal(errno, EFAULT);
		check_region(area, MARK_MEMORY);
		assert_int_equal(pwrite(disk, sealed, area->bytes, 0), area->bytes);
		assert_int_equal(disk_check(disk, MARK_MEMORY, area->bytes, 0), 0);
		munmap(sealed, area->bytes);
	}
}

static void test_read_only_mapping(void **state)
{
	places_each(read_only);
}

/* The child sees what the parent's disk read brought, and the other way round. */
static int child_reads_disk(void *argument)
{
	struct area *area = argument;

	raise(SIGSTOP);
	CHECK(!pattern_check(area->address, MARK_DISK, 0, area->bytes, 8));
	disk_fill(disk, MARK_DISK + 1, area->bytes);
	CHECK(pread(disk, area->address, area->bytes, 0) == (ssize_t)area->bytes);
	return 0;
}

static void forked(const struct place *place, struct area *area)
{
	int status;
	pid_t pid;

	fill(area, MARK_MEMORY);
	disk_fill(disk, MARK_DISK, area->bytes);
	pid = child_start(child_reads_disk, area);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(pread(disk, area->address, area->bytes, 0), area->bytes);
	kill(pid, SIGCONT);
	assert_int_equal(child_wait(pid), 0);
	check_region(area, MARK_DISK + 1);
}

static void test_fork(void **state)
{
	places_each(forked);
}

/* Dropping page-table entries, splitting, moving protections: all the same memory. */
static void advised(const struct place *place, struct area *area)
{
	size_t half = area->bytes / 2 / page_bytes() * page_bytes();

	/* A single page has no halves. */
	if (!half)
		return;
	disk_fill(disk, MARK_DISK, area->bytes);
	assert_int_equal(pread(disk, area->address, area->bytes, 0), area->bytes);
	assert_int_equal(madvise(area->address, half, MADV_DONTNEED), 0);
	assert_int_equal(mprotect(area->address, half, PROT_READ), 0);
	assert_int_equal(pread(disk, area->address, area->bytes, 0), -1);
	assert_int_equal(pwrite(disk, area->address, area->bytes, 0), area->bytes);
	assert_int_equal(disk_check(disk, MARK_DISK, area->bytes, 0), 0);
	assert_int_equal(mprotect(area->address, half, PROT_READ | PROT_WRITE), 0);
	disk_fill(disk, MARK_DISK + 1, area->bytes);
	assert_int_equal(madvise(area->address, area->bytes, MADV_DONTNEED), 0);
	assert_int_equal(pread(disk, area->address, area->bytes, 0), area->bytes);
	check_region(area, MARK_DISK + 1);
}

static void test_madvise_and_mprotect(void **state)
{
	places_each(advised);
}

/* The flag in REGION_INFO says what happens. */
static void check_flag(int fd, uint32_t index)
{
	struct area area = { .fd = fd, .info.index = index };
	bool flag, works = false;
	void *address;

	assert_int_equal(ioctl(fd, ORIEL_REGION_INFO, &area.info), 0);
	area.bytes = page_round(area.info.size_bytes);
	flag = area.info.flags & ORIEL_REGION_DIRECT_IO;
	address = mmap(NULL, area.bytes, PROT_READ, MAP_SHARED, fd, area.info.offset_bytes);
	if (address != MAP_FAILED) {
		works = pwrite(disk, address, page_bytes(), 0) == (ssize_t)page_bytes();
		munmap(address, area.bytes);
	}
	if (flag != works)
		fail_msg("region %s: flag %d, works %d", area.info.name, flag, works);
}

static void test_flag_tells_the_truth(void **state)
{
	static const char *const nodes[] = { TESTDEV_NODE, "/dev/oriel/hello" };
	struct oriel_device_info info;
	uint32_t i;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(nodes); n++) {
		int fd = open(nodes[n], O_RDWR | O_CLOEXEC);

		memset(&info, 0, sizeof(info));
		assert_int_equal(ioctl(fd, ORIEL_DEVICE_INFO, &info), 0);
		assert_true(info.nr_regions);
		for (i = 0; i < info.nr_regions; i++)
			check_flag(fd, i);
		close(fd);
	}
}

static int load(void **state)
{
	disk = disk_open();
	return places_load(state);
}

static int unload(void **state)
{
	close(disk);
	return places_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_into_untouched),
		cmocka_unit_test(test_write_from_untouched),
		cmocka_unit_test(test_read_across_edges),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_read_only_mapping),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_madvise_and_mprotect),
		cmocka_unit_test(test_flag_tells_the_truth),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
