// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other drivers' dma-bufs for a device's DMA: from our other devices and
 * allocators, and from the kernel's exporters that are there. Whatever goes first,
 * nothing is left.
 * oriel-test: timeout=120 machine=pc,iommu,virt modules=vgem?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/dmabufs.h"
#include "lib/edu.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"

#define BYTES	((size_t)1 << 20)
#define MARK	0xc00

/* <drm/drm.h> and <drm/drm_mode.h>, which are not everywhere. */
struct drm_dumb {
	uint32_t height, width, bpp, flags, handle, pitch;
	uint64_t size;
};

struct drm_prime {
	uint32_t handle, flags;
	int32_t fd;
};

#define DRM_CREATE_DUMB		_IOWR('d', 0xb2, struct drm_dumb)
#define DRM_PRIME_TO_FD		_IOWR('d', 0x2d, struct drm_prime)

/* ---- exporters: BYTES of memory, or -1 where there is no such exporter --- */

static int heap_export(const char *path)
{
	struct dma_heap_allocation_data data = { .len = BYTES, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open(path, O_RDWR | O_CLOEXEC), err;

	if (heap < 0)
		return -1;
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data);
	close(heap);
	assert_int_equal(err, 0);
	return data.fd;
}

static int export_oriel_heap(void)
{
	return heap_export("/dev/dma_heap/oriel-scattered");
}

static int export_system_heap(void)
{
	return heap_export("/dev/dma_heap/system");
}

static int export_udmabuf(void)
{
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = BYTES };
	int udmabuf = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), fd;

	if (udmabuf < 0)
		return -1;
	create.memfd = memfd_create("udmabuf", MFD_ALLOW_SEALING);
	assert_int_equal(ftruncate(create.memfd, BYTES), 0);
	assert_int_equal(fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	fd = ioctl(udmabuf, UDMABUF_CREATE, &create);
	assert_true(fd >= 0);
	close(create.memfd);
	close(udmabuf);
	return fd;
}

static int export_vgem(void)
{
	struct drm_dumb dumb = { .height = BYTES / 4096, .width = 1024, .bpp = 32 };
	struct drm_prime prime = { .flags = O_RDWR | O_CLOEXEC };
	int card = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);

	if (card < 0)
		return -1;
	assert_int_equal(ioctl(card, DRM_CREATE_DUMB, &dumb), 0);
	assert_int_equal(dumb.size, BYTES);
	prime.handle = dumb.handle;
	assert_int_equal(ioctl(card, DRM_PRIME_TO_FD, &prime), 0);
	close(card);
	return prime.fd;
}

static const struct exporter {
	const char *name;
	int (*export)(void);
} exporters[] = {
	{ "oriel-scattered", export_oriel_heap },
	{ "system heap", export_system_heap },
	{ "udmabuf", export_udmabuf },
	{ "vgem", export_vgem },
};

/* ---- importing ---------------------------------------------------------- */

static int import_try(int node, int fd, uint32_t flags, struct oriel_buffer_import *import)
{
	*import = (struct oriel_buffer_import){
		.flags = ORIEL_BUFFER_DMABUF | flags, .dmabuf_fd = fd,
	};
	return ioctl(node, ORIEL_BUFFER_IMPORT, import) ? -errno : 0;
}

static void import_dmabuf(const char *what, int node, int fd, struct oriel_buffer_import *import)
{
	int err = import_try(node, fd, 0, import);

	if (err)
		fail_msg("%s: %s, reason %u", what, strerror(-err), explain(node).reason);
	assert_int_equal(import->size_bytes, BYTES);
}

/* All of it, one after the other. */
static void check_segments(int node, const struct oriel_buffer_import *import)
{
	static struct oriel_segment all[BYTES / 4096];
	int i, n = buffer_segments(node, import->handle, 0, BYTES / 4096, all);
	uint64_t bytes = 0;

	assert_int_equal(n, import->nr_segments);
	assert_int_equal(all[0].bus_address, import->bus_address);
	for (i = 0; i < n; i++)
		bytes += all[i].size_bytes;
	assert_int_equal(bytes, BYTES);
	if (edu_is_translated())
		assert_int_equal(n, 1);
}

/* Through the IOMMU also what edu would not reach by itself. */
static void check_dma(const struct exporter *exporter, int fd)
{
	struct edu edu = edu_open();
	struct oriel_buffer_import import;
	uint8_t *p = buffer_map(fd, BYTES, PROT_READ | PROT_WRITE, 4096);

	pattern_write(p, MARK, 0, 4096);
	import_dmabuf(exporter->name, edu.node, fd, &import);
	assert_int_equal(import.properties, 0);
	assert_int_equal(edu_allow_dma(&edu, true), 0);
	edu_send(&edu, import.bus_address, EDU_MEMORY_BYTES);
	edu_fetch(&edu, import.bus_address + BYTES - 4096, EDU_MEMORY_BYTES);
	assert_int_equal(pattern_check(p + BYTES - 4096, MARK, 0, EDU_MEMORY_BYTES, 8), 0);
	/* Freed, it is out of reach at once. */
	memset(p + BYTES - 4096, 0, 4096);
	assert_int_equal(buffer_free(edu.node, import.handle), 0);
	edu_fetch(&edu, import.bus_address + BYTES - 4096, EDU_MEMORY_BYTES);
	assert_int_equal(p[BYTES - 4096], 0);
	assert_memory_equal(p + BYTES - 4096, p + BYTES - 4095, 4095);
	munmap(p, BYTES);
	edu_close(&edu);
}

static void test_exporters(void **state)
{
	struct oriel_buffer_import import;
	size_t i, seen = 0;
	int node, fd;

	for (i = 0; i < ARRAY_SIZE(exporters); i++) {
		fd = exporters[i].export();
		if (fd < 0) {
			printf("# %s is not there\n", exporters[i].name);
			continue;
		}
		seen++;
		node = node_open(PCI_TESTDEV, O_RDWR);
		import_dmabuf(exporters[i].name, node, fd, &import);
		check_segments(node, &import);
		close(fd);
		check_segments(node, &import);
		close(node);
		assert_case(exporters[i].name, dmabufs_count(), 0);
		if (edu_is_translated()) {
			fd = exporters[i].export();
			check_dma(&exporters[i], fd);
			close(fd);
			assert_case(exporters[i].name, dmabufs_count(), 0);
		}
	}
	/* At least one that is not ours. */
	assert_in_range(seen, 2, ARRAY_SIZE(exporters));
}

/* Ours is mapped as often as anybody likes. (The kernel's DMA-API debugging warns of others.) */
static void test_twice(void **state)
{
	int node = node_open(PCI_TESTDEV, O_RDWR), fd = export_oriel_heap();
	struct oriel_buffer_import import, again;

	import_dmabuf("one", node, fd, &import);
	import_dmabuf("two", node, fd, &again);
	assert_true(again.handle != import.handle);
	assert_int_equal(buffer_free(node, import.handle), 0);
	close(fd);
	check_segments(node, &again);
	close(node);
	assert_int_equal(dmabufs_count(), 0);
}

/* Every order in which the four may go. */
enum { HANDLE, FD, NODE, DEVICE, NR_PARTS };

static void check_order(const struct exporter *exporter, const int *parts)
{
	int node = node_open(PCI_TESTDEV, O_RDWR), fd = exporter->export(), i;
	struct oriel_buffer_import import;

	import_dmabuf(exporter->name, node, fd, &import);
	for (i = 0; i < NR_PARTS; i++) {
		switch (parts[i]) {
		case HANDLE:
			buffer_free(node, import.handle);
			break;
		case FD:
			close(fd);
			break;
		case NODE:
			close(node);
			node = -1;
			break;
		case DEVICE:
			pci_unbind(PCI_TESTDEV);
			/* By then no device has it mapped. */
			assert_int_equal(dmabufs_count_attached(), 0);
			break;
		}
	}
	assert_case(exporter->name, dmabufs_count(), 0);
	pci_bind(PCI_TESTDEV);
}

static void test_orders(void **state)
{
	int order, i, parts[NR_PARTS], code, seen;
	size_t k;

	for (order = 0; order < NR_PARTS * NR_PARTS * NR_PARTS * NR_PARTS; order++) {
		for (i = 0, seen = 0, code = order; i < NR_PARTS; i++, code /= NR_PARTS) {
			parts[i] = code % NR_PARTS;
			seen |= 1 << parts[i];
		}
		if (seen != (1 << NR_PARTS) - 1)
			continue;
		k = order % ARRAY_SIZE(exporters);
		for (i = exporters[k].export(); i < 0; i = exporters[k].export())
			k = (k + 1) % ARRAY_SIZE(exporters);
		close(i);
		check_order(&exporters[k], parts);
	}
}

/* The device that it was allocated for goes, and the one that imported it does not mind. */
static void test_other_device(void **state)
{
	int from = node_open(PCI_EDU, O_RDWR), node = node_open(PCI_TESTDEV, O_RDWR);
	struct buffer buffer = buffer_open(from, ORIEL_KIND_SCATTERED, BYTES);
	struct oriel_buffer_import import;

	pattern_write(buffer.address, MARK, 0, BYTES);
	import_dmabuf("edu", node, buffer.fd, &import);
	pci_unbind(PCI_EDU);
	check_segments(node, &import);
	buffer_close(&buffer);
	close(from);
	check_segments(node, &import);
	pci_bind(PCI_EDU);
	assert_int_equal(dmabufs_count(), 1);
	assert_int_equal(buffer_free(node, import.handle), 0);
	assert_int_equal(dmabufs_count(), 0);
	close(node);
}

static void check_refused(const char *what, int node, struct oriel_buffer_import import,
			  int err, uint32_t reason)
{
	assert_case(what, ioctl(node, ORIEL_BUFFER_IMPORT, &import) ? errno : 0, err);
	assert_case(what, explain(node).reason, reason);
	assert_case(what, explain(node).call, ORIEL_CALL_BUFFER_IMPORT);
}

static void test_refusals(void **state)
{
	int node = node_open(PCI_TESTDEV, O_RDWR), fd = export_oriel_heap(), other;
	struct dma_heap_allocation_data data = { .len = 4096, .fd_flags = O_RDONLY };
	struct oriel_buffer_import import = { .flags = ORIEL_BUFFER_DMABUF, .dmabuf_fd = fd };
	struct oriel_buffer_import wrong;

	wrong = import;
	wrong.size_bytes = BYTES;
	check_refused("size", node, wrong, EINVAL, ORIEL_REASON_RESERVED);
	wrong = import;
	wrong.address = 4096;
	check_refused("address", node, wrong, EINVAL, ORIEL_REASON_RESERVED);
	wrong = import;
	wrong.reserved0 = 1;
	check_refused("reserved0", node, wrong, EINVAL, ORIEL_REASON_RESERVED);
	wrong = import;
	wrong.flags = ORIEL_BUFFER_DMABUF | 4;
	check_refused("flags", node, wrong, EINVAL, ORIEL_REASON_FLAGS);
	wrong = (struct oriel_buffer_import){ .size_bytes = 4096, .dmabuf_fd = fd };
	check_refused("no flag", node, wrong, EINVAL, ORIEL_REASON_RESERVED);
	wrong = import;
	wrong.dmabuf_fd = node;
	check_refused("node", node, wrong, EINVAL, ORIEL_REASON_NOT_DMABUF);
	wrong.dmabuf_fd = -1;
	check_refused("none", node, wrong, EBADF, ORIEL_REASON_NOT_DMABUF);
	other = open("/dev/dma_heap/oriel-scattered", O_RDWR | O_CLOEXEC);
	assert_int_equal(ioctl(other, DMA_HEAP_IOCTL_ALLOC, &data), 0);
	close(other);
	wrong.dmabuf_fd = data.fd;
	check_refused("read-only", node, wrong, EACCES, ORIEL_REASON_DMABUF_READ_ONLY);
	close(data.fd);
	buffer_limit(BYTES / 2);
	check_refused("limit", node, import, ENOMEM, ORIEL_REASON_USER_LIMIT);
	buffer_limit(0);
	close(node);
	close(fd);
	assert_int_equal(dmabufs_count(), 0);
}

/* What is given back counts no longer. */
static void test_limit(void **state)
{
	int node = node_open(PCI_TESTDEV, O_RDWR), i, fd = export_oriel_heap();
	struct oriel_buffer_import import;

	/* It counts twice: once for who allocated it. */
	buffer_limit(2 * BYTES);
	for (i = 0; i < 10; i++) {
		import_dmabuf("limit", node, fd, &import);
		assert_int_equal(buffer_free(node, import.handle), 0);
	}
	buffer_limit(0);
	close(fd);
	close(node);
}

static int load(void **state)
{
	struct utsname kernel;
	int err = module_load("oriel-pci", "");

	if (err)
		return err;
	pci_bind(PCI_TESTDEV);
	/* The debug kernel has it not, but others that the stock one of 6.1 has not. */
	if (system("modprobe vgem 2>/dev/null") && !uname(&kernel) && !strstr(kernel.release, "dbg"))
		fail_msg("no vgem");
	return 0;
}

static int unload(void **state)
{
	pci_unbind(PCI_TESTDEV);
	if (system("modprobe -r vgem 2>/dev/null"))
		printf("# vgem was not there\n");
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exporters),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_other_device),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
