// SPDX-License-Identifier: GPL-2.0-only
/* Frames without pages go into PUD entries, if the processor has them. */
#include <linux/mm.h>

#ifndef CONFIG_ARCH_SUPPORTS_PUD_PFNMAP
#error "what get_user_pages would take for pages"
#endif

void *oriel_probe(void);
void *oriel_probe(void)
{
	return has_transparent_pud_hugepage() ? vmf_insert_pfn_pud : NULL;
}
