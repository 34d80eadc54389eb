/* SPDX-License-Identifier: GPL-2.0-only */
/* Is all the memory back? */
#ifndef TESTS_LEFTOVER_H
#define TESTS_LEFTOVER_H

/* What could be allocated, when everything that can go has gone. */
long leftover_available_kib(void);
/*
 * How many pages that oriel.ko allocated for users are still allocated, -1 if
 * the kernel does not keep track (page_owner=on). Prints where the first is
 * from. Only while oriel.ko is loaded: later its functions have no names.
 */
long leftover_pages(void);
/*
 * Fails the test if memory is missing: any page where the kernel keeps track,
 * otherwise more than noise since leftover_available_kib() said @before_kib.
 */
void leftover_check(long before_kib);

/* How often pages are pinned now, by whomever. */
long leftover_pins(void);

#endif /* TESTS_LEFTOVER_H */
