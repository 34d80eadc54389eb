// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel load, save and fill on the mocked kernel: contents, what is refused
 * before a byte moves, the progress bar, Ctrl-C.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/oriel.h>

#include "mock.h"
#include "run_cli.h"
#include "test.h"

static unsigned char bytes[64 * 1024], there[64 * 1024];

/* A file in the test's directory, "ROOT/file" */
static const char *file_path(void)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/file", mock.root);

	return path;
}

static void make_file(size_t length)
{
	int fd = open(file_path(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t i;

	for (i = 0; i < length; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 251 + 1);
	if (write(fd, bytes, length) != (ssize_t)length)
		perror(file_path());
	close(fd);
}

static size_t read_file(void)
{
	int fd = open(file_path(), O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, there, sizeof(there));

	close(fd);

	return length < 0 ? 0 : (size_t)length;
}

/* "FORMAT", with the file's path for its %s */
static const char *with_file(const char *format)
{
	static char arguments[256];

	snprintf(arguments, sizeof(arguments), format, file_path());

	return arguments;
}

static void a_file_goes_in_and_comes_out(void)
{
	static const char *const widths[] = { "", "-w 8", "-w 16", "-w 32", "-w 64" };
	char arguments[256];
	size_t i;

	make_file(4096);
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		mock_truncate("hello", 0);
		mock_make_node("hello");
		snprintf(arguments, sizeof(arguments), "load hello buffer %s 1K %s",
			 file_path(), widths[i]);
		prints(arguments, "");
		mock_peek("hello", 1024, there, 4096);
		CHECK(!memcmp(there, bytes, 4096));
		mock_peek("hello", 0, there, 1024);
		CHECK_INT(there[1023], 0);
		mock_peek("hello", 5120, there, 1);
		CHECK_INT(there[0], 0);

		snprintf(arguments, sizeof(arguments), "save hello buffer %s/saved 0x400 4K %s",
			 mock.root, widths[i]);
		prints(arguments, "");
		snprintf(arguments, sizeof(arguments), "cmp %s %s/saved", file_path(), mock.root);
		CHECK_INT(system(arguments), 0);
	}
}

/* RAM takes any length; the width of registers has to fit. */
static void odd_lengths(void)
{
	make_file(4099);
	prints(with_file("load hello buffer %s 1"), "");
	mock_peek("hello", 1, there, 4099);
	CHECK(!memcmp(there, bytes, 4099));
	prints(with_file("save hello buffer %s 3 13"), "");
	CHECK_INT(read_file(), 13);
	CHECK(!memcmp(there, bytes + 2, 13));

	make_file(6);
	fails(with_file("load hello regs %s"), 2, "length 0x6 is not a multiple of 4");
	prints(with_file("load hello regs %s -w 16"), "");
	fails(with_file("load hello buffer %s 2 -w 32"), 2, "offset 0x2");
}

/* Through pread() and pwrite(), one call for each value */
static void regions_that_cannot_be_mapped(void)
{
	int before;

	make_file(8);
	before = mock.nr_io;
	prints(with_file("load hello small %s 2 -w 16"), "");
	mock_peek("hello", (off_t)(4 * MOCK_MIB + 2), there, 8);
	CHECK(!memcmp(there, bytes, 8));
	prints(with_file("save hello small %s 4 4 -w 8"), "");
	CHECK_INT(read_file(), 4);
	CHECK(!memcmp(there, bytes + 2, 4));
	CHECK_INT(mock.nr_io, before); /* the child's */
	prints("fill hello small 0x5a 0 10 -w 8", "");
	mock_peek("hello", (off_t)(4 * MOCK_MIB), there, 10);
	CHECK_INT(there[0], 0x5a);
	CHECK_INT(there[9], 0x5a);
}

static void standard_input_and_output(void)
{
	CHECK_INT(oriel_with_input("load hello buffer - 16", "from a pipe", 11), 0);
	CHECK_TEXT(err, "");
	mock_peek("hello", 16, there, 11);
	CHECK(!memcmp(there, "from a pipe", 11));
	prints("save hello buffer - 16 11", "from a pipe");
}

static void values_fill(void)
{
	prints("fill hello buffer 0x11223344", "");
	prints("read hello buffer 8188", "0x11223344\n");
	prints("fill hello buffer 0xaabb 2 4 -w 16", "");
	mock_peek("hello", 0, there, 8);
	CHECK(!memcmp(there, "\x44\x33\xbb\xaa\xbb\xaa\x22\x11", 8));
	prints("fill hello large 7 6M", "");
	prints("read hello large 0x7ffffc", "0x00000007\n");
	prints("read hello large 0x5ffffc", "0x00000000\n");
	fails("fill hello buffer 256 -w 8", 2, "8 bits");
	fails("fill hello small 1", 2, "length 0xa is not a multiple of 4");
}

/* None of these may write a byte. */
static void refused_before_anything_is_written(void)
{
	make_file(8192);
	fails(with_file("load hello buffer %s 4"), 1, "hello buffer: cannot write: the request ends at byte 8196, the region at byte 8192.");
	fails(with_file("load hello buffer %s 9000"), 1, "ends at byte 17192");
	fails(with_file("load hello small %s -w 8"), 1, "ends at byte 8192, the region at byte 10");
	fails(with_file("load hello const %s"), 1, "ends at byte 8192");
	fails("fill hello buffer 1 8188 8", 1, "ends at byte 8196");
	fails("fill hello buffer 1 8192", 1, "ends at byte 8196");
	fails("fill hello const 1", 1, "hello const: cannot write: the region is read-only.");
	make_file(4096);
	fails(with_file("load hello const %s"), 1, "the region is read-only.");
	mock_refuse_mmap(EACCES, ORIEL_REASON_GUARDED, 4096, 4096);
	fails(with_file("load hello buffer %s"), 1, "hello buffer: cannot map: the range holds pages that nobody may write, 4096 bytes from 0x1000");
	fails("fill hello buffer 1", 1, "that nobody may write");
	mock.mmap_error = 0;

	CHECK_INT(oriel_with_input("load hello buffer - 8000", bytes, 200), 1);
	CHECK(strstr(err, "ends at byte 8200"));
	mock_peek("hello", 0, there, 8192);
	CHECK(!there[0] && !memcmp(there, there + 1, 8191));
	fails("save hello buffer /nowhere 8192", 1, "cannot read: the request ends at byte 8193");
}

static void files_that_cannot_be_had(void)
{
	fails("load hello buffer /nowhere/file", 1, "/nowhere/file: cannot open: No such file");
	fails("load hello buffer /tmp", 1, "/tmp: cannot read: Is a directory");
	fails("save hello buffer /nowhere/file", 1, "/nowhere/file: cannot open: No such file");
	fails("load hello buffer /dev/null", 1, "/dev/null: there is nothing in it");
	fails("save hello buffer /dev/full", 1, "/dev/full: cannot write: No space left");
	make_file(0);
	fails(with_file("load hello buffer %s"), 1, "nothing in it");
	fails(with_file("load hello nothing %s"), 1, "no region called");
	CHECK_INT(oriel("load hello buffer /proc/version"), 0);
	CHECK_TEXT(err, "");
	mock_peek("hello", 0, there, 5);
	CHECK(!memcmp(there, "Linux", 5));
}

static void a_file_is_kept_when_the_region_is_refused(void)
{
	make_file(100);
	fails(with_file("save hello buffer %s 8192"), 1, "ends at byte");
	CHECK_INT(read_file(), 100);
}

static void memory_that_goes_away_is_an_error(void)
{
	mock_truncate("hello", 4096);
	fails("fill hello buffer 1 -w 8", 1, "hello buffer: cannot write at 0x1000: the memory is not there (SIGBUS)");
	CHECK_INT(oriel("save hello buffer - -w 32"), 1);
	CHECK(strstr(err, "cannot read at 0x1000"));
	CHECK_INT(oriel("fill hello buffer 1 --progress"), 1);
	CHECK(strstr(err, "\noriel: hello buffer: cannot write at 0x1000"));
	mock_make_node("hello");
}

static void the_bar_is_shown_when_wanted(void)
{
	prints("fill hello large 1", "");
	CHECK_INT(oriel("fill hello large 1 --progress"), 0);
	CHECK(!strncmp(err, "\r  0 % [....", 12));
	CHECK(strstr(err, "\r100 % [##############################] 8.0 of 8.0 MiB, "));
	CHECK(strchr(err, '\n') == err + strlen(err) - 1);
	CHECK_INT(oriel("fill hello large 1 --quiet"), 0);
	CHECK_TEXT(err, "");
	fails("fill hello large 1 -p -q", 2, "contradict");
	fails("read hello buffer 0 --quiet", 2, "--quiet");
}

/* On a terminal, too, nothing is shown of what takes no time. */
static void a_terminal_is_not_flooded(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave, status = -1;
	struct pollfd ready = { .fd = master, .events = POLLIN };
	pid_t child;

	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	child = oriel_start("fill hello buffer 1", slave, slave, slave);
	waitpid(child, &status, 0);
	CHECK_INT(status, 0);
	CHECK_INT(poll(&ready, 1, 0), 0);
	close(slave);
	close(master);
}

/* Nobody reads the pipe: it waits until it is told to end. */
static void ctrl_c_ends_with_a_whole_line(void)
{
	FILE *err_file = tmpfile();
	int fds[2], status = 0, length = 0, tries;
	char text[4096];
	pid_t child;

	CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
	child = oriel_start("save hello large - --progress", fds[0], fds[1], fileno(err_file));
	for (tries = 0; tries < 3000 && length < 65536; tries++) {
		usleep(10000);
		ioctl(fds[0], FIONREAD, &length);
	}
	for (tries = 0; tries < 3000; tries++) {
		kill(child, SIGINT);
		usleep(10000);
		if (waitpid(child, &status, WNOHANG) == child)
			break;
	}
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	rewind(err_file);
	text[fread(text, 1, sizeof(text) - 1, err_file)] = 0;
	CHECK(strstr(text, "\noriel: hello large: interrupted, 65536 of 8388608 bytes were saved.\n"));
	CHECK(text[0] && text[strlen(text) - 1] == '\n');
	fclose(err_file);
	close(fds[0]);
	close(fds[1]);
}

static void reading_needs_no_right_to_write(void)
{
	mock.read_only_nodes = true;
	prints("save hello buffer - 0 4", "");
	fails("fill hello buffer 1", 1, "no permission");
	fails("load hello buffer /proc/version", 1, "no permission");
}

static const struct test tests[] = {
	TEST(a_file_goes_in_and_comes_out),
	TEST(odd_lengths),
	TEST(regions_that_cannot_be_mapped),
	TEST(standard_input_and_output),
	TEST(values_fill),
	TEST(refused_before_anything_is_written),
	TEST(files_that_cannot_be_had),
	TEST(a_file_is_kept_when_the_region_is_refused),
	TEST(memory_that_goes_away_is_an_error),
	TEST(the_bar_is_shown_when_wanted),
	TEST(a_terminal_is_not_flooded),
	TEST(ctrl_c_ends_with_a_whole_line),
	TEST(reading_needs_no_right_to_write),
};

TEST_MAIN(tests, mock_setup, mock_teardown)
