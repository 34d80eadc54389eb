// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sentences: a refusal as "cannot map: reason. Remedy." Every code of the user
 * ABI has a sentence of its own here; a test fails when one is forgotten.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

/* So that figures print the same way on 32 and 64 bit. */
#define VALUE(explain, i)	((unsigned long long)(explain)->value[i])

static const char *const cannot[] = {
	[ORIEL_CALL_MMAP] = "map",
	[ORIEL_CALL_READ] = "read",
	[ORIEL_CALL_WRITE] = "write",
	[ORIEL_CALL_DEVICE_INFO] = "ask what the device is",
	[ORIEL_CALL_REGION_INFO] = "ask what the region is",
	[ORIEL_CALL_PREFAULT] = "prefault",
	[ORIEL_CALL_IRQ_SET] = "set up the interrupt",
	[ORIEL_CALL_DEVICE_SET] = "set up the device",
	[ORIEL_CALL_BUFFER_ALLOC] = "allocate a buffer",
	[ORIEL_CALL_BUFFER_IMPORT] = "import a buffer",
	[ORIEL_CALL_BUFFER_SEGMENTS] = "ask for the buffer's segments",
	[ORIEL_CALL_BUFFER_FREE] = "free the buffer",
	[ORIEL_CALL_REGION_EXPORT] = "export the region",
	[ORIEL_CALL_SYNC] = "synchronize the buffer",
	[ORIEL_CALL_MAPPING_INFO] = "ask what is mapped",
	[ORIEL_CALL_WINDOW] = "set up the window",
	[ORIEL_CALL_BUFFER_NAME] = "make the named buffer",
};

static void add_call(struct oriel_text *text, uint32_t call)
{
	if (call == ORIEL_CALL_NONE)
		oriel_text_add(text, "nothing to explain: ");
	else if (call < sizeof(cannot) / sizeof(cannot[0]))
		oriel_text_add(text, "cannot %s: ", cannot[call]);
	else
		oriel_text_add(text, "call %u was refused: ", call);
}

/* The kernel refused by itself, or the library something without a code. */
static void add_errno(struct oriel_text *text, const struct oriel_explain *ex)
{
	char number[32];
	const char *words = oriel_text_errno((int)ex->error, number, sizeof(number));

	if (ex->call == ORIEL_CALL_NONE)
		oriel_text_add(text, "nothing was refused. Ask after a call failed.");
	else if (ex->name[0])
		oriel_text_add(text, "there is no region called \"%s\". 'oriel info' shows the regions.",
			       ex->name);
	else if (ex->call == ORIEL_CALL_MMAP && ex->error == EACCES)
		oriel_text_add(text, "the file is not open for this access. Open it for reading and, to write, for writing too.");
	else if (ex->call == ORIEL_CALL_WRITE && ex->error == EBADF)
		oriel_text_add(text, "the file is open for reading only. Open it for writing.");
	else if (ex->error == ENOMEM)
		oriel_text_add(text, "the process has no room for it. Raise its limits (ulimit -v, -l) or ask for less.");
	else if (ex->error == ENODEV)
		oriel_text_add(text, "the device is gone. Close it; 'oriel list' shows whether it came back.");
	else if (ex->error == ENOTTY)
		oriel_text_add(text, "the kernel does not know this call. Check that this is an Oriel node and that the oriel module is not older than the program.");
	else if (ex->error == EIO)
		oriel_text_add(text, "the device answered with a part of the value. Check the device and the kernel's log.");
	else
		oriel_text_add(text, "the request itself is at fault (%s). Check its width, value, addresses and flags.",
			       words);
}

static void add_named_reason(struct oriel_text *text,
			     const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_BUFFER_DEVICE:
		oriel_text_add(text, "there is no device called \"%s\" to map it for. 'oriel list' shows the devices; without a device, leave the name empty.",
			       ex->name);
		break;
	case ORIEL_REASON_BUFFER_NODE:
		oriel_text_add(text, "the memory cannot be on NUMA node %lld. Take -1, or a node that /sys/devices/system/node shows; there is no choice with a device, nor for coherent memory where caches do not follow DMA.",
			       (long long)(int32_t)ex->value[0]);
		break;
	case ORIEL_REASON_BUFFER_NAME:
		oriel_text_add(text, "there is a device of the buffer's name already. Take another name.");
		break;
	case ORIEL_REASON_BUFFER_LIVE:
		oriel_text_add(text, "the buffer is live. Write 0 to the file live first.");
		break;
	case ORIEL_REASON_BUFFER_TEXT:
		oriel_text_add(text, "this is no value of that file. Numbers are decimal or 0x..., kind is contig, scattered or coherent, cache is cached, uncached or write-combined, live is 0 or 1.");
		break;
	default:
		oriel_text_add(text, "reason %u, which this library is too old to know. Update liboriel.",
			       ex->reason);
	}
}

static void add_window_reason(struct oriel_text *text,
			      const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_WINDOW_DEVICE:
		oriel_text_add(text, "there is no device called \"%s\". 'oriel list' shows the devices.",
			       ex->name);
		break;
	case ORIEL_REASON_WINDOW_REGION:
		oriel_text_add(text, "the device has no region called \"%s\". 'oriel info' shows the regions.",
			       ex->name);
		break;
	case ORIEL_REASON_WINDOW_CUT:
		oriel_text_add(text, "the range from byte %llu to byte %llu shares a page with other bytes of the region. Take offset and size in whole pages (getconf PAGESIZE).",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_WINDOW_CACHE:
		oriel_text_add(text, "this memory cannot have that cache mode. Write \"same\" to the file cache; device memory can also be uncached or write-combined.");
		break;
	case ORIEL_REASON_WINDOW_ACCESS:
		oriel_text_add(text, "a window cannot allow more than its region does. Write \"same\" to the file access, or \"r\" for reading only.");
		break;
	case ORIEL_REASON_WINDOW_NESTED:
		oriel_text_add(text, "the device is a window itself. Name the device that it looks into.");
		break;
	case ORIEL_REASON_WINDOW_NAME:
		oriel_text_add(text, "there is a device of the window's name already. Take another name.");
		break;
	case ORIEL_REASON_WINDOW_LIVE:
		oriel_text_add(text, "the window is live. Write 0 to the file live first.");
		break;
	case ORIEL_REASON_WINDOW_TEXT:
		oriel_text_add(text, "this is no value of that file. Numbers are decimal or 0x..., cache is same, cached, uncached or write-combined, access is same, r, w or rw, live is 0 or 1.");
		break;
	default:
		add_named_reason(text, ex);
	}
}

static void add_range_reason(struct oriel_text *text,
			     const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_INDEX:
		oriel_text_add(text, "there is no region %llu, the device has %llu. Count from 0; 'oriel info' shows the regions.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_EMPTY:
		oriel_text_add(text, "the length is 0. Ask for one byte at least.");
		break;
	case ORIEL_REASON_OVERFLOW:
		oriel_text_add(text, "start 0x%llx and length 0x%llx together exceed what numbers here can hold. Ask for a smaller range.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_NO_REGION:
		oriel_text_add(text, "no region lies at file offset 0x%llx. Take offsets from 'oriel info' or ORIEL_REGION_INFO.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_BEYOND:
		oriel_text_add(text, "the request ends at byte %llu, the region at byte %llu. Ask for a range inside the region.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_MISALIGNED:
		oriel_text_add(text, "0x%llx is not a multiple of %llu. Align it.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_GUARDED:
		oriel_text_add(text, "the range holds pages that nobody may write, %llu bytes from 0x%llx on (an MSI-X table). Map it read-only, or leave them out.",
			       VALUE(ex, 1), VALUE(ex, 0));
		break;
	case ORIEL_REASON_FOREIGN:
		oriel_text_add(text, "address 0x%llx is not in a mapping of this open file. Give a range of a mapping made through it.",
			       VALUE(ex, 0));
		break;
	default:
		add_window_reason(text, ex);
	}
}

static const char *irq_type_name(uint64_t type)
{
	static const char *const names[] = { "any", "INTx", "MSI", "MSI-X" };

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "another";
}

static void add_buffer_reason(struct oriel_text *text, const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_BUFFER_KIND:
		oriel_text_add(text, "buffers are not made of memory of kind %llu. Ask for coherent, contig or scattered.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_BUFFER_CACHE:
		oriel_text_add(text, "cache mode %llu cannot be had for a buffer of this kind. Leave it 0; write-combined memory is of kind coherent.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_ALWAYS_CACHED:
		oriel_text_add(text, "the kernel has all of its memory cached here and cannot map some of it otherwise, so a device's buffer may not be. Leave the cache mode 0.");
		break;
	case ORIEL_REASON_NOT_COHERENT:
		oriel_text_add(text, "the device and the processor do not see each other's writes at once. Ask for contig or scattered, and use ORIEL_SYNC.");
		break;
	case ORIEL_REASON_NOT_SINGLE:
		oriel_text_add(text, "it would be %llu pieces for the device. Ask for contig, for less, or without SINGLE; an IOMMU makes one of them.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_USER_LIMIT:
		oriel_text_add(text, "each user may have %llu bytes in buffers, and you have %llu, those of programs that still run included. Free some, or have root raise /sys/module/oriel/parameters/max_buffer_bytes.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_OUT_OF_REACH:
		oriel_text_add(text, "%llu bytes up to address 0x%llx, which is as far as the device reaches, could not be had. Ask for less, or use an IOMMU.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_NO_CONTIGUOUS:
		oriel_text_add(text, "%llu bytes in one piece could not be had. Ask for scattered or for less, or allocate earlier after boot.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_NOT_MAPPED:
		oriel_text_add(text, "the kernel could not map %llu bytes for the device. Free other buffers of it, or ask for less; a dma-buf that the device does not reach, or does not see as the processor does, is not for it.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_HANDLE:
		oriel_text_add(text, "this open file has no buffer %llu. Use the handle through the file that allocated it, and once only.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_SEGMENT:
		oriel_text_add(text, "there is no segment %llu, the buffer has %llu. Count from 0.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_NO_DESCRIPTOR:
		oriel_text_add(text, "the process has no file descriptor left. Close some, or raise the limit (ulimit -n).");
		break;
	case ORIEL_REASON_PIN_LIMIT:
		oriel_text_add(text, "you may have %llu bytes pinned, and have %llu, those of your other programs included. Free some, or raise the limit (ulimit -l).",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_PIN_FAULT:
		oriel_text_add(text, "not all of the %llu bytes at 0x%llx are memory that you may write to. Map it first, for writing; device memory cannot be imported.",
			       VALUE(ex, 1), VALUE(ex, 0));
		break;
	case ORIEL_REASON_PIN_FILE:
		oriel_text_add(text, "a file system is behind some of the memory. Use anonymous memory or a memfd, or allocate a buffer.");
		break;
	case ORIEL_REASON_PIN_REACH:
		oriel_text_add(text, "some of the memory is beyond address 0x%llx, which is as far as the device reaches. Allocate a buffer instead, or use an IOMMU.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_NOT_EXPORTED:
		oriel_text_add(text, "the region's memory goes when its device does, so nobody else can hold it. Map it, or copy what is in it.");
		break;
	case ORIEL_REASON_NOT_DMABUF:
		oriel_text_add(text, "file descriptor %lld is not a dma-buf. Take one from its exporter, a dma-heap say.",
			       (long long)(int32_t)ex->value[0]);
		break;
	case ORIEL_REASON_DMABUF_READ_ONLY:
		oriel_text_add(text, "dma-buf %lld is open for reading only, and the device could write to it. Get it for reading and writing.",
			       (long long)(int32_t)ex->value[0]);
		break;
	case ORIEL_REASON_DMABUF_SYNC:
		oriel_text_add(text, "the memory is another driver's. Use DMA_BUF_IOCTL_SYNC on its descriptor.");
		break;
	case ORIEL_REASON_NEEDS_READING:
		oriel_text_add(text, "the device is open for writing only. Open it for reading too.");
		break;
	case ORIEL_REASON_NO_DMABUF:
		oriel_text_add(text, "the kernel was built without dma-bufs. Use one with CONFIG_DMA_SHARED_BUFFER.");
		break;
	default:
		add_range_reason(text, ex);
	}
}

static void add_irq_reason(struct oriel_text *text, const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_NEEDS_DMA:
		oriel_text_add(text, "MSI and MSI-X are writes by the device, and its DMA is off. Switch DMA on first (ORIEL_DEVICE_SET), or ask for INTx.");
		break;
	case ORIEL_REASON_IRQ_INDEX:
		oriel_text_add(text, "there is no vector %llu, the device has %llu. Count from 0; 'oriel info' tells how many.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_IRQ_TYPE:
		oriel_text_add(text, "the device has no interrupts of %s type. Ask for the best it has (type 0).",
			       irq_type_name(ex->value[0]));
		break;
	case ORIEL_REASON_IRQ_TAKEN:
		oriel_text_add(text, "vector %llu is in use through another open file. Use another one, or close that.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_IRQ_MIXED:
		oriel_text_add(text, "%s vectors of the device are in use, and all are of one type. Ask for that, or switch those off.",
			       irq_type_name(ex->value[0]));
		break;
	case ORIEL_REASON_IRQ_IDLE:
		oriel_text_add(text, "vector %llu is off. Give it an eventfd first.", VALUE(ex, 0));
		break;
	case ORIEL_REASON_EVENTFD:
		oriel_text_add(text, "file descriptor %lld is not an eventfd. Make one with eventfd(2).",
			       (long long)(int32_t)ex->value[0]);
		break;
	case ORIEL_REASON_IRQ_NONE_LEFT:
		oriel_text_add(text, "the machine has no interrupt to spare for vector %llu. Use fewer vectors, or lower ones.",
			       VALUE(ex, 0));
		break;
	default:
		add_buffer_reason(text, ex);
	}
}

static void add_device_reason(struct oriel_text *text, const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_NEEDS_WRITING:
		oriel_text_add(text, "the device is open for reading only. Open it for writing too.");
		break;
	case ORIEL_REASON_DMA_FORBIDDEN:
		oriel_text_add(text, "without an IOMMU the device could reach all memory. Ask root to write 1 to its allow_dma in /sys/class/oriel, or boot with the IOMMU on (intel_iommu=on).");
		break;
	case ORIEL_REASON_LOCKDOWN:
		oriel_text_add(text, "the kernel is locked down, and without an IOMMU the device could reach all memory. Boot with the IOMMU on (intel_iommu=on).");
		break;
	case ORIEL_REASON_NO_DMA:
		oriel_text_add(text, "the device does not reach memory by itself, or its bus has no switch for that. Leave DMA out.");
		break;
	case ORIEL_REASON_DMA_MASK:
		oriel_text_add(text, "%llu bits of address are not among the device's %llu. Ask for no more than those.",
			       VALUE(ex, 0), VALUE(ex, 1));
		break;
	case ORIEL_REASON_DMA_BUSY:
		oriel_text_add(text, "the device has buffers mapped. Free them first.");
		break;
	case ORIEL_REASON_NO_RESET:
		oriel_text_add(text, "the device cannot be reset without its neighbours. See its own registers for a reset.");
		break;
	case ORIEL_REASON_CONTROL_BUSY:
		oriel_text_add(text, "somebody is resetting, binding or removing the device. Ask again after that.");
		break;
	default:
		add_irq_reason(text, ex);
	}
}

static void add_reason(struct oriel_text *text, const struct oriel_explain *ex)
{
	switch (ex->reason) {
	case ORIEL_REASON_NONE:
		add_errno(text, ex);
		break;
	case ORIEL_REASON_REVOKED:
		oriel_text_add(text, "the device was removed. Unmap and close it; 'oriel list' shows whether it came back.");
		break;
	case ORIEL_REASON_RESERVED:
		oriel_text_add(text, "a reserved field is not zero. Zero the whole structure before filling it in.");
		break;
	case ORIEL_REASON_FLAGS:
		oriel_text_add(text, "flags 0x%llx are unknown to this kernel. Leave them out, or update the oriel module.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_PRIVATE_WRITE:
		oriel_text_add(text, "a private mapping cannot be writable, the device would never see the writes. Use MAP_SHARED.");
		break;
	case ORIEL_REASON_EXEC:
		oriel_text_add(text, "device memory is never executable. Leave PROT_EXEC out.");
		break;
	case ORIEL_REASON_READ_ONLY:
		oriel_text_add(text, "the region is read-only. Ask for reading only.");
		break;
	case ORIEL_REASON_WRITE_ONLY:
		oriel_text_add(text, "the region is write-only. Ask for writing only.");
		break;
	case ORIEL_REASON_NOT_MAPPABLE:
		oriel_text_add(text, "the region cannot be mapped. Use pread() and pwrite().");
		break;
	case ORIEL_REASON_INACCESSIBLE:
		oriel_text_add(text, "address 0x%llx is mapped PROT_NONE. Give it PROT_READ by mprotect() first.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_NO_MEMORY:
		oriel_text_add(text, "%llu bytes of kernel memory could not be had. Free memory or ask for less.",
			       VALUE(ex, 0));
		break;
	case ORIEL_REASON_CACHE_BUSY:
		oriel_text_add(text, "a part of the range is mapped with another cache mode. Use the same region as its other users, or wait until they unmap it; 'lsof' shows them.");
		break;
	case ORIEL_REASON_NO_ANSWER:
		oriel_text_add(text, "the device does not answer now: it is being reset, is asleep, or its memory decoding is off. Try again when it is back.");
		break;
	default:
		add_device_reason(text, ex);
	}
}

int oriel_explain_describe(const struct oriel_explain *explain, char *buffer,
			   size_t size_bytes)
{
	struct oriel_text text = { .buffer = buffer, .size_bytes = size_bytes };

	if (!explain || !buffer)
		return -EINVAL;

	add_call(&text, explain->call);
	add_reason(&text, explain);

	return text.error;
}
