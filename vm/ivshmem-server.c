// SPDX-License-Identifier: GPL-2.0-only
/*
 * ivshmem-server SOCKET MEMORY VECTORS: lets guests share the file MEMORY and
 * ring each other's doorbells, as QEMU's docs/specs/ivshmem-spec.txt says.
 *
 * It only introduces them: each guest gets the memory and, of every other one
 * and of itself, an eventfd a vector; what rings afterwards goes from QEMU to
 * QEMU. A message is a number of 8 bytes, little-endian, perhaps with a file
 * descriptor: the version (0), the guest's own number, -1 with the memory, then
 * N with an eventfd for each vector of guest N, and N alone when that has gone.
 *
 * Prints "ready" when guests may come; ends when it is told to.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PEERS_MAX	8
#define VECTORS_MAX	64
#define NO_FD		(-1)

struct peer {
	int socket;	/* NO_FD: there is none of this number */
	int event[VECTORS_MAX];
};

static struct peer peers[PEERS_MAX];
static int nr_vectors;
static int memory;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* A guest that does not take it is on its way out: poll() will tell. */
static void peer_send(const struct peer *to, int64_t number, int fd)
{
	int64_t message = htole64(number);
	struct iovec data = { &message, sizeof(message) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr header = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd != NO_FD) {
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	if (sendmsg(to->socket, &header, MSG_NOSIGNAL) != sizeof(message))
		perror("sendmsg");
}

static void peer_introduce(const struct peer *to, const struct peer *who)
{
	int i;

	for (i = 0; i < nr_vectors; i++)
		peer_send(to, who - peers, who->event[i]);
}

static struct peer *peer_free_slot(void)
{
	int i;

	for (i = 0; i < PEERS_MAX; i++)
		if (peers[i].socket == NO_FD)
			return &peers[i];
	return NULL;
}

static void peer_arrive(int socket)
{
	struct peer *peer = peer_free_slot();
	int i;

	if (!peer) {
		fprintf(stderr, "more guests than %d\n", PEERS_MAX);
		close(socket);
		return;
	}
	peer->socket = socket;
	for (i = 0; i < nr_vectors; i++) {
		peer->event[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (peer->event[i] < 0)
			die("eventfd");
	}
	peer_send(peer, 0, NO_FD);
	peer_send(peer, peer - peers, NO_FD);
	peer_send(peer, -1, memory);
	for (i = 0; i < PEERS_MAX; i++) {
		if (peers[i].socket == NO_FD || &peers[i] == peer)
			continue;
		peer_introduce(&peers[i], peer);
		peer_introduce(peer, &peers[i]);
	}
	peer_introduce(peer, peer);
}

static void peer_leave(struct peer *peer)
{
	int i;

	close(peer->socket);
	peer->socket = NO_FD;
	for (i = 0; i < nr_vectors; i++)
		close(peer->event[i]);
	for (i = 0; i < PEERS_MAX; i++)
		if (peers[i].socket != NO_FD)
			peer_send(&peers[i], peer - peers, NO_FD);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(address.sun_path, path);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 4))
		die(path);
	return fd;
}

/* Guests never say anything: whatever comes from one is its end. */
static void serve(int listener)
{
	struct pollfd fds[PEERS_MAX + 1];
	int i, socket;

	for (i = 0; i < PEERS_MAX; i++)
		fds[i] = (struct pollfd){ .fd = peers[i].socket, .events = POLLIN };
	fds[PEERS_MAX] = (struct pollfd){ .fd = listener, .events = POLLIN };
	if (poll(fds, PEERS_MAX + 1, -1) < 0 && errno != EINTR)
		die("poll");
	for (i = 0; i < PEERS_MAX; i++)
		if (fds[i].revents)
			peer_leave(&peers[i]);
	if (fds[PEERS_MAX].revents) {
		socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (socket >= 0)
			peer_arrive(socket);
	}
}

int main(int argc, char **argv)
{
	int i, listener;

	nr_vectors = argc == 4 ? atoi(argv[3]) : 0;
	if (nr_vectors < 1 || nr_vectors > VECTORS_MAX) {
		fprintf(stderr, "usage: ivshmem-server SOCKET MEMORY VECTORS (1 to %d)\n",
			VECTORS_MAX);
		return 2;
	}
	for (i = 0; i < PEERS_MAX; i++)
		peers[i].socket = NO_FD;
	memory = open(argv[2], O_RDWR | O_CLOEXEC);
	if (memory < 0)
		die(argv[2]);
	listener = listen_at(argv[1]);
	puts("ready");
	fflush(stdout);
	for (;;)
		serve(listener);
}
