// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims: which cache mode a range of physical memory is mapped with.
 *
 * Two modes on one frame at a time is what processors warn of: it corrupts data
 * or hangs the machine. Each mapping claims its range; a range that overlaps it
 * with another mode is refused until the claim is gone. Where the architecture
 * keeps track too (x86), it is told. Lock: oriel_claims_lock, for the list.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/slab.h>

#include "core/claim.h"
#include "core/span.h"
#include <uapi/oriel.h>

struct oriel_claim {
	struct list_head list;	/* empty: released, nothing is claimed any more */
	const void *owner;
	unsigned long first_pfn;
	unsigned long nr_pages;
	u32 cache;
	void *cached;	/* what tells x86 that the range is mapped cached */
};

static DEFINE_MUTEX(oriel_claims_lock);
static LIST_HEAD(oriel_claims);

static bool oriel_claim_conflicts(const struct oriel_claim *claim)
{
	const struct oriel_claim *other;

	lockdep_assert_held(&oriel_claims_lock);
	list_for_each_entry(other, &oriel_claims, list)
		if (other->cache != claim->cache &&
		    other->first_pfn < claim->first_pfn + claim->nr_pages &&
		    claim->first_pfn < other->first_pfn + other->nr_pages)
			return true;
	return false;
}

/* Uncached is what the architecture takes for granted. */
static int oriel_claim_tell(struct oriel_claim *claim)
{
	resource_size_t start = PFN_PHYS((resource_size_t)claim->first_pfn);
	resource_size_t bytes = (resource_size_t)claim->nr_pages << PAGE_SHIFT;

	if (claim->cache == ORIEL_CACHE_WRITE_COMBINED)
		return arch_io_reserve_memtype_wc(start, bytes);
	/* Elsewhere it would only use up addresses of the kernel's. */
	if (claim->cache == ORIEL_CACHE_CACHED && IS_ENABLED(CONFIG_X86)) {
		claim->cached = memremap(start, bytes, MEMREMAP_WB);
		return claim->cached ? 0 : -EBUSY;
	}
	return 0;
}

static void oriel_claim_untell(struct oriel_claim *claim)
{
	if (claim->cache == ORIEL_CACHE_WRITE_COMBINED)
		arch_io_free_memtype_wc(PFN_PHYS((resource_size_t)claim->first_pfn),
					(resource_size_t)claim->nr_pages << PAGE_SHIFT);
	if (claim->cached)
		memunmap(claim->cached);
}

/**
 * oriel_claim_create() - claim a range for a cache mode
 * @owner:     for oriel_claim_release()
 * @first_pfn: the range's first frame
 * @nr_pages:  how many frames
 * @cache:     ORIEL_CACHE_*
 *
 * Context: May sleep.
 * Return: the claim, or an ERR_PTR(): -EBUSY if a part of the range is mapped
 * with another mode, -ENOMEM.
 */
struct oriel_claim *oriel_claim_create(const void *owner, unsigned long first_pfn,
				       unsigned long nr_pages, u32 cache)
{
	struct oriel_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL_ACCOUNT);
	int err;

	if (!claim)
		return ERR_PTR(-ENOMEM);
	claim->owner = owner;
	claim->first_pfn = first_pfn;
	claim->nr_pages = nr_pages;
	claim->cache = cache;

	mutex_lock(&oriel_claims_lock);
	err = oriel_claim_conflicts(claim) ? -EBUSY : oriel_claim_tell(claim);
	if (!err)
		list_add(&claim->list, &oriel_claims);
	mutex_unlock(&oriel_claims_lock);
	if (err) {
		kfree(claim);
		return ERR_PTR(err);
	}
	return claim;
}

static void oriel_claim_drop(struct oriel_claim *claim)
{
	lockdep_assert_held(&oriel_claims_lock);
	if (list_empty(&claim->list))
		return;
	list_del_init(&claim->list);
	oriel_claim_untell(claim);
}

/**
 * oriel_claim_destroy() - give up a claim
 * @claim: the claim, or NULL, which is ignored; nothing of it is mapped any more
 *
 * Context: May sleep.
 */
void oriel_claim_destroy(struct oriel_claim *claim)
{
	if (!claim)
		return;
	mutex_lock(&oriel_claims_lock);
	oriel_claim_drop(claim);
	mutex_unlock(&oriel_claims_lock);
	kfree(claim);
}

/**
 * oriel_claim_release() - release all claims of an owner
 * @owner: as oriel_claim_create() was told; nothing that it claimed is mapped
 *         any more, though the mappings may live on without a page
 *
 * Context: May sleep.
 */
void oriel_claim_release(const void *owner)
{
	struct oriel_claim *claim, *next;

	mutex_lock(&oriel_claims_lock);
	list_for_each_entry_safe(claim, next, &oriel_claims, list)
		if (claim->owner == owner)
			oriel_claim_drop(claim);
	mutex_unlock(&oriel_claims_lock);
}
