// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of devices of the device tree: the alarm of a clock (PL031), a level, for
 * somebody who is nobody but member of a group; and a virtio-mmio slot's, an edge.
 * oriel-test: timeout=180 needs=tree
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/pci.h"
#include "lib/platform.h"

#define GROUP 4711
#define SOON 30000	/* it comes: however busy the machine is */
#define NEVER 100	/* it does not come: long enough for one that would */

/* The second may go by between two instructions: a time that is over never comes. */
static void alarm_set(const struct area *area)
{
	uint32_t when;

	do {
		when = *platform_reg(area, RTC_DR) + 1;
		*platform_reg(area, RTC_MR) = when;
	} while (*platform_reg(area, RTC_DR) > when && !*platform_reg(area, RTC_RIS));
}

/* Some user of the group that root gave the node to. Return: 0, or the step that failed. */
static int alarm_clock(void *argument)
{
	struct area area;
	int event = eventfd(0, EFD_CLOEXEC);

	if (setgroups(0, NULL) || setresgid(GROUP, GROUP, GROUP) ||
	    setresuid(65534, 65534, 65534))
		return 1;
	if (open("/dev/mem", O_RDWR) >= 0)
		return 2;
	area = platform_open(&platform_rtc, "reg0", PROT_READ | PROT_WRITE);
	if (platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD, event))
		return 3;
	*platform_reg(&area, RTC_ICR) = 1;
	alarm_set(&area);
	*platform_reg(&area, RTC_IMSC) = 1;
	if (platform_await(event, SOON) != 1)
		return 4;
	/* Masked since, although nobody told the clock. */
	if (!*platform_reg(&area, RTC_RIS) || platform_await(event, NEVER))
		return 5;
	/* Not told to be quiet: it comes again, once. */
	if (platform_irq_set(area.fd, ORIEL_IRQ_UNMASK, 0) || platform_await(event, SOON) != 1)
		return 6;
	*platform_reg(&area, RTC_ICR) = 1;
	if (*platform_reg(&area, RTC_RIS) || platform_irq_set(area.fd, ORIEL_IRQ_UNMASK, 0) ||
	    platform_await(event, NEVER))
		return 7;
	/* The next one. */
	alarm_set(&area);
	if (platform_await(event, SOON) != 1)
		return 8;
	*platform_reg(&area, RTC_ICR) = 1;
	*platform_reg(&area, RTC_IMSC) = 0;
	return 0;
}

static void test_alarm(void **state)
{
	assert_int_equal(chown(platform_rtc.node, 0, GROUP), 0);
	assert_int_equal(chmod(platform_rtc.node, 0660), 0);
	assert_case("alarm", child_run(alarm_clock, NULL), 0);
	/* Ended with the interrupt unmasked or not: the next one has it anew. */
	assert_case("again", child_run(alarm_clock, NULL), 0);
}

static void test_irq_refusals(void **state)
{
	struct area area = platform_open(&platform_rtc, "reg0", 0);
	struct oriel_irq_set set = { .flags = ORIEL_IRQ_EVENTFD };

	set.eventfd = eventfd(0, EFD_CLOEXEC);
	set.type = ORIEL_IRQ_MSI;
	assert_case("message", ioctl(area.fd, ORIEL_IRQ_SET, &set) ? errno : 0, EOPNOTSUPP);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_IRQ_TYPE);
	set.type = ORIEL_IRQ_INTX;
	set.index = 1;
	assert_case("index", ioctl(area.fd, ORIEL_IRQ_SET, &set) ? errno : 0, ENXIO);
	set.index = 0;
	assert_case("wire", ioctl(area.fd, ORIEL_IRQ_SET, &set) ? errno : 0, 0);
	close(set.eventfd);
	area_close(&area);
}

static void test_alarm_masked(void **state)
{
	struct area area = platform_open(&platform_rtc, "reg0", PROT_READ | PROT_WRITE);
	int event = eventfd(0, EFD_CLOEXEC);

	assert_case("on", platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD | ORIEL_IRQ_MASK, event), 0);
	assert_case("twice", platform_irq_set(area.fd, ORIEL_IRQ_MASK, 0), 0);
	*platform_reg(&area, RTC_IMSC) = 1;
	alarm_set(&area);
	while (!*platform_reg(&area, RTC_RIS))
		usleep(50000);
	assert_int_equal(platform_await(event, NEVER), 0);
	assert_case("unmask", platform_irq_set(area.fd, ORIEL_IRQ_UNMASK, 0), 0);
	assert_int_equal(platform_await(event, SOON), 1);
	*platform_reg(&area, RTC_ICR) = 1;
	*platform_reg(&area, RTC_IMSC) = 0;
	area_close(&area);
	close(event);
}

/* Binds slots until it finds what is wanted. */
static bool slot_bind(struct platform *device, uint32_t wanted)
{
	struct area area;
	char pattern[48];
	uint32_t found;
	int i;

	for (i = 0; i < 32; i++) {
		*device = (struct platform){ .bus = "platform" };
		snprintf(pattern, sizeof(pattern), "%x.virtio_mmio", 0xa000000 + i * 0x200);
		if (!platform_find(device, pattern, false) ||
		    !strcmp(device->name, platform_slot.name))
			continue;
		platform_bind(device);
		area = platform_open(device, "reg0", 0);
		found = platform_read(&area, VIRTIO_DEVICE);
		area_close(&area);
		if (found == wanted)
			return true;
		platform_unbind(device);
	}
	return false;
}

/* The host asks for memory back: an interrupt, an edge on this board. */
static void balloon_ask(const struct area *area, int megabytes)
{
	char words[32];

	platform_write(area, VIRTIO_ACK, platform_read(area, VIRTIO_INTERRUPT));
	snprintf(words, sizeof(words), "hmp balloon %d", megabytes);
	pci_ask_host(words);
}

static void test_edge(void **state)
{
	int event = eventfd(0, EFD_CLOEXEC);
	struct platform balloon;
	struct area area;

	if (access("/sys/bus/platform/devices/a000000.virtio_mmio", F_OK))
		skip();
	assert_true(slot_bind(&balloon, VIRTIO_IS_BALLOON));
	area = platform_open(&balloon, "reg0", 0);
	platform_write(&area, VIRTIO_STATUS, 7); /* the driver is ready, if there were one */
	assert_case("on", platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD, event), 0);
	balloon_ask(&area, 1000);
	assert_int_equal(platform_await(event, SOON), 1);
	/* Not masked: the next one comes. */
	balloon_ask(&area, 1001);
	assert_int_equal(platform_await(event, SOON), 1);
	/* Held back, and not lost. */
	assert_case("mask", platform_irq_set(area.fd, ORIEL_IRQ_MASK, 0), 0);
	balloon_ask(&area, 1002);
	assert_int_equal(platform_await(event, NEVER), 0);
	assert_case("unmask", platform_irq_set(area.fd, ORIEL_IRQ_UNMASK, 0), 0);
	assert_int_equal(platform_await(event, SOON), 1);
	/* What came while nobody had the vector is nobody's. */
	assert_case("off", platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD, -1), 0);
	balloon_ask(&area, 1003);
	assert_case("on", platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD, event), 0);
	assert_int_equal(platform_await(event, NEVER), 0);
	balloon_ask(&area, 1004);
	assert_int_equal(platform_await(event, SOON), 1);
	platform_write(&area, VIRTIO_STATUS, 0);
	platform_unbind(&balloon);
	area_close(&area);
	close(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alarm),
		cmocka_unit_test(test_alarm_masked),
		cmocka_unit_test(test_irq_refusals),
		cmocka_unit_test(test_edge),
	};

	return cmocka_run_group_tests(tests, platform_load, platform_unload);
}
