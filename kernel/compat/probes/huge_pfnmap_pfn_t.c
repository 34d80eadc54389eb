// SPDX-License-Identifier: GPL-2.0-only
/* The same while frame numbers are a pfn_t. */
#include <linux/mm.h>
#include <linux/pfn_t.h>

#ifndef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
#error "what get_user_pages would take for pages"
#endif

static vm_fault_t oriel_probe(struct vm_fault *vmf, unsigned int order)
{
	return vmf_insert_pfn_pmd(vmf, __pfn_to_pfn_t(vmf->pgoff, PFN_DEV),
				  has_transparent_hugepage());
}

const struct vm_operations_struct oriel_probe_ops;
const struct vm_operations_struct oriel_probe_ops = {
	.huge_fault = oriel_probe,
};
