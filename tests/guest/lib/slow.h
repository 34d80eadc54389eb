/* SPDX-License-Identifier: GPL-2.0-only */
/* How much of a long test a kernel is given that runs many times slower. */
#ifndef TESTS_SLOW_H
#define TESTS_SLOW_H

/*
 * One in so many of the rounds: 1, or what the boot says with oriel_one_in=
 * (vm/run.sh does for debug kernels). Never 0.
 */
unsigned int slow_one_in(void);

#endif /* TESTS_SLOW_H */
