// SPDX-License-Identifier: GPL-2.0-only
#include "lib/leftover.h"

#include <fcntl.h>

#include "lib/check.h"
#include "lib/text.h"

/* Caches of the kernel that grew, and free pages that are on no list yet. */
#define NOISE_KIB (40 << 10)
/* Each processor keeps some of these, which go back to all over the seconds. */
#define PATIENCE_S 60

long leftover_available_kib(void)
{
	text_write("/proc/sys/vm/drop_caches", "3");
	/* What was freed after a grace period. */
	usleep(200000);
	return text_field("/proc/meminfo", "MemAvailable:");
}

/*
 * Page tables of the kernel, pages of its caches and where its detectors keep
 * call traces are not ours to free.
 */
static bool record_is_ours(const char *record)
{
	return strstr(record, "[oriel]") && !strstr(record, "_slab") &&
	       !strstr(record, "vmap_") && !strstr(record, "pte_alloc") &&
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
