// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel maps and verify on a made-up /proc: what is found in it, what is wrong
 * with frames. That the kernel's says so, the guest tests.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json_check.h"
#include "mock.h"
#include "run_cli.h"
#include "test.h"
#include "wrap.h"

#define OWN		0x10000000u	/* where "self" has it mapped */
#define OTHERS		0x20000000u
#define PRESENT		(1ull << 63)

/* Makes the directories, too. */
static void write_bytes(const char *file, const void *bytes, size_t length, off_t offset)
{
	char path[256], *slash;
	int fd;

	snprintf(path, sizeof(path), "%s%s", mock.root, file);
	for (slash = path + strlen(mock.root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	fd = __real_open64(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || __real_pwrite64(fd, bytes, length, offset) != (ssize_t)length)
		perror(path);
	close(fd);
}

static void write_text(const char *file, const char *text)
{
	write_bytes(file, text, strlen(text), 0);
}

static void make_region(const char *region, const char *offset, const char *size,
			const char *kind, const char *cache)
{
	const char *const files[] = { "offset", "size", "kind", "cache" };
	const char *const values[] = { offset, size, kind, cache };
	char path[128];
	size_t i;

	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "/sys/class/oriel/hello/regions/%s/%s", region, files[i]);
		write_text(path, values[i]);
	}
}

/* A process whose maps and smaps have these first lines, each with @details */
static void make_process(const char *process, const char *lines, const char *details)
{
	char path[64], smaps[4096] = "", line[512];
	size_t length;

	snprintf(path, sizeof(path), "/proc/%s/maps", process);
	write_text(path, lines);
	for (; *lines; lines += length) {
		length = strcspn(lines, "\n") + 1;
		snprintf(line, sizeof(line), "%.*s%s", (int)length, lines, details);
		strcat(smaps, line);
	}
	snprintf(path, sizeof(path), "/proc/%s/smaps", process);
	write_text(path, smaps);
	snprintf(path, sizeof(path), "/proc/%s/comm", process);
	write_text(path, "prog\n");
	snprintf(path, sizeof(path), "/proc/%s/pagemap", process);
	write_text(path, "");
}

#define RAM	"FilePmdMapped:         0 kB\nVmFlags: rd wr sh mr mw \n"
#define HUGE	"FilePmdMapped:      2048 kB\nVmFlags: rd wr sh mr mw \n"
#define DEVICE	"FilePmdMapped:         0 kB\nVmFlags: rd wr sh mr mw pf io \n"

static void setup(void)
{
	mock_setup();
	mock.has_proc = true;
	make_region("buffer", "0\n", "8192\n", "contig\n", "cached\n");
	make_region("regs", "2097152\n", "256\n", "mmio\n", "uncached\n");
	make_region("large", "6291456\n", "8388608\n", "scattered\n", "cached\n");
	make_process("1", "00400000-00401000 r-xp 00000000 08:01 12 /sbin/init\n", RAM);
}

static void nobody_maps_anything(void)
{
	prints("maps", "");
	prints("maps --json", "{\"mappings\": [], \"hidden_processes\": 0}\n");
	fails("maps a b", 2, "too many");
	fails("maps a:b", 2, "no device name");
}

static void who_maps_what(void)
{
	make_process("30", "00400000-00401000 r-xp 00000000 08:01 12 /bin/prog\n"
			   "20000000-20002000 rw-s 00000000 00:05 99    /dev/oriel/hello\n"
			   "20400000-20600000 r--s 00800000 00:05 99    /dev/oriel/hello\n", HUGE);
	make_process("7", "20000000-20001000 -w-s 00200000 00:05 99    /clients/dev/oriel/hello\n",
		     DEVICE);
	write_text("/proc/7/fdinfo/4", "pos:\t0\noriel-device:\thello\noriel-revoked:\t0\n"
		   "oriel-mapped:\tregs bytes=4096 cache=uncached huge=1\n");
	CHECK_INT(oriel("maps --json"), 0);
	CHECK_TEXT(err, "");
	CHECK(json_is_valid(out));
	CHECK_TEXT(out, "{\"mappings\": [\n"
		   "  {\"pid\": 7, \"program\": \"prog\", \"device\": \"hello\", \"region\": \"regs\", \"address\": \"0x20000000\", \"offset_bytes\": 0, \"length_bytes\": 4096, \"access\": \"w\", \"cache\": \"uncached\", \"huge\": true},\n"
		   "  {\"pid\": 30, \"program\": \"prog\", \"device\": \"hello\", \"region\": \"buffer\", \"address\": \"0x20000000\", \"offset_bytes\": 0, \"length_bytes\": 8192, \"access\": \"rw\", \"cache\": \"cached\", \"huge\": true},\n"
		   "  {\"pid\": 30, \"program\": \"prog\", \"device\": \"hello\", \"region\": \"large\", \"address\": \"0x20400000\", \"offset_bytes\": 2097152, \"length_bytes\": 2097152, \"access\": \"r\", \"cache\": \"cached\", \"huge\": true}\n"
		   "], \"hidden_processes\": 0}\n");
	CHECK_INT(oriel("maps"), 0);
	CHECK(strstr(out, "    PID  PROGRAM "));
	CHECK(strstr(out, "\n     30  prog             hello                 large       0x00200000       2097152  r       cached          yes\n"));
	CHECK_INT(oriel("maps 03:00.0"), 0);
	CHECK_TEXT(out, "");
}

static void names_that_only_look_like_ours(void)
{
	make_process("7", "20000000-20001000 rw-s 00000000 00:05 9 /dev/oriel/by-id/x\n"
			  "20001000-20002000 rw-s 00000000 00:05 9 /dev/oriel/\n"
			  "20002000-20003000 rw-s 00000000 00:05 9 /dev/oriel/a b\n"
			  "20003000-20004000 rw-s 00000000 00:05 9\n"
			  "nonsense /dev/oriel/hello\n", RAM);
	prints("maps --json", "{\"mappings\": [], \"hidden_processes\": 0}\n");
}

static void what_is_not_known_is_null(void)
{
	make_process("7", "20000000-20001000 ---s 00000000 00:05 9 /dev/oriel/hello (deleted)\n"
			  "20001000-20002000 r--s 7f000000 00:05 9 /dev/oriel/hello\n", DEVICE);
	write_text("/proc/7/fdinfo/3", "oriel-device:\tother\n"
		   "oriel-mapped:\tbuffer bytes=4096 cache=uncached huge=1\n");
	CHECK_INT(oriel("maps -j"), 0);
	CHECK(json_is_valid(out));
	CHECK(strstr(out, "\"region\": null, \"address\": \"0x20000000\", \"offset_bytes\": 0, \"length_bytes\": 4096, \"access\": \"none\", \"cache\": null, \"huge\": null}"));
	CHECK(strstr(out, "\"region\": null, \"address\": \"0x20001000\""));
	CHECK_INT(oriel("maps"), 0);
	CHECK(strstr(out, "(gone)"));
}

static void processes_of_others(void)
{
	mock.hidden_process = 7;
	make_process("7", "20000000-20001000 rw-s 00000000 00:05 9 /dev/oriel/hello\n", RAM);
	CHECK_INT(oriel("maps"), 0);
	CHECK_TEXT(out, "");
	CHECK(strstr(err, "1 processes of others"));
	prints("maps --json", "{\"mappings\": [], \"hidden_processes\": 1}\n");
}

/* ---- verify -------------------------------------------------------------- */

static void set_page(const char *process, uint64_t address, uint64_t entry)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/pagemap", process);
	write_bytes(path, &entry, sizeof(entry), (off_t)(address / 4096 * sizeof(entry)));
}

static void set_flags(uint64_t frame, uint64_t flags)
{
	write_bytes("/proc/kpageflags", &flags, sizeof(flags), (off_t)(frame * sizeof(flags)));
}

/* "buffer", two pages of frames 100 and 101, mapped here and by another */
static void make_buffer(void)
{
	make_process("self", "10000000-10002000 r--s 00000000 00:05 99    /dev/oriel/hello\n", RAM);
	make_process("7", "20000000-20002000 rw-s 00000000 00:05 99    /dev/oriel/hello\n", RAM);
	set_page("self", OWN, PRESENT | 100);
	set_page("self", OWN + 4096, PRESENT | 101);
	set_page("7", OTHERS, PRESENT | 100);
	set_page("7", OTHERS + 4096, 0);
	set_flags(200, 0);
}

static void frames_that_are_right(void)
{
	make_buffer();
	prints("verify hello buffer",
	       "    PID  PROGRAM          REGION               PAGES   PRESENT  FRAMES\n"
	       "   self  prog             buffer                   2         2  ok\n"
	       "      7  prog             buffer                   2         1  ok\n");
	CHECK_INT(oriel("verify hello buffer --json"), 0);
	CHECK(json_is_valid(out));
	CHECK(strstr(out, "{\"pid\": null, \"program\": \"prog\", \"region\": \"buffer\", \"address\": \"0x10000000\", \"pages\": 2, \"present_pages\": 2, \"fault\": null}"));
	CHECK(strstr(out, "\"wrong\": 0}"));
}

static void wrong(const char *words)
{
	CHECK_INT(oriel("verify hello buffer"), 1);
	if (!strstr(out, words) || !strstr(err, "not what they should be")) {
		printf("# wanted \"%s\", got: %s%s\n", words, out, err);
		test_failed = true;
	}
}

static void frames_that_are_not_ours(void)
{
	static const struct {
		unsigned int bit;
		const char *words;
	} flags[] = {
		{ 5, "LRU" }, { 7, "SLAB" }, { 10, "BUDDY" }, { 12, "ANON" }, { 13, "SWAPCACHE" },
		{ 19, "HWPOISON" }, { 20, "NOPAGE" }, { 23, "OFFLINE" }, { 26, "PGTABLE" },
	};
	size_t i;

	make_buffer();
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		set_flags(101, 1ull << flags[i].bit);
		wrong(flags[i].words);
		CHECK(strstr(out, "page 1 has frame 0x65"));
	}
	set_flags(101, 1ull << 11 | 1ull << 15);
	CHECK_INT(oriel("verify hello buffer"), 0);
}

static void frames_in_a_wrong_place(void)
{
	make_buffer();
	set_page("7", OTHERS, PRESENT | 102);
	wrong("page 0 has frame 0x66: not the frame that others have there");
	make_buffer();
	set_page("self", OWN + 4096, PRESENT | 102);
	wrong("page 1 has frame 0x66: not behind the frame before");
	make_buffer();
	set_page("self", OWN + 4096, 0);
	wrong("pages are missing");
	make_buffer();
	set_page("7", OTHERS, PRESENT | 5000);
	wrong("the kernel does not know");
	make_buffer();
	make_process("7", "20000000-20003000 rw-s 00000000 00:05 99    /dev/oriel/hello\n", RAM);
	set_page("7", OTHERS + 8192, PRESENT | 102);
	wrong("page 2 has frame 0x66: beyond the region");
}

/* Not one behind the other, but each for one page only */
static void frames_of_two_pages(void)
{
	make_process("self", "10000000-10800000 r--s 00600000 00:05 99    /dev/oriel/hello\n", RAM);
	make_process("7", "20000000-20002000 rw-s 00601000 00:05 99    /dev/oriel/hello\n", DEVICE);
	set_flags(9000, 0);
	for (uint64_t page = 0; page < 2048; page++)
		set_page("self", OWN + page * 4096, PRESENT | (4000 - page));
	set_page("7", OTHERS, 0);
	set_page("7", OTHERS + 4096, 0);
	CHECK_INT(oriel("verify hello large"), 0);
	CHECK(strstr(out, "  2048      2048  ok\n"));
	CHECK(strstr(out, "      2         -  no page is counted memory\n"));
	set_page("self", OWN + 2000 * 4096, PRESENT | 3900);
	CHECK_INT(oriel("verify hello large"), 1);
	CHECK(strstr(out, "page 100 has frame 0xf3c: the frame of another page, too"));
}

static void counted_memory_behind_a_device(void)
{
	make_process("self", "10000000-10001000 r--s 00200000 00:05 99    /dev/oriel/hello\n", DEVICE);
	set_page("self", OWN, 0);
	set_flags(200, 0);
	CHECK_INT(oriel("verify hello regs"), 0);
	set_page("self", OWN, PRESENT | 100);
	CHECK_INT(oriel("verify hello regs"), 1);
	CHECK(strstr(out, "counted memory where there is none"));
}

static void only_root_sees_frames(void)
{
	make_buffer();
	set_page("self", OWN, PRESENT);
	CHECK_INT(oriel("verify hello buffer"), 1);
	CHECK(strstr(err, "Do it as root"));
	fails("verify", 2, "missing");
	fails("verify missing", 1, "no /dev/oriel/missing");
	CHECK_INT(oriel("verify hello nothing"), 1);
	CHECK(strstr(err, "no region called"));
}

static const struct test tests[] = {
	TEST(nobody_maps_anything),
	TEST(who_maps_what),
	TEST(names_that_only_look_like_ours),
	TEST(what_is_not_known_is_null),
	TEST(processes_of_others),
	TEST(frames_that_are_right),
	TEST(frames_that_are_not_ours),
	TEST(frames_in_a_wrong_place),
	TEST(frames_of_two_pages),
	TEST(counted_memory_behind_a_device),
	TEST(only_root_sees_frames),
};

TEST_MAIN(tests, setup, mock_teardown)
