// SPDX-License-Identifier: GPL-2.0-only
/*
 * Coherent memory of no device where importers would be given a copy: the copy is
 * made by the kernel's own map of the memory, which is not the one that programs
 * and devices see. So there is none; memory that the kernel has as everybody has it
 * is copied, and synchronised.
 * oriel-test: timeout=120 machine=virt-bounce
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/module.h"
#include "lib/named.h"
#include "lib/place.h"
#include "lib/text.h"

#define BYTES	65536
#define MARK	0xe00

static int importer_attach(int dmabuf)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", dmabuf);
	return text_write("/sys/module/oriel_importer/parameters/attach", text);
}

static int heap_alloc(const char *name)
{
	struct dma_heap_allocation_data data = { .len = BYTES, .fd_flags = O_RDWR | O_CLOEXEC };
	char path[64];
	int heap, err;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	heap = open(path, O_RDWR | O_CLOEXEC);
	assert_true(heap >= 0);
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : (int)data.fd;
	close(heap);
	assert_true(err >= 0);
	return err;
}

static void test_allocators(void **state)
{
	static const struct {
		const char *heap;
		int err;
	} cases[] = {
		{ "oriel-scattered", 0 }, { "oriel-contig", 0 },
		{ "oriel-coherent", -EIO }, { "oriel-writecombine", -EIO },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int fd = heap_alloc(cases[i].heap);

		assert_case(cases[i].heap, importer_attach(fd), cases[i].err);
		if (!cases[i].err)
			assert_int_equal(text_write("/sys/module/oriel_importer/parameters/detach",
						    "1"), 0);
		close(fd);
	}
}

/* Our own device has it as it is: the API's memory is not copied. */
static void test_named(void **state)
{
	struct oriel_region_export export = { .size_bytes = BYTES };
	struct area area;
	uint64_t address = 0;

	named_create("b", "65536 coherent");
	assert_int_equal(named_bus_address("b", &address), 0);
	assert_true(address);
	area = named_area("b", PROT_READ | PROT_WRITE);
	pattern_write(area.address, MARK, 0, BYTES);
	assert_int_equal(ioctl(area.fd, ORIEL_REGION_EXPORT, &export), 0);
	assert_case("whole", importer_attach(export.dmabuf_fd), -EIO);
	close(export.dmabuf_fd);
	export = (struct oriel_region_export){ .offset_bytes = 16384, .size_bytes = 16384 };
	assert_int_equal(ioctl(area.fd, ORIEL_REGION_EXPORT, &export), 0);
	assert_case("part", importer_attach(export.dmabuf_fd), -EIO);
	close(export.dmabuf_fd);
	assert_int_equal(pattern_check(area.address, MARK, 0, BYTES, 8), 0);
	area_close(&area);
	named_remove("b");
}

static int load(void **state)
{
	return module_load("oriel-importer", "");
}

static int unload(void **state)
{
	return module_unload("oriel-importer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocators),
		cmocka_unit_test_teardown(test_named, named_clear),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
