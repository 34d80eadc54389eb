// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module parameter "buffers": named buffers from when the module is loaded,
 * for memory that is to be had only early. From then on they are directories in
 * configfs as others are (configfs-buffer.c).
 *
 * NAME,SIZE[,KIND[,CACHE]];... SIZE is a number of bytes, or of K, M or G of
 * them. Who writes what is none of these does not get the module loaded; memory
 * that cannot be had is reported, and the rest goes on.
 */
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/name.h"
#include "core/named.h"
#include "interfaces/configfs.h"
#include "interfaces/named-text.h"

static char *oriel_named_wanted;
module_param_named(buffers, oriel_named_wanted, charp, 0444);
MODULE_PARM_DESC(buffers, "named buffers: NAME,SIZE[K|M|G][,KIND[,CACHE]];...");

/* A size with its unit, which is cut off. */
static int oriel_named_param_size(struct oriel_named_desc *desc, char *text)
{
	size_t length = strlen(text);
	unsigned int shift = 0;
	int err;

	switch (length ? text[length - 1] : 0) {
	case 'G':
		shift += 10;
		fallthrough;
	case 'M':
		shift += 10;
		fallthrough;
	case 'K':
		shift += 10;
		text[length - 1] = 0;
	}
	err = oriel_named_set_size(desc, text);
	if (!err && check_shl_overflow(desc->size_bytes, shift, &desc->size_bytes))
		err = -EOVERFLOW;
	return err;
}

static int oriel_named_param_parse(struct oriel_named_desc *desc, char *text)
{
	char *size, *kind, *cache;
	int err = -EINVAL;

	oriel_named_default(desc);
	desc->name = strsep(&text, ",");
	size = strsep(&text, ",");
	kind = strsep(&text, ",");
	cache = strsep(&text, ",");
	if (!text && size && oriel_name_valid(desc->name, ORIEL_NAME_BYTES) &&
	    !oriel_name_is_reserved(desc->name))
		err = oriel_named_param_size(desc, size);
	if (!err && kind)
		err = oriel_named_set_kind(desc, kind);
	if (!err && cache)
		err = oriel_named_set_cache(desc, cache);
	return err;
}

/* Is there an entry of this name between @from and @end, as they were written? */
static bool oriel_named_param_has(const char *from, const char *end, const char *name)
{
	size_t length = strlen(name);

	for (; from < end; from = strchrnul(from, ';') + 1)
		if (!strncmp(from, name, length) && from[length] == ',')
			return true;
	return false;
}

static int oriel_named_param_look(const char *wanted, struct oriel_named_desc *desc, char *word,
				  size_t offset)
{
	int err = oriel_named_param_parse(desc, word);

	if (!err && oriel_named_param_has(wanted, wanted + offset, desc->name))
		err = -EEXIST;
	if (err)
		pr_err("oriel: parameter buffers: \"%s\" is no NAME,SIZE[,KIND[,CACHE]], or is there twice\n",
		       word);
	return err;
}

/* With a group, the buffers are made; without, the text is only looked at. */
static int oriel_named_param_run(struct config_group *group)
{
	struct oriel_named_desc desc;
	char *text, *rest, *word;
	int err = 0;

	if (!oriel_named_wanted)
		return 0;
	text = kstrdup(oriel_named_wanted, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	rest = text;
	while (!err && (word = strsep(&rest, ";"))) {
		if (!*word)
			continue;
		err = oriel_named_param_look(oriel_named_wanted, &desc, word, word - text);
		if (!err && group)
			err = oriel_configfs_buffer_add(group, &desc);
	}
	kfree(text);
	return err;
}

/**
 * oriel_named_param_check() - is the module parameter well-formed?
 *
 * Return: 0, -EINVAL, -EOVERFLOW, -EEXIST for a name that is there twice, -ENOMEM.
 */
int oriel_named_param_check(void)
{
	return oriel_named_param_run(NULL);
}

/**
 * oriel_named_param_make() - make what the module parameter asks for
 * @group: the directory buffers/, registered
 *
 * What cannot be made is reported: it is too late to refuse to be loaded, since what
 * was made may be open. oriel_configfs_buffers_exit() undoes it.
 */
void oriel_named_param_make(struct config_group *group)
{
	int err = oriel_named_param_run(group);

	if (err)
		pr_warn("oriel: parameter buffers: not all were made: error %d\n", err);
}
