// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of buffers counts for the memory cgroup of who allocated it, as long
 * as anybody has it; and a cgroup's limit holds for it, without anybody's end.
 * oriel-test: timeout=60 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/named.h"
#include "lib/pci.h"
#include "lib/text.h"

#define MIB	((uint64_t)1 << 20)
#define TREE	"tree"	/* where the test runs */
#define GROUP	TREE "/a"
#define LIMIT	"33554432"

static bool has_memory_cgroups;

static uint64_t charged(void)
{
	return text_number(GROUP "/memory.current");
}

/* For a device that reaches all memory: what the kernel has to give may be beyond edu's reach. */
static int scattered(uint64_t bytes)
{
	struct oriel_buffer_alloc alloc;

	return buffer_try(node_open(PCI_TESTDEV, O_RDWR), ORIEL_KIND_SCATTERED, bytes, 0, &alloc);
}

static int heap(uint64_t bytes)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = O_RDWR };

	return ioctl(open("/dev/dma_heap/oriel-scattered", O_RDWR), DMA_HEAP_IOCTL_ALLOC, &data) ?
	       -errno : 0;
}

static int named(uint64_t bytes)
{
	char what[32];

	snprintf(what, sizeof(what), "%llu scattered", (unsigned long long)bytes);
	return named_make("b", what);
}

static const struct way {
	const char *name;
	int (*alloc)(uint64_t bytes);
	bool stays;	/* when who allocated it is gone */
} ways[] = {
	{ "ORIEL_BUFFER_ALLOC", scattered, false },
	{ "a heap", heap, false },
	{ "a named buffer", named, true },
};

/* In a child, a member of the cgroup: more than there may be, then less. */
static int child_allocates(void *argument)
{
	const struct way *way = argument;
	uint64_t before;

	CHECK(!text_write(GROUP "/cgroup.procs", "0"));
	before = charged();
	CHECK(way->alloc(40 * MIB) == -ENOMEM);
	named_rmdir("b");
	CHECK(charged() < before + 4 * MIB);
	/* What could be reclaimed has been; each processor has some pages in advance. */
	before = charged();
	CHECK(!way->alloc(16 * MIB));
	CHECK(charged() >= before + 15 * MIB);
	return 0;
}

static void test_charged(void **state)
{
	uint64_t before;
	size_t i;

	if (!has_memory_cgroups)
		skip();
	before = charged();
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		assert_case(ways[i].name, child_run(child_allocates, (void *)&ways[i]), 0);
		if (ways[i].stays) {
			assert_true(charged() >= 15 * MIB);
			named_remove("b");
		}
		assert_true(charged() < before + 4 * MIB);
	}
	/* Nobody was ended for it. */
	assert_int_equal(text_field(GROUP "/memory.events", "oom_kill"), 0);
}

static int load(void **state)
{
	if (pci_load(state))
		return 1;
	if (access("/proc/cgroups", F_OK) || !text_file_has("/proc/cgroups", "memory"))
		return 0;
	has_memory_cgroups = true;
	pci_bind(PCI_TESTDEV);
	if (mkdir(TREE, 0755) || mount("none", TREE, "cgroup2", 0, NULL))
		return 1;
	if (text_write(TREE "/cgroup.subtree_control", "+memory") || mkdir(GROUP, 0755))
		return 1;
	return text_write(GROUP "/memory.max", LIMIT);
}

static int unload(void **state)
{
	if (has_memory_cgroups) {
		pci_unbind(PCI_TESTDEV);
		if (rmdir(GROUP) || umount(TREE))
			return 1;
	}
	return pci_unload(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_charged, named_clear),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
