/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the library share and nobody else sees.
 */
#ifndef _ORIEL_INTERNAL_H
#define _ORIEL_INTERNAL_H

#include <stdint.h>

#include "oriel.h"

#define ORIEL_DEV_DIR	"/dev/oriel"
#define ORIEL_SYS_DIR	"/sys/class/oriel"

/* Huge page-table entries need addresses congruent to offsets modulo this. */
#define ORIEL_HUGE_BYTES	(2u << 20)

/*
 * @fd:      the open node
 * @refusal: the last failure. If the library refused, all of it; if the kernel
 *           did, call and error, which tell a fresh ORIEL_EXPLAIN from a stale
 * @asked:   the kernel was asked, ORIEL_EXPLAIN may know more
 */
struct oriel_device {
	int fd;
	struct oriel_explain refusal;
	bool asked;
};

/*
 * @base, @mapped_bytes: what mmap() gave, whole pages
 * @address, @length_bytes: what the user asked for
 */
struct oriel_mapping {
	void *base;
	size_t mapped_bytes;
	void *address;
	size_t length_bytes;
};

/* Is it a name that a node or region may have? */
bool oriel_name_is_valid(const char *name);

/*
 * A free address that is congruent to the file offset modulo the huge size, for
 * mmap() as a hint; or NULL.
 */
void *oriel_find_huge_address(uint64_t file_offset_bytes, size_t length_bytes);

/* Remember that the kernel failed @call with errno; return -errno. */
int oriel_device_failed(struct oriel_device *device, uint32_t call);

/* Remember that the library refuses @call; return -error. */
int oriel_device_refuse(struct oriel_device *device, uint32_t call, int error,
			uint32_t reason, uint64_t value0, uint64_t value1);

/* The same, with a name instead of a reason and figures. */
int oriel_device_refuse_name(struct oriel_device *device, uint32_t call,
			     int error, const char *name);

/*
 * Refuse a range that wraps (EOVERFLOW) or ends beyond the region (ENXIO), or
 * whose place in the file no off_t can express (EOVERFLOW).
 */
int oriel_region_check_range(struct oriel_device *device, uint32_t call,
			     const struct oriel_region_info *region,
			     uint64_t offset_bytes, uint64_t length_bytes);

/*
 * Format into a caller's buffer at *@used, which grows; text that does not fit
 * is cut. Return: 0, or -EOVERFLOW once something was cut.
 */
struct oriel_text {
	char *buffer;
	size_t size_bytes;
	size_t used_bytes;
	int error;
};

void oriel_text_add(struct oriel_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "Permission denied", or "error 12345"; @buffer is returned. */
const char *oriel_text_errno(int error, char *buffer, size_t size_bytes);

#endif /* _ORIEL_INTERNAL_H */
