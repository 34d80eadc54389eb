// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of PCI devices by eventfd: INTx, MSI, whose they are, what is
 * refused, and that none is lost.
 * oriel-test: timeout=300 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/pci.h"
#include "lib/slow.h"
#include "lib/text.h"

#define ROUNDS 100000
#define EDU_SYSFS "/sys/class/oriel/pci-0000-00-11.0"

/* QEMU's docs/specs/edu.txt */
#define EDU_STATUS	0x24
#define EDU_RAISE	0x60
#define EDU_ACK		0x64

struct edu {
	struct area bar;
	volatile uint32_t *reg;
	int event;
};

static struct edu edu_open(void)
{
	struct edu edu = { .bar = pci_area_open(PCI_EDU, "bar0", PROT_READ | PROT_WRITE) };

	edu.reg = (volatile uint32_t *)edu.bar.address;
	edu.event = eventfd(0, EFD_CLOEXEC);
	assert_true(edu.event >= 0);
	return edu;
}

static void edu_close(struct edu *edu)
{
	edu->reg[EDU_ACK / 4] = ~0u;
	area_close(&edu->bar);
	close(edu->event);
}

static int irq_set(int fd, uint32_t index, uint32_t flags, uint32_t type, int event)
{
	struct oriel_irq_set set = {
		.index = index, .flags = flags, .type = type, .eventfd = event,
	};

	return ioctl(fd, ORIEL_IRQ_SET, &set) ? errno : 0;
}

static int dma_set(int fd, uint32_t on)
{
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = on };

	return ioctl(fd, ORIEL_DEVICE_SET, &set) ? errno : 0;
}

static void edu_enable(struct edu *edu, uint32_t type)
{
	if (type != ORIEL_IRQ_INTX)
		assert_case("dma", dma_set(edu->bar.fd, 1), 0);
	assert_case("enable", irq_set(edu->bar.fd, 0, ORIEL_IRQ_EVENTFD, type, edu->event), 0);
}

/* Return: how many interrupts came, waiting for the first for @wait_ms. */
static uint64_t edu_wait(const struct edu *edu, int wait_ms)
{
	struct pollfd poll_fd = { .fd = edu->event, .events = POLLIN };
	uint64_t count;

	if (poll(&poll_fd, 1, wait_ms) != 1)
		return 0;
	assert_int_equal(read(edu->event, &count, 8), 8);
	return count;
}

#define SOON 20000	/* it comes: however busy the machine is */
#define NEVER 100	/* it does not come: long enough for one that would */

static void test_refusals(void **state)
{
	struct edu edu = edu_open();
	int fd = edu.bar.fd, event = edu.event;
	const struct {
		const char *what;
		uint32_t index, flags, type;
		int event, error;
		uint32_t reason;
	} cases[] = {
		{ "index", 1, ORIEL_IRQ_EVENTFD, 0, event, ENXIO, ORIEL_REASON_IRQ_INDEX },
		{ "far index", ~0u, ORIEL_IRQ_EVENTFD, 0, event, ENXIO, ORIEL_REASON_IRQ_INDEX },
		{ "no flag", 0, 0, 0, event, EINVAL, ORIEL_REASON_FLAGS },
		{ "flag", 0, 8, 0, event, EINVAL, ORIEL_REASON_FLAGS },
		{ "both", 0, 6, 0, event, EINVAL, ORIEL_REASON_FLAGS },
		{ "type", 0, ORIEL_IRQ_EVENTFD, 4, event, EINVAL, ORIEL_REASON_FLAGS },
		{ "mask idle", 0, ORIEL_IRQ_MASK, 0, 0, EINVAL, ORIEL_REASON_IRQ_IDLE },
		{ "unmask idle", 0, ORIEL_IRQ_UNMASK, 0, 0, EINVAL, ORIEL_REASON_IRQ_IDLE },
		{ "off and mask", 0, ORIEL_IRQ_EVENTFD | ORIEL_IRQ_MASK, 0, -1, EINVAL,
		  ORIEL_REASON_IRQ_IDLE },
		{ "closed", 0, ORIEL_IRQ_EVENTFD, 0, 999, EBADF, ORIEL_REASON_EVENTFD },
		{ "no eventfd", 0, ORIEL_IRQ_EVENTFD, 0, fd, EINVAL, ORIEL_REASON_EVENTFD },
		{ "MSI-X", 0, ORIEL_IRQ_EVENTFD, ORIEL_IRQ_MSIX, event, EOPNOTSUPP,
		  ORIEL_REASON_IRQ_TYPE },
		{ "MSI without DMA", 0, ORIEL_IRQ_EVENTFD, ORIEL_IRQ_MSI, event, EPERM,
		  ORIEL_REASON_NEEDS_DMA },
		{ "best without DMA", 0, ORIEL_IRQ_EVENTFD, 0, event, EPERM,
		  ORIEL_REASON_NEEDS_DMA },
	};
	struct oriel_irq_set set = { .flags = ORIEL_IRQ_EVENTFD, .reserved = { 0, 1 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].what,
			    irq_set(fd, cases[i].index, cases[i].flags, cases[i].type,
				    cases[i].event), cases[i].error);
		assert_case(cases[i].what, explain(fd).reason, cases[i].reason);
		assert_case(cases[i].what, explain(fd).call, ORIEL_CALL_IRQ_SET);
	}
	assert_int_equal(ioctl(fd, ORIEL_IRQ_SET, &set), -1);
	assert_case("reserved", errno, EINVAL);
	assert_int_equal(ioctl(fd, ORIEL_IRQ_SET, NULL), -1);
	assert_case("address", errno, EFAULT);
	assert_case("off is off", irq_set(fd, 0, ORIEL_IRQ_EVENTFD, 0, -1), 0);
	edu_close(&edu);
}

static void test_read_only(void **state)
{
	int event = eventfd(0, EFD_CLOEXEC), fd = open("/dev/oriel/pci-0000-00-11.0", O_RDONLY);

	assert_true(fd >= 0);
	assert_case("irq", irq_set(fd, 0, ORIEL_IRQ_EVENTFD, ORIEL_IRQ_INTX, event), EACCES);
	assert_case("reason", explain(fd).reason, ORIEL_REASON_NEEDS_WRITING);
	assert_case("dma", dma_set(fd, 1), EACCES);
	close(fd);
	close(event);
}

/* A vector belongs to one open file, and all vectors are of one type. */
static void test_ownership(void **state)
{
	struct edu one = edu_open(), two = edu_open();

	edu_enable(&one, ORIEL_IRQ_INTX);
	assert_case("taken", irq_set(two.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, two.event), EBUSY);
	assert_case("reason", explain(two.bar.fd).reason, ORIEL_REASON_IRQ_TAKEN);
	assert_case("mask", irq_set(two.bar.fd, 0, ORIEL_IRQ_MASK, 0, 0), EBUSY);
	assert_case("off", irq_set(two.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, -1), EBUSY);
	assert_case("dma", dma_set(one.bar.fd, 1), 0);
	assert_case("mixed", irq_set(one.bar.fd, 0, ORIEL_IRQ_EVENTFD, ORIEL_IRQ_MSI, one.event),
		    EBUSY);
	assert_case("reason", explain(one.bar.fd).reason, ORIEL_REASON_IRQ_MIXED);
	assert_true(text_file_has("/proc/interrupts", "oriel-pci"));
	edu_close(&one);
	assert_false(text_file_has("/proc/interrupts", "oriel-pci"));
	edu_enable(&two, ORIEL_IRQ_MSI);
	two.reg[EDU_RAISE / 4] = 1;
	assert_int_equal(edu_wait(&two, SOON), 1);
	edu_close(&two);
}

/* Masked when delivered; comes again if the device still pulls the wire. */
static void test_intx(void **state)
{
	struct edu edu = edu_open();

	edu_enable(&edu, ORIEL_IRQ_INTX);
	edu.reg[EDU_RAISE / 4] = 1;
	assert_int_equal(edu_wait(&edu, SOON), 1);
	assert_int_equal(edu.reg[EDU_STATUS / 4], 1);
	edu.reg[EDU_RAISE / 4] = 2;
	assert_int_equal(edu_wait(&edu, NEVER), 0);
	assert_case("unmask", irq_set(edu.bar.fd, 0, ORIEL_IRQ_UNMASK, 0, 0), 0);
	assert_int_equal(edu_wait(&edu, SOON), 1);
	edu.reg[EDU_ACK / 4] = 3;
	assert_case("unmask", irq_set(edu.bar.fd, 0, ORIEL_IRQ_UNMASK, 0, 0), 0);
	assert_int_equal(edu_wait(&edu, NEVER), 0);
	assert_case("mask", irq_set(edu.bar.fd, 0, ORIEL_IRQ_MASK, 0, 0), 0);
	edu.reg[EDU_RAISE / 4] = 4;
	assert_int_equal(edu_wait(&edu, NEVER), 0);
	assert_case("unmask", irq_set(edu.bar.fd, 0, ORIEL_IRQ_UNMASK, 0, 0), 0);
	assert_int_equal(edu_wait(&edu, SOON), 1);
	edu_close(&edu);
}

static void test_msi(void **state)
{
	struct edu edu = edu_open();
	uint64_t before = text_number(EDU_SYSFS "/irqs");
	int other = eventfd(0, EFD_CLOEXEC);

	edu_enable(&edu, ORIEL_IRQ_BEST);
	edu.reg[EDU_RAISE / 4] = 1;
	assert_int_equal(edu_wait(&edu, SOON), 1);
	assert_int_equal(text_number(EDU_SYSFS "/irqs"), before + 1);
	assert_case("mask", irq_set(edu.bar.fd, 0, ORIEL_IRQ_MASK, 0, 0), 0);
	assert_case("mask again", irq_set(edu.bar.fd, 0, ORIEL_IRQ_MASK, 0, 0), 0);
	edu.reg[EDU_RAISE / 4] = 1;
	edu.reg[EDU_RAISE / 4] = 1;
	assert_int_equal(edu_wait(&edu, NEVER), 0);
	assert_case("unmask", irq_set(edu.bar.fd, 0, ORIEL_IRQ_UNMASK, 0, 0), 0);
	assert_int_equal(edu_wait(&edu, SOON), 1);

	/* Another eventfd in its place, and then none. */
	assert_case("replace", irq_set(edu.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, other), 0);
	edu.reg[EDU_RAISE / 4] = 1;
	assert_int_equal(edu_wait(&(struct edu){ .event = other }, SOON), 1);
	assert_int_equal(edu_wait(&edu, NEVER), 0);
	assert_case("off", irq_set(edu.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, -1), 0);
	edu.reg[EDU_RAISE / 4] = 1;
	assert_int_equal(edu_wait(&(struct edu){ .event = other }, NEVER), 0);
	close(other);
	edu_close(&edu);
}

/* The program closes its eventfd before the vector is off. */
static void test_eventfd_closed_first(void **state)
{
	struct edu edu = edu_open();
	uint64_t before = text_number(EDU_SYSFS "/irqs");
	int i;

	edu_enable(&edu, ORIEL_IRQ_MSI);
	close(edu.event);
	for (i = 0; i < 1000; i++)
		edu.reg[EDU_RAISE / 4] = 1;
	while (text_number(EDU_SYSFS "/irqs") == before)
		usleep(1000);
	edu.event = eventfd(0, EFD_CLOEXEC);
	assert_case("anew", irq_set(edu.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, edu.event), 0);
	edu.reg[EDU_RAISE / 4] = 1;
	assert_true(edu_wait(&edu, SOON) > 0);
	edu_close(&edu);
}

static void raise_and_wait(uint32_t type, int rounds)
{
	struct edu edu = edu_open();
	uint64_t before = text_number(EDU_SYSFS "/irqs");
	int i;

	edu_enable(&edu, type);
	for (i = 0; i < rounds; i++) {
		edu.reg[EDU_RAISE / 4] = 1;
		if (edu_wait(&edu, SOON) != 1)
			fail_msg("lost in round %d", i);
		edu.reg[EDU_ACK / 4] = 1;
		if (type == ORIEL_IRQ_INTX &&
		    irq_set(edu.bar.fd, 0, ORIEL_IRQ_UNMASK, 0, 0))
			fail_msg("unmask in round %d: %s", i, strerror(errno));
	}
	assert_int_equal(text_number(EDU_SYSFS "/irqs"), before + rounds);
	edu_close(&edu);
}

static void test_no_msi_is_lost(void **state)
{
	raise_and_wait(ORIEL_IRQ_MSI, ROUNDS / slow_one_in());
}

static void test_no_intx_is_lost(void **state)
{
	raise_and_wait(ORIEL_IRQ_INTX, ROUNDS / 2 / slow_one_in());
}

/* pwrite(), since the mapping would bring SIGBUS. */
static void *raise_until_gone(void *argument)
{
	struct edu *edu = argument;
	uint32_t one = 1;

	while (pwrite(edu->bar.fd, &one, 4, edu->bar.info.offset_bytes + EDU_RAISE) == 4)
		;
	return (void *)(uintptr_t)errno;
}

static void storm(uint32_t type)
{
	struct edu edu = edu_open();
	pthread_t raiser;
	void *error;

	edu_enable(&edu, type);
	pthread_create(&raiser, NULL, raise_until_gone, &edu);
	assert_true(edu_wait(&edu, SOON) > 0);
	pci_unbind(PCI_EDU);
	pthread_join(raiser, &error);
	assert_int_equal((uintptr_t)error, ENODEV);
	/* At the latest with the removal. */
	assert_true(edu_wait(&edu, SOON) > 0);
	assert_int_equal(edu_wait(&edu, NEVER), 0);
	assert_case("irq", irq_set(edu.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, edu.event), ENODEV);
	assert_case("dma", dma_set(edu.bar.fd, 1), ENODEV);
	assert_false(text_file_has("/proc/interrupts", "oriel-pci"));
	area_close(&edu.bar);
	close(edu.event);
	pci_bind(PCI_EDU);
	edu = edu_open();
	edu_close(&edu);
}

static void test_removed_in_a_storm(void **state)
{
	int i;

	for (i = 0; i < 10; i++) {
		storm(ORIEL_IRQ_MSI);
		storm(ORIEL_IRQ_INTX);
	}
}

/* Who waits for an interrupt that never comes learns that the device is gone. */
static void test_removal_signals(void **state)
{
	struct edu edu = edu_open();

	/* What the storm left: a kernel with DEBUG_SHIRQ asks for it once more. */
	edu.reg[EDU_ACK / 4] = ~0u;
	edu_enable(&edu, ORIEL_IRQ_INTX);
	pci_unbind(PCI_EDU);
	assert_int_equal(edu_wait(&edu, SOON), 1);
	area_close(&edu.bar);
	close(edu.event);
	pci_bind(PCI_EDU);
}

static bool wire_is_masked(void)
{
	return pci_config32(PCI_EDU, PCI_COMMAND) & 1 << 10; /* Interrupt Disable */
}

/* Somebody else's interrupts may come by the same wire. */
static void test_idle_leaves_the_wire_alone(void **state)
{
	static const uint32_t types[] = { ORIEL_IRQ_INTX, ORIEL_IRQ_MSI };
	struct edu edu;
	size_t i;

	pci_unbind(PCI_EDU);
	pci_bind(PCI_EDU);
	assert_true(wire_is_masked());
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		edu = edu_open();
		edu_enable(&edu, types[i]);
		assert_case("off", irq_set(edu.bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, -1), 0);
		assert_true(wire_is_masked());
		edu_close(&edu);
	}

	/* What it wanted meanwhile is delivered to who asks first. */
	edu = edu_open();
	edu.reg[EDU_RAISE / 4] = 1;
	edu_enable(&edu, ORIEL_IRQ_INTX);
	assert_int_equal(edu_wait(&edu, SOON), 1);
	edu_close(&edu);
}

static void test_none(void **state)
{
	struct area bar = pci_area_open(PCI_IVSHMEM, "bar0", 0);
	int event = eventfd(0, EFD_CLOEXEC);

	assert_case("irq", irq_set(bar.fd, 0, ORIEL_IRQ_EVENTFD, 0, event), ENXIO);
	assert_int_equal(explain(bar.fd).value[1], 0);
	area_close(&bar);
	close(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_ownership),
		cmocka_unit_test(test_intx),
		cmocka_unit_test(test_msi),
		cmocka_unit_test(test_eventfd_closed_first),
		cmocka_unit_test(test_no_msi_is_lost),
		cmocka_unit_test(test_no_intx_is_lost),
		cmocka_unit_test(test_removed_in_a_storm),
		cmocka_unit_test(test_removal_signals),
		cmocka_unit_test(test_idle_leaves_the_wire_alone),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
