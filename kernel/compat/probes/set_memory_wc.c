// SPDX-License-Identifier: GPL-2.0-only
/* A module may change how the kernel's own map of all memory caches pages: x86. */
#include <linux/mm.h>
#include <linux/set_memory.h>

int oriel_probe(unsigned long address, struct page **pages);
int oriel_probe(unsigned long address, struct page **pages)
{
	return set_memory_wc(address, 1) ?: set_memory_wb(address, 1) ?:
	       set_pages_array_wc(pages, 1) ?: set_pages_array_wb(pages, 1);
}
