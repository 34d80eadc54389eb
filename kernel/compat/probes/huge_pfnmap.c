// SPDX-License-Identifier: GPL-2.0-only
/* A huge fault knows orders, and frames without pages go into PMD entries. */
#include <linux/mm.h>

#ifndef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
#error "what get_user_pages would take for pages"
#endif

static vm_fault_t oriel_probe(struct vm_fault *vmf, unsigned int order)
{
	return vmf_insert_pfn_pmd(vmf, vmf->pgoff, has_transparent_hugepage());
}

const struct vm_operations_struct oriel_probe_ops;
const struct vm_operations_struct oriel_probe_ops = {
	.huge_fault = oriel_probe,
};
