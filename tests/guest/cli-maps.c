// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel maps and oriel verify, while this process and its children hold mappings:
 * each is listed once, with what it is; the frames behind it are found right.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/smaps.h"
#include "lib/touch.h"

#define BIG_PAGES 2048	/* so that a block fits in */

static char out[64 << 10];

/* Runs it; what it prints is in out. Return: the exit status. */
static int oriel(const char *arguments)
{
	char command[256];
	size_t length;
	FILE *pipe;

	snprintf(command, sizeof(command), "oriel %s 2>&1", arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	length = fread(out, 1, sizeof(out) - 1, pipe);
	out[length] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static int count(const char *text)
{
	const char *at;
	int found = 0;

	for (at = out; (at = strstr(at, text)); at++)
		found++;
	return found;
}

static void wants(const char *text, int times)
{
	if (count(text) != times)
		fail_msg("wanted %d times: %s\nin: %s", times, text, out);
}

/* The entry of maps --json for a range of addresses of a process */
static void wants_mapping(pid_t pid, const char *device, const char *region, const void *address,
			  size_t offset, size_t bytes, const char *rest)
{
	char line[512], quoted[80] = "null";

	if (region)
		snprintf(quoted, sizeof(quoted), "\"%s\"", region);
	snprintf(line, sizeof(line),
		 "{\"pid\": %d, \"program\": \"cli-maps\", \"device\": \"%s\", \"region\": %s, \"address\": \"%p\", \"offset_bytes\": %zu, \"length_bytes\": %zu, %s}",
		 pid, device, quoted, address, offset, bytes, rest);
	wants(line, 1);
}

static void test_nobody(void **state)
{
	assert_case("maps", oriel("maps --json"), 0);
	assert_string_equal(out, "{\"mappings\": [], \"hidden_processes\": 0}\n");
	assert_case("maps", oriel("maps"), 0);
	assert_string_equal(out, "");
}

static void test_parts_and_modes(void **state)
{
	struct area big = area_open("big", PROT_READ | PROT_WRITE);
	struct area some = area_open("scattered4m", 0);
	const size_t page = page_bytes();
	void *part;

	part = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, some.fd, some.info.offset_bytes + page);
	assert_ptr_not_equal(part, MAP_FAILED);
	memset(big.address, 1, big.bytes);
	assert_true(smaps_kib(big.address, "FilePmdMapped") > 0);
	assert_case("maps", oriel("maps --json"), 0);
	wants("\"pid\":", 2);
	wants_mapping(getpid(), "testdev", "big", big.address, 0, big.bytes,
		      "\"access\": \"rw\", \"cache\": \"cached\", \"huge\": true");
	wants_mapping(getpid(), "testdev", "scattered4m", part, page, 2 * page,
		      "\"access\": \"r\", \"cache\": \"cached\", \"huge\": false");
	/* A file that is closed leaves its mappings, and two parts of one are two. */
	close(some.fd);
	assert_int_equal(mprotect(part, page, PROT_NONE), 0);
	assert_case("maps", oriel("maps testdev --json"), 0);
	wants("\"pid\":", 3);
	wants("\"access\": \"none\"", 1);
	assert_case("maps", oriel("maps testdev"), 0);
	wants("  cli-maps ", 3);
	assert_case("maps", oriel("maps other --json"), 0);
	wants("\"pid\":", 0);
	munmap(part, 2 * page);
	area_close(&big);
}

static void test_device_memory(void **state)
{
	struct area edu = pci_area_open(PCI_EDU, "bar0", PROT_READ);
	struct area wc = pci_area_open(PCI_IVSHMEM, "bar2-wc", PROT_READ | PROT_WRITE);

	assert_case("touch", touch_write(wc.address), 0);
	assert_case("maps", oriel("maps --json"), 0);
	wants("\"pid\":", 2);
	wants("\"device\": \"pci-0000-00-11.0\", \"region\": \"bar0\"", 1);
	wants("\"access\": \"r\", \"cache\": \"uncached\", \"huge\": ", 1);
	wants("\"device\": \"pci-0000-00-10.0\", \"region\": \"bar2-wc\"", 1);
	wants("\"access\": \"rw\", \"cache\": \"write-combined\", \"huge\": ", 1);
	/* By the address that lspci prints */
	assert_case("maps", oriel("maps 00:11.0 --json"), 0);
	wants("\"pid\":", 1);

	pci_unbind(PCI_EDU);
	assert_case("maps", oriel("maps --json"), 0);
	wants_mapping(getpid(), "pci-0000-00-11.0", NULL, edu.address, 0, edu.bytes,
		      "\"access\": \"r\", \"cache\": null, \"huge\": null");
	pci_bind(PCI_EDU);
	area_close(&edu);
	area_close(&wc);
}

/* A child that has what it was born with, until it is told to end */
static pid_t child_begin(int *end)
{
	int fds[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(fds), 0);
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(fds[1]);
		_exit(read(fds[0], &byte, 1) != 0);
	}
	close(fds[0]);
	*end = fds[1];
	return pid;
}

static void child_end(pid_t pid, int end)
{
	int status;

	close(end);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_children(void **state)
{
	struct area area = area_open("contig8k", PROT_READ | PROT_WRITE);
	int end;
	pid_t pid = child_begin(&end);

	assert_case("maps", oriel("maps --json"), 0);
	wants("\"pid\":", 2);
	wants_mapping(pid, "testdev", "contig8k", area.address, 0, 2 * page_bytes(),
		      "\"access\": \"rw\", \"cache\": \"cached\", \"huge\": false");
	child_end(pid, end);
	assert_case("maps", oriel("maps --json"), 0);
	wants("\"pid\":", 1);
	area_close(&area);
}

static void test_others_are_hidden(void **state)
{
	struct area area = area_open("contig8k", PROT_READ);
	int end, status;
	pid_t pid = child_begin(&end), other;

	fflush(stdout);
	other = fork();
	if (!other) {
		if (setgid(65534) || setuid(65534))
			_exit(99);
		_exit(system("oriel maps --json >/tmp/others 2>/tmp/others.err") ||
		      system("! oriel verify hello >/dev/null 2>/tmp/others.err"));
	}
	assert_int_equal(waitpid(other, &status, 0), other);
	assert_int_equal(status, 0);
	assert_case("cat", system("grep -q '\"mappings\": \\[\\], \"hidden_processes\": [1-9]' /tmp/others"), 0);
	unlink("/tmp/others");
	unlink("/tmp/others.err");
	child_end(pid, end);
	area_close(&area);
}

/* Every region of RAM, mapped here as well, some of it by other ways. */
static void test_frames(void **state)
{
	struct area area = area_open("contig4m", PROT_READ | PROT_WRITE);
	char wanted[128];
	size_t at;
	int end;
	pid_t pid;

	for (at = 0; at < area.bytes / 2; at += page_bytes())
		area.address[at] = 1;
	pid = child_begin(&end);
	assert_case("verify", oriel("verify testdev contig4m --json"), 0);
	wants("\"pid\": null, \"program\": \"oriel\", \"region\": \"contig4m\"", 1);
	snprintf(wanted, sizeof(wanted),
		 "\"pages\": %zu, \"present_pages\": %zu, \"fault\": null}",
		 area.bytes / page_bytes(), area.bytes / page_bytes());
	/* Where it is not of blocks, no half of it is left out. */
	wants(wanted, kernel_maps_blocks() ? 1 : 3);
	snprintf(wanted, sizeof(wanted), "\"pid\": %d, \"program\": \"cli-maps\"", getpid());
	wants(wanted, 1);
	snprintf(wanted, sizeof(wanted), "\"pid\": %d, \"program\": \"cli-maps\"", pid);
	wants(wanted, 1);
	wants("\"wrong\": 0}\n", 1);
	child_end(pid, end);

	assert_case("verify", oriel("verify testdev"), 0);
	wants("  big ", 1);
	wants("2048      2048  ok\n", 1);
	wants("  read-only ", 1);
	wants("WRONG", 0);
	area_close(&area);
}

/* Nothing that is counted is behind device memory. */
static void test_frames_of_devices(void **state)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar2", PROT_READ | PROT_WRITE);
	struct area registers = pci_area_open(PCI_IVSHMEM, "bar0", 0);
	/* Not where it shares its page. */
	int with_registers = !!(registers.info.flags & ORIEL_REGION_MAPPABLE);
	char wanted[128];

	memset(bar.address, 0, bar.bytes);
	/* bar2-wc cannot be mapped beside it, and is left out. */
	assert_case("verify", oriel("verify 00:10.0"), 0);
	wants("  bar2 ", 2);
	wants("no page is counted memory\n", 2 + with_registers);
	assert_case("verify", oriel("verify 00:10.0 bar2 --json"), 0);
	snprintf(wanted, sizeof(wanted),
		 "\"pages\": %zu, \"present_pages\": null, \"fault\": null}",
		 bar.bytes / page_bytes());
	wants(wanted, 2);
	area_close(&registers);
	area_close(&bar);
}

static int load(void **state)
{
	char parameters[32];

	snprintf(parameters, sizeof(parameters), "big=%zu", BIG_PAGES * page_bytes());
	return module_load("oriel-testdev", parameters) || module_load("oriel-pci", "");
}

static int unload(void **state)
{
	return module_unload("oriel-pci") || module_unload("oriel-testdev");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_parts_and_modes),
		cmocka_unit_test(test_device_memory),
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_others_are_hidden),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_frames_of_devices),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
