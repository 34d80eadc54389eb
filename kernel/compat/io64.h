/* SPDX-License-Identifier: GPL-2.0-only */
/* 64-bit access to device memory where the machine has it as one access. */
#ifndef ORIEL_COMPAT_IO64_H
#define ORIEL_COMPAT_IO64_H

#include <linux/io.h>

#ifdef CONFIG_64BIT
#define ORIEL_IO_WORD_BYTES 8
static inline u64 oriel_read64(void __iomem *io)
{
	return readq(io);
}

static inline void oriel_write64(u64 value, void __iomem *io)
{
	writeq(value, io);
}
#else
#define ORIEL_IO_WORD_BYTES 4
static inline u64 oriel_read64(void __iomem *io)
{
	return 0; /* never asked for: see ORIEL_IO_WORD_BYTES */
}

static inline void oriel_write64(u64 value, void __iomem *io)
{
}
#endif

#endif /* ORIEL_COMPAT_IO64_H */
