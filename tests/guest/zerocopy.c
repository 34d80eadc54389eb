// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSG_ZEROCOPY: TCP sends out of a mapping without copying it first, and tells
 * when it is done with it.
 * oriel-test: timeout=60
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "lib/check.h"
#include "lib/place.h"

#define MARK		0x300
#define SEND_BYTES	65536

struct connection {
	int sender;
	int receiver;
	uint32_t sends;		/* how many there were */
	uint32_t done;		/* of how many the kernel said that it is done with them */
};

static void set(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		fail_msg("socket option %d: %s", option, strerror(errno));
}

/* The receiver has little room and does not read yet; the sender has much. */
static struct connection connect_them(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	struct connection c = {};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	set(listener, SOL_SOCKET, SO_RCVBUF, page_bytes());
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	c.sender = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	set(c.sender, SOL_SOCKET, SO_ZEROCOPY, 1);
	set(c.sender, SOL_SOCKET, SO_SNDBUFFORCE, 64 << 20);
	assert_int_equal(connect(c.sender, (struct sockaddr *)&address, length), 0);
	c.receiver = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(c.receiver >= 0);
	close(listener);
	return c;
}

static void send_all(struct connection *c, const uint8_t *from, size_t bytes)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < bytes) {
		n = bytes - sent < SEND_BYTES ? bytes - sent : SEND_BYTES;
		n = send(c->sender, from + sent, n, MSG_ZEROCOPY | MSG_DONTWAIT);
		if (n <= 0)
			fail_msg("send, %zu bytes of %zu sent: %s", sent, bytes, strerror(errno));
		c->sends++;
		sent += n;
	}
}

/* A notification covers a range of sends, in order. Return: was there one? */
static bool notified(struct connection *c)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in))];
		struct cmsghdr align;
	} control;
	struct msghdr message = {
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct sock_extended_err *what;

	if (recvmsg(c->sender, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	what = (void *)CMSG_DATA(CMSG_FIRSTHDR(&message));
	assert_int_equal(what->ee_origin, SO_EE_ORIGIN_ZEROCOPY);
	assert_int_equal(what->ee_errno, 0);
	assert_int_equal(what->ee_info, c->done);
	c->done = what->ee_data + 1;
	return true;
}

static void receive_and_check(struct connection *c, uint32_t mark, size_t bytes)
{
	uint8_t *got = malloc(bytes);
	size_t have = 0;
	ssize_t n;

	while (have < bytes) {
		n = recv(c->receiver, got + have, bytes - have, 0);
		assert_true(n > 0);
		have += n;
	}
	assert_int_equal(pattern_check(got, mark, 0, bytes, 8), 0);
	free(got);
}

/* Until the kernel is done with all, but not for ever. */
static void await_notifications(struct connection *c)
{
	struct pollfd poller = { .fd = c->sender };

	while (c->done < c->sends)
		if (!notified(c))
			assert_int_equal(poll(&poller, 1, 10000), 1);
	assert_int_equal(c->done, c->sends);
	assert_false(notified(c));
}

static void disconnect(struct connection *c)
{
	close(c->sender);
	close(c->receiver);
}

static void sends(const struct place *place, struct area *area)
{
	struct connection c = connect_them();

	pattern_write(area->address, MARK, 0, area->bytes);
	/* Afresh: the kernel is the first to touch it. */
	assert_int_equal(madvise(area->address, area->bytes, MADV_DONTNEED), 0);
	send_all(&c, area->address, area->bytes);
	receive_and_check(&c, MARK, area->bytes);
	await_notifications(&c);
	disconnect(&c);
}

static void test_content_and_completion(void **state)
{
	places_each(sends);
}

/* Not copied: what is written after send() and before it is sent, is sent. */
static void is_not_copied(const struct place *place, struct area *area)
{
	struct connection c = connect_them();
	size_t bytes = area->bytes, filler = 1 << 20;
	void *ballast = calloc(1, filler);

	/* Fills the receiver's room, so that all the rest waits. */
	assert_int_equal(send(c.sender, ballast, filler, MSG_DONTWAIT), filler);
	memset(area->address, 0, bytes);
	send_all(&c, area->address, bytes);
	assert_false(notified(&c));
	pattern_write(area->address, MARK, 0, bytes);
	assert_int_equal(recv(c.receiver, ballast, filler, MSG_WAITALL), filler);
	receive_and_check(&c, MARK, bytes);
	await_notifications(&c);
	disconnect(&c);
	free(ballast);
}

static void test_is_not_copied(void **state)
{
	places_each(is_not_copied);
}

/* It waits in the socket while all else goes. */
static void outlives(const struct place *place, struct area *area)
{
	struct connection c = connect_them();
	size_t bytes = area->bytes, filler = 1 << 20;
	void *ballast = calloc(1, filler), *scribbled;

	assert_int_equal(send(c.sender, ballast, filler, MSG_DONTWAIT), filler);
	pattern_write(area->address, MARK, 0, bytes);
	send_all(&c, area->address, bytes);
	assert_false(notified(&c));
	place_vanish(place, area);
	scribbled = scribble();
	assert_int_equal(recv(c.receiver, ballast, filler, MSG_WAITALL), filler);
	receive_and_check(&c, MARK, bytes);
	await_notifications(&c);
	assert_int_equal(scribble_check(scribbled), 0);
	disconnect(&c);
	free(ballast);
	place_return(place);
	*area = place_open(place, PROT_READ | PROT_WRITE);
}

static void test_outlives_all(void **state)
{
	places_each(outlives);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content_and_completion),
		cmocka_unit_test(test_is_not_copied),
		cmocka_unit_test(test_outlives_all),
	};
	int probe = socket(AF_INET, SOCK_STREAM, 0);

	if (probe < 0) {
		printf("1..0 # skip this kernel has no TCP\n");
		return 0;
	}
	close(probe);
	return cmocka_run_group_tests(tests, places_load, places_unload);
}
