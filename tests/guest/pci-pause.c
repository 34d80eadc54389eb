// SPDX-License-Identifier: GPL-2.0-only
/*
 * What takes a PCI device away for a while: reset, suspend, error recovery.
 * Touching it meanwhile is SIGBUS, and afterwards as if nothing had been.
 * oriel-test: timeout=240 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "lib/check.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/sleep.h"
#include "lib/text.h"
#include "lib/touch.h"

#define EDU_LIVENESS 4 /* a register that inverts what is written */
#define ROUNDS 40

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Is the page there without a fault? /proc/self/pagemap does not tell of I/O memory. */
static bool is_present(const struct area *bar)
{
	long before = minor_faults();
	int caught = touch_read(bar->address);

	return !caught && minor_faults() == before;
}

static struct area map_edu(uint32_t mark)
{
	struct area bar = pci_area_open(PCI_PORT0, "bar0", PROT_READ | PROT_WRITE);

	*(volatile uint32_t *)(bar.address + EDU_LIVENESS) = mark;
	touch_read(bar.address);
	assert_true(is_present(&bar));
	return bar;
}

/* The old mapping and the old file work. */
static void check_back(const struct area *bar)
{
	volatile uint32_t *live = (volatile uint32_t *)(bar->address + EDU_LIVENESS);
	uint32_t word = 0;

	assert_case("touch", touch_read(bar->address), 0);
	*live = 0x1234;
	assert_int_equal(*live, ~0x1234u);
	assert_int_equal(pread(bar->fd, &word, 4, bar->info.offset_bytes + EDU_LIVENESS), 4);
	assert_int_equal(word, ~0x1234u);
}

struct reset {
	const char *address;
	volatile bool done;
	int result;
};

static void *do_reset(void *argument)
{
	struct reset *reset = argument;

	reset->result = pci_write(reset->address, "reset", "1");
	reset->done = true;
	return NULL;
}

/* Resets until both kinds of access were seen to fail in the middle of one. */
static void check_reset(const char *address, int prot)
{
	struct area bar = pci_area_open(address, "bar0", prot);
	bool sigbus = false, eio = false;
	pthread_t thread;
	uint32_t word;
	int round;

	for (round = 0; round < ROUNDS && !(sigbus && eio); round++) {
		struct reset reset = { .address = address };

		assert_case("before", touch_read(bar.address), 0);
		pthread_create(&thread, NULL, do_reset, &reset);
		while (!reset.done) {
			sigbus |= touch_read(bar.address) == SIGBUS;
			if (pread(bar.fd, &word, 4, bar.info.offset_bytes) < 0) {
				assert_case("pread", errno, EIO);
				assert_int_equal(explain(bar.fd).reason, ORIEL_REASON_NO_ANSWER);
				eio = true;
			}
		}
		pthread_join(thread, NULL);
		assert_case("reset", reset.result, 0);
		assert_case("after", touch_read(bar.address), 0);
		assert_int_equal(pread(bar.fd, &word, 4, bar.info.offset_bytes), 4);
	}
	assert_true(sigbus);
	assert_true(eio);
	area_close(&bar);
}

/* Of the bus behind the root port: edu knows no reset of its own. */
static void test_bus_reset(void **state)
{
	struct area bar = map_edu(1);

	check_reset(PCI_PORT0, PROT_READ | PROT_WRITE);
	check_back(&bar);
	area_close(&bar);
}

static void test_function_level_reset(void **state)
{
	char methods[64];

	pci_plug(PCI_PORT1, "nvme", "serial=oriel");
	text_line("/sys/bus/pci/devices/" PCI_PORT1 "/reset_method", methods, sizeof(methods));
	assert_int_equal(strncmp(methods, "flr", 3), 0);
	pci_bind(PCI_PORT1);
	check_reset(PCI_PORT1, PROT_READ); /* its MSI-X table is in there */
	pci_unbind(PCI_PORT1);
	pci_unplug(PCI_PORT1);
	pci_await(PCI_PORT1, false);
}

/* All programs are frozen meanwhile: that it was swept out is seen afterwards. */
static void test_suspend(void **state)
{
	struct area bar = map_edu(0x5555), untouched = pci_area_open(PCI_PORT0, "bar0", PROT_READ);

	assert_case("sleep", pretend_sleep(), 0);
	assert_false(is_present(&bar));
	assert_int_equal(*(volatile uint32_t *)(bar.address + EDU_LIVENESS), ~0x5555u);
	check_back(&bar);
	assert_case("untouched", touch_read(untouched.address), 0);
	area_close(&untouched);
	area_close(&bar);
}

static void await_swept(const struct area *bar)
{
	int tries = 600;

	while (is_present(bar) && tries--)
		usleep(50000);
	assert_true(tries > 0);
}

/* Recovery takes as long as it takes; until then it is SIGBUS. */
static void await_back(const struct area *bar)
{
	int tries = 600, caught;

	while ((caught = touch_read(bar->address)) && tries--) {
		assert_case("meanwhile", caught, SIGBUS);
		usleep(50000);
	}
	assert_true(tries > 0);
}

static void check_error(const char *error)
{
	struct area bar = map_edu(0x77);
	char command[64];

	snprintf(command, sizeof(command), "hmp pcie_aer_inject_error port0 %s", error);
	pci_ask_host(command);
	await_swept(&bar);
	await_back(&bar);
	assert_int_equal(*(volatile uint32_t *)(bar.address + EDU_LIVENESS), ~0x77u);
	check_back(&bar);
	area_close(&bar);
}

static void test_non_fatal_error(void **state)
{
	check_error("COMP_ABORT");
}

/* The link is reset: without help, the device would have no addresses any more. */
static void test_fatal_error(void **state)
{
	uint16_t command = pci_get_command(PCI_PORT0);

	check_error("MALF_TLP");
	check_error("MALF_TLP");
	assert_int_equal(pci_get_command(PCI_PORT0), command);
}

static int load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (err)
		return err;
	pci_plug(PCI_PORT0, "edu", "");
	pci_await_node(PCI_PORT0);
	/* Firmware lets a port pass errors on; without any, nobody has. */
	pci_set_command(PCI_ROOT_PORT0, pci_get_command(PCI_ROOT_PORT0) | PCI_COMMAND_SERR);
	return 0;
}

static int unload(void **state)
{
	pci_unplug(PCI_PORT0);
	pci_await(PCI_PORT0, false);
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bus_reset),
		cmocka_unit_test(test_function_level_reset),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_non_fatal_error),
		cmocka_unit_test(test_fatal_error),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
