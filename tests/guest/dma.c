// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA: off until somebody switches it on who may, off again with the last of
 * them, however it ends.
 * oriel-test: timeout=120 needs=pci
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/check.h"
#include "lib/child.h"
#include "lib/edu.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/text.h"

#define EDU_NODE "/dev/oriel/pci-0000-00-11.0"
#define EDU_ALLOW "/sys/class/oriel/pci-0000-00-11.0/allow_dma"
#define EDU_MASK "/sys/bus/pci/devices/" PCI_EDU "/dma_mask_bits"
#define IVSHMEM_NODE "/dev/oriel/pci-0000-00-10.0"

static int node_open(const char *node)
{
	int fd = open(node, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail_msg("%s: %s", node, strerror(errno));
	return fd;
}

static int device_set(int fd, uint32_t flags, uint32_t dma, uint32_t mask_bits)
{
	struct oriel_device_set set = {
		.flags = flags, .dma = dma, .dma_mask_bits = mask_bits,
	};

	return ioctl(fd, ORIEL_DEVICE_SET, &set) ? errno : 0;
}

static int dma_set(int fd, uint32_t on)
{
	return device_set(fd, ORIEL_DEVICE_SET_DMA, on, 0);
}

static bool is_master(const char *address)
{
	return pci_get_command(address) & PCI_COMMAND_MASTER;
}

static bool info_says_dma(int fd)
{
	struct oriel_device_info info = { .flags = 0 };

	assert_int_equal(ioctl(fd, ORIEL_DEVICE_INFO, &info), 0);
	return info.flags & ORIEL_DEVICE_DMA_ALLOWED;
}

static void test_refusals(void **state)
{
	const struct {
		const char *what;
		uint32_t flags, dma, bits;
		int error;
		uint32_t reason;
	} cases[] = {
		{ "nothing", 0, 0, 0, EINVAL, ORIEL_REASON_FLAGS },
		{ "flag", 8, 0, 0, EINVAL, ORIEL_REASON_FLAGS },
		{ "dma 2", ORIEL_DEVICE_SET_DMA, 2, 0, EINVAL, ORIEL_REASON_FLAGS },
		{ "dma unasked", ORIEL_DEVICE_RESET, 1, 0, EINVAL, ORIEL_REASON_RESERVED },
		{ "mask unasked", ORIEL_DEVICE_SET_DMA, 1, 8, EINVAL, ORIEL_REASON_RESERVED },
		{ "mask 0", ORIEL_DEVICE_SET_DMA_MASK, 0, 0, EINVAL, ORIEL_REASON_DMA_MASK },
		{ "mask too wide", ORIEL_DEVICE_SET_DMA_MASK, 0, edu_dma_bits() + 1, EINVAL,
		  ORIEL_REASON_DMA_MASK },
		{ "mask", ORIEL_DEVICE_SET_DMA_MASK, 0, ~0u, EINVAL, ORIEL_REASON_DMA_MASK },
		{ "reset", ORIEL_DEVICE_RESET, 0, 0, EOPNOTSUPP, ORIEL_REASON_NO_RESET },
	};
	struct oriel_device_set set = { .flags = ORIEL_DEVICE_SET_DMA };
	int fd = node_open(EDU_NODE);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_case(cases[i].what, device_set(fd, cases[i].flags, cases[i].dma,
						      cases[i].bits), cases[i].error);
		assert_case(cases[i].what, explain(fd).reason, cases[i].reason);
		assert_case(cases[i].what, explain(fd).call, ORIEL_CALL_DEVICE_SET);
	}
	set.reserved[1] = 1;
	assert_int_equal(ioctl(fd, ORIEL_DEVICE_SET, &set), -1);
	assert_case("reserved", errno, EINVAL);
	set = (struct oriel_device_set){ .flags = ORIEL_DEVICE_SET_DMA, .reserved0 = 1 };
	assert_int_equal(ioctl(fd, ORIEL_DEVICE_SET, &set), -1);
	assert_case("reserved0", errno, EINVAL);
	assert_false(is_master(PCI_EDU));
	close(fd);
}

static void test_on_and_off(void **state)
{
	int one = node_open(EDU_NODE), two = node_open(EDU_NODE), three = node_open(EDU_NODE);

	assert_false(is_master(PCI_EDU));
	assert_false(info_says_dma(one));
	assert_case("on", dma_set(one, 1), 0);
	assert_true(is_master(PCI_EDU));
	assert_true(info_says_dma(three));
	assert_case("on again", dma_set(one, 1), 0);
	assert_case("on, second", dma_set(two, 1), 0);
	assert_case("not its to switch off", dma_set(three, 0), 0);
	close(one);
	assert_true(is_master(PCI_EDU));
	assert_case("off", dma_set(two, 0), 0);
	assert_false(is_master(PCI_EDU));
	assert_case("on", dma_set(two, 1), 0);
	/* The last that wanted it, though not the last that has it open. */
	close(two);
	assert_false(is_master(PCI_EDU));
	assert_false(info_says_dma(three));
	close(three);
}

/* Runs as somebody else; the node was opened before. */
static int try_unprivileged(void *fd)
{
	CHECK(!setresgid(1000, 1000, 1000));
	CHECK(!setresuid(1000, 1000, 1000));
	return dma_set(*(int *)fd, 1);
}

static void test_who_may(void **state)
{
	int fd = node_open(EDU_NODE);

	assert_case("user", child_run(try_unprivileged, &fd), EPERM);
	assert_case("reason", explain(fd).reason, ORIEL_REASON_DMA_FORBIDDEN);
	assert_false(is_master(PCI_EDU));
	assert_int_equal(text_number(EDU_ALLOW), 0);
	assert_case("allow", text_write(EDU_ALLOW, "1"), 0);
	assert_int_equal(text_number(EDU_ALLOW), 1);
	assert_case("allowed user", child_run(try_unprivileged, &fd), 0);
	assert_true(is_master(PCI_EDU));
	assert_case("off", dma_set(fd, 0), 0);
	assert_case("nonsense", text_write(EDU_ALLOW, "maybe"), -EINVAL);
	assert_case("forbid", text_write(EDU_ALLOW, "0"), 0);
	assert_case("user", child_run(try_unprivileged, &fd), EPERM);
	close(fd);
}

static int allow_unprivileged(void *fd)
{
	CHECK(!setresuid(1000, 1000, 1000));
	CHECK(write(*(int *)fd, "1", 1) < 0);
	return errno;
}

/* A descriptor of the file that root opened is not root's word. */
static void test_allow_dma_takes_the_right(void **state)
{
	int fd = open(EDU_ALLOW, O_WRONLY);

	assert_true(fd >= 0);
	assert_case("user", child_run(allow_unprivileged, &fd), EPERM);
	assert_int_equal(text_number(EDU_ALLOW), 0);
	close(fd);
}

static int switch_on_and_hang(void *unused)
{
	int fd = open(EDU_NODE, O_RDWR);

	CHECK(fd >= 0 && !dma_set(fd, 1));
	for (;;)
		pause();
}

static void test_killed(void **state)
{
	pid_t pid = child_start(switch_on_and_hang, NULL);
	int tries;

	for (tries = 0; tries < 2000 && !is_master(PCI_EDU); tries++)
		usleep(10000);
	assert_true(is_master(PCI_EDU));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_case("child", child_wait(pid), 128 + SIGKILL);
	assert_false(is_master(PCI_EDU));
}

static void test_unbound(void **state)
{
	int fd = node_open(EDU_NODE);

	assert_case("on", dma_set(fd, 1), 0);
	pci_unbind(PCI_EDU);
	assert_false(is_master(PCI_EDU));
	assert_case("gone", dma_set(fd, 1), ENODEV);
	assert_case("gone", dma_set(fd, 0), ENODEV);
	pci_bind(PCI_EDU);
	assert_false(is_master(PCI_EDU));
	close(fd);
	assert_false(is_master(PCI_EDU));
}

static void test_mask(void **state)
{
	uint32_t bits = edu_dma_bits();
	int fd = node_open(EDU_NODE);

	assert_case("all", device_set(fd, ORIEL_DEVICE_SET_DMA_MASK, 0, bits), 0);
	assert_case("less", device_set(fd, ORIEL_DEVICE_SET_DMA_MASK | ORIEL_DEVICE_SET_DMA, 1,
				       bits - 4), 0);
	assert_true(is_master(PCI_EDU));
	assert_int_equal(text_number(EDU_MASK), bits - 4);
	close(fd);
	assert_int_equal(text_number(EDU_MASK), bits);
}

/* All memory lies beyond its reach: it is bound, and its registers answer; no buffers. */
static void test_out_of_reach(void **state)
{
	struct oriel_buffer_alloc alloc = { .size_bytes = 4096, .kind = ORIEL_KIND_SCATTERED };
	char parameter[32];
	struct area bar;

	snprintf(parameter, sizeof(parameter), "edu_dma_bits=%u", edu_dma_bits());
	assert_int_equal(module_unload("oriel-pci"), 0);
	assert_int_equal(module_load("oriel-pci", "edu_dma_bits=16"), 0);
	bar = pci_area_open(PCI_EDU, "bar0", PROT_READ);
	assert_int_equal(*(volatile uint32_t *)bar.address, 0x010000ed);
	assert_int_equal(text_number(EDU_MASK), 0);
	assert_case("narrow", device_set(bar.fd, ORIEL_DEVICE_SET_DMA_MASK, 0, 16), EIO);
	assert_case("master", dma_set(bar.fd, 1), 0);
	assert_case("buffer", ioctl(bar.fd, ORIEL_BUFFER_ALLOC, &alloc) ? errno : 0, EOPNOTSUPP);
	assert_int_equal(explain(bar.fd).reason, ORIEL_REASON_NO_DMA);
	area_close(&bar);
	assert_int_equal(module_unload("oriel-pci"), 0);
	assert_int_equal(text_number(EDU_MASK), 32);
	assert_int_equal(module_load("oriel-pci", parameter), 0);
}

/* A master for its interrupts, without a user's doing. */
static void test_cannot_dma(void **state)
{
	int fd = node_open(IVSHMEM_NODE);

	assert_true(is_master(PCI_IVSHMEM));
	assert_true(info_says_dma(fd));
	assert_case("off", dma_set(fd, 0), 0);
	assert_case("user", child_run(try_unprivileged, &fd), 0);
	close(fd);
	assert_true(is_master(PCI_IVSHMEM));
	pci_unbind(PCI_IVSHMEM);
	assert_false(is_master(PCI_IVSHMEM));
	pci_bind(PCI_IVSHMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_on_and_off),
		cmocka_unit_test(test_who_may),
		cmocka_unit_test(test_allow_dma_takes_the_right),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_unbound),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_out_of_reach),
		cmocka_unit_test(test_cannot_dma),
	};

	return cmocka_run_group_tests(tests, pci_load, pci_unload);
}
