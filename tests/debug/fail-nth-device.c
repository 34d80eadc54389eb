// SPDX-License-Identifier: GPL-2.0-only
/*
 * As fail-nth, for what is done with a device: every allocation and every copy
 * fails once while it is bound, while buffers, interrupts, windows and named
 * buffers are made. What fails says so and leaves nothing behind.
 * oriel-test: timeout=400
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "inject.h"
#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/dmabufs.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/named.h"
#include "lib/pci.h"
#include "lib/text.h"
#include "lib/window.h"

#define DRIVER	"/sys/bus/pci/drivers/oriel-pci/"
#define MOST	5000
#define BYTES	((size_t)64 << 10)

/* What the calls are made with. Memory that is there may be beyond edu's reach. */
static int node, far_node, event, foreign;
static uint8_t *memory;
static long available_before_kib;
/* What the last call made, for its end. */
static struct oriel_buffer_alloc made;
static struct oriel_buffer_import imported;

static int alloc(uint32_t kind, size_t bytes)
{
	return -buffer_try(node, kind, bytes, 0, &made);
}

static int call_coherent(void)
{
	return alloc(ORIEL_KIND_COHERENT, BYTES);
}

static int call_contig(void)
{
	return alloc(ORIEL_KIND_CONTIG, BYTES);
}

static int call_scattered(void)
{
	return alloc(ORIEL_KIND_SCATTERED, (4 << 20) + 4096);
}

static void end_buffer(void)
{
	close(made.dmabuf_fd);
	assert_int_equal(buffer_free(node, made.handle), 0);
}

static int call_import(void)
{
	imported = (struct oriel_buffer_import){
		.address = (uintptr_t)memory, .size_bytes = BYTES,
	};
	return ioctl(far_node, ORIEL_BUFFER_IMPORT, &imported) ? errno : 0;
}

static int call_import_dmabuf(void)
{
	imported = (struct oriel_buffer_import){
		.flags = ORIEL_BUFFER_DMABUF, .dmabuf_fd = foreign,
	};
	return ioctl(far_node, ORIEL_BUFFER_IMPORT, &imported) ? errno : 0;
}

static void end_import(void)
{
	assert_int_equal(buffer_free(far_node, imported.handle), 0);
}

static int call_dma(void)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };

	return ioctl(node, ORIEL_DEVICE_SET, &set) ? errno : 0;
}

static void end_dma(void)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA };

	assert_int_equal(ioctl(node, ORIEL_DEVICE_SET, &set), 0);
}

/* By wire: of one that is made the kernel warns when it goes, if /proc/irq has not all. */
static int call_irq(void)
{
	struct oriel_irq_set irq = {
		.flags = ORIEL_IRQ_EVENTFD, .type = ORIEL_IRQ_INTX, .eventfd = event,
	};

	return ioctl(node, ORIEL_IRQ_SET, &irq) ? errno : 0;
}

static void end_irq(void)
{
	struct oriel_irq_set irq = { .flags = ORIEL_IRQ_EVENTFD, .eventfd = -1 };

	assert_int_equal(ioctl(node, ORIEL_IRQ_SET, &irq), 0);
}

static int call_window(void)
{
	return -window_make("w", "pci-0000-00-10.0 bar2 0 8192");
}

static void end_window(void)
{
	window_remove("w");
}

static int call_named(void)
{
	return -named_make("b", "16384 scattered");
}

static int call_named_for_device(void)
{
	return -named_make("b", "16384 contig - pci-0000-00-11.0");
}

static void end_named(void)
{
	named_remove("b");
}

/* On error a directory may be there, in which nothing lives. */
static int clear(void)
{
	return windows_clear(NULL) || named_clear(NULL);
}

static const struct call {
	const char *name;
	int (*make)(void);
	void (*end)(void);
} calls[] = {
	{ "coherent", call_coherent, end_buffer },
	{ "contig", call_contig, end_buffer },
	{ "scattered", call_scattered, end_buffer },
	{ "import", call_import, end_import },
	{ "import of a dma-buf", call_import_dmabuf, end_import },
	{ "DMA on", call_dma, end_dma },
	{ "interrupt by wire", call_irq, end_irq },
	{ "window", call_window, end_window },
	{ "named buffer", call_named, end_named },
	{ "named buffer for a device", call_named_for_device, end_named },
};

/* What there is of all that is counted. */
struct counts {
	long users, dmabufs, pins;
};

static struct counts count(void)
{
	return (struct counts){ module_users("oriel"), dmabufs_count(), leftover_pins() };
}

/* Return: whether there was an nth chance to fail. */
static bool call_once(const struct call *call, unsigned int nth, unsigned int *failures)
{
	bool taken;
	int error;

	inject_arm(nth);
	error = call->make();
	taken = inject_disarm();
	if (error && (!taken || (error != ENOMEM && error != EFAULT)))
		fail_msg("%s, failure %u: ended with %d", call->name, nth, error);
	if (!error)
		call->end();
	assert_case(call->name, clear(), 0);
	*failures += !!error;
	return taken;
}

static void check_call(const struct call *call)
{
	struct counts before = count(), after;
	unsigned int nth, failures = 0;

	for (nth = 1; call_once(call, nth, &failures); nth++)
		assert_true(nth < MOST);
	after = count();
	printf("# %s: %u chances, %u failures\n", call->name, nth - 1, failures);
	assert_case(call->name, failures > 0, true);
	assert_case("users", after.users, before.users);
	assert_case("dma-bufs", after.dmabufs, before.dmabufs);
	assert_case("pins", after.pins, before.pins);
}

static void test_calls(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		check_call(&calls[i]);
}

/* Return: whether there was an nth chance to fail. */
static bool bind_once(unsigned int nth, unsigned int *failures)
{
	bool taken;
	int err;

	inject_arm(nth);
	err = text_write(DRIVER "bind", PCI_EDU);
	taken = inject_disarm();
	/* PCI's core says EBUSY where it has no memory for its note of who has the BARs. */
	if (err && (!taken || (err != -ENOMEM && err != -EFAULT && err != -EBUSY)))
		fail_msg("bind, failure %u: ended with %d", nth, err);
	*failures += !!err;
	assert_case("bound", pci_is_bound(PCI_EDU, "oriel-pci"), !err);
	assert_case("has a node", pci_has(PCI_EDU, "oriel"), !err);
	if (!err)
		assert_int_equal(text_write(DRIVER "unbind", PCI_EDU), 0);
	return taken;
}

static void test_bind(void **state)
{
	struct counts before, after;
	unsigned int nth, failures = 0;

	assert_int_equal(text_write(DRIVER "unbind", PCI_EDU), 0);
	/* Enabled already: the kernel's way to do it, through ACPI, is not in question. */
	assert_int_equal(pci_write(PCI_EDU, "enable", "1"), 0);
	before = count();
	for (nth = 1; bind_once(nth, &failures); nth++)
		assert_true(nth < MOST);
	after = count();
	printf("# bind: %u chances, %u failures\n", nth - 1, failures);
	assert_true(failures > 10);
	assert_case("users", after.users, before.users);
	assert_int_equal(pci_write(PCI_EDU, "enable", "0"), 0);
	assert_int_equal(text_write(DRIVER "bind", PCI_EDU), 0);
}

static void test_nothing_left(void **state)
{
	close(foreign);
	close(event);
	close(far_node);
	close(node);
	leftover_check(available_before_kib);
}

static int set_up(void **state)
{
	struct dma_heap_allocation_data data = { .len = BYTES, .fd_flags = O_RDWR };
	int heap, err = module_load("oriel-pci", "");

	if (err)
		return err;
	available_before_kib = leftover_available_kib();
	node = node_open(PCI_EDU, O_RDWR);
	pci_bind(PCI_TESTDEV);
	far_node = node_open(PCI_TESTDEV, O_RDWR);
	event = eventfd(0, EFD_CLOEXEC);
	heap = open("/dev/dma_heap/oriel-scattered", O_RDWR | O_CLOEXEC);
	if (event < 0 || heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		return -errno;
	close(heap);
	foreign = data.fd;
	memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		      -1, 0);
	if (memory == MAP_FAILED)
		return -errno;
	/* The first one makes the interrupt's directory. */
	if (call_irq())
		return -EIO;
	end_irq();
	return inject_open();
}

static int tear_down(void **state)
{
	pci_unbind(PCI_TESTDEV);
	return module_unload("oriel-pci");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_nothing_left),
	};

	(void)argc;
	inject_without_rseq(argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
