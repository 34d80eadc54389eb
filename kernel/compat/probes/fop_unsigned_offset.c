// SPDX-License-Identifier: GPL-2.0-only
/* That a file has offsets beyond 2^63 is said in its file_operations. */
#include <linux/fs.h>

const struct file_operations oriel_probe_fops;
const struct file_operations oriel_probe_fops = {
	.fop_flags = FOP_UNSIGNED_OFFSET,
};
