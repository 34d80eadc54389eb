// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module may write special page-table entries. On 32-bit Arm that compiles
 * only; on arm64, what other entries need is not for modules.
 */
#include <linux/mm.h>

void oriel_probe(struct mm_struct *mm, unsigned long address, pte_t *pte, pgprot_t prot);
void oriel_probe(struct mm_struct *mm, unsigned long address, pte_t *pte, pgprot_t prot)
{
	set_pte_at(mm, address, pte, pte_mkyoung(pte_mkspecial(pfn_pte(1, prot))));
}
