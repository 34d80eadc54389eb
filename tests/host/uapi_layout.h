/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user ABI in numbers, for every word size and language. A number here is
 * never changed once released: old programs rely on it.
 */
#include <linux/oriel.h>

#include <stddef.h>

#define JOIN_(a, b)	a##b
#define JOIN(a, b)	JOIN_(a, b)
#define ASSERT(condition) \
	typedef char JOIN(assertion_, __LINE__)[(condition) ? 1 : -1] \
		__attribute__((unused))
#define SIZE(type, size) \
	ASSERT(sizeof(struct type) == (size))
#define FIELD(type, field, offset, size) \
	ASSERT(offsetof(struct type, field) == (offset) && \
	       sizeof(((struct type *)0)->field) == (size))

SIZE(oriel_device_info, 240);
FIELD(oriel_device_info, name, 0, 64);
FIELD(oriel_device_info, bus_address, 64, 64);
FIELD(oriel_device_info, driver, 128, 64);
FIELD(oriel_device_info, abi_version, 192, 4);
FIELD(oriel_device_info, flags, 196, 4);
FIELD(oriel_device_info, nr_regions, 200, 4);
FIELD(oriel_device_info, nr_interrupts, 204, 4);
FIELD(oriel_device_info, reserved, 208, 32);

SIZE(oriel_region_info, 104);
FIELD(oriel_region_info, index, 0, 4);
FIELD(oriel_region_info, flags, 4, 4);
FIELD(oriel_region_info, kind, 8, 4);
FIELD(oriel_region_info, cache, 12, 4);
FIELD(oriel_region_info, size_bytes, 16, 8);
FIELD(oriel_region_info, offset_bytes, 24, 8);
FIELD(oriel_region_info, in_page_bytes, 32, 8);
FIELD(oriel_region_info, name, 40, 32);
FIELD(oriel_region_info, reserved, 72, 32);

SIZE(oriel_prefault, 24);
FIELD(oriel_prefault, address, 0, 8);
FIELD(oriel_prefault, length_bytes, 8, 8);
FIELD(oriel_prefault, flags, 16, 4);
FIELD(oriel_prefault, reserved, 20, 4);

SIZE(oriel_irq_set, 32);
FIELD(oriel_irq_set, index, 0, 4);
FIELD(oriel_irq_set, flags, 4, 4);
FIELD(oriel_irq_set, type, 8, 4);
FIELD(oriel_irq_set, eventfd, 12, 4);
FIELD(oriel_irq_set, reserved, 16, 16);

SIZE(oriel_device_set, 32);
FIELD(oriel_device_set, flags, 0, 4);
FIELD(oriel_device_set, dma, 4, 4);
FIELD(oriel_device_set, dma_mask_bits, 8, 4);
FIELD(oriel_device_set, reserved0, 12, 4);
FIELD(oriel_device_set, reserved, 16, 16);

SIZE(oriel_buffer_alloc, 64);
FIELD(oriel_buffer_alloc, size_bytes, 0, 8);
FIELD(oriel_buffer_alloc, kind, 8, 4);
FIELD(oriel_buffer_alloc, cache, 12, 4);
FIELD(oriel_buffer_alloc, flags, 16, 4);
FIELD(oriel_buffer_alloc, handle, 20, 4);
FIELD(oriel_buffer_alloc, dmabuf_fd, 24, 4);
FIELD(oriel_buffer_alloc, properties, 28, 4);
FIELD(oriel_buffer_alloc, bus_address, 32, 8);
FIELD(oriel_buffer_alloc, nr_segments, 40, 4);
FIELD(oriel_buffer_alloc, reserved0, 44, 4);
FIELD(oriel_buffer_alloc, reserved, 48, 16);

SIZE(oriel_buffer_import, 64);
FIELD(oriel_buffer_import, address, 0, 8);
FIELD(oriel_buffer_import, size_bytes, 8, 8);
FIELD(oriel_buffer_import, flags, 16, 4);
FIELD(oriel_buffer_import, handle, 20, 4);
FIELD(oriel_buffer_import, properties, 24, 4);
FIELD(oriel_buffer_import, nr_segments, 28, 4);
FIELD(oriel_buffer_import, bus_address, 32, 8);
FIELD(oriel_buffer_import, dmabuf_fd, 40, 4);
FIELD(oriel_buffer_import, reserved0, 44, 4);
FIELD(oriel_buffer_import, reserved, 48, 16);

SIZE(oriel_segment, 16);
FIELD(oriel_segment, bus_address, 0, 8);
FIELD(oriel_segment, size_bytes, 8, 8);

SIZE(oriel_buffer_segments, 40);
FIELD(oriel_buffer_segments, handle, 0, 4);
FIELD(oriel_buffer_segments, first, 4, 4);
FIELD(oriel_buffer_segments, count, 8, 4);
FIELD(oriel_buffer_segments, total, 12, 4);
FIELD(oriel_buffer_segments, segments, 16, 8);
FIELD(oriel_buffer_segments, reserved, 24, 16);

SIZE(oriel_buffer_free, 16);
FIELD(oriel_buffer_free, handle, 0, 4);
FIELD(oriel_buffer_free, reserved, 4, 12);

SIZE(oriel_mapping_info, 64);
FIELD(oriel_mapping_info, address, 0, 8);
FIELD(oriel_mapping_info, flags, 8, 4);
FIELD(oriel_mapping_info, index, 12, 4);
FIELD(oriel_mapping_info, offset_bytes, 16, 8);
FIELD(oriel_mapping_info, length_bytes, 24, 8);
FIELD(oriel_mapping_info, entry_bytes, 32, 8);
FIELD(oriel_mapping_info, cache, 40, 4);
FIELD(oriel_mapping_info, reserved, 44, 20);
SIZE(oriel_sync, 48);
FIELD(oriel_sync, handle, 0, 4);
FIELD(oriel_sync, flags, 4, 4);
FIELD(oriel_sync, direction, 8, 4);
FIELD(oriel_sync, reserved0, 12, 4);
FIELD(oriel_sync, offset_bytes, 16, 8);
FIELD(oriel_sync, size_bytes, 24, 8);
FIELD(oriel_sync, reserved, 32, 16);

SIZE(oriel_region_export, 40);
FIELD(oriel_region_export, index, 0, 4);
FIELD(oriel_region_export, flags, 4, 4);
FIELD(oriel_region_export, offset_bytes, 8, 8);
FIELD(oriel_region_export, size_bytes, 16, 8);
FIELD(oriel_region_export, dmabuf_fd, 24, 4);
FIELD(oriel_region_export, reserved, 28, 12);

SIZE(oriel_explain, 96);
FIELD(oriel_explain, call, 0, 4);
FIELD(oriel_explain, error, 4, 4);
FIELD(oriel_explain, reason, 8, 4);
FIELD(oriel_explain, reserved, 12, 4);
FIELD(oriel_explain, value, 16, 16);
FIELD(oriel_explain, name, 32, 64);

ASSERT(ORIEL_DEVICE_INFO == 0xc0f0e800);
ASSERT(ORIEL_REGION_INFO == 0xc068e801);
ASSERT(ORIEL_PREFAULT == 0x4018e802);
ASSERT(ORIEL_MAPPING_INFO == 0xc040e80c);
ASSERT(ORIEL_EXPLAIN == 0xc060e803);
ASSERT(ORIEL_IRQ_SET == 0x4020e804);
ASSERT(ORIEL_DEVICE_SET == 0x4020e805);
ASSERT(ORIEL_BUFFER_ALLOC == 0xc040e806);
ASSERT(ORIEL_BUFFER_IMPORT == 0xc040e807);
ASSERT(ORIEL_BUFFER_SEGMENTS == 0xc028e808);
ASSERT(ORIEL_BUFFER_FREE == 0x4010e809);
ASSERT(ORIEL_REGION_EXPORT == 0xc028e80a);
ASSERT(ORIEL_SYNC == 0x4030e80b);
