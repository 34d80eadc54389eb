// SPDX-License-Identifier: GPL-2.0-only
#include "lib/order.h"

static void order_swap(uint8_t *order, size_t i, size_t j)
{
	uint8_t one = order[i];

	order[i] = order[j];
	order[j] = one;
}

void order_first(uint8_t *order, size_t n)
{
	while (n--)
		order[n] = n;
}

bool order_next(uint8_t *order, size_t n)
{
	size_t i = n - 1, j = n - 1;

	while (i && order[i - 1] > order[i])
		i--;
	if (!i)
		return false;
	while (order[j] < order[i - 1])
		j--;
	order_swap(order, i - 1, j);
	for (j = n - 1; i < j; i++, j--)
		order_swap(order, i, j);
	return true;
}
