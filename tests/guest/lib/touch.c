// SPDX-License-Identifier: GPL-2.0-only
#include "lib/touch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static sigjmp_buf touch_back;

static void touch_caught(int number)
{
	siglongjmp(touch_back, number);
}

/*
 * Registers take words only: on Arm, a device that does not answer a byte is a
 * SIGBUS too. So it is the aligned word with that byte.
 */
static int touch(const void *byte, bool write)
{
	volatile uint32_t *address = (void *)((uintptr_t)byte & ~(uintptr_t)3);
	struct sigaction catch = { .sa_handler = touch_caught }, bus, segv;
	volatile int caught;

	sigaction(SIGBUS, &catch, &bus);
	sigaction(SIGSEGV, &catch, &segv);
	caught = sigsetjmp(touch_back, 1);
	if (!caught) {
		uint32_t value = *address;

		if (write)
			*address = value;
	}
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	return caught;
}

int touch_read(const void *address)
{
	return touch(address, false);
}

int touch_write(void *address)
{
	return touch(address, true);
}
