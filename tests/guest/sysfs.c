// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/oriel and /proc/PID/fdinfo say what the calls say, no more, no
 * less.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define CLASS "/sys/class/oriel/testdev"

static void line_of(char *text, size_t bytes, const char *region, const char *file)
{
	char path[160];

	snprintf(path, sizeof(path), CLASS "/regions/%s/%s", region, file);
	text_line(path, text, bytes);
}

static const char *flag_names(uint32_t flags)
{
	static const char *const names[] = {
		"readable", "writable", "mappable", "direct_io", "huge", "revocable",
	};
	static char text[128];
	size_t bit;

	text[0] = 0;
	for (bit = 0; bit < ARRAY_SIZE(names); bit++)
		if (flags & (1u << bit))
			sprintf(text + strlen(text), "%s%s", *text ? " " : "", names[bit]);
	return text;
}

static size_t count_entries(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

static void test_regions(void **state)
{
	struct oriel_region_info info = {};
	int fd = testdev_open(O_RDONLY);
	char text[128];

	for (; !ioctl(fd, ORIEL_REGION_INFO, &info); info.index++) {
		line_of(text, sizeof(text), info.name, "offset");
		assert_true(strtoull(text, NULL, 10) == info.offset_bytes);
		line_of(text, sizeof(text), info.name, "size");
		assert_true(strtoull(text, NULL, 10) == info.size_bytes);
		line_of(text, sizeof(text), info.name, "kind");
		assert_string_equal(text, info.kind == ORIEL_KIND_CONTIG ? "contig" : "scattered");
		line_of(text, sizeof(text), info.name, "cache");
		assert_string_equal(text, "cached");
		line_of(text, sizeof(text), info.name, "flags");
		assert_string_equal(text, flag_names(info.flags));
	}
	assert_int_equal(count_entries(CLASS "/regions"), info.index);
	assert_int_equal(count_entries(CLASS "/regions/odd"), 5);
	close(fd);
}

static void test_device(void **state)
{
	struct stat node;
	char text[64];

	text_line(CLASS "/driver_info", text, sizeof(text));
	assert_string_equal(text, "oriel_testdev");
	text_line(CLASS "/irqs", text, sizeof(text));
	assert_string_equal(text, "");
	assert_int_equal(text_number(CLASS "/allow_dma"), 0);
	assert_int_equal(text_number(CLASS "/revoked"), 0);
	assert_int_equal(stat(TESTDEV_NODE, &node), 0);
	assert_true(S_ISCHR(node.st_mode));
	assert_int_equal(node.st_mode & 0777, 0600);
	assert_int_equal(node.st_uid, 0);
}

static void test_revoked_and_gone(void **state)
{
	int file = open(CLASS "/regions/odd/size", O_RDONLY);
	char text[64];

	assert_true(file >= 0);
	testdev_set("revoke", "1");
	assert_int_equal(text_number(CLASS "/revoked"), 1);
	testdev_set("registered", "0");
	assert_int_equal(access(CLASS, F_OK), -1);
	assert_int_equal(access(TESTDEV_NODE, F_OK), -1);
	/* A file that was open says so, and holds nothing up. */
	assert_int_equal(read(file, text, sizeof(text)), -1);
	assert_int_equal(errno, ENODEV);
	close(file);
	testdev_set("registered", "1");
	assert_int_equal(text_number(CLASS "/revoked"), 0);
}

/* The line of a region in fdinfo, "" if there is none. */
static const char *mapped_line(int fd, const char *region)
{
	static char text[8192];
	char path[64], key[64], *line;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	assert_true(text_read(path, text, sizeof(text)) > 0);
	assert_non_null(strstr(text, "oriel-device:\ttestdev\n"));
	snprintf(key, sizeof(key), "oriel-mapped:\t%s ", region);
	line = strstr(text, key);
	if (!line)
		return "";
	line += strlen(key);
	line[strcspn(line, "\n")] = 0;
	return line;
}

static void check_mapped(const struct area *area, uint64_t bytes, bool huge)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "bytes=%llu cache=cached huge=%d",
		 (unsigned long long)bytes, huge);
	assert_string_equal(mapped_line(area->fd, area->info.name), bytes ? wanted : "");
}

static int child_waits(void *unused)
{
	raise(SIGSTOP);
	return 0;
}

static void check_fdinfo(const char *region, bool huge)
{
	struct area area = area_open(region, 0), other = area_open(region, PROT_READ);
	size_t page = page_bytes();
	void *second;
	pid_t child;
	int status;

	check_mapped(&area, 0, huge);
	area.address = area_map(&area, PROT_READ | PROT_WRITE, MAP_SHARED);
	check_mapped(&area, area.bytes, huge);
	check_mapped(&other, area.bytes, huge);
	second = area_map(&area, PROT_READ, MAP_PRIVATE);
	check_mapped(&area, 2 * area.bytes, huge);
	munmap(second, area.bytes);
	/* Split, then with a hole, then the same in two processes. */
	assert_int_equal(mprotect(area.address + page, page, PROT_READ), 0);
	check_mapped(&area, area.bytes, huge);
	munmap(area.address + page, page);
	check_mapped(&area, area.bytes - page, huge);
	child = child_start(child_waits, NULL);
	waitpid(child, &status, WUNTRACED);
	check_mapped(&area, 2 * (area.bytes - page), huge);
	kill(child, SIGCONT);
	assert_int_equal(child_wait(child), 0);
	check_mapped(&area, area.bytes - page, huge);
	munmap(area.address, area.bytes);
	check_mapped(&area, 0, huge);
	check_mapped(&other, area.bytes, huge);
	area.address = NULL;
	area_close(&area);
	area_close(&other);
}

static void test_fdinfo(void **state)
{
	check_fdinfo("contig8k", false);
	check_fdinfo("scattered4m", kernel_maps_blocks());
	check_fdinfo("contig4m", kernel_maps_blocks());
	check_fdinfo("blocks-and-tail", kernel_maps_blocks());
	check_fdinfo("revocable", false);
}

static void test_fdinfo_revoked(void **state)
{
	struct area ram = area_open("contig8k", PROT_READ);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", ram.fd);
	assert_int_equal(text_field(path, "oriel-revoked:"), 0);
	testdev_set("registered", "0");
	assert_int_equal(text_field(path, "oriel-revoked:"), 1);
	check_mapped(&ram, ram.bytes, false);
	area_close(&ram);
	testdev_set("registered", "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_revoked_and_gone),
		cmocka_unit_test(test_fdinfo),
		cmocka_unit_test(test_fdinfo_revoked),
	};

	return cmocka_run_group_tests(tests, testdev_load, testdev_unload);
}
