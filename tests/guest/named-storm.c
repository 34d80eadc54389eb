// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm of named buffers: many processes make and remove them under few
 * names, others open and map whatever is there, all are killed at any moment,
 * and the device that some are for comes and goes. Afterwards nothing is left:
 * no memory, no node, no use of the module, and nothing counts for anybody.
 *
 * The numbers that decide are those of a seed, which is printed; booting with
 * ORIEL_APPEND=storm_seed=NUMBER takes it again.
 * oriel-test: timeout=400 machine=pc
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/named.h"
#include "lib/pci.h"
#include "lib/slow.h"
#include "lib/touch.h"

#define MIB		((uint64_t)1 << 20)
#define NODE		"pci-0000-00-11.0"
#define KILLED		400	/* processes, at least */
#define MADE		1000	/* buffers by all of them, at least */
#define MAKERS		3
#define WORKERS		5	/* the others are users */
#define NAMES		6
#define KILLED_A_DEVICE	15
#define BUFFER_BYTES	(32 * MIB)
#define ALL_BYTES	"33554432"

static unsigned int seed;
static unsigned int *made;	/* by all */

static unsigned int random_below(unsigned int limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint64_t)seed * limit >> 32;
}

static void give_up(const char *what, int err)
{
	dprintf(STDOUT_FILENO, "# %s: %s\n", what, strerror(-err));
	_exit(1);
}

/* All that others may be the cause of. */
static void check_error(const char *what, int err)
{
	static const int allowed[] = {
		0, -EEXIST, -ENOENT, -EBUSY, -ENOMEM, -ENODEV, -ENXIO, -EINTR,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(allowed); i++)
		if (err == allowed[i])
			return;
	give_up(what, err);
}

static void random_name(char *name, size_t bytes)
{
	snprintf(name, bytes, "storm%u", random_below(NAMES));
}

/* ---- processes ---------------------------------------------------------- */

static int maker(void *unused)
{
	static const char *const kinds[] = { "contig", "scattered", "coherent" };
	char name[16], size[32];
	unsigned int n;
	int err;

	for (;;) {
		random_name(name, sizeof(name));
		check_error("mkdir", named_mkdir(name));
		snprintf(size, sizeof(size), "%u",
			 1 + random_below(random_below(4) ? 64 << 10 : 4 * MIB));
		check_error("size", named_set(name, "size", size));
		check_error("kind", named_set(name, "kind", kinds[random_below(3)]));
		if (!random_below(3))
			check_error("device", named_set(name, "device", NODE));
		/* Size 0, where another one came in between. */
		err = named_set(name, "live", "1");
		if (err != -EINVAL)
			check_error("live", err);
		if (!err)
			__atomic_fetch_add(made, 1, __ATOMIC_RELAXED);
		for (n = random_below(3); n; n--) {
			err = named_set(name, "live", n & 1 ? "0" : "1");
			if (err != -EINVAL)
				check_error("down and up", err);
		}
		if (random_below(4))
			check_error("rmdir", named_rmdir(name));
	}
	return 0;
}

static void use(int fd)
{
	struct oriel_region_info info = {};
	struct oriel_region_export export = {};
	size_t bytes;
	uint8_t *p;

	if (ioctl(fd, ORIEL_REGION_INFO, &info))
		return check_error("info", -errno);
	bytes = page_round(info.size_bytes);
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return check_error("mmap", -errno);
	/* Removed meanwhile or not: it is RAM, and ours as long as we have it. */
	if (touch_write(p) || touch_read(p + bytes - 1))
		give_up("touch", -EFAULT);
	export.size_bytes = info.size_bytes;
	if (!random_below(3) && ioctl(fd, ORIEL_REGION_EXPORT, &export))
		check_error("export", -errno);
	if (random_below(2))
		munmap(p, bytes);
}

static int user(void *unused)
{
	uint64_t address;
	char name[16];
	int fd, err, i;

	for (;;) {
		for (i = 0; i < 8; i++) {
			random_name(name, sizeof(name));
			fd = named_open(name, O_RDWR);
			if (fd < 0)
				check_error("open", fd);
			else
				use(fd);
			err = named_bus_address(name, &address);
			/* In several pieces. */
			if (err != -EOPNOTSUPP)
				check_error("bus address", err);
		}
		close_range(3, ~0u, 0);
	}
	return 0;
}

/* ---- the storm ---------------------------------------------------------- */

static pid_t start(unsigned int number)
{
	/* Each goes its own way. */
	random_below(2);
	return child_start(number < MAKERS ? maker : user, NULL);
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	status = child_wait(pid);
	if (status != 128 + SIGKILL)
		fail_msg("a process ended with status %d", status);
}

static void test_storm(void **state)
{
	const char *wanted = getenv("storm_seed");
	long available_kib;
	pid_t pids[WORKERS];
	unsigned int i, k;

	made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	assert_ptr_not_equal(made, MAP_FAILED);
	seed = wanted ? strtoul(wanted, NULL, 0) : (unsigned int)time(NULL);
	printf("# storm_seed=%u\n", seed);
	fflush(stdout);
	buffer_limit(BUFFER_BYTES);
	available_kib = leftover_available_kib();
	for (i = 0; i < WORKERS; i++)
		pids[i] = start(i);
	for (k = 0; k < KILLED / slow_one_in() || *made < MADE / slow_one_in(); k++) {
		usleep(random_below(4000));
		end(pids[k % WORKERS]);
		if (k % KILLED_A_DEVICE == KILLED_A_DEVICE / 2) {
			pci_unbind(PCI_EDU);
			pci_bind(PCI_EDU);
		}
		pids[k % WORKERS] = start(k % WORKERS);
	}
	for (i = 0; i < WORKERS; i++)
		end(pids[i]);
	printf("# killed at %u moments, %u buffers made\n", k, *made);
	named_clear(NULL);
	for (i = 0; i < NAMES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "storm%u", i);
		assert_case(name, named_open(name, O_RDWR), -ENOENT);
	}
	leftover_check(available_kib);
	/* All that root may have at once. */
	named_create("all", ALL_BYTES);
	named_remove("all");
	buffer_limit(0);
}

static long users_before;

static int load(void **state)
{
	users_before = module_users("oriel");
	return module_load("oriel-pci", "");
}

static int unload(void **state)
{
	int err = module_unload("oriel-pci");

	return err ? err : module_users("oriel") != users_before;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_storm, named_clear),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
