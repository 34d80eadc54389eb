// SPDX-License-Identifier: GPL-2.0-only
/* The same, always for the caller's address space. */
#include <linux/mm.h>
#include <linux/sched/mm.h>

unsigned long oriel_probe(struct file *file);
unsigned long oriel_probe(struct file *file)
{
	return mm_get_unmapped_area(file, 0, PAGE_SIZE, 0, 0);
}
