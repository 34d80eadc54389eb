// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts and what a device may do: what the library asks the kernel for.
 */
#include <errno.h>

#include <oriel.h>

#include "mock.h"
#include "test.h"

static struct oriel_device *device;

static void setup(void)
{
	mock_setup();
	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
}

static void teardown(void)
{
	oriel_device_close(device);
	mock_teardown();
}

static void check_irq(uint32_t index, uint32_t flags, uint32_t type, uint32_t eventfd)
{
	CHECK_INT(mock.irq_set.index, index);
	CHECK_INT(mock.irq_set.flags, flags);
	CHECK_INT(mock.irq_set.type, type);
	CHECK_INT(mock.irq_set.eventfd, eventfd);
	CHECK(!mock.irq_set.reserved[0] && !mock.irq_set.reserved[1]);
	memset(&mock.irq_set, 0xff, sizeof(mock.irq_set));
}

static void interrupts_are_set_up(void)
{
	CHECK_INT(oriel_irq_enable(device, 3, ORIEL_IRQ_MSIX, 7), 0);
	check_irq(3, ORIEL_IRQ_EVENTFD, ORIEL_IRQ_MSIX, 7);
	CHECK_INT(oriel_irq_disable(device, 2), 0);
	check_irq(2, ORIEL_IRQ_EVENTFD, ORIEL_IRQ_BEST, UINT32_MAX);
	CHECK_INT(oriel_irq_mask(device, 1), 0);
	check_irq(1, ORIEL_IRQ_MASK, 0, 0);
	CHECK_INT(oriel_irq_unmask(device, 1), 0);
	check_irq(1, ORIEL_IRQ_UNMASK, 0, 0);
}

/* -1 would switch the vector off. */
static void a_failed_eventfd_is_refused(void)
{
	struct oriel_explain explain;

	memset(&mock.irq_set, 0xff, sizeof(mock.irq_set));
	CHECK_INT(oriel_irq_enable(device, 0, ORIEL_IRQ_BEST, -1), -EBADF);
	CHECK_INT(mock.irq_set.index, UINT32_MAX);
	CHECK_INT(oriel_device_explain(device, &explain), 0);
	CHECK_INT(explain.reason, ORIEL_REASON_EVENTFD);
}

static void check_set(uint32_t flags, uint32_t dma, uint32_t bits)
{
	CHECK_INT(mock.device_set.flags, flags);
	CHECK_INT(mock.device_set.dma, dma);
	CHECK_INT(mock.device_set.dma_mask_bits, bits);
	CHECK(!mock.device_set.reserved0 && !mock.device_set.reserved[0] &&
	      !mock.device_set.reserved[1]);
	memset(&mock.device_set, 0xff, sizeof(mock.device_set));
}

static void devices_are_set(void)
{
	CHECK_INT(oriel_device_set_dma(device, true), 0);
	check_set(ORIEL_DEVICE_SET_DMA, 1, 0);
	CHECK_INT(oriel_device_set_dma(device, false), 0);
	check_set(ORIEL_DEVICE_SET_DMA, 0, 0);
	CHECK_INT(oriel_device_set_dma_mask(device, 28), 0);
	check_set(ORIEL_DEVICE_SET_DMA_MASK, 0, 28);
	CHECK_INT(oriel_device_reset(device), 0);
	check_set(ORIEL_DEVICE_RESET, 0, 0);
}

static void errors_are_passed_on(void)
{
	mock.ioctl_error[4] = EBUSY;
	mock.ioctl_error[5] = EPERM;
	CHECK_INT(oriel_irq_enable(device, 0, 0, 0), -EBUSY);
	CHECK_INT(oriel_irq_disable(device, 0), -EBUSY);
	CHECK_INT(oriel_irq_mask(device, 0), -EBUSY);
	CHECK_INT(oriel_irq_unmask(device, 0), -EBUSY);
	CHECK_INT(oriel_device_set_dma(device, true), -EPERM);
	CHECK_INT(oriel_device_set_dma_mask(device, 1), -EPERM);
	CHECK_INT(oriel_device_reset(device), -EPERM);
}

static const struct test tests[] = {
	TEST(interrupts_are_set_up),
	TEST(a_failed_eventfd_is_refused),
	TEST(devices_are_set),
	TEST(errors_are_passed_on),
};

TEST_MAIN(tests, setup, teardown)
