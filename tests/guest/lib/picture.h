/* SPDX-License-Identifier: GPL-2.0-only */
/* Pictures without two pixels alike in a row, drawn and looked at from outside. */
#ifndef TESTS_PICTURE_H
#define TESTS_PICTURE_H

#include <stdint.h>

struct screen;

/* Draws picture @seed, as large as what is shown, from a corner on. */
void picture_draw(const struct screen *screen, uint32_t left, uint32_t top, uint32_t seed);
/*
 * Does the machine outside see it, pixel by pixel? -1: all black. Fails the test if
 * not; leaves the artefact NAME.png.
 */
void picture_check(const struct screen *screen, const char *name, long seed);

#endif /* TESTS_PICTURE_H */
