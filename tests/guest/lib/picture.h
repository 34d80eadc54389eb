/* SPDX-License-Identifier: GPL-2.0-only */
/* Pictures without two pixels alike in a row, drawn and looked at from outside. */
#ifndef TESTS_PICTURE_H
#define TESTS_PICTURE_H

#include <stdint.h>

struct screen;

/* Of each pixel of picture @seed, another; all bits of all colours come up. */
uint32_t picture_color(uint32_t x, uint32_t y, uint32_t seed);
/* What a screen shows for it; -1: black. */
uint32_t picture_shown(const struct screen *screen, uint32_t x, uint32_t y, long seed);
/* Draws picture @seed, as large as what is shown, from a corner on. */
void picture_draw(const struct screen *screen, uint32_t left, uint32_t top, uint32_t seed);
/*
 * Does the machine outside see it, pixel by pixel? -1: all black. Fails the test if
 * not; leaves the artefact NAME.png.
 */
void picture_check(const struct screen *screen, const char *name, long seed);
/* Waits for it, in the mode that @screen has; some programs take their time. */
void picture_await(const struct screen *screen, const char *name, long seed);

#endif /* TESTS_PICTURE_H */
