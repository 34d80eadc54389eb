// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sentences for devices that could not be opened: there is no open file to ask
 * by ORIEL_EXPLAIN, so the errno and the file system have to tell.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static void add_missing(struct oriel_text *text, const char *path)
{
	if (access(ORIEL_SYS_DIR, F_OK))
		oriel_text_add(text, "there is no %s, the oriel module is not loaded. Load it: modprobe oriel.",
			       path);
	else
		oriel_text_add(text, "there is no %s. 'oriel list' shows the devices.",
			       path);
}

static void add_reason(struct oriel_text *text, const char *path, int error)
{
	char number[32];

	switch (error) {
	case ENOENT:
	case ENOTDIR:
		add_missing(text, path);
		break;
	case EACCES:
	case EPERM:
		oriel_text_add(text, "no permission for %s. Join the group that owns it (usually \"oriel\"), or use sudo.",
			       path);
		break;
	case EROFS:
		oriel_text_add(text, "%s is on a read-only file system. Open it for reading only.",
			       path);
		break;
	case ENODEV:
	case ENXIO:
		oriel_text_add(text, "the device behind %s is gone. 'oriel list' shows the devices.",
			       path);
		break;
	case ENOTTY:
		oriel_text_add(text, "%s is not an Oriel node. 'oriel list' shows the devices.",
			       path);
		break;
	case EMFILE:
	case ENFILE:
		oriel_text_add(text, "too many files are open. Close some, or raise ulimit -n.");
		break;
	default:
		oriel_text_add(text, "%s: %s. Check the kernel's log.", path,
			       oriel_text_errno(error, number, sizeof(number)));
	}
}

int oriel_device_describe_open(const char *name, int error, char *buffer,
			       size_t size_bytes)
{
	struct oriel_text text = { .buffer = buffer, .size_bytes = size_bytes };
	char path[ORIEL_PATH_BYTES];

	if (!name || !buffer)
		return -EINVAL;

	oriel_text_add(&text, "cannot open: ");
	if (oriel_device_resolve(name, path, sizeof(path)))
		oriel_text_add(&text, "\"%.*s\" is no device name. Give a name, a path or a PCI address; 'oriel list' shows the devices.",
			       ORIEL_NAME_BYTES, name);
	else
		add_reason(&text, path, abs(error));

	return text.error;
}
