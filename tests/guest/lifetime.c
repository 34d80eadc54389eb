// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every order in which a mapping may be unmapped (whole or in part), split,
 * moved, its file closed, a page of it pinned, the process forked, and the
 * device go (unregistered, or with its driver's module): whoever holds on to
 * the memory sees it intact, and when the last has let go, all of it is back.
 *
 * What concerns one mapping only is done by hundreds of users of a device, each
 * in another order, between two events that concern all of them. Then, with
 * fewer events, each order alone, where nobody else's reference can help out.
 * A slow kernel gets one order in so many, others in each round.
 * oriel-test: timeout=240
 */
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/holder.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/order.h"
#include "lib/slow.h"
#include "lib/testdev.h"
#include "lib/text.h"

enum event { UNMAP, CLOSE, PIN, SPLIT, MOVE, EVENTS };

#define MOST_HOLDERS 240 /* 5! orders, unmapping whole or a part */
#define REGISTERED "/sys/module/oriel_brief/parameters/registered"

static const struct layout {
	const char *name;
	unsigned int kind;
	size_t bytes;	/* 0: two pages */
} layouts[] = {
	{ "contig, small", ORIEL_KIND_CONTIG, 0 },
	{ "contig, huge", ORIEL_KIND_CONTIG, 4 << 20 },
	{ "scattered, small", ORIEL_KIND_SCATTERED, 0 },
	{ "scattered, huge", ORIEL_KIND_SCATTERED, 4 << 20 },
};

struct user {
	struct holder holder;
	uint8_t order[EVENTS];
	bool whole;
};

/* What a round is: the events of each user, and what comes when for all. */
struct round {
	const struct layout *layout;
	unsigned int nr_events;		/* the first so many of enum event */
	unsigned int fork_at, gone_at;	/* after so many events */
	bool gone_first;		/* when both come at once */
	bool by_rmmod;
	uint8_t release[3];		/* who lets go first: RELEASE_* */
	size_t first, end, stride;	/* which of the users take part */
	unsigned int number;
};

#define for_each_user(i, round) \
	for ((i) = (round)->first; (i) < (round)->end; (i) += (round)->stride)

enum { RELEASE_PARENT, RELEASE_CHILD, RELEASE_PINS };

static struct user users[MOST_HOLDERS];
static long available_before_kib;

/* ---- the child: holds what the parent had when it forked ---------------- */

static struct {
	pid_t pid;
	int to[2], from[2];
} child;

static size_t round_bytes(const struct round *round)
{
	return round->layout->bytes ?: 2 * page_bytes();
}

static size_t round_stride(const struct round *round)
{
	return round->layout->bytes ? 256 << 10 : page_bytes() / 8;
}

static int child_main(void *argument)
{
	const struct round *round = argument;
	size_t i;
	char ask;

	close(child.to[1]);
	for_each_user(i, round)
		holder_close(&users[i].holder);
	while (read(child.to[0], &ask, 1) == 1) {
		for_each_user(i, round)
			CHECK(!holder_check(&users[i].holder, round_stride(round)));
		CHECK(write(child.from[1], "", 1) == 1);
	}
	return 0;
}

static void child_begin(struct round *round)
{
	assert_int_equal(pipe(child.to), 0);
	assert_int_equal(pipe(child.from), 0);
	child.pid = child_start(child_main, round);
	close(child.to[0]);
	close(child.from[1]);
}

static void child_check(void)
{
	char answer;

	if (!child.pid)
		return;
	assert_int_equal(write(child.to[1], "", 1), 1);
	assert_int_equal(read(child.from[0], &answer, 1), 1);
}

static void child_end(void)
{
	close(child.to[1]);
	assert_int_equal(child_wait(child.pid), 0);
	close(child.from[0]);
	child.pid = 0;
}

/* ---- a round ------------------------------------------------------------ */

static int user_event(struct user *user, enum event event)
{
	struct holder *holder = &user->holder;

	switch (event) {
	case UNMAP:
		return holder_unmap(holder, user->whole ? 0 : holder->nr_parts - 1);
	case CLOSE:
		return holder_close(holder);
	case PIN:
		return holder_pin(holder);
	case SPLIT:
		return holder_split(holder);
	case MOVE:
		return holder_move(holder);
	default:
		return 1;
	}
}

static void round_gone(const struct round *round)
{
	uint64_t word;
	size_t i;

	if (round->by_rmmod)
		assert_int_equal(module_unload("oriel-brief"), 0);
	else
		assert_int_equal(text_write(REGISTERED, "0"), 0);
	assert_int_equal(access(HOLDER_NODE, F_OK), -1);
	for_each_user(i, round) {
		if (users[i].holder.fd < 0)
			continue;
		assert_int_equal(pread(users[i].holder.fd, &word, 8, 0), -1);
		assert_int_equal(errno, ENODEV);
	}
}

static void round_events(struct round *round)
{
	unsigned int step;
	size_t i;

	for (step = 0; step <= round->nr_events; step++) {
		if (round->gone_at == step && round->gone_first)
			round_gone(round);
		if (round->fork_at == step)
			child_begin(round);
		if (round->gone_at == step && !round->gone_first)
			round_gone(round);
		for_each_user(i, round) {
			struct user *user = &users[i];

			assert_int_equal(holder_check(&user->holder, user->holder.part_bytes), 0);
			if (step < round->nr_events)
				assert_int_equal(user_event(user, user->order[step]), 0);
		}
	}
}

static void round_release(struct round *round)
{
	size_t i, j;

	for (j = 0; j < ARRAY_SIZE(round->release); j++) {
		child_check();
		if (round->release[j] == RELEASE_CHILD)
			child_end();
		for_each_user(i, round) {
			struct holder *holder = &users[i].holder;

			assert_int_equal(holder_check(holder, round_stride(round)), 0);
			if (round->release[j] == RELEASE_PARENT)
				assert_int_equal(holder_leave(holder), 0);
			if (round->release[j] == RELEASE_PINS)
				assert_int_equal(holder_unpin(holder), 0);
		}
	}
}

/* The device, and the driver too, may be gone from the last round. */
static void round_begin(const struct round *round)
{
	char parameters[64];

	snprintf(parameters, sizeof(parameters), "kind=%u bytes=%zu", round->layout->kind,
		 round_bytes(round));
	if (!module_is_loaded("oriel-brief"))
		assert_int_equal(module_load("oriel-brief", parameters), 0);
	else
		assert_int_equal(text_write(REGISTERED, "1"), 0);
}

static void round_run(struct round *round)
{
	size_t i;

	round_begin(round);
	for_each_user(i, round)
		assert_int_equal(holder_open(&users[i].holder, round_bytes(round)), 0);
	round_events(round);
	round_release(round);
	/* The driver itself is a user of oriel.ko. */
	assert_int_equal(module_users("oriel"), !round->by_rmmod);
	if (!order_next(round->release, ARRAY_SIZE(round->release)))
		order_first(round->release, ARRAY_SIZE(round->release));
}

/* Fork and removal at each of their places; calls @run for each. */
static void round_places(struct round *round, void (*run)(struct round *round))
{
	for (round->fork_at = 0; round->fork_at <= round->nr_events; round->fork_at++) {
		for (round->gone_at = 0; round->gone_at <= round->nr_events; round->gone_at++) {
			round->gone_first = false;
			run(round);
			if (round->gone_at != round->fork_at)
				continue;
			round->gone_first = true;
			run(round);
		}
	}
}

/* Return: how many users have an order each. */
static size_t users_set_orders(unsigned int nr_events, bool parts_too)
{
	uint8_t order[EVENTS];
	size_t n = 0;

	order_first(order, nr_events);
	do {
		memcpy(users[n].order, order, sizeof(order));
		users[n++].whole = true;
		if (!parts_too)
			continue;
		memcpy(users[n].order, order, sizeof(order));
		users[n++].whole = false;
	} while (order_next(order, nr_events));
	return n;
}

/*
 * The device goes by itself and with its driver by turns: the small layout of a
 * kind begins with the one, the large one with the other.
 */
static void run_together(struct round *round)
{
	round->first = round->number++ % round->stride;
	round_run(round);
	round->by_rmmod = !round->by_rmmod;
}

static void layout_run(const struct layout *layout, unsigned int nr_events,
		       void (*run)(struct round *round))
{
	struct round round = {
		.layout = layout, .nr_events = nr_events,
		.by_rmmod = run == run_together && (layout - layouts) % 2,
	};

	order_first(round.release, ARRAY_SIZE(round.release));
	round.end = users_set_orders(nr_events, run == run_together);
	round.stride = slow_one_in();
	round_places(&round, run);
	if (module_is_loaded("oriel-brief"))
		assert_int_equal(module_unload("oriel-brief"), 0);
	assert_int_equal(module_users("oriel"), 0);
	leftover_check(available_before_kib);
}

static void test_together(void **state)
{
	layout_run(*state, EVENTS, run_together);
}

/* Only what takes and gives up references: UNMAP (whole), CLOSE, PIN. */
static void run_each_alone(struct round *round)
{
	size_t n = round->end, i;

	for (i = round->number++ % round->stride; i < n; i += round->stride) {
		round->first = i;
		round->end = i + 1;
		round_run(round);
	}
	round->end = n;
}

static void test_alone(void **state)
{
	layout_run(*state, SPLIT, run_each_alone);
}

static int set_up(void **state)
{
	available_before_kib = leftover_available_kib();
	return 0;
}

#define FOR_LAYOUT(test, i) { #test "_" #i, test, NULL, NULL, (void *)&layouts[i] }

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOR_LAYOUT(test_together, 0),
		FOR_LAYOUT(test_together, 1),
		FOR_LAYOUT(test_together, 2),
		FOR_LAYOUT(test_together, 3),
		FOR_LAYOUT(test_alone, 0),
		FOR_LAYOUT(test_alone, 1),
		FOR_LAYOUT(test_alone, 2),
		FOR_LAYOUT(test_alone, 3),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
