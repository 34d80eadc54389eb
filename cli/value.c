// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values as memory holds them, whatever the byte order of this machine.
 */
#include <string.h>

#include "cli.h"

void cli_value_to_bytes(uint64_t value, unsigned int width_bits, void *bytes)
{
	const uint8_t u8 = (uint8_t)value;
	const uint16_t u16 = (uint16_t)value;
	const uint32_t u32 = (uint32_t)value;

	if (width_bits == 8)
		memcpy(bytes, &u8, sizeof(u8));
	else if (width_bits == 16)
		memcpy(bytes, &u16, sizeof(u16));
	else if (width_bits == 32)
		memcpy(bytes, &u32, sizeof(u32));
	else
		memcpy(bytes, &value, sizeof(value));
}

uint64_t cli_value_from_bytes(const void *bytes, unsigned int width_bits)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;
	uint8_t u8;

	switch (width_bits) {
	case 8:
		memcpy(&u8, bytes, sizeof(u8));
		return u8;
	case 16:
		memcpy(&u16, bytes, sizeof(u16));
		return u16;
	case 32:
		memcpy(&u32, bytes, sizeof(u32));
		return u32;
	default:
		memcpy(&u64, bytes, sizeof(u64));
		return u64;
	}
}
