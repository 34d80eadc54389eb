// SPDX-License-Identifier: GPL-2.0-only
/* Always true: shows that the compiler and the headers work. */
#include <linux/mm.h>
#include <linux/module.h>

void oriel_probe(struct vm_area_struct *vma);
void oriel_probe(struct vm_area_struct *vma)
{
	vma->vm_private_data = NULL;
}
