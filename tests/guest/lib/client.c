// SPDX-License-Identifier: GPL-2.0-only
#include "lib/client.h"

#include "lib/check.h"

#define WORDS 256

static int client_system(const char *before, const char *words)
{
	char command[WORDS + 128];

	snprintf(command, sizeof(command),
		 "{ . /etc/oriel/machine.sh; client_mount && %s %s; } >client-output 2>&1", before,
		 words);
	return system(command);
}

int client_run(const char *format, ...)
{
	char words[WORDS];
	va_list list;

	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	return client_system("client", words);
}

void client_do(const char *format, ...)
{
	char words[WORDS];
	va_list list;
	int status;

	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	status = client_system("client", words);
	if (!status)
		return;
	if (system("tail -n 20 client-output | sed 's/^/# /'"))
		printf("# it printed nothing\n");
	fail_msg("%s: status %#x", words, status);
}

void client_copy(const char *directory)
{
	char words[WORDS];

	snprintf(words, sizeof(words), "set -- /clients%s; [ -e /run/copy ] || "
		 "{ cp -a $1 /run/copy && mount --bind /run/copy $1; }", directory);
	assert_case(words, client_system("", words), 0);
}

void client_end(const char *name)
{
	char command[WORDS];
	int tries = 600;

	snprintf(command, sizeof(command), "killall %s", name);
	assert_case(command, system(command), 0);
	snprintf(command, sizeof(command), "pidof %s >client-output", name);
	while (!system(command) && tries--)
		usleep(100000);
	if (tries < 0)
		fail_msg("%s does not end", name);
}
