// SPDX-License-Identifier: GPL-2.0-only
#include "lib/leftover.h"

#include <fcntl.h>

#include "lib/check.h"
#include "lib/testdev.h"
#include "lib/text.h"

/* Caches of the kernel that grew. */
#define NOISE_KIB (8 << 10)
/* What is on its way back: RCU, kworkers. */
#define PATIENCE_S 60

/*
 * Free pages that each processor keeps at hand, whole blocks among them, for as
 * long as it likes: tens of MiB that MemAvailable leaves out.
 */
static long at_hand_kib(void)
{
	FILE *file = fopen("/proc/zoneinfo", "r");
	long pages = 0, count;
	char line[256];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %ld", &count) == 1)
			pages += count;
	fclose(file);
	return pages * (page_bytes() / 1024);
}

/* Freed memory is on its way for a while: the most of some readings. */
long leftover_available_kib(void)
{
	long most = 0, now;
	int i;

	for (i = 0; i < 10; i++) {
		sync();
		text_write("/proc/sys/vm/drop_caches", "3");
		usleep(100000);
		now = text_field("/proc/meminfo", "MemAvailable:") + at_hand_kib();
		most = now > most ? now : most;
	}
	return most;
}

/*
 * Page tables of the kernel and of an IOMMU, pages of its caches and where its
 * detectors keep call traces are not ours to free.
 */
static bool record_is_ours(const char *record)
{
	return strstr(record, "[oriel]") && !strstr(record, "_slab") &&
	       !strstr(record, "vmap_") && !strstr(record, "pte_alloc") &&
	       !strstr(record, "iommu_map") && !strstr(record, "change_page_attr") &&
	       !strstr(record, "kmalloc") && !strstr(record, "stack_depot");
}

long leftover_pages(void)
{
	static char record[1 << 16];
	int fd = open("/sys/kernel/debug/page_owner", O_RDONLY | O_CLOEXEC);
	bool any = false;
	ssize_t got;
	long pages = 0;
	unsigned int order;

	if (fd < 0)
		return -1;
	while ((got = read(fd, record, sizeof(record) - 1)) > 0) {
		record[got] = 0;
		any = true;
		if (!record_is_ours(record))
			continue;
		if (!pages)
			printf("# a page is left:\n%s\n", record);
		order = 0;
		sscanf(record, "Page allocated via order %u", &order);
		pages += 1l << order;
	}
	close(fd);
	return any ? pages : -1;
}

void leftover_check(long before_kib)
{
	long pages = leftover_pages(), now_kib;
	int seconds;

	if (pages > 0)
		fail_msg("%ld pages are left", pages);
	if (!pages)
		return;
	for (seconds = 0; seconds < PATIENCE_S; seconds++) {
		now_kib = leftover_available_kib();
		if (now_kib >= before_kib - NOISE_KIB)
			return;
		sleep(1);
	}
	fail_msg("%ld KiB available, before %ld", now_kib, before_kib);
}

long leftover_pins(void)
{
	/* Each processor has counts of its own, which this adds up. */
	text_write("/proc/sys/vm/stat_refresh", "1");
	return text_field("/proc/vmstat", "nr_foll_pin_acquired") -
	       text_field("/proc/vmstat", "nr_foll_pin_released");
}
