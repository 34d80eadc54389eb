/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: every mapping, fault, revocation and refusal. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM oriel

#if !defined(ORIEL_CORE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ORIEL_CORE_TRACE_H

#include <linux/mm.h>
#include <linux/tracepoint.h>

#include "core/mmap.h"
#include "core/region.h"

TRACE_EVENT(oriel_map,
	TP_PROTO(const struct vm_area_struct *vma, const struct oriel_mapping *mapping),
	TP_ARGS(vma, mapping),
	TP_STRUCT__entry(
		__array(char, region, ORIEL_REGION_NAME_BYTES)
		__field(unsigned long, start)
		__field(unsigned long, end)
		__field(unsigned long, pgoff)
		__field(unsigned long, vm_flags)
		__field(bool, huge)
	),
	TP_fast_assign(
		strscpy(__entry->region, mapping->region->name, ORIEL_REGION_NAME_BYTES);
		__entry->start = vma->vm_start;
		__entry->end = vma->vm_end;
		__entry->pgoff = vma->vm_pgoff - mapping->base_pgoff;
		__entry->vm_flags = vma->vm_flags;
		__entry->huge = mapping->huge;
	),
	TP_printk("region=%s range=%#lx-%#lx page=%lu vm_flags=%#lx huge=%d",
		  __entry->region, __entry->start, __entry->end, __entry->pgoff,
		  __entry->vm_flags, __entry->huge)
);

TRACE_EVENT(oriel_fault,
	TP_PROTO(const struct vm_fault *vmf, const struct oriel_mapping *mapping,
		 u64 index, vm_fault_t result),
	TP_ARGS(vmf, mapping, index, result),
	TP_STRUCT__entry(
		__array(char, region, ORIEL_REGION_NAME_BYTES)
		__field(unsigned long, address)
		__field(u64, index)
		__field(unsigned int, result)
	),
	TP_fast_assign(
		strscpy(__entry->region, mapping->region->name, ORIEL_REGION_NAME_BYTES);
		__entry->address = vmf->address;
		__entry->index = index;
		__entry->result = (__force unsigned int)result;
	),
	TP_printk("region=%s address=%#lx page=%llu result=%#x",
		  __entry->region, __entry->address, __entry->index, __entry->result)
);

TRACE_EVENT(oriel_revoke,
	TP_PROTO(const char *device, const struct oriel_region *region),
	TP_ARGS(device, region),
	TP_STRUCT__entry(
		__array(char, device, ORIEL_NAME_BYTES)
		__array(char, region, ORIEL_REGION_NAME_BYTES)
		__field(bool, zapped)
	),
	TP_fast_assign(
		strscpy(__entry->device, device, ORIEL_NAME_BYTES);
		strscpy(__entry->region, region->name, ORIEL_REGION_NAME_BYTES);
		__entry->zapped = region->flags & ORIEL_REGION_REVOCABLE;
	),
	TP_printk("device=%s region=%s zapped=%d",
		  __entry->device, __entry->region, __entry->zapped)
);

TRACE_EVENT(oriel_refuse,
	TP_PROTO(const struct oriel_explain *why),
	TP_ARGS(why),
	TP_STRUCT__entry(
		__array(char, name, ORIEL_NAME_BYTES)
		__field(u32, call)
		__field(u32, error)
		__field(u32, reason)
		__field(u64, value0)
		__field(u64, value1)
	),
	TP_fast_assign(
		strscpy(__entry->name, why->name, ORIEL_NAME_BYTES);
		__entry->call = why->call;
		__entry->error = why->error;
		__entry->reason = why->reason;
		__entry->value0 = why->value[0];
		__entry->value1 = why->value[1];
	),
	TP_printk("region=%s call=%u errno=%u reason=%u values=%#llx,%#llx",
		  __entry->name, __entry->call, __entry->error, __entry->reason,
		  __entry->value0, __entry->value1)
);

#endif /* ORIEL_CORE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH core
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
