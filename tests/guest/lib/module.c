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

/* What the machine's own devices ask for, before what the test does. */
static void module_parameters(const char *name, const char *parameters, char *all, size_t bytes)
{
	char path[128], machine[128];

	snprintf(path, sizeof(path), "/etc/oriel/parameters/%s", name);
	if (text_read(path, machine, sizeof(machine)) < 0)
		machine[0] = '\0';
	machine[strcspn(machine, "\n")] = '\0';
	snprintf(all, bytes, "%s %s", machine, parameters);
}

int module_load(const char *name, const char *parameters)
{
	char path[128], all[512];
	int fd, err;

	snprintf(path, sizeof(path), "/oriel/modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	module_parameters(name, parameters, all, sizeof(all));
	err = syscall(SYS_finit_module, fd, all, 0) ? -errno : 0;
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
