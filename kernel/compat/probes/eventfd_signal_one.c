// SPDX-License-Identifier: GPL-2.0-only
/* eventfd_signal() adds 1 and says nothing of a count. */
#include <linux/eventfd.h>

void probe(struct eventfd_ctx *ctx);
void probe(struct eventfd_ctx *ctx)
{
	eventfd_signal(ctx);
}
