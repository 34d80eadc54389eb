// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm of buffers: processes of a user who may do little allocate, import,
 * map, export and free, and are killed at any moment, while the device comes and
 * goes. Afterwards nothing is left: no memory, no pin, no dma-buf, no use of the
 * module, and the user has all of his limits again.
 *
 * The numbers that decide are those of a seed, which is printed; booting with
 * ORIEL_APPEND=storm_seed=NUMBER takes it again. storm_killed=10000 makes it longer.
 * oriel-test: timeout=600 machine=pc,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/dmabufs.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/slow.h"
#include "lib/testdev.h"
#include "lib/text.h"

#define MIB	((uint64_t)1 << 20)
#define NODE	"/dev/oriel/pci-0000-00-13.0"
#define HEAP	"/dev/dma_heap/oriel-scattered"
#define NOBODY	65534

#define KILLED		3000	/* processes, at least, unless the boot says how many */
#define STEPS		10000	/* in all of them, at least */
#define WORKERS		4
#define KILLED_A_DEVICE	50
#define LOCK_BYTES	MIB	/* what the user may have pinned, ... */
#define BUFFER_BYTES	(64 * MIB) /* ... and in buffers */

static unsigned int seed;
static unsigned int *steps;	/* begun, by all */

static unsigned int random_below(unsigned int limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint64_t)seed * limit >> 32;
}

/* ---- a worker ----------------------------------------------------------- */

static void give_up(int code)
{
	dprintf(STDOUT_FILENO, "# step %d: %s\n", code, strerror(errno));
	_exit(code);
}

/* All that others may be the cause of: limits, and a device that went. */
static void check_error(int code)
{
	if (errno != ENOMEM && errno != ENODEV && errno != ENOENT && errno != ENXIO)
		give_up(code);
}

static void use_dmabuf(int fd, size_t bytes)
{
	uint8_t *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return check_error(10);
	p[random_below(bytes)] = 1;
	if (random_below(2))
		munmap(p, bytes);
	else
		close(fd);
}

static void do_alloc(int node)
{
	static const uint32_t kinds[] = {
		ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED, ORIEL_KIND_COHERENT,
	};
	size_t bytes = 4096 + random_below(random_below(4) ? 64 << 10 : 4 * MIB);
	struct oriel_buffer_alloc alloc;

	if (buffer_try(node, kinds[random_below(3)], bytes, 0, &alloc))
		return check_error(11);
	use_dmabuf(alloc.dmabuf_fd, bytes);
	if (random_below(2))
		buffer_free(node, alloc.handle);
}

static void do_import(int node)
{
	size_t bytes = (random_below(LOCK_BYTES / page_bytes()) + 1) * page_bytes();
	uint8_t *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct oriel_buffer_import import = { .address = (uintptr_t)p, .size_bytes = bytes };

	if (p == MAP_FAILED)
		give_up(12);
	if (ioctl(node, ORIEL_BUFFER_IMPORT, &import))
		check_error(13);
	else if (random_below(2))
		buffer_free(node, import.handle);
	if (random_below(2))
		munmap(p, bytes);
}

static void do_heap(int node)
{
	struct dma_heap_allocation_data data = {
		.len = 4096 + random_below(MIB), .fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open(HEAP, O_RDWR | O_CLOEXEC);

	if (heap < 0)
		give_up(14);
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		check_error(15);
	else
		use_dmabuf(data.fd, data.len);
	close(heap);
}

static void do_export(int node)
{
	int testdev = open(TESTDEV_NODE, O_RDWR | O_CLOEXEC);
	struct oriel_region_export export = { .size_bytes = page_bytes() * (random_below(2) + 1) };

	if (testdev < 0)
		give_up(16);
	if (ioctl(testdev, ORIEL_REGION_EXPORT, &export))
		check_error(17);
	else
		use_dmabuf(export.dmabuf_fd, export.size_bytes);
	close(testdev);
}

static void do_sync(int node)
{
	struct oriel_buffer_alloc alloc;
	struct oriel_sync sync = { .flags = ORIEL_SYNC_FOR_CPU, .size_bytes = 65536 };

	if (buffer_try(node, ORIEL_KIND_SCATTERED, 65536, 0, &alloc))
		return check_error(20);
	sync.handle = alloc.handle;
	if (ioctl(node, ORIEL_SYNC, &sync))
		check_error(21);
}

/* While DMA is on through one file, what others had stays with the device. */
static void do_dma(int node)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = random_below(2) };

	if (ioctl(node, ORIEL_DEVICE_SET, &set))
		check_error(18);
}

static void work(void)
{
	static void (*const actions[])(int node) = {
		do_alloc, do_alloc, do_import, do_import, do_heap, do_export, do_sync, do_dma,
	};
	unsigned int n = random_below(8);
	int node = open(NODE, O_RDWR | O_CLOEXEC);

	if (node < 0) {
		/* Just come back, and not yet for everybody. */
		if (errno != EACCES)
			check_error(19);
		return;
	}
	while (n--) {
		__atomic_fetch_add(steps, 1, __ATOMIC_RELAXED);
		actions[random_below(ARRAY_SIZE(actions))](node);
	}
	close(node);
}

static int worker(void *unused)
{
	struct rlimit limit = { LOCK_BYTES, LOCK_BYTES };
	struct rlimit files = { 64, 64 };

	CHECK(!setrlimit(RLIMIT_MEMLOCK, &limit));
	CHECK(!setrlimit(RLIMIT_NOFILE, &files));
	CHECK(!setuid(NOBODY));
	for (;;) {
		work();
		/* What was not closed: the mappings go with the process. */
		close_range(3, ~0u, 0);
	}
}

/* ---- what is left ------------------------------------------------------- */

struct baseline {
	long available_kib;
	long pins;
	long dmabufs;
	int users;
};

static struct baseline take_stock(void)
{
	struct baseline now = { .available_kib = leftover_available_kib() };

	now.pins = leftover_pins();
	now.dmabufs = dmabufs_count();
	now.users = module_users("oriel");
	return now;
}

/* All that he may have at once, of either limit. */
static int use_limits(void *unused)
{
	struct rlimit limit = { LOCK_BYTES, LOCK_BYTES };
	struct oriel_buffer_import import;
	struct oriel_buffer_alloc alloc;
	uint8_t *p = mmap(NULL, LOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	int node = open(NODE, O_RDWR | O_CLOEXEC);

	CHECK(p != MAP_FAILED && node >= 0);
	import = (struct oriel_buffer_import){ .address = (uintptr_t)p, .size_bytes = LOCK_BYTES };
	CHECK(!setrlimit(RLIMIT_MEMLOCK, &limit));
	CHECK(!setuid(NOBODY));
	CHECK(!ioctl(node, ORIEL_BUFFER_IMPORT, &import));
	CHECK(!buffer_try(node, ORIEL_KIND_SCATTERED, BUFFER_BYTES, 0, &alloc));
	return 0;
}

static void check_stock(const struct baseline *before)
{
	struct baseline now = take_stock();

	assert_int_equal(now.pins, before->pins);
	assert_int_equal(now.dmabufs, before->dmabufs);
	assert_int_equal(now.users, before->users);
	leftover_check(before->available_kib);
	assert_int_equal(child_run(use_limits, NULL), 0);
}

/* ---- the storm ---------------------------------------------------------- */

static void workers_start(pid_t *pids, unsigned int count)
{
	while (count--) {
		/* Each begins with numbers of its own. */
		random_below(2);
		*pids++ = child_start(worker, NULL);
	}
}

/* At one moment. */
static void workers_kill(const pid_t *pids, unsigned int count)
{
	unsigned int i;
	int status;

	for (i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < count; i++) {
		status = child_wait(pids[i]);
		if (status != 128 + SIGKILL)
			fail_msg("a worker ended with status %d", status);
	}
}

/* For everybody, DMA included. */
static void device_comes(void)
{
	pci_bind(PCI_TESTDEV);
	assert_int_equal(text_write("/sys/class/oriel/pci-0000-00-13.0/allow_dma", "1"), 0);
	assert_int_equal(chmod(NODE, 0666), 0);
}

static void test_storm(void **state)
{
	const char *wanted = getenv("storm_seed");
	struct baseline before;
	const char *killed = getenv("storm_killed");
	unsigned int to_kill = killed ? strtoul(killed, NULL, 0) : KILLED / slow_one_in();
	unsigned int k, first, count, devices = 0;
	pid_t pids[WORKERS];

	steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	assert_ptr_not_equal(steps, MAP_FAILED);
	seed = wanted ? strtoul(wanted, NULL, 0) : (unsigned int)time(NULL);
	printf("# storm_seed=%u\n", seed);
	fflush(stdout);
	buffer_limit(BUFFER_BYTES);
	before = take_stock();
	/* Its regions are nobody's leftover. */
	assert_int_equal(module_load("oriel-testdev", ""), 0);
	assert_int_equal(chmod(TESTDEV_NODE, 0666), 0);
	workers_start(pids, WORKERS);
	for (k = 0; k < to_kill || *steps < STEPS / slow_one_in(); k += count) {
		usleep(random_below(2000));
		first = random_below(WORKERS);
		count = random_below(WORKERS - first) + 1;
		workers_kill(pids + first, count);
		if (k / KILLED_A_DEVICE >= devices) {
			pci_unbind(PCI_TESTDEV);
			device_comes();
			devices++;
		}
		workers_start(pids + first, count);
	}
	workers_kill(pids, WORKERS);
	printf("# %u were killed, in %u steps; the device went %u times\n", k, *steps, devices);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	check_stock(&before);
	buffer_limit(0);
}

static int load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (err)
		return err;
	device_comes();
	return chmod(HEAP, 0666);
}

static int unload(void **state)
{
	chmod(HEAP, 0600);
	pci_unbind(PCI_TESTDEV);
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_storm),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
