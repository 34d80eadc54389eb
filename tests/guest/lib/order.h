/* SPDX-License-Identifier: GPL-2.0-only */
/* All orders of a few things. */
#ifndef TESTS_ORDER_H
#define TESTS_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets the first order of 0 to n - 1. */
void order_first(uint8_t *order, size_t n);
/* Goes on to the next. Return: false if that was the last. */
bool order_next(uint8_t *order, size_t n);

#endif /* TESTS_ORDER_H */
