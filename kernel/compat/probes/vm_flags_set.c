// SPDX-License-Identifier: GPL-2.0-only
/* vma->vm_flags is changed by functions, and read-only otherwise. */
#include <linux/mm.h>

void oriel_probe(struct vm_area_struct *vma);
void oriel_probe(struct vm_area_struct *vma)
{
	vm_flags_mod(vma, VM_DONTDUMP, VM_MAYEXEC);
}
