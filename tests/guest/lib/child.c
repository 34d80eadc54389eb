// SPDX-License-Identifier: GPL-2.0-only
#include "lib/child.h"

#include <signal.h>
#include <sys/wait.h>

#include "lib/check.h"

pid_t child_start(int (*work)(void *), void *argument)
{
	static const int fatal[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS };
	size_t i;
	pid_t pid;

	/* What is still in the buffer would be printed twice. */
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		fail_msg("fork: %s", strerror(errno));
	if (!pid) {
		/* cmocka's handler would go on with the parent's tests. */
		for (i = 0; i < ARRAY_SIZE(fatal); i++)
			signal(fatal[i], SIG_DFL);
		_exit(work(argument));
	}
	return pid;
}

int child_wait(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		fail_msg("waitpid: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_run(int (*work)(void *), void *argument)
{
	return child_wait(child_start(work, argument));
}
