// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nodes /dev/dma_heap/oriel-*: allocators that answer as the kernel's own
 * dma-heaps do (linux/dma-heap.h), on kernels with and without these.
 *
 * Nothing is kept here: what was allocated belongs to the dma-buf, and counts
 * for the user who asked, as buffers of devices do.
 */
#include <linux/compat.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/uaccess.h>
#include <uapi/linux/dma-heap.h>

#include "compat/cachemode.h"
#include "core/buffer-memory.h"
#include "core/dmamap.h"
#include "core/home.h"
#include "core/kind.h"
#include "core/region.h"
#include "interfaces/dmabuf.h"
#include "interfaces/heap.h"

/**
 * struct oriel_heap - a node
 * @node:           what users open
 * @kind:           ORIEL_KIND_* of what it gives
 * @cache:          ORIEL_CACHE_*, how
 * @is_there:       it is registered
 */
struct oriel_heap {
	struct miscdevice node;
	u32 kind;
	u32 cache;
	bool is_there;
};

static int oriel_heap_check(const struct dma_heap_allocation_data *wanted)
{
	if (wanted->fd || wanted->heap_flags & ~(u64)DMA_HEAP_VALID_HEAP_FLAGS)
		return -EINVAL;
	if (wanted->fd_flags & ~DMA_HEAP_VALID_FD_FLAGS)
		return -EINVAL;
	return 0;
}

/* Return: a dma-buf that is not installed yet, or an ERR_PTR(). */
static struct file *oriel_heap_make(const struct oriel_heap *heap,
				    const struct dma_heap_allocation_data *wanted)
{
	const struct oriel_buffer_alloc alloc = { .size_bytes = wanted->len, .kind = heap->kind,
						.cache = heap->cache };
	const struct oriel_supply supply = oriel_home_supply(heap->kind, NUMA_NO_NODE);
	struct oriel_explain why = {};
	struct oriel_region *region;
	struct file *file;
	int err;

	err = oriel_buffer_check(&alloc, &why);
	if (err)
		return ERR_PTR(err);
	region = oriel_buffer_take(&alloc, &supply, &why);
	if (IS_ERR(region))
		return ERR_CAST(region);
	file = oriel_dmabuf_create(region, wanted->fd_flags & O_ACCMODE);
	/* From here on it is the dma-buf's. */
	oriel_region_put(region);
	return file;
}

static int oriel_heap_alloc(const struct oriel_heap *heap,
			    struct dma_heap_allocation_data __user *arg)
{
	struct dma_heap_allocation_data wanted;
	struct file *file;
	int err, fd;

	if (copy_from_user(&wanted, arg, sizeof(wanted)))
		return -EFAULT;
	err = oriel_heap_check(&wanted);
	if (err)
		return err;
	fd = get_unused_fd_flags(wanted.fd_flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = oriel_heap_make(heap, &wanted);
	err = PTR_ERR_OR_ZERO(file);
	if (err)
		goto err_fd;
	wanted.fd = fd;
	err = -EFAULT;
	if (copy_to_user(arg, &wanted, sizeof(wanted)))
		goto err_file;
	fd_install(fd, file);
	return 0;

err_file:
	fput(file);
err_fd:
	put_unused_fd(fd);
	return err;
}

static long oriel_heap_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct oriel_heap *heap = container_of(file->private_data, struct oriel_heap, node);

	if (cmd != DMA_HEAP_IOCTL_ALLOC)
		return -ENOTTY;
	return oriel_heap_alloc(heap, (void __user *)arg);
}

static const struct file_operations oriel_heap_fops = {
	.owner		= THIS_MODULE,
	.open		= nonseekable_open,
	.unlocked_ioctl	= oriel_heap_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

#define ORIEL_HEAP(what, kind_id, cache_id) {			\
	.node = {						\
		.minor		= MISC_DYNAMIC_MINOR,		\
		.name		= "oriel-" what,		\
		.nodename	= "dma_heap/oriel-" what,	\
		.fops		= &oriel_heap_fops,		\
		.mode		= 0600,				\
	},							\
	.kind = kind_id,					\
	.cache = cache_id,					\
}

static struct oriel_heap oriel_heaps[] = {
	ORIEL_HEAP("contig", ORIEL_KIND_CONTIG, ORIEL_CACHE_CACHED),
	ORIEL_HEAP("scattered", ORIEL_KIND_SCATTERED, ORIEL_CACHE_CACHED),
	ORIEL_HEAP("coherent", ORIEL_KIND_COHERENT, ORIEL_CACHE_CACHED),
	ORIEL_HEAP("writecombine", ORIEL_KIND_COHERENT, ORIEL_CACHE_WRITE_COMBINED),
};

/*
 * What has no device has to be coherent for all that import it. Our own pages are so
 * where all caches follow DMA; the DMA API's memory is, where they do not follow our
 * own device's: whom it does not suit is refused.
 */
static bool oriel_heap_is_possible(const struct oriel_heap *heap)
{
	if (heap->kind != ORIEL_KIND_COHERENT || !oriel_dma_is_coherent(oriel_home_device()))
		return true;
	return !IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) &&
	       (heap->cache == ORIEL_CACHE_CACHED || oriel_can_write_combine_ram());
}

/**
 * oriel_heap_init() - make the nodes
 *
 * Return: 0 or a negative errno, nothing made.
 */
int oriel_heap_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(oriel_heaps); i++) {
		if (!oriel_heap_is_possible(&oriel_heaps[i]))
			continue;
		err = misc_register(&oriel_heaps[i].node);
		if (err) {
			oriel_heap_exit();
			return err;
		}
		oriel_heaps[i].is_there = true;
	}
	return 0;
}

/**
 * oriel_heap_exit() - undo oriel_heap_init()
 */
void oriel_heap_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(oriel_heaps); i++) {
		if (oriel_heaps[i].is_there)
			misc_deregister(&oriel_heaps[i].node);
		oriel_heaps[i].is_there = false;
	}
}
