// SPDX-License-Identifier: GPL-2.0-only
#include "lib/dmabufs.h"

#include "lib/check.h"

/* Sums up the lines "Total NUMBER WHAT". */
static long sum_up(const char *what)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	char line[256], word[32];
	long sum = 0, count;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Total %ld %31s", &count, word) == 2 && !strcmp(word, what))
			sum += count;
	fclose(file);
	return sum;
}

long dmabufs_count(void)
{
	return sum_up("objects,");
}

long dmabufs_count_attached(void)
{
	return sum_up("devices");
}
