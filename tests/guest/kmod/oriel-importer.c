// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only driver that does what other drivers do with dma-bufs: it attaches a
 * device of its own to one, maps it, lets the processor in, looks at it through
 * the kernel's address.
 *
 *   attach  FD: imports that dma-buf of the writing process and maps it, once
 *           more each time; reading tells how often it is attached
 *   detach  anything: undoes all of it
 *   invert  anything: inverts each byte of the last one, between begin and end of
 *           access by the processor
 *   look    FD: only asks for the kernel's address of that dma-buf; reading tells it
 *   cycles  NUMBER: unmaps and maps the last one so often
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/iosys-map.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>

#define IMPORTER_MOST 4

struct import {
	struct dma_buf *dmabuf;
	struct dma_buf_attachment *attachment;
	struct sg_table *table;
};

static DEFINE_MUTEX(importer_lock);
static struct platform_device *importer;
static struct import imports[IMPORTER_MOST];
static unsigned int nr_imports;
static unsigned long looked_at;

/* Newer kernels want the lock held, older ones don't mind. */
static int import_map(struct import *import)
{
	struct scatterlist *sg;
	size_t bytes = 0;
	unsigned int i;

	dma_resv_lock(import->dmabuf->resv, NULL);
	import->table = dma_buf_map_attachment(import->attachment, DMA_BIDIRECTIONAL);
	dma_resv_unlock(import->dmabuf->resv);
	if (IS_ERR(import->table))
		return PTR_ERR(import->table);
	for_each_sgtable_dma_sg(import->table, sg, i)
		bytes += sg_dma_len(sg);
	return bytes == import->dmabuf->size ? 0 : -EIO;
}

static void import_unmap(struct import *import)
{
	dma_resv_lock(import->dmabuf->resv, NULL);
	dma_buf_unmap_attachment(import->attachment, import->table, DMA_BIDIRECTIONAL);
	dma_resv_unlock(import->dmabuf->resv);
}

static int import_open(struct import *import, int fd)
{
	int err;

	import->dmabuf = dma_buf_get(fd);
	if (IS_ERR(import->dmabuf))
		return PTR_ERR(import->dmabuf);
	import->attachment = dma_buf_attach(import->dmabuf, &importer->dev);
	err = PTR_ERR_OR_ZERO(import->attachment);
	if (err)
		goto err_put;
	err = import_map(import);
	if (!err)
		return 0;
	if (!IS_ERR(import->table))
		import_unmap(import);
	dma_buf_detach(import->dmabuf, import->attachment);
err_put:
	dma_buf_put(import->dmabuf);
	return err;
}

static void import_close(struct import *import)
{
	import_unmap(import);
	dma_buf_detach(import->dmabuf, import->attachment);
	dma_buf_put(import->dmabuf);
}

static int import_invert(struct import *import)
{
	struct iosys_map map;
	size_t i;
	int err;

	err = dma_buf_begin_cpu_access(import->dmabuf, DMA_BIDIRECTIONAL);
	if (err)
		return err;
	dma_resv_lock(import->dmabuf->resv, NULL);
	err = dma_buf_vmap(import->dmabuf, &map);
	for (i = 0; i < import->dmabuf->size && !err; i++)
		((u8 *)map.vaddr)[i] ^= 0xff;
	if (!err)
		dma_buf_vunmap(import->dmabuf, &map);
	dma_resv_unlock(import->dmabuf->resv);
	return dma_buf_end_cpu_access(import->dmabuf, DMA_BIDIRECTIONAL) ?: err;
}

static int importer_set_attach(const char *text, const struct kernel_param *param)
{
	int fd, err = kstrtoint(text, 0, &fd);

	if (err)
		return err;
	mutex_lock(&importer_lock);
	err = nr_imports < IMPORTER_MOST ? import_open(&imports[nr_imports], fd) : -ENOSPC;
	if (!err)
		nr_imports++;
	mutex_unlock(&importer_lock);
	return err;
}

static int importer_get_attach(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%u\n", nr_imports);
}

static const struct kernel_param_ops importer_attach_ops = {
	.set = importer_set_attach,
	.get = importer_get_attach,
};
module_param_cb(attach, &importer_attach_ops, NULL, 0600);

static int importer_set_detach(const char *text, const struct kernel_param *param)
{
	mutex_lock(&importer_lock);
	while (nr_imports)
		import_close(&imports[--nr_imports]);
	mutex_unlock(&importer_lock);
	return 0;
}

static const struct kernel_param_ops importer_detach_ops = {
	.set = importer_set_detach,
};
module_param_cb(detach, &importer_detach_ops, NULL, 0200);

static int importer_set_invert(const char *text, const struct kernel_param *param)
{
	int err = -ENOENT;

	mutex_lock(&importer_lock);
	if (nr_imports)
		err = import_invert(&imports[nr_imports - 1]);
	mutex_unlock(&importer_lock);
	return err;
}

static const struct kernel_param_ops importer_invert_ops = {
	.set = importer_set_invert,
};
module_param_cb(invert, &importer_invert_ops, NULL, 0200);

static int importer_set_look(const char *text, const struct kernel_param *param)
{
	struct dma_buf *dmabuf;
	struct iosys_map map;
	int fd, err = kstrtoint(text, 0, &fd);

	if (err)
		return err;
	dmabuf = dma_buf_get(fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	dma_resv_lock(dmabuf->resv, NULL);
	err = dma_buf_vmap(dmabuf, &map);
	if (!err) {
		looked_at = (unsigned long)map.vaddr;
		dma_buf_vunmap(dmabuf, &map);
	}
	dma_resv_unlock(dmabuf->resv);
	dma_buf_put(dmabuf);
	return err;
}

static int importer_get_look(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%#lx\n", looked_at);
}

static const struct kernel_param_ops importer_look_ops = {
	.set = importer_set_look,
	.get = importer_get_look,
};
module_param_cb(look, &importer_look_ops, NULL, 0600);

static int importer_set_cycles(const char *text, const struct kernel_param *param)
{
	unsigned int cycles;
	int err = kstrtouint(text, 0, &cycles);

	if (err)
		return err;
	mutex_lock(&importer_lock);
	while (nr_imports && cycles-- && !err) {
		import_unmap(&imports[nr_imports - 1]);
		err = import_map(&imports[nr_imports - 1]);
	}
	mutex_unlock(&importer_lock);
	return err;
}

static const struct kernel_param_ops importer_cycles_ops = {
	.set = importer_set_cycles,
};
module_param_cb(cycles, &importer_cycles_ops, NULL, 0200);

static int __init importer_init(void)
{
	const struct platform_device_info info = {
		.name = "oriel-importer", .id = PLATFORM_DEVID_NONE,
		.dma_mask = DMA_BIT_MASK(64),
	};

	importer = platform_device_register_full(&info);
	return PTR_ERR_OR_ZERO(importer);
}
module_init(importer_init);

static void __exit importer_exit(void)
{
	importer_set_detach(NULL, NULL);
	platform_device_unregister(importer);
}
module_exit(importer_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Oriel tests: a driver that imports dma-bufs");
MODULE_INFO(import_ns, "DMA_BUF");
