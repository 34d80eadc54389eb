// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation and every copy to or from user memory that a system call of
 * ours makes fails once: the call says so by an errno that fits, what was there
 * before is as it was, and nothing is left behind.
 * oriel-test: timeout=400
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "inject.h"
#include "lib/check.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/testdev.h"
#include "lib/touch.h"

#define NODE "/dev/oriel/brief"
#define MOST 5000

/* The node, open, one mapping of its region, and room for a second. */
struct scene {
	int fd, new_fd;
	size_t bytes, reserve_bytes;
	bool by_page;
	uint8_t *reserve, *map, *room;
};

static uint8_t buffer[32768];

static const struct layout {
	const char *name, *parameters;
	size_t bytes;
	bool by_page;
} layouts[] = {
	{ "contig 8K", "kind=2 bytes=8192", 8192, false },
	{ "contig 4M huge", "kind=2 bytes=4194304", 4 << 20, false },
	{ "scattered 4M huge", "kind=3 bytes=4194304", 4 << 20, false },
	{ "scattered 4M by page", "kind=3 bytes=4194304", 4 << 20, true },
};

static long available_before_kib;

/* Where the @nth mapping goes: aligned like the offset, or on purpose not. */
static uint8_t *scene_place(const struct scene *scene, unsigned int nth)
{
	uintptr_t aligned = ((uintptr_t)scene->reserve + (2 << 20) - 1) & ~((2ul << 20) - 1);

	return (uint8_t *)aligned + nth * (scene->bytes + (2 << 20)) +
	       (scene->by_page ? 4096 : 0);
}

static uint8_t *scene_map(const struct scene *scene, uint8_t *at)
{
	return mmap(at, scene->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		    scene->fd, 0);
}

static void scene_set(struct scene *scene, const struct layout *layout)
{
	scene->bytes = layout->bytes;
	scene->by_page = layout->by_page;
	scene->new_fd = -1;
	scene->fd = open(NODE, O_RDWR | O_CLOEXEC);
	assert_true(scene->fd >= 0);
	scene->reserve_bytes = 2 * scene->bytes + (8 << 20);
	scene->reserve = mmap(NULL, scene->reserve_bytes, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(scene->reserve, MAP_FAILED);
	scene->map = scene_map(scene, scene_place(scene, 0));
	assert_ptr_not_equal(scene->map, MAP_FAILED);
	scene->room = scene_place(scene, 1);
}

static void scene_clear(struct scene *scene)
{
	if (scene->new_fd >= 0)
		close(scene->new_fd);
	munmap(scene->reserve, scene->reserve_bytes);
	close(scene->fd);
}

/* ---- the calls: 0, or the errno, or 1000 plus a signal ------------------ */

static int call_open(struct scene *scene)
{
	scene->new_fd = open(NODE, O_RDWR | O_CLOEXEC);
	return scene->new_fd < 0 ? errno : 0;
}

static int call_mmap(struct scene *scene)
{
	return scene_map(scene, scene->room) == MAP_FAILED ? errno : 0;
}

static int call_first_touch(struct scene *scene)
{
	int signal = touch_write(scene->map);

	return signal ? 1000 + signal : 0;
}

static int call_device_info(struct scene *scene)
{
	struct oriel_device_info info = {};

	return ioctl(scene->fd, ORIEL_DEVICE_INFO, &info) ? errno : 0;
}

static int call_region_info(struct scene *scene)
{
	struct oriel_region_info info = {};

	return ioctl(scene->fd, ORIEL_REGION_INFO, &info) ? errno : 0;
}

static int call_explain(struct scene *scene)
{
	struct oriel_explain why = {};

	return ioctl(scene->fd, ORIEL_EXPLAIN, &why) ? errno : 0;
}

static int call_prefault(struct scene *scene)
{
	struct oriel_prefault range = { (uintptr_t)scene->map, scene->bytes, 0, 0 };

	return ioctl(scene->fd, ORIEL_PREFAULT, &range) ? errno : 0;
}

/* What it says was read has been read. */
static int call_pread(struct scene *scene)
{
	ssize_t got = pread(scene->fd, buffer, sizeof(buffer), 0);

	if (got < 0)
		return errno;
	return pattern_check(buffer, 0, 0, got / 8 * 8, 8) ? -1 : 0;
}

static int call_pread_word(struct scene *scene)
{
	return pread(scene->fd, buffer, 8, 4096) < 0 ? errno : 0;
}

static int call_pwrite(struct scene *scene)
{
	uint64_t words[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = pattern_word(0, i * 8);
	return pwrite(scene->fd, words, sizeof(words), 0) < 0 ? errno : 0;
}

static int call_fork(struct scene *scene)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return errno;
	if (!pid)
		_exit(touch_read(scene->map + scene->bytes - 1));
	if (waitpid(pid, &status, 0) != pid || status)
		return -1;
	return 0;
}

static int call_munmap(struct scene *scene)
{
	return munmap(scene->map, scene->bytes) ? errno : 0;
}

static int call_munmap_part(struct scene *scene)
{
	return munmap(scene->map, 4096) ? errno : 0;
}

static int call_mprotect_part(struct scene *scene)
{
	return mprotect(scene->map + 4096, 4096, PROT_READ) ? errno : 0;
}

static int call_mremap(struct scene *scene)
{
	uint8_t *map = mremap(scene->map, scene->bytes, scene->bytes,
			      MREMAP_MAYMOVE | MREMAP_FIXED, scene->room);

	if (map == MAP_FAILED)
		return errno;
	scene->map = map;
	return 0;
}

static int call_fdinfo(struct scene *scene)
{
	char path[64], text[512];
	int length;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", scene->fd);
	length = text_read(path, text, sizeof(text));
	return length < 0 ? -length : 0;
}

/* The descriptor is new_fd: closed with the rest. */
static int call_export(struct scene *scene)
{
	struct oriel_region_export export = { .size_bytes = scene->bytes };

	if (ioctl(scene->fd, ORIEL_REGION_EXPORT, &export))
		return errno;
	scene->new_fd = export.dmabuf_fd;
	return 0;
}

static int call_heap(struct scene *scene)
{
	struct dma_heap_allocation_data data = { .len = scene->bytes, .fd_flags = O_RDWR };
	int heap = open("/dev/dma_heap/oriel-scattered", O_RDWR | O_CLOEXEC), err;

	if (heap < 0)
		return errno;
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? errno : 0;
	close(heap);
	if (!err)
		scene->new_fd = data.fd;
	return err;
}

/* intact: whatever it answers, the whole mapping is there afterwards. */
static const struct call {
	const char *name;
	int (*make)(struct scene *scene);
	bool intact;
	int errors[3];
} calls[] = {
	{ "open", call_open, true, { ENOMEM, EFAULT } },
	{ "mmap", call_mmap, true, { ENOMEM } },
	{ "first touch", call_first_touch, true, { 1000 + SIGBUS } },
	{ "DEVICE_INFO", call_device_info, true, { EFAULT } },
	{ "REGION_INFO", call_region_info, true, { EFAULT } },
	{ "EXPLAIN", call_explain, true, { EFAULT } },
	{ "PREFAULT", call_prefault, true, { ENOMEM, EFAULT } },
	{ "pread", call_pread, true, { EFAULT } },
	{ "pread of a word", call_pread_word, true, { EFAULT } },
	{ "pwrite", call_pwrite, true, { EFAULT } },
	{ "fork", call_fork, true, { ENOMEM, EAGAIN } },
	{ "munmap", call_munmap, false, { ENOMEM } },
	{ "munmap of a part", call_munmap_part, false, { ENOMEM } },
	{ "mprotect of a part", call_mprotect_part, true, { ENOMEM } },
	{ "mremap", call_mremap, true, { ENOMEM } },
	/* procfs itself: ENOENT where it has no memory for an inode. */
	{ "fdinfo", call_fdinfo, true, { ENOMEM, EFAULT, ENOENT } },
	{ "REGION_EXPORT", call_export, true, { ENOMEM, EFAULT } },
	{ "a dma-heap", call_heap, true, { ENOMEM, EFAULT } },
};

static bool call_may_fail_with(const struct call *call, int error)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(call->errors); i++)
		if (call->errors[i] && call->errors[i] == error)
			return true;
	return false;
}

/* Return: whether there was an nth chance to fail. */
static bool call_once(const struct layout *layout, const struct call *call, unsigned int nth,
		      unsigned int *failures)
{
	struct scene scene;
	bool taken;
	int error;

	scene_set(&scene, layout);
	inject_arm(nth);
	error = call->make(&scene);
	taken = inject_disarm();
	if (error && (!taken || !call_may_fail_with(call, error)))
		fail_msg("%s, %s, failure %u: ended with %d", layout->name, call->name, nth,
			 error);
	*failures += !!error;
	if (call->intact || error)
		if (pattern_check(scene.map, 0, 0, scene.bytes, 4096))
			fail_msg("%s, %s, failure %u: the mapping is not intact", layout->name,
				 call->name, nth);
	scene_clear(&scene);
	return taken;
}

static void call_layout(const struct layout *layout)
{
	unsigned int nth, failures;
	size_t i;

	assert_int_equal(module_load("oriel-brief", layout->parameters), 0);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		long users = module_users("oriel");

		failures = 0;
		for (nth = 1; call_once(layout, &calls[i], nth, &failures); nth++)
			assert_true(nth < MOST);
		printf("# %s, %s: %u chances, %u failures\n", layout->name, calls[i].name,
		       nth - 1, failures);
		assert_case(calls[i].name, module_users("oriel"), users);
	}
	assert_int_equal(module_unload("oriel-brief"), 0);
	assert_int_equal(module_users("oriel"), 0);
	leftover_check(available_before_kib);
}

static void test_contig_small(void **state)
{
	call_layout(&layouts[0]);
}

static void test_contig_huge(void **state)
{
	call_layout(&layouts[1]);
}

static void test_scattered_huge(void **state)
{
	call_layout(&layouts[2]);
}

static void test_scattered_by_page(void **state)
{
	call_layout(&layouts[3]);
}

/* ---- making devices ---------------------------------------------------- */

/* A driver that cannot have its memory is not there, nor is its node. */
static bool load_once(const char *module, const char *parameters, const char *node,
		      unsigned int nth, unsigned int *failures)
{
	bool taken;
	int err;

	inject_arm(nth);
	err = module_load(module, parameters);
	taken = inject_disarm();
	if (err && (!taken || (err != -ENOMEM && err != -EFAULT)))
		fail_msg("%s, failure %u: ended with %d", module, nth, err);
	if (err) {
		*failures += 1;
		assert_false(module_is_loaded(module));
		assert_int_equal(access(node, F_OK), -1);
	} else {
		assert_int_equal(module_unload(module), 0);
	}
	assert_int_equal(module_users("oriel"), 0);
	return taken;
}

static void load_all(const char *module, const char *parameters, const char *node)
{
	unsigned int nth, failures = 0;

	for (nth = 1; load_once(module, parameters, node, nth, &failures); nth++)
		assert_true(nth < MOST);
	printf("# insmod %s %s: %u chances, %u failures\n", module, parameters, nth - 1, failures);
	assert_true(failures > 10);
	leftover_check(available_before_kib);
}

static void test_insmod_hello(void **state)
{
	load_all("hello", "", "/dev/oriel/hello");
}

static void test_insmod_scattered(void **state)
{
	/* A whole block and a tail. */
	load_all("scattered", "size=2113536", "/dev/oriel/scattered");
}

static void test_insmod_contig_blocks(void **state)
{
	load_all("oriel-brief", "kind=2 bytes=4194304", NODE);
}

/* Fifty regions have thousands of chances: the first, then ever wider steps. */
static void test_many_regions(void **state)
{
	unsigned int nth, failures = 0, tries = 0;
	bool taken = true;
	int err;

	assert_int_equal(module_load("oriel-testdev", ""), 0);
	for (nth = 1; taken; nth += nth / 16 + 1) {
		testdev_set("registered", "0");
		inject_arm(nth);
		err = text_write("/sys/module/oriel_testdev/parameters/registered", "1");
		taken = inject_disarm();
		if (err && (!taken || (err != -ENOMEM && err != -EFAULT)))
			fail_msg("failure %u: ended with %d", nth, err);
		failures += !!err;
		tries++;
		assert_int_equal(access(TESTDEV_NODE, F_OK), err ? -1 : 0);
	}
	printf("# testdev: about %u chances, %u of %u tries failed\n", nth, failures, tries);
	assert_int_equal(module_unload("oriel-testdev"), 0);
	assert_int_equal(module_users("oriel"), 0);
	leftover_check(available_before_kib);
}

static int set_up(void **state)
{
	available_before_kib = leftover_available_kib();
	return inject_open();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contig_small),
		cmocka_unit_test(test_contig_huge),
		cmocka_unit_test(test_scattered_huge),
		cmocka_unit_test(test_scattered_by_page),
		cmocka_unit_test(test_insmod_hello),
		cmocka_unit_test(test_insmod_scattered),
		cmocka_unit_test(test_insmod_contig_blocks),
		cmocka_unit_test(test_many_regions),
	};

	(void)argc;
	inject_without_rseq(argv);
	return cmocka_run_group_tests(tests, set_up, NULL);
}
