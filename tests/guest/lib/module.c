// SPDX-License-Identifier: GPL-2.0-only
#include "lib/module.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "lib/check.h"
#include "lib/text.h"

/* As the kernel spells it: with underscores. */
static void module_spell(const char *name, char *spelled, size_t bytes)
{
	char *c;

	snprintf(spelled, bytes, "%s", name);
	for (c = spelled; *c; c++)
		if (*c == '-')
			*c = '_';
}

int module_load(const char *name, const char *parameters)
{
	char path[128];
	int fd, err;

	snprintf(path, sizeof(path), "/oriel/modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return err;
}

int module_unload(const char *name)
{
	char spelled[64];

	module_spell(name, spelled, sizeof(spelled));
	return syscall(SYS_delete_module, spelled, O_NONBLOCK) ? -errno : 0;
}

bool module_is_loaded(const char *name)
{
	char spelled[64], path[128];

	module_spell(name, spelled, sizeof(spelled));
	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", spelled);
	return !access(path, F_OK);
}

long module_users(const char *name)
{
	char spelled[64], path[128];

	module_spell(name, spelled, sizeof(spelled));
	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", spelled);
	return text_number(path);
}
