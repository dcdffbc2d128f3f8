/* test_net_send.c - bytes for who answers nothing: they arrive whole, and what is not taken is known (TLS:
 * tests/e2e/channels.t) */
#include "tests/support.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/net.h"

enum does { READS, CLOSES_THEN, RESETS, IS_NOT_THERE };

/* A server in a child, which tells by its exit code whether it got `wanted` bytes. */
static pid_t serve(enum does does, size_t wanted, char *url, size_t size)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct linger now = { 1, 0 };
	socklen_t n = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s, 1), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&a, &n), 0);
	snprintf(url, size, "http://127.0.0.1:%d", ntohs(a.sin_port));
	pid = does == IS_NOT_THERE ? 0 : fork();
	if (pid == 0 && does != IS_NOT_THERE) {
		int c = accept(s, NULL, NULL);
		char room[65536];
		size_t got = 0;
		ssize_t r = 1;

		while (does != RESETS && got < wanted && (r = read(c, room, sizeof(room))) > 0)
			got += (size_t)r;
		if (does == RESETS)
			setsockopt(c, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		else if (does == READS && wanted)
			r = read(c, room, sizeof(room)); /* until we hang up */
		close(c);
		_exit(got == wanted ? 0 : 1);
	}
	close(s);
	return pid;
}

static void what_became_of_bytes_is_known(void **state)
{
	static const struct {
		const char *why;
		enum does does;
		size_t n;
		bool sent;
		enum net_failure failure;
	} rows[] = {
		{ "taken", READS, 100, true, NET_OK },
		{ "more than a socket holds", READS, 60000, true, NET_OK },
		{ "taken, then closed", CLOSES_THEN, 100, true, NET_OK },
		{ "nothing but a greeting", CLOSES_THEN, 0, true, NET_OK },
		{ "nobody there", IS_NOT_THERE, 100, false, NET_CONNECT },
	};
	struct err err = { 0 };
	AUTO_FREE(net) net = net_new(&err);
	static char bytes[60000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str exact = exact_copy((struct str){ bytes, rows[i].n });
		struct capture *c;
		char url[64];
		pid_t pid = serve(rows[i].does, rows[i].n, url, sizeof(url));
		int status = 0;

		assert_int_equal(net_send(net, &(struct net_bytes){ .url = str_of(url), .bytes = exact, .owner = url }, &err),
				 0);
		free((void *)(uintptr_t)exact.p);
		assert_int_equal(net_active(net), 1);
		while (!(c = net_next(net)))
			net_wait(net, NULL, 0, 1000);
		if (c->sent != rows[i].sent || c->failure != rows[i].failure || c->owner != url)
			fail_msg("%s: %d %s", rows[i].why, c->sent, c->failure_text);
		capture_free(c);
		assert_int_equal(net_active(net), 0);
		if (pid)
			assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status)
			fail_msg("%s: the server got something else", rows[i].why);
	}
}

static void one_that_resets_has_not_taken_them(void **state)
{
	struct err err = { 0 };
	AUTO_FREE(net) net = net_new(&err);
	struct capture *c;
	char url[64];
	pid_t pid = serve(RESETS, 1, url, sizeof(url));
	static char bytes[60000];

	(void)state;
	assert_int_equal(net_send(net, &(struct net_bytes){ .url = str_of(url), .bytes = { bytes, sizeof(bytes) } }, &err), 0);
	while (!(c = net_next(net)))
		net_wait(net, NULL, 0, 1000);
	assert_false(c->sent);
	assert_int_not_equal(c->failure, NET_OK);
	capture_free(c);
	waitpid(pid, NULL, 0);
}

static void one_that_is_broken_off_leaves_nothing(void **state)
{
	struct err err = { 0 };
	AUTO_FREE(net) net = net_new(&err);
	char url[64];
	pid_t pid = serve(READS, 10, url, sizeof(url));

	(void)state;
	assert_int_equal(net_send(net, &(struct net_bytes){ .url = str_of(url), .bytes = STR("12345") }, &err), 0);
	for (int i = 0; i < 5; i++) {
		net_wait(net, NULL, 0, 10);
		assert_null(net_next(net));
	}
	net_free(net);
	net = NULL;
	waitpid(pid, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_became_of_bytes_is_known),
		cmocka_unit_test(one_that_resets_has_not_taken_them),
		cmocka_unit_test(one_that_is_broken_off_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
