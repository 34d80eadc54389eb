// SPDX-License-Identifier: GPL-2.0-only
/*
 * ivshmem with doorbells: a guest rings its own, and two guests share memory and
 * ring each other's, through vm/ivshmem-server.c. No ring is lost.
 *
 * The second guest runs this program with the argument "peer".
 * oriel-test: timeout=400 machine=doorbell
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/check.h"
#include "lib/msix.h"
#include "lib/pci.h"
#include "lib/slow.h"
#include "lib/text.h"

#define OWN_ROUNDS	100000
#define PEER_ROUNDS	20000	/* or what the kernel's command line says: oriel_rounds=100000 */
#define VECTORS		2
#define SOON		30000	/* ms; it comes, however busy the machine is */
#define BOOT		180000	/* ms; a guest starts */

/* QEMU's docs/specs/ivshmem-spec.txt */
#define POSITION	0x08
#define DOORBELL	0x0c

/* What the guests have in common, at the start of the memory. */
struct common {
	_Atomic uint32_t peer;		/* its number plus one, when it can be rung */
	_Atomic uint32_t to_peer;	/* the round it was rung for */
	_Atomic uint32_t from_peer;
	_Atomic uint32_t last;		/* no round after this one */
};

#define DATA_OFFSET	4096u
#define DATA_BYTES	(512u << 10)

struct bell {
	struct area registers, memory;
	struct common *common;
	uint32_t number;
	int event[VECTORS];
};

static void bell_open(struct bell *bell)
{
	struct oriel_irq_set set = { .flags = ORIEL_IRQ_EVENTFD, .type = ORIEL_IRQ_MSIX };
	int i;

	bell->registers = pci_area_open(PCI_DOORBELL, "bar0", PROT_READ | PROT_WRITE);
	bell->memory = pci_area_open(PCI_DOORBELL, "bar2", PROT_READ | PROT_WRITE);
	bell->common = (struct common *)bell->memory.address;
	bell->number = *(volatile uint32_t *)(bell->registers.address + POSITION);
	for (i = 0; i < VECTORS; i++) {
		bell->event[i] = eventfd(0, EFD_CLOEXEC);
		assert_true(bell->event[i] >= 0);
		set.index = i;
		set.eventfd = bell->event[i];
		assert_case("irq", ioctl(bell->registers.fd, ORIEL_IRQ_SET, &set) ? errno : 0, 0);
	}
}

static void bell_close(struct bell *bell)
{
	int i;

	for (i = 0; i < VECTORS; i++)
		close(bell->event[i]);
	area_close(&bell->memory);
	area_close(&bell->registers);
}

static void bell_ring(const struct bell *bell, uint32_t number, uint32_t vector)
{
	*(volatile uint32_t *)(bell->registers.address + DOORBELL) = number << 16 | vector;
}

/* Return: how often the vector was rung, 0 if it was not in @wait_ms. */
static uint64_t bell_wait(const struct bell *bell, int vector, int wait_ms)
{
	struct pollfd poll_fd = { .fd = bell->event[vector], .events = POLLIN };
	uint64_t count;

	if (poll(&poll_fd, 1, wait_ms) != 1)
		return 0;
	assert_int_equal(read(bell->event[vector], &count, sizeof(count)), sizeof(count));
	return count;
}

static void test_table_is_guarded(void **state)
{
	assert_int_equal(msix_find(PCI_DOORBELL).bar, 1);
	assert_int_equal(msix_find(PCI_DOORBELL).bytes, VECTORS * 16);
	msix_check_guarded(PCI_DOORBELL);
}

static void test_own(void **state)
{
	struct bell bell;
	int rounds = OWN_ROUNDS / slow_one_in(), round;

	bell_open(&bell);
	for (round = 0; round < rounds; round++) {
		bell_ring(&bell, bell.number, round % VECTORS);
		if (bell_wait(&bell, round % VECTORS, SOON) != 1)
			fail_msg("round %d: not rung, or more than once", round);
	}
	/* Nobody has this number, and no vector is 2: nothing happens. */
	bell_ring(&bell, 0xffff, 0);
	bell_ring(&bell, bell.number, VECTORS);
	assert_int_equal(bell_wait(&bell, 0, 100), 0);
	assert_int_equal(bell_wait(&bell, 1, 0), 0);
	assert_true(text_file_has("/proc/interrupts", "MSI"));
	bell_close(&bell);
}

static uint64_t word_of(uint32_t at, uint64_t key)
{
	return (at + 1) * 0x9e3779b97f4a7c15u ^ key;
}

static void fill(const struct bell *bell, uint64_t key)
{
	volatile uint64_t *data = (volatile uint64_t *)(bell->memory.address + DATA_OFFSET);
	uint32_t i;

	for (i = 0; i < DATA_BYTES / 8; i++)
		data[i] = word_of(i, key);
}

static void check(const struct bell *bell, uint64_t key)
{
	volatile uint64_t *data = (volatile uint64_t *)(bell->memory.address + DATA_OFFSET);
	uint32_t i;

	for (i = 0; i < DATA_BYTES / 8; i++)
		if (data[i] != word_of(i, key))
			fail_msg("word %u is not what the other guest wrote", i);
}

static void await_peer(struct common *common)
{
	int waited;

	for (waited = 0; !common->peer && waited < BOOT; waited += 20)
		usleep(20000);
	if (!common->peer) {
		pci_try_host("peer_state");
		fail_msg("the other guest did not come");
	}
}

/* It is there until its test and its machine have come to their end. */
static void await_end_of_peer(void)
{
	char answer[256];
	int tries;

	for (tries = BOOT / 100; tries; tries--) {
		pci_try_host("peer_state");
		text_line("host-answer", answer, sizeof(answer));
		if (strcmp(answer, "running"))
			break;
		usleep(100000);
	}
	if (!tries || !strstr(answer, " 0 failed") || !strstr(answer, "status 85"))
		fail_msg("the other guest: %s", answer);
}

/* What is unknown on the kernel's command line is in the environment of all. */
static uint32_t peer_rounds(void)
{
	const char *wanted = getenv("oriel_rounds");

	return wanted ? strtoul(wanted, NULL, 10) : PEER_ROUNDS / slow_one_in();
}

/* Round 1 takes our data there, the last one theirs here. */
static void test_two_guests(void **state)
{
	uint32_t rounds = peer_rounds(), round;
	struct common *common;
	struct bell bell;

	bell_open(&bell);
	common = bell.common;
	common->peer = common->to_peer = common->from_peer = 0;
	common->last = rounds;
	pci_ask_host("peer_start doorbell");
	await_peer(common);
	fill(&bell, 1);
	for (round = 1; round <= rounds; round++) {
		common->to_peer = round;
		bell_ring(&bell, common->peer - 1, 0);
		if (bell_wait(&bell, 1, SOON) != 1)
			fail_msg("round %u: no answer", round);
		assert_int_equal(common->from_peer, round);
	}
	check(&bell, 2);
	assert_int_equal(bell_wait(&bell, 0, 0), 0);
	await_end_of_peer();
	/* Nobody is there any more. */
	bell_ring(&bell, common->peer - 1, 0);
	bell_close(&bell);
}

/* The other guest's part. */
static void test_peer(void **state)
{
	struct common *common;
	struct bell bell;
	uint32_t round, last;

	bell_open(&bell);
	common = bell.common;
	last = common->last;
	assert_true(last > 1);
	common->peer = bell.number + 1;
	for (round = 1; round <= last; round++) {
		if (bell_wait(&bell, 0, SOON) != 1)
			fail_msg("round %u: not rung, or more than once", round);
		assert_int_equal(common->to_peer, round);
		if (round == 1)
			check(&bell, 1);
		if (round == last)
			fill(&bell, 2);
		common->from_peer = round;
		/* The first guest to come is number 0. */
		bell_ring(&bell, 0, 1);
	}
	bell_close(&bell);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest first[] = {
		cmocka_unit_test(test_table_is_guarded),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_two_guests),
	};
	const struct CMUnitTest peer[] = {
		cmocka_unit_test(test_peer),
	};

	if (argc > 1 && !strcmp(argv[1], "peer"))
		return cmocka_run_group_tests(peer, pci_load, pci_unload);
	return cmocka_run_group_tests(first, pci_load, pci_unload);
}
