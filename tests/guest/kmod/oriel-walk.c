// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only: which page-table entry maps an address of the calling process, or of
 * the kernel, and with which cache attributes. Nothing else tells: pagemap knows no attributes
 * and skips memory without pages, and Debian's kernels have no dump of tables.
 *
 * Write an address to /sys/module/oriel_walk/parameters/address, then read there:
 *
 *	level=none
 *	level=pmd bytes=2097152 pfn=0x18000 cache=wc write=1 young=1 dirty=1
 *
 * Written to "frame", a frame's number asks for the kernel's own map of all memory.
 * The kernel's addresses are found on x86 only, where processes have them too.
 *
 * cache is uc, uc- (as uc, unless an MTRR says wc), wc, wt, wp or wb, decoded
 * from the entry by what the processor's own registers say it means.
 */
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pgtable.h>
#include <linux/sched/mm.h>

#include "walk-cache.h"

struct walk {
	const char *level;
	unsigned long bytes;
	pte_t entry;
};

static DEFINE_MUTEX(walk_lock);
static struct walk walk_found = { .level = "none" };

static struct walk walk_pte(pmd_t pmd, unsigned long address)
{
	struct walk found = { .level = "none" };
	pte_t *table = kmap_local_page(pmd_page(pmd));
	pte_t pte = READ_ONCE(table[pte_index(address)]);

	kunmap_local(table);
	if (pte_present(pte))
		found = (struct walk){ .level = "pte", .bytes = PAGE_SIZE, .entry = pte };
	return found;
}

/* What huge entries say, they say in the bits of small ones (but x86's PAT). */
static struct walk walk_pud(pud_t *pudp, unsigned long address)
{
	struct walk found = { .level = "none" };
	pud_t pud = READ_ONCE(*pudp);
	pmd_t pmd;

	if (!pud_present(pud))
		return found;
	if (pud_leaf(pud))
		return (struct walk){ .level = "pud", .bytes = PUD_SIZE,
				      .entry = __pte(pud_val(pud)) };
	pmd = READ_ONCE(*pmd_offset(pudp, address));
	if (!pmd_present(pmd))
		return found;
	if (pmd_leaf(pmd))
		return (struct walk){ .level = "pmd", .bytes = PMD_SIZE,
				      .entry = __pte(pmd_val(pmd)) };
	return walk_pte(pmd, address);
}

static struct walk walk_pgd(struct mm_struct *mm, unsigned long address)
{
	struct walk found = { .level = "none" };
	pgd_t *pgd = pgd_offset(mm, address);
	p4d_t *p4d;

	if (pgd_none(*pgd))
		return found;
	p4d = p4d_offset(pgd, address);
	return p4d_none(*p4d) ? found : walk_pud(pud_offset(p4d, address), address);
}

static int walk_look(unsigned long address)
{
	if (!current->mm || (address >= TASK_SIZE && !IS_ENABLED(CONFIG_X86)))
		return -EINVAL;
	mutex_lock(&walk_lock);
	mmap_read_lock(current->mm);
	walk_found = walk_pgd(current->mm, address);
	mmap_read_unlock(current->mm);
	mutex_unlock(&walk_lock);
	return 0;
}

static int walk_set(const char *text, const struct kernel_param *kp)
{
	unsigned long address;

	return kstrtoul(text, 0, &address) ?: walk_look(address);
}

static int walk_set_frame(const char *text, const struct kernel_param *kp)
{
	unsigned long pfn;
	int err = kstrtoul(text, 0, &pfn);

	if (err || !pfn_valid(pfn))
		return err ?: -EINVAL;
	return walk_look((unsigned long)page_address(pfn_to_page(pfn)));
}

static int walk_get(char *text, const struct kernel_param *kp)
{
	struct walk found;
	unsigned long pages;

	mutex_lock(&walk_lock);
	found = walk_found;
	mutex_unlock(&walk_lock);
	if (!found.bytes)
		return sysfs_emit(text, "level=none\n");
	pages = found.bytes >> PAGE_SHIFT;
	return sysfs_emit(text, "level=%s bytes=%lu pfn=%#lx cache=%s write=%d young=%d dirty=%d\n",
			  found.level, found.bytes, (unsigned long)pte_pfn(found.entry) & ~(pages - 1),
			  walk_cache(pte_val(found.entry), pages > 1), !!pte_write(found.entry),
			  !!pte_young(found.entry), !!pte_dirty(found.entry));
}

static const struct kernel_param_ops walk_ops = { .set = walk_set, .get = walk_get };
module_param_cb(address, &walk_ops, NULL, 0600);
MODULE_PARM_DESC(address, "address of the caller to look up; reads as what is there");

static const struct kernel_param_ops walk_frame_ops = { .set = walk_set_frame };
module_param_cb(frame, &walk_frame_ops, NULL, 0200);
MODULE_PARM_DESC(frame, "frame to look up in the kernel's map; address reads as what is there");

/* What this kernel can do with frames that have no pages, by its configuration. */
static bool walk_pmd_pfnmap = IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP);
module_param_named(pmd_pfnmap, walk_pmd_pfnmap, bool, 0400);
static bool walk_pud_pfnmap = IS_ENABLED(CONFIG_ARCH_SUPPORTS_PUD_PFNMAP);
module_param_named(pud_pfnmap, walk_pud_pfnmap, bool, 0400);

static int __init walk_init(void)
{
	return 0;
}
module_init(walk_init);

static void __exit walk_exit(void)
{
}
module_exit(walk_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel: test-only walker of page tables");
