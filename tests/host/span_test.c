// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's bounds arithmetic against a model that cannot overflow: integers
 * of 128 bits, or counting. Small domains completely, large ones at the edges.
 */
#include <stdint.h>

#include "../../kernel/core/span.h"
#include "test.h"

typedef unsigned __int128 u128;

/* Numbers where 64-bit arithmetic goes wrong, if it does */
static u64 edges[512];
static unsigned int nr_edges;

/* On one failure in a table of millions, say which and stop. */
#define MUST(condition, a, b, c) do {					\
	if (!(condition)) {						\
		printf("# %s(%#llx, %#llx, %#llx): not true: %s\n",	\
		       __func__, (unsigned long long)(a),		\
		       (unsigned long long)(b), (unsigned long long)(c), \
		       #condition);					\
		test_failed = true;					\
		return;							\
	}								\
} while (0)

static void make_edges(void)
{
	unsigned int bit;
	int near;

	nr_edges = 0;
	for (bit = 0; bit < 64; bit++) {
		for (near = -1; near <= 1; near++)
			edges[nr_edges++] = ((u64)1 << bit) + (u64)(int64_t)near;
	}
	for (near = 0; near < 4; near++) {
		edges[nr_edges++] = UINT64_MAX - (u64)near;
		edges[nr_edges++] = UINT64_MAX / 3 * 2 + (u64)near;
	}
}

static int model_check(u64 offset, u64 length, u64 size)
{
	u128 end = (u128)offset + length;

	if (length == 0)
		return -EINVAL;
	if (end > UINT64_MAX)
		return -EOVERFLOW;

	return end > size ? -ENXIO : 0;
}

static void check_small(void)
{
	u64 offset, length, size;

	for (offset = 0; offset < 256; offset++)
		for (length = 0; length < 256; length++)
			for (size = 0; size < 256; size++)
				MUST(oriel_span_check(offset, length, size) ==
				     model_check(offset, length, size),
				     offset, length, size);
}

/* The same triples at the top of the number range, where sums wrap */
static void check_top(void)
{
	u64 offset, length, size;

	for (offset = 0; offset < 256; offset++)
		for (length = 0; length < 256; length++)
			for (size = 0; size < 256; size++)
				MUST(oriel_span_check(UINT64_MAX - offset, length,
						      UINT64_MAX - size) ==
				     model_check(UINT64_MAX - offset, length,
						 UINT64_MAX - size),
				     offset, length, size);
}

static void check_edges(void)
{
	unsigned int i, j, k;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (k = 0; k < nr_edges; k++)
				MUST(oriel_span_check(edges[i], edges[j], edges[k]) ==
				     model_check(edges[i], edges[j], edges[k]),
				     edges[i], edges[j], edges[k]);
}

static u64 model_clamp(u64 offset, u64 length, u64 size)
{
	u128 end = (u128)offset + length;

	if (end > size)
		end = size;

	return end > offset ? (u64)(end - offset) : 0;
}

static void clamp_small(void)
{
	u64 offset, length, size;

	for (offset = 0; offset < 256; offset++)
		for (length = 0; length < 256; length++)
			for (size = 0; size < 256; size++)
				MUST(oriel_span_clamp(offset, length, size) ==
				     model_clamp(offset, length, size),
				     offset, length, size);
}

static void clamp_edges(void)
{
	unsigned int i, j, k;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (k = 0; k < nr_edges; k++)
				MUST(oriel_span_clamp(edges[i], edges[j], edges[k]) ==
				     model_clamp(edges[i], edges[j], edges[k]),
				     edges[i], edges[j], edges[k]);
}

static void pages_edges(void)
{
	unsigned int shift, i;
	u64 bytes;

	for (shift = 1; shift < 64; shift++) {
		u128 page = (u128)1 << shift;

		for (bytes = 0; bytes < 4096; bytes++)
			MUST(oriel_span_pages(bytes, shift) ==
			     (u64)(((u128)bytes + page - 1) / page),
			     bytes, shift, 0);
		for (i = 0; i < nr_edges; i++)
			MUST(oriel_span_pages(edges[i], shift) ==
			     (u64)(((u128)edges[i] + page - 1) / page),
			     edges[i], shift, 0);
	}
}

/* Counts bytes: which pages hold the part, and whether they hold more of the span. */
static int model_cut(u64 head, u64 offset, u64 length, u64 size, u64 page, u64 *first,
		     u64 *count)
{
	int err = model_check(offset, length, size);
	u64 byte;

	if (err)
		return err;
	*first = (head + offset) / page;
	*count = (head + offset + length - 1) / page - *first + 1;
	for (byte = 0; byte < size; byte++) {
		bool in_part = byte >= offset && byte < offset + length;
		u64 at = (head + byte) / page;

		if (!in_part && at >= *first && at < *first + *count)
			return -EINVAL;
	}
	return 0;
}

static void cut_small(void)
{
	u64 head, offset, length, size, first, count, wanted_first, wanted_count;
	int err;

	for (head = 0; head < 4; head++)
		for (offset = 0; offset < 24; offset++)
			for (length = 0; length < 24; length++)
				for (size = 1; size < 24; size++) {
					first = count = 77;
					err = oriel_span_cut(head, offset, length, size, 2,
							     &first, &count);
					MUST(err == model_cut(head, offset, length, size, 4,
							      &wanted_first, &wanted_count),
					     offset, length, size);
					if (err)
						wanted_first = wanted_count = 77;
					MUST(first == wanted_first && count == wanted_count,
					     offset, length, size);
				}
}

static void cut_edges(void)
{
	u64 first, count;
	unsigned int i, j, k;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (k = 0; k < nr_edges; k++) {
				int err = oriel_span_cut(0, edges[i], edges[j], edges[k], 12,
							 &first, &count);
				int wanted = model_check(edges[i], edges[j], edges[k]);
				u64 end = edges[i] + edges[j];

				if (!wanted && (edges[i] % 4096 ||
						(end % 4096 && end != edges[k])))
					wanted = -EINVAL;
				MUST(err == wanted, edges[i], edges[j], edges[k]);
				if (!err)
					MUST(first == edges[i] / 4096 &&
					     count == end / 4096 + !!(end % 4096) - first,
					     edges[i], edges[j], edges[k]);
			}
}

/* Does place() agree with the model, and leave *offset alone on error? */
static bool place_agrees(u64 end, u64 gap, u64 align, u64 size, u64 limit)
{
	const u64 untouched = 0x5aa55aa55aa55aa5;
	u128 start = end ? (u128)end + gap : 0;
	u64 offset = untouched;
	int err = oriel_span_place(end, gap, align, size, limit, &offset);

	while (start % align)
		start += align - start % align;
	if (start + size > limit)
		return err == -EOVERFLOW && offset == untouched;

	return err == 0 && offset == (u64)start;
}

static void place_small(void)
{
	u64 end, gap, align, size, limit;

	for (end = 0; end < 40; end++)
		for (gap = 0; gap < 20; gap++)
			for (align = 1; align <= 32; align *= 2)
				for (size = 1; size < 20; size++)
					for (limit = 0; limit < 80; limit++)
						MUST(place_agrees(end, gap, align, size, limit),
						     end, gap, align);
}

static void place_edges(void)
{
	static const u64 limits[] = { 0, 1ull << 31, 1ull << 44, INT64_MAX, UINT64_MAX };
	unsigned int i, j, l, shift;
	u64 gap;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (shift = 0; shift < 64; shift += 3)
				for (gap = 0; gap <= 2 << 20; gap += 1 << 20)
					for (l = 0; l < 5 && edges[j]; l++)
						MUST(place_agrees(edges[i], gap, 1ull << shift,
								  edges[j], limits[l]),
						     edges[i], edges[j], shift);
}

/* Which indices does the window hold? Count them one by one. */
static void window_small(void)
{
	u64 index, width, low, high, i, first, count;

	for (low = 0; low < 48; low++)
		for (high = low + 1; high < 64; high++)
			for (index = low; index < high; index++)
				for (width = 1; width <= 64; width *= 2) {
					u64 model_first = 0, model_count = 0;

					for (i = low; i < high; i++) {
						if (i / width != index / width)
							continue;
						if (!model_count++)
							model_first = i;
					}
					count = oriel_span_window(index, width, low,
								  high, &first);
					MUST(count == model_count && first == model_first,
					     index, width, low);
				}
}

static void window_edges(void)
{
	unsigned int i, j, k, shift;
	u64 first, count;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (k = 0; k < nr_edges; k += 3)
				for (shift = 0; shift < 64; shift += 9) {
					u64 low = edges[i], index = edges[j], high = edges[k];
					u128 begin = (u128)(index >> shift) << shift;
					u128 end = begin + ((u128)1 << shift);

					if (index < low || index >= high)
						continue;
					if (begin < low)
						begin = low;
					if (end > high)
						end = high;
					count = oriel_span_window(index, 1ull << shift,
								  low, high, &first);
					MUST(first == begin && (u128)first + count == end,
					     low, index, high);
				}
}

static void blocks_small(void)
{
	u64 start, end, width, i, first, count;

	for (start = 0; start < 256; start++)
		for (end = start; end < 256; end++)
			for (width = 1; width <= 256; width *= 2) {
				u64 model_first = 0, model_count = 0;

				for (i = 0; i * width < 256; i++) {
					if (i * width < start || (i + 1) * width > end)
						continue;
					if (!model_count++)
						model_first = i;
				}
				count = oriel_span_aligned_blocks(start, end, width,
								  &first);
				MUST(count == model_count, start, end, width);
				MUST(!count || first == model_first, start, end, width);
			}
}

static void blocks_edges(void)
{
	unsigned int i, j, shift;
	u64 first, count;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (shift = 1; shift < 64; shift++) {
				u128 width = (u128)1 << shift;
				u128 low = ((u128)edges[i] + width - 1) / width;
				u128 high = edges[j] / width;

				count = oriel_span_aligned_blocks(edges[i], edges[j],
								  1ull << shift, &first);
				MUST(count == (high > low ? (u64)(high - low) : 0),
				     edges[i], edges[j], shift);
				MUST(!count || first == low, edges[i], edges[j], shift);
			}
}

static void congruent_small(void)
{
	u64 start, anchor, align, at;

	for (start = 0; start < 40; start++)
		for (anchor = 0; anchor < 40; anchor++)
			for (align = 1; align <= 32; align *= 2) {
				at = start;
				while (at % align != anchor % align)
					at++;
				MUST(oriel_span_congruent(start, anchor, align) == at,
				     start, anchor, align);
			}
}

static void congruent_edges(void)
{
	unsigned int i, j, shift;

	for (i = 0; i < nr_edges; i++)
		for (j = 0; j < nr_edges; j++)
			for (shift = 0; shift < 63; shift++) {
				u64 align = 1ull << shift, at;

				if (edges[i] > UINT64_MAX - align)
					continue;
				at = oriel_span_congruent(edges[i], edges[j], align);
				MUST(at >= edges[i] && at - edges[i] < align &&
				     !((at - edges[j]) & (align - 1)), edges[i], edges[j], align);
			}
}

static const struct test tests[] = {
	TEST(check_small),
	TEST(check_top),
	TEST(check_edges),
	TEST(clamp_small),
	TEST(clamp_edges),
	TEST(pages_edges),
	TEST(cut_small),
	TEST(cut_edges),
	TEST(place_small),
	TEST(place_edges),
	TEST(window_small),
	TEST(window_edges),
	TEST(blocks_small),
	TEST(blocks_edges),
	TEST(congruent_small),
	TEST(congruent_edges),
};

TEST_MAIN(tests, make_edges, NULL)
