// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices of the device tree: a clock (PL031, on the AMBA bus), and virtio-mmio slots
 * (platform bus), several on a page. Interrupts: see platform-irq.
 * oriel-test: timeout=180 needs=tree
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/platform.h"
#include "lib/sleep.h"
#include "lib/text.h"
#include "lib/touch.h"
#include "lib/walk.h"

#define CYCLES 100

static void test_registers(void **state)
{
	struct area area = platform_open(&platform_rtc, "reg0", PROT_READ | PROT_WRITE);
	uint32_t first = *platform_reg(&area, RTC_DR), word;
	int tries = 600;

	assert_int_equal(area.info.cache, ORIEL_CACHE_UNCACHED);
	assert_int_equal(area.info.kind, ORIEL_KIND_MMIO);
	assert_int_equal(area.info.size_bytes, 4096);
	assert_int_equal(*platform_reg(&area, RTC_PERIPH_ID), 0x31);
	assert_int_equal(*platform_reg(&area, RTC_PERIPH_ID + 4), 0x10);
	assert_int_equal(pread(area.fd, &word, 4, area.info.offset_bytes + RTC_PERIPH_ID), 4);
	assert_int_equal(word, 0x31);
	/* It counts seconds. */
	while (*platform_reg(&area, RTC_DR) == first && tries--)
		usleep(50000);
	assert_true(*platform_reg(&area, RTC_DR) > first);
	area_close(&area);
}

/* What it has is nobody else's as long as it is bound, and it is awake. */
static void test_claims(void **state)
{
	char line[32];

	assert_true(text_file_has("/proc/interrupts", PLATFORM_DRIVER));
	assert_true(text_file_has("/proc/iomem", PLATFORM_DRIVER));
	platform_line(&platform_slot, "power/runtime_status", line, sizeof(line));
	assert_string_equal(line, "active");
	platform_line(&platform_rtc, "power/runtime_status", line, sizeof(line));
	assert_string_equal(line, "active");
	platform_unbind(&platform_rtc);
	platform_unbind(&platform_slot);
	assert_false(text_file_has("/proc/interrupts", PLATFORM_DRIVER));
	assert_false(text_file_has("/proc/iomem", PLATFORM_DRIVER));
	platform_line(&platform_slot, "power/runtime_status", line, sizeof(line));
	assert_string_not_equal(line, "active");
	platform_bind(&platform_rtc);
	platform_bind(&platform_slot);
}

static void test_no_dma_no_reset(void **state)
{
	struct area area = platform_open(&platform_rtc, "reg0", 0);
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA, .dma = 1 };

	assert_case("dma", ioctl(area.fd, ORIEL_DEVICE_SET, &set) ? errno : 0, EOPNOTSUPP);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_NO_DMA);
	set = (struct oriel_device_set){ .flags = ORIEL_DEVICE_RESET };
	assert_case("reset", ioctl(area.fd, ORIEL_DEVICE_SET, &set) ? errno : 0, EOPNOTSUPP);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_NO_RESET);
	area_close(&area);
}

/* No page is mapped that has somebody else's registers, bound or not. */
static void test_slots_share_a_page(void **state)
{
	struct area area = platform_open(&platform_slot, "reg0", 0);
	uint32_t word;

	assert_int_equal(area.info.size_bytes, 512);
	assert_false(area.info.flags & ORIEL_REGION_MAPPABLE);
	assert_ptr_equal(mmap(NULL, page_bytes(), PROT_READ, MAP_SHARED, area.fd,
			      area.info.offset_bytes), MAP_FAILED);
	assert_case("mmap", errno, EOPNOTSUPP);
	assert_int_equal(explain(area.fd).reason, ORIEL_REASON_NOT_MAPPABLE);
	assert_int_equal(platform_read(&area, VIRTIO_MAGIC), 0x74726976); /* "virt" */
	assert_int_equal(pread(area.fd, &word, 4, area.info.offset_bytes + 512), 0);
	area_close(&area);
}

/* QEMU's fw_cfg (docs/specs/fw_cfg.txt): 24 bytes, alone on its page. */
static void test_alone_on_a_page(void **state)
{
	struct platform cfg = { .bus = "platform" };
	struct area area;
	char signature[5] = "";
	int i;

	if (!platform_find(&cfg, "*.fw-cfg", true))
		skip();
	platform_bind(&cfg);
	area = platform_open(&cfg, "reg0", PROT_READ | PROT_WRITE);
	assert_true(area.info.size_bytes < page_bytes());
	*(volatile uint16_t *)(area.address + 8) = 0;
	for (i = 0; i < 4; i++)
		signature[i] = *(volatile uint8_t *)area.address;
	assert_string_equal(signature, "QEMU");
	assert_ptr_equal(mmap(NULL, 2 * page_bytes(), PROT_READ, MAP_SHARED, area.fd,
			      area.info.offset_bytes), MAP_FAILED);
	platform_unbind(&cfg);
	assert_case("unbound", touch_read(area.address), SIGBUS);
	area_close(&area);
}

/* The clock's own driver has it meanwhile, and it counts. */
static void test_removal(void **state)
{
	int event = eventfd(0, EFD_CLOEXEC), i;

	for (i = 0; i < CYCLES; i++) {
		struct area area = platform_open(&platform_rtc, "reg0", PROT_READ | PROT_WRITE);

		assert_case("irq", platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD, event), 0);
		assert_case("touch", touch_read(area.address), 0);
		platform_unbind(&platform_rtc);
		assert_true(platform_is_bound(&platform_rtc, "rtc-pl031"));
		assert_int_equal(platform_await(event, 0), 1);
		assert_case("touch", touch_read(area.address), SIGBUS);
		assert_case("irq", platform_irq_set(area.fd, ORIEL_IRQ_EVENTFD, event), ENODEV);
		area_close(&area);
		platform_bind(&platform_rtc);
	}
	close(event);
}

/* Asleep it is out of the page tables; awake it is back. */
static void test_suspend(void **state)
{
	struct area area = platform_open(&platform_rtc, "reg0", PROT_READ | PROT_WRITE);

	assert_case("touch", touch_read(area.address), 0);
	assert_true(walk(area.address).bytes > 0);
	assert_string_equal(walk(area.address).cache, "uc");
	assert_case("sleep", pretend_sleep(), 0);
	assert_int_equal(walk(area.address).bytes, 0);
	assert_int_equal(*platform_reg(&area, RTC_PERIPH_ID), 0x31);
	area_close(&area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_no_dma_no_reset),
		cmocka_unit_test(test_slots_share_a_page),
		cmocka_unit_test(test_alone_on_a_page),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_removal),
	};

	return cmocka_run_group_tests(tests, platform_load, platform_unload);
}
