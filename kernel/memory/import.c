// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kind import: pages of a process, pinned for as long as the region lives.
 *
 * The process has them mapped already and goes on using them as before; whatever
 * it does with its mapping, the region keeps the pages that were there when it
 * was made. Nobody maps the region itself. Who pays: core/pinned.c.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "core/region.h"
#include "memory/kinds.h"

struct oriel_import {
	unsigned long nr_pinned;
	struct page *pages[];
};

/* As many as are pinned between two looks at whether the caller was killed. */
#define ORIEL_IMPORT_AT_ONCE 1024

/*
 * A file system does not expect pages that it has written back to change by DMA,
 * and may be slow to say when it is done with one.
 */
static bool oriel_import_is_memory(struct page *page)
{
	struct folio *folio = page_folio(page);

	return folio_test_swapbacked(folio) || folio_test_hugetlb(folio) ||
	       !folio_mapping(folio);
}

static int oriel_import_pin(struct oriel_import *import, unsigned long address,
			    unsigned long nr_pages)
{
	unsigned long i;
	int got;

	while (import->nr_pinned < nr_pages) {
		if (fatal_signal_pending(current))
			return -EINTR;
		got = pin_user_pages_fast(address + (import->nr_pinned << PAGE_SHIFT),
					  min_t(unsigned long, nr_pages - import->nr_pinned,
						ORIEL_IMPORT_AT_ONCE),
					  FOLL_WRITE | FOLL_LONGTERM,
					  import->pages + import->nr_pinned);
		if (got <= 0)
			return got ?: -EFAULT;
		for (i = 0; i < got; i++)
			if (!oriel_import_is_memory(import->pages[import->nr_pinned + i]))
				break;
		import->nr_pinned += got;
		if (i < got)
			return -EOPNOTSUPP;
		cond_resched();
	}
	return 0;
}

static void oriel_import_release(struct oriel_import *import)
{
	unpin_user_pages_dirty_lock(import->pages, import->nr_pinned, true);
	kvfree(import);
}

static int oriel_import_create(struct oriel_region *region, const struct oriel_supply *supply)
{
	struct oriel_import *import;
	int err;

	if (!supply->user_address)
		return -EOPNOTSUPP;
	import = kvzalloc(struct_size(import, pages, region->nr_pages),
			  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!import)
		return -ENOMEM;
	err = oriel_import_pin(import, supply->user_address, region->nr_pages);
	if (err) {
		oriel_import_release(import);
		return err;
	}
	region->memory = import;
	return 0;
}

static void oriel_import_destroy(struct oriel_region *region)
{
	oriel_import_release(region->memory);
}

static struct oriel_frame oriel_import_frame(const struct oriel_region *region, u64 index)
{
	const struct oriel_import *import = region->memory;

	return (struct oriel_frame){ import->pages[index], 0 };
}

const struct oriel_kind oriel_kind_import = {
	.id	 = ORIEL_KIND_IMPORT,
	.name	 = "import",
	.create	 = oriel_import_create,
	.destroy = oriel_import_destroy,
	.frame	 = oriel_import_frame,
};
