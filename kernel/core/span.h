/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bounds arithmetic: the only place where offsets and lengths that users sent
 * are added, compared or rounded. No function here has a side effect, takes a
 * lock or can overflow. The header compiles on the host too, where it is tested
 * exhaustively.
 */
#ifndef ORIEL_CORE_SPAN_H
#define ORIEL_CORE_SPAN_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
typedef uint64_t u64;
#endif

/**
 * oriel_span_check() - does a request lie inside a span?
 * @offset: where the request starts, counted from the span's start
 * @length: how much is wanted
 * @size:   the span's size; all three in the same unit (bytes or pages)
 *
 * Return: 0 if [@offset, @offset + @length) lies within [0, @size);
 * -EINVAL if @length is 0; -EOVERFLOW if the sum wraps; -ENXIO otherwise.
 */
static inline int oriel_span_check(u64 offset, u64 length, u64 size)
{
	u64 end;

	if (!length)
		return -EINVAL;
	if (__builtin_add_overflow(offset, length, &end))
		return -EOVERFLOW;
	if (end > size)
		return -ENXIO;
	return 0;
}

/**
 * oriel_span_pages() - how many pages hold so many bytes?
 * @bytes: any number
 * @shift: log2 of the page size, 1 to 63
 *
 * Return: @bytes in pages, rounded up.
 */
static inline u64 oriel_span_pages(u64 bytes, unsigned int shift)
{
	u64 mask = ((u64)1 << shift) - 1;

	return (bytes >> shift) + !!(bytes & mask);
}

/**
 * oriel_span_clamp() - how much of a request lies inside a span?
 * @offset: where the request starts, counted from the span's start
 * @length: how much is wanted
 * @size:   the span's size, in the same unit
 *
 * Return: the part of @length that lies before the span's end, 0 if none does.
 */
static inline u64 oriel_span_clamp(u64 offset, u64 length, u64 size)
{
	if (offset >= size)
		return 0;
	return length < size - offset ? length : size - offset;
}

/**
 * oriel_span_place() - where does the next span lie in a file?
 * @end:    end of the span before it, in bytes; 0 for the first span
 * @gap:    bytes to leave free behind the span before it
 * @align:  a power of two
 * @size:   bytes of the new span, not 0
 * @limit:  the file's end in bytes
 * @offset: result: where the new span starts; untouched on error
 *
 * Return: 0, or -EOVERFLOW if the new span would end beyond @limit.
 */
static inline int oriel_span_place(u64 end, u64 gap, u64 align, u64 size,
				   u64 limit, u64 *offset)
{
	u64 start, last;

	if (!end)
		gap = 0;
	if (__builtin_add_overflow(end, gap, &start) ||
	    __builtin_add_overflow(start, align - 1, &start))
		return -EOVERFLOW;
	start &= ~(align - 1);
	if (__builtin_add_overflow(start, size, &last) || last > limit)
		return -EOVERFLOW;
	*offset = start;
	return 0;
}

/**
 * oriel_span_window() - the aligned window around an index, within bounds
 * @index: lies in [@low, @high)
 * @width: the window's width, a power of two
 * @low:   first index that the window may hold
 * @high:  first index behind those that it may hold
 * @first: result: first index of the window
 *
 * Return: how many indices the window holds, at least 1.
 */
static inline u64 oriel_span_window(u64 index, u64 width, u64 low, u64 high,
				    u64 *first)
{
	u64 start = index & ~(width - 1);
	u64 room = high - index;
	u64 rest = width - (index - start);

	*first = start > low ? start : low;
	return index - *first + (rest < room ? rest : room);
}

/**
 * oriel_span_aligned_blocks() - the whole blocks inside a range
 * @start: first index of the range
 * @end:   first index behind it
 * @width: indices in a block, a power of two; blocks start at its multiples
 * @first: result: the first block's number
 *
 * Return: how many whole blocks lie in the range, 0 if none does.
 */
static inline u64 oriel_span_aligned_blocks(u64 start, u64 end, u64 width,
					    u64 *first)
{
	unsigned int shift = __builtin_ctzll(width);
	u64 low = oriel_span_pages(start, shift);
	u64 high = end >> shift;

	*first = low;
	return high > low ? high - low : 0;
}

/**
 * oriel_span_cut() - which whole pages is a part of a span?
 * @head:   bytes in the span's first page that lie before the span
 * @offset: where the part starts, counted from the span's start
 * @length: the part's length
 * @size:   the span's size; all in bytes, @head + @size does not wrap
 * @shift:  log2 of the page size, 1 to 63
 * @first:  result: the page of the span that holds the part's first byte;
 *          untouched on error
 * @count:  result: how many pages hold the part; untouched on error
 *
 * Return: 0; what oriel_span_check() returns; -EINVAL if the part begins or
 * ends in a page that holds other bytes of the span too.
 */
static inline int oriel_span_cut(u64 head, u64 offset, u64 length, u64 size,
				 unsigned int shift, u64 *first, u64 *count)
{
	u64 mask = ((u64)1 << shift) - 1;
	u64 start, end;
	int err;

	err = oriel_span_check(offset, length, size);
	if (err)
		return err;
	start = head + offset;
	end = start + length;
	if ((offset && start & mask) || (offset + length != size && end & mask))
		return -EINVAL;
	*first = start >> shift;
	*count = oriel_span_pages(end, shift) - *first;
	return 0;
}

/**
 * oriel_span_congruent() - the first place aligned as something else is
 * @start:  where to begin
 * @anchor: what is to be aligned alike
 * @align:  a power of two; @start is less than 2^64 - @align
 *
 * Return: the smallest number from @start on that differs from @anchor by a
 * multiple of @align.
 */
static inline u64 oriel_span_congruent(u64 start, u64 anchor, u64 align)
{
	return start + ((anchor - start) & (align - 1));
}

#endif /* ORIEL_CORE_SPAN_H */
