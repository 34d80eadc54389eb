// SPDX-License-Identifier: GPL-2.0-only
#include "lib/platform.h"

#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/text.h"

struct platform platform_rtc = { .bus = "amba" }, platform_slot = { .bus = "platform" };

static int device_write(const struct platform *device, const char *file, const char *text)
{
	char path[192];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/%s", device->bus, device->name, file);
	return text_write(path, text);
}

bool platform_is_bound(const struct platform *device, const char *driver)
{
	char path[192];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s/%s", device->bus, driver,
		 device->name);
	return !access(path, F_OK);
}

/* What the override says, or, if that is empty, who wants it by itself. */
static void device_probe(const struct platform *device, const char *driver)
{
	char path[64];

	assert_case("override", device_write(device, "driver_override", driver), 0);
	device_write(device, "driver/unbind", device->name);
	snprintf(path, sizeof(path), "/sys/bus/%s/drivers_probe", device->bus);
	assert_case(driver, text_write(path, device->name), 0);
}

void platform_bind(const struct platform *device)
{
	device_probe(device, PLATFORM_DRIVER);
	assert_true(platform_is_bound(device, PLATFORM_DRIVER));
}

void platform_unbind(const struct platform *device)
{
	device_probe(device, "\n");
}

static bool device_has_driver(const char *path)
{
	char driver[192];

	snprintf(driver, sizeof(driver), "%s/driver", path);
	return !access(driver, F_OK);
}

bool platform_find(struct platform *device, const char *pattern, bool in_use)
{
	char path[128];
	glob_t found;
	size_t i = 0;

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", device->bus, pattern);
	if (glob(path, 0, NULL, &found))
		return false;
	while (i < found.gl_pathc && !in_use && device_has_driver(found.gl_pathv[i]))
		i++;
	if (i < found.gl_pathc) {
		snprintf(device->name, sizeof(device->name), "%s",
			 strrchr(found.gl_pathv[i], '/') + 1);
		snprintf(device->node, sizeof(device->node), "/dev/oriel/platform-%s",
			 device->name);
	}
	globfree(&found);
	return device->name[0];
}

struct area platform_open(const struct platform *device, const char *region, int prot)
{
	int fd = open(device->node, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail_msg("%s: %s", device->node, strerror(errno));
	return area_of(fd, region, prot);
}

volatile uint32_t *platform_reg(const struct area *area, uint32_t offset)
{
	return (volatile uint32_t *)(area->address + offset);
}

void platform_line(const struct platform *device, const char *file, char *text, size_t bytes)
{
	char path[192];

	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/%s", device->bus, device->name, file);
	text_line(path, text, bytes);
}

uint32_t platform_read(const struct area *area, uint32_t offset)
{
	uint32_t value;

	assert_int_equal(pread(area->fd, &value, 4, area->info.offset_bytes + offset), 4);
	return value;
}

void platform_write(const struct area *area, uint32_t offset, uint32_t value)
{
	assert_int_equal(pwrite(area->fd, &value, 4, area->info.offset_bytes + offset), 4);
}

uint64_t platform_await(int event, int wait_ms)
{
	struct pollfd poll_fd = { .fd = event, .events = POLLIN };
	uint64_t count;

	if (poll(&poll_fd, 1, wait_ms) != 1)
		return 0;
	return read(event, &count, 8) == 8 ? count : 0;
}

int platform_irq_set(int fd, uint32_t flags, int event)
{
	struct oriel_irq_set set = { .flags = flags, .eventfd = event };

	return ioctl(fd, ORIEL_IRQ_SET, &set) ? errno : 0;
}

int platform_load(void **state)
{
	assert_int_equal(module_load("oriel-walk", ""), 0);
	assert_int_equal(module_load(PLATFORM_DRIVER, ""), 0);
	assert_true(platform_find(&platform_rtc, "*.pl031", true) ||
		    platform_find(&platform_rtc, "*.rtc", true));
	assert_true(platform_find(&platform_slot, "*virtio_mmio*", false));
	/* Nothing is bound that nobody asked for. */
	assert_false(platform_is_bound(&platform_rtc, PLATFORM_DRIVER));
	assert_false(platform_is_bound(&platform_slot, PLATFORM_DRIVER));
	platform_bind(&platform_rtc);
	platform_bind(&platform_slot);
	return 0;
}

int platform_unload(void **state)
{
	platform_unbind(&platform_rtc);
	platform_unbind(&platform_slot);
	return module_unload(PLATFORM_DRIVER) ?: module_unload("oriel-walk");
}

