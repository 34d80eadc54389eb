// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm: processes that open, map, touch, fork, prefault, read, write and pin
 * whatever device there is, killed at any moment, while drivers come and go and
 * a device is revoked. Nothing may break, and afterwards all memory is back.
 *
 * The numbers that decide are those of a seed, which is printed; booting with
 * ORIEL_APPEND=storm_seed=NUMBER takes it again. (What the processes make of it
 * is up to the scheduler.)
 * oriel-test: timeout=240
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/check.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/slow.h"
#include "lib/testdev.h"
#include "lib/text.h"
#include "lib/touch.h"

#define WORKERS 5
#define STEPS 400

static const char *const drivers[] = { "oriel-testdev", "oriel-brief", "hello", "scattered" };
static const char *const nodes[] = { TESTDEV_NODE, "/dev/oriel/brief", "/dev/oriel/hello",
				     "/dev/oriel/scattered" };

static uint64_t random_state;

/* xorshift64*: the same everywhere, and each process goes its own way. */
static unsigned int random_below(unsigned int limit)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 2685821657736338717ull >> 32) % limit;
}

static void random_seed(uint64_t seed)
{
	int i;

	random_state = seed ? seed : 1;
	for (i = 0; i < 16; i++)
		random_below(1);
}

/* ---- a worker ----------------------------------------------------------- */

/* What one worker has at the moment. */
struct work {
	int fd;
	struct oriel_region_info info;
	uint8_t *map;
	size_t bytes;
};

static void worker_touch(struct work *work)
{
	unsigned int n = random_below(64) + 1;
	int caught;

	while (n--) {
		size_t at = random_below(work->bytes / page_bytes()) * page_bytes();

		caught = work->info.flags & ORIEL_REGION_WRITABLE ? touch_write(work->map + at) :
								      touch_read(work->map + at);
		if (caught == SIGSEGV ||
		    (caught == SIGBUS && !(work->info.flags & ORIEL_REGION_REVOCABLE)))
			_exit(10);
	}
}

/* A child that touches and ends, or stays until somebody kills the group. */
static void worker_fork(struct work *work)
{
	pid_t pid = fork();

	if (pid < 0)
		return;
	if (!pid) {
		worker_touch(work);
		if (random_below(2))
			_exit(0);
		for (;;)
			pause();
	}
	if (random_below(2)) {
		usleep(random_below(2000));
		kill(pid, SIGKILL);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void worker_prefault(struct work *work)
{
	struct oriel_prefault range = { (uintptr_t)work->map, work->bytes, 0, 0 };

	if (ioctl(work->fd, ORIEL_PREFAULT, &range) && errno != ENODEV && errno != ENOMEM)
		_exit(11);
}

static void worker_copy(struct work *work)
{
	static uint8_t buffer[65536];
	size_t bytes = random_below(sizeof(buffer)) + 1;
	ssize_t done;

	if (random_below(2))
		done = pread(work->fd, buffer, bytes, work->info.offset_bytes);
	else
		done = pwrite(work->fd, buffer, bytes, work->info.offset_bytes);
	if (done < 0 && errno != ENODEV && errno != EACCES)
		_exit(12);
}

/* Pages of the mapping go into a pipe and stay there for a while. */
static void worker_pin(struct work *work)
{
	struct iovec pages = { work->map, work->bytes < 16384 ? work->bytes : 16384 };
	int ends[2];

	if (pipe(ends))
		return;
	if (vmsplice(ends[1], &pages, 1, SPLICE_F_NONBLOCK) < 0 && errno != EFAULT)
		_exit(13);
	munmap(work->map, work->bytes);
	work->map = MAP_FAILED;
	usleep(random_below(3000));
	close(ends[0]);
	close(ends[1]);
}

static void worker_remap(struct work *work)
{
	size_t half = work->bytes / 2 / page_bytes() * page_bytes();
	void *moved;

	if (!half)
		return;
	switch (random_below(3)) {
	case 0:
		munmap(work->map + half, work->bytes - half);
		work->bytes = half;
		break;
	case 1:
		mprotect(work->map, half, PROT_READ);
		work->info.flags &= ~ORIEL_REGION_WRITABLE;
		break;
	case 2:
		moved = mremap(work->map, half, half, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
		if (moved != MAP_FAILED)
			munmap(moved, half);
		break;
	}
}

static void worker_wait(struct work *work)
{
	struct pollfd wait = { .fd = work->fd, .events = POLLIN };

	poll(&wait, 1, random_below(20));
}

static void worker_map(struct work *work)
{
	int prot = PROT_READ | (work->info.flags & ORIEL_REGION_WRITABLE ? PROT_WRITE : 0);
	size_t pages = page_round(work->info.size_bytes) / page_bytes();
	size_t first = random_below(3) ? 0 : random_below(pages);

	work->bytes = (pages - first) * page_bytes();
	work->map = mmap(NULL, work->bytes, prot, MAP_SHARED, work->fd,
			 work->info.offset_bytes + first * page_bytes());
	if (work->map == MAP_FAILED && errno != ENODEV && errno != EOPNOTSUPP && errno != ENOMEM)
		_exit(14);
}

static void worker_use(struct work *work)
{
	static void (*const actions[])(struct work *work) = {
		worker_touch, worker_touch, worker_fork, worker_prefault, worker_copy,
		worker_remap, worker_wait, worker_pin,
	};
	unsigned int n = random_below(8);

	worker_map(work);
	while (n-- && work->map != MAP_FAILED)
		actions[random_below(ARRAY_SIZE(actions))](work);
	if (work->map != MAP_FAILED)
		munmap(work->map, work->bytes);
}

static void worker(void)
{
	struct work work;

	for (;;) {
		work.fd = open(nodes[random_below(ARRAY_SIZE(nodes))], O_RDWR | O_CLOEXEC);
		if (work.fd < 0) {
			if (errno != ENOENT && errno != ENODEV && errno != ENXIO)
				_exit(15);
			usleep(random_below(1000));
			continue;
		}
		memset(&work.info, 0, sizeof(work.info));
		work.info.index = random_below(3) ? random_below(12) : 0;
		if (!ioctl(work.fd, ORIEL_REGION_INFO, &work.info))
			worker_use(&work);
		else if (errno != ENXIO && errno != ENODEV)
			_exit(16);
		close(work.fd);
	}
}

/* ---- the storm ---------------------------------------------------------- */

static pid_t workers[WORKERS];
static unsigned int started, killed, came, went, revoked;

/* With all that it started: it leads a group. */
static void worker_kill(unsigned int i)
{
	int status;

	if (!workers[i])
		return;
	kill(-workers[i], SIGKILL);
	assert_int_equal(waitpid(workers[i], &status, 0), workers[i]);
	if (WIFEXITED(status))
		fail_msg("a worker gave up: %d", WEXITSTATUS(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	while (waitpid(-workers[i], NULL, 0) > 0)
		;
	workers[i] = 0;
	killed++;
}

static void worker_start(unsigned int i)
{
	static const int fatal[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS };
	uint64_t seed = (uint64_t)random_below(~0u) << 32 | random_below(~0u);
	size_t j;

	fflush(NULL);
	workers[i] = fork();
	assert_true(workers[i] >= 0);
	if (workers[i]) {
		setpgid(workers[i], workers[i]);
		started++;
		return;
	}
	setpgid(0, 0);
	for (j = 0; j < ARRAY_SIZE(fatal); j++)
		signal(fatal[j], SIG_DFL);
	random_seed(seed);
	worker();
}

/* In any state of the driver: it comes, or it goes, though it is in use. */
static void driver_toggle(unsigned int i)
{
	static const char *const sizes[] = { "size=4096", "size=3000000", "size=8388608" };
	const char *parameters = i == 3 ? sizes[random_below(3)] : "";
	int err;

	if (module_is_loaded(drivers[i])) {
		assert_int_equal(module_unload(drivers[i]), 0);
		went++;
		return;
	}
	err = module_load(drivers[i], parameters);
	if (err)
		fail_msg("%s does not load: %s", drivers[i], strerror(-err));
	came++;
}

static void testdev_change(void)
{
	const char *parameter = random_below(3) ? "registered" : "revoke";
	const char *value = parameter[3] == 'i' && random_below(2) ? "1" : "0";
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/oriel_testdev/parameters/%s", parameter);
	if (module_is_loaded(drivers[0]) && !text_write(path, value))
		revoked++;
}

static void storm_step(void)
{
	unsigned int i = random_below(WORKERS);

	switch (random_below(8)) {
	case 0:
	case 1:
	case 2:
		worker_kill(i);
		worker_start(i);
		break;
	case 3:
	case 4:
		driver_toggle(random_below(ARRAY_SIZE(drivers)));
		break;
	case 5:
	case 6:
		testdev_change();
		break;
	}
	usleep(random_below(30000));
}

static void test_storm(void **state)
{
	const char *wanted = getenv("storm_seed");
	uint64_t seed = wanted ? strtoull(wanted, NULL, 0) : (uint64_t)time(NULL) * 1000003;
	long before_kib = leftover_available_kib();
	unsigned int i;

	printf("# storm_seed=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	random_seed(seed);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	for (i = 0; i < WORKERS; i++)
		worker_start(i);
	for (i = 0; i < STEPS / slow_one_in(); i++)
		storm_step();
	for (i = 0; i < WORKERS; i++)
		worker_kill(i);
	for (i = 0; i < ARRAY_SIZE(drivers); i++)
		if (module_is_loaded(drivers[i]))
			assert_int_equal(module_unload(drivers[i]), 0);
	printf("# %u processes killed, %u drivers came, %u went, %u changes of testdev\n", killed,
	       came, went, revoked);

	assert_int_equal(module_users("oriel"), 0);
	leftover_check(before_kib);
	assert_int_equal(module_unload("oriel"), 0);
	assert_int_equal(module_load("oriel", ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
