// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quotas: how much memory each user has in buffers, and may have. A user is who
 * the calling process belongs to, whatever it may do; what it allocated counts
 * until the memory is free, whoever holds it by then.
 *
 * Lock: oriel_quotas_lock, for all that is here.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uidgid.h>

#include "core/quota.h"
#include "core/refusal.h"

static unsigned long long oriel_max_buffer_bytes;
module_param_named(max_buffer_bytes, oriel_max_buffer_bytes, ullong, 0644);
MODULE_PARM_DESC(max_buffer_bytes,
		 "most bytes that a user may have in buffers; 0: half of the machine's memory");

struct oriel_quota {
	struct list_head node;
	kuid_t uid;
	u64 nr_pages;
};

static DEFINE_MUTEX(oriel_quotas_lock);
static LIST_HEAD(oriel_quotas);

static u64 oriel_quota_most_pages(void)
{
	u64 most_bytes = READ_ONCE(oriel_max_buffer_bytes);

	return most_bytes ? most_bytes >> PAGE_SHIFT : totalram_pages() / 2;
}

/* Return: the user's quota, made if need be, or NULL. */
static struct oriel_quota *oriel_quota_find(kuid_t uid)
{
	struct oriel_quota *quota;

	list_for_each_entry(quota, &oriel_quotas, node)
		if (uid_eq(quota->uid, uid))
			return quota;
	quota = kzalloc(sizeof(*quota), GFP_KERNEL_ACCOUNT);
	if (!quota)
		return NULL;
	quota->uid = uid;
	list_add(&quota->node, &oriel_quotas);
	return quota;
}

static void oriel_quota_drop_if_idle(struct oriel_quota *quota)
{
	if (quota->nr_pages)
		return;
	list_del(&quota->node);
	kfree(quota);
}

/**
 * oriel_quota_charge() - the calling process's user is about to get memory
 * @nr_pages: how much, not 0
 * @why:      where to say why it was refused
 *
 * Context: May sleep.
 * Return: what to give to oriel_quota_uncharge() when the memory is free again,
 * or an ERR_PTR(): -ENOMEM if that would be more than the user may have, or
 * nothing is left to count with.
 */
struct oriel_quota *oriel_quota_charge(u64 nr_pages, struct oriel_explain *why)
{
	u64 sum, most = oriel_quota_most_pages();
	struct oriel_quota *quota;

	mutex_lock(&oriel_quotas_lock);
	quota = oriel_quota_find(current_uid());
	if (!quota) {
		oriel_refuse(why, -ENOMEM, ORIEL_REASON_NO_MEMORY, sizeof(*quota), 0);
		quota = ERR_PTR(-ENOMEM);
	} else if (check_add_overflow(quota->nr_pages, nr_pages, &sum) || sum > most) {
		oriel_refuse(why, -ENOMEM, ORIEL_REASON_USER_LIMIT, most << PAGE_SHIFT,
			     quota->nr_pages << PAGE_SHIFT);
		oriel_quota_drop_if_idle(quota);
		quota = ERR_PTR(-ENOMEM);
	} else {
		quota->nr_pages = sum;
	}
	mutex_unlock(&oriel_quotas_lock);
	return quota;
}

/**
 * oriel_quota_uncharge() - memory is free again
 * @quota:    from oriel_quota_charge(), or NULL
 * @nr_pages: as charged
 *
 * Context: May sleep.
 */
void oriel_quota_uncharge(struct oriel_quota *quota, u64 nr_pages)
{
	if (!quota)
		return;
	mutex_lock(&oriel_quotas_lock);
	quota->nr_pages -= nr_pages;
	oriel_quota_drop_if_idle(quota);
	mutex_unlock(&oriel_quotas_lock);
}
