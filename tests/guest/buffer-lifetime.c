// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has a buffer, has it: whatever of node, descriptor, mapping, importing
 * driver and device goes first, in any process. And what nobody has is free.
 * oriel-test: timeout=300 machine=pc,iommu,virt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/child.h"
#include "lib/leftover.h"
#include "lib/module.h"
#include "lib/pci.h"
#include "lib/place.h"
#include "lib/text.h"
#include "lib/touch.h"

#define MIB	((uint64_t)1 << 20)
#define MARK	0x800
#define STORM	120

static const uint32_t kinds[] = {
	ORIEL_KIND_CONTIG, ORIEL_KIND_SCATTERED, ORIEL_KIND_COHERENT,
};

static int importer_set(const char *parameter, int value)
{
	char path[96], text[16];

	snprintf(path, sizeof(path), "/sys/module/oriel_importer/parameters/%s", parameter);
	snprintf(text, sizeof(text), "%d", value);
	return text_write(path, text);
}

/* A buffer with MARK in it. */
static struct buffer buffer_marked(int node, uint32_t kind, uint64_t bytes)
{
	struct buffer buffer = buffer_open(node, kind, bytes);

	pattern_write(buffer.address, MARK, 0, buffer.bytes);
	return buffer;
}

static int buffer_check(const struct buffer *buffer)
{
	return pattern_check(buffer->address, MARK, 0, buffer->bytes, 8);
}

/* Every order in which the four of them may go. */
enum { NODE, HANDLE, FD, DEVICE, NR_PARTS };

static void part_ends(struct buffer *buffer, int part)
{
	switch (part) {
	case NODE:
		close(buffer->node);
		buffer->node = -1;
		break;
	case HANDLE:
		if (buffer->node >= 0)
			buffer_free(buffer->node, buffer->alloc.handle);
		break;
	case FD:
		close(buffer->fd);
		buffer->fd = -1;
		break;
	case DEVICE:
		pci_unbind(PCI_TESTDEV);
		break;
	}
}

static void test_orders(void **state)
{
	int order, i, k;

	for (order = 0; order < NR_PARTS * NR_PARTS * NR_PARTS * NR_PARTS; order++) {
		struct buffer buffer;
		int parts[NR_PARTS], seen = 0, code = order;

		for (i = 0; i < NR_PARTS; i++, code /= NR_PARTS) {
			parts[i] = code % NR_PARTS;
			seen |= 1 << parts[i];
		}
		if (seen != (1 << NR_PARTS) - 1)
			continue;
		k = order % 3;
		buffer = buffer_marked(node_open(PCI_TESTDEV, O_RDWR), kinds[k],
				       order % 2 ? 2 * page_bytes() : 2 * MIB + page_bytes());
		for (i = 0; i < NR_PARTS; i++) {
			part_ends(&buffer, parts[i]);
			assert_int_equal(buffer_check(&buffer), 0);
		}
		buffer.address[0]++;
		munmap(buffer.address, buffer.bytes);
		pci_bind(PCI_TESTDEV);
	}
}

/* Without any mapping: a descriptor is enough to get at the contents again. */
static void test_descriptor_alone(void **state)
{
	struct buffer buffer = buffer_marked(node_open(PCI_TESTDEV, O_RDWR),
					     ORIEL_KIND_COHERENT, MIB);
	int copy = dup(buffer.fd);

	munmap(buffer.address, buffer.bytes);
	close(buffer.fd);
	close(buffer.node);
	pci_unbind(PCI_TESTDEV);
	assert_int_equal(module_unload("oriel-pci"), 0);
	/* The operations of what is left are oriel's. */
	assert_int_equal(module_users("oriel"), 1);
	assert_case("oriel", module_unload("oriel"), -EAGAIN);
	buffer.address = buffer_map(copy, buffer.bytes, PROT_READ, page_bytes());
	assert_int_equal(buffer_check(&buffer), 0);
	munmap(buffer.address, buffer.bytes);
	close(copy);
	assert_int_equal(module_users("oriel"), 0);
	assert_int_equal(module_load("oriel-pci", ""), 0);
	pci_bind(PCI_TESTDEV);
}

static void send_fd(int socket, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(fd))] = "";
	struct iovec vector = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &vector, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	assert_int_equal(sendmsg(socket, &message, 0), 1);
}

static int receive_fd(int socket)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec vector = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &vector, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Another process, which never had the node open, unprivileged. */
static int use_received(void *argument)
{
	int *sockets = argument, fd;
	struct buffer buffer = { .node = -1, .bytes = 4 * MIB };

	/* So that the parent's is the only one. */
	close(sockets[0]);
	CHECK(!setuid(65534));
	fd = receive_fd(sockets[1]);
	CHECK(fd >= 0);
	buffer.address = buffer_map(fd, buffer.bytes, PROT_READ | PROT_WRITE, 2 * MIB);
	CHECK(!close(fd));
	/* Until the other end is closed: by then all else is gone. */
	CHECK(read(sockets[1], &fd, 1) == 0);
	CHECK(!buffer_check(&buffer));
	pattern_write(buffer.address, MARK + 1, 0, buffer.bytes);
	CHECK(!pattern_check(buffer.address, MARK + 1, 0, buffer.bytes, 8));
	return 0;
}

static void test_passed_on(void **state)
{
	struct buffer buffer;
	int sockets[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	pid = child_start(use_received, sockets);
	close(sockets[1]);
	buffer = buffer_marked(node_open(PCI_TESTDEV, O_RDWR), ORIEL_KIND_SCATTERED, 4 * MIB);
	send_fd(sockets[0], buffer.fd);
	buffer_close(&buffer);
	close(buffer.node);
	pci_unbind(PCI_TESTDEV);
	close(sockets[0]);
	assert_int_equal(child_wait(pid), 0);
	pci_bind(PCI_TESTDEV);
}

static int use_inherited(void *argument)
{
	struct buffer *buffer = argument;

	CHECK(!buffer_check(buffer));
	buffer->address[9]++;
	CHECK(!munmap(buffer->address, page_bytes()));
	return 0;
}

static void test_fork(void **state)
{
	struct buffer buffer = buffer_marked(node_open(PCI_TESTDEV, O_RDWR),
					     ORIEL_KIND_COHERENT, 2 * MIB + page_bytes());
	uint8_t before = buffer.address[9];

	assert_int_equal(child_run(use_inherited, &buffer), 0);
	assert_int_equal(buffer.address[9], (uint8_t)(before + 1));
	assert_int_equal(munmap(buffer.address + page_bytes(), page_bytes()), 0);
	assert_int_equal(buffer.address[9], (uint8_t)(before + 1));
	buffer_close(&buffer);
	close(buffer.node);
}

static void check_inverted(const struct buffer *buffer)
{
	size_t i;

	for (i = 0; i < buffer->bytes; i++)
		buffer->address[i] ^= 0xff;
	assert_int_equal(buffer_check(buffer), 0);
}

/* What other drivers do with it, before and after our device is gone. */
static void test_imported(void **state)
{
	size_t k;

	assert_int_equal(module_load("oriel-importer", ""), 0);
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct buffer buffer = buffer_marked(node_open(PCI_TESTDEV, O_RDWR), kinds[k],
						     2 * MIB + 2 * page_bytes());

		assert_case("attach", importer_set("attach", buffer.fd), 0);
		assert_case("again", importer_set("attach", buffer.fd), 0);
		assert_case("invert", importer_set("invert", 1), 0);
		check_inverted(&buffer);
		assert_case("cycles", importer_set("cycles", 20), 0);
		assert_case("sync", dmabuf_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW),
			    0);
		assert_case("sync", dmabuf_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
		pci_unbind(PCI_TESTDEV);
		assert_case("invert", importer_set("invert", 1), 0);
		check_inverted(&buffer);
		assert_case("late", importer_set("attach", buffer.fd), 0);
		close(buffer.fd);
		munmap(buffer.address, buffer.bytes);
		close(buffer.node);
		/* Nobody is left but the importer. */
		assert_case("invert", importer_set("invert", 1), 0);
		assert_case("detach", importer_set("detach", 1), 0);
		pci_bind(PCI_TESTDEV);
	}
	assert_int_equal(module_unload("oriel-importer"), 0);
}

/* Allocates, maps, frees, exports, until it is killed. */
static int storm_child(void *unused)
{
	unsigned int i;

	for (i = getpid();; i++) {
		int node = open("/dev/oriel/pci-0000-00-13.0", O_RDWR | O_CLOEXEC);
		struct oriel_buffer_alloc alloc;
		uint64_t bytes = 4096 + i * 77777ull % (4 * MIB);
		uint8_t *address;

		if (node < 0 || buffer_try(node, kinds[i % 3], bytes, 0, &alloc))
			continue;
		address = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, alloc.dmabuf_fd, 0);
		if (address == MAP_FAILED)
			return 1;
		address[i * 4096ull % bytes] = 1;
		if (i % 2)
			buffer_free(node, alloc.handle);
		if (i % 3)
			munmap(address, bytes);
		if (i % 5)
			close(alloc.dmabuf_fd);
		close(node);
	}
}

static void test_storm(void **state)
{
	long before_kib = leftover_available_kib();
	pid_t pids[3];
	int i, k;

	srand(12);
	for (i = 0; i < STORM; i++) {
		for (k = 0; k < 3; k++)
			pids[k] = child_start(storm_child, NULL);
		usleep(rand() % 30000);
		if (i % 10 == 5) {
			pci_unbind(PCI_TESTDEV);
			pci_bind(PCI_TESTDEV);
		}
		for (k = 0; k < 3; k++) {
			kill(pids[k], SIGKILL);
			assert_int_equal(child_wait(pids[k]), 128 + SIGKILL);
		}
	}
	leftover_check(before_kib);
}

static int load(void **state)
{
	int err = module_load("oriel-pci", "");

	if (!err)
		pci_bind(PCI_TESTDEV);
	return err;
}

static int unload(void **state)
{
	pci_unbind(PCI_TESTDEV);
	return module_unload("oriel-pci");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_descriptor_alone),
		cmocka_unit_test(test_passed_on),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_imported),
		cmocka_unit_test(test_storm),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
