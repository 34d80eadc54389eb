// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinned memory: how much a user has, against RLIMIT_MEMLOCK, counted together
 * with what the kernel's other subsystems pin for him. Counted per user, because
 * a process would only have to fork or to exec for a new count, and leave what
 * it pinned to an open file. Shown per process as well: VmPin in
 * /proc/PID/status. Either lasts until it is unpinned, also after the process is
 * gone.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>

#include "core/pinned.h"
#include "core/refusal.h"

/**
 * oriel_pinned_charge() - the calling process is about to have memory pinned
 * @pinned:   filled in, for oriel_pinned_uncharge() when it is unpinned
 * @nr_pages: how much, not 0
 * @why:      where to say why it was refused
 *
 * Who may lock as much as he likes (CAP_IPC_LOCK) is not counted.
 *
 * Return: 0, or -ENOMEM if that would be more than the user may have.
 */
int oriel_pinned_charge(struct oriel_pinned *pinned, u64 nr_pages, struct oriel_explain *why)
{
	u64 sum, most = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	const struct cred *payer = current_cred();

	/* More than there is can not be pinned, whoever asks; so sums do not wrap. */
	if (nr_pages > totalram_pages())
		return oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY,
				    nr_pages << PAGE_SHIFT, 0);
	if (!capable(CAP_IPC_LOCK)) {
		sum = atomic_long_add_return(nr_pages, &payer->user->locked_vm);
		if (sum > most) {
			atomic_long_sub(nr_pages, &payer->user->locked_vm);
			return oriel_refuse(why, -ENOMEM, ORIEL_REASON_PIN_LIMIT,
					    most << PAGE_SHIFT, (sum - nr_pages) << PAGE_SHIFT);
		}
		/* The user's count lives as long as these; modules may not hold it itself. */
		pinned->payer = get_cred(payer);
	}
	atomic64_add(nr_pages, &current->mm->pinned_vm);
	mmgrab(current->mm);
	pinned->mm = current->mm;
	return 0;
}

/**
 * oriel_pinned_uncharge() - memory was unpinned
 * @pinned:   from oriel_pinned_charge(), or all zero
 * @nr_pages: as charged
 */
void oriel_pinned_uncharge(const struct oriel_pinned *pinned, u64 nr_pages)
{
	if (pinned->payer) {
		atomic_long_sub(nr_pages, &pinned->payer->user->locked_vm);
		put_cred(pinned->payer);
	}
	if (pinned->mm) {
		atomic64_sub(nr_pages, &pinned->mm->pinned_vm);
		mmdrop(pinned->mm);
	}
}
