/* test_message.c - messages between processes, as a hostile peer would send them too */
#include "tests/support.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/message.h"

struct ends {
	struct channel a, b;
};

static void ends_release(struct ends *e)
{
	channel_release(&e->a);
	channel_release(&e->b);
}

static struct ends connected(void)
{
	struct err err = { 0 };
	struct ends e;
	int fds[2];

	assert_int_equal(channel_pair(fds, &err), 0);
	channel_open(&e.a, fds[0], false);
	channel_open(&e.b, fds[1], false);
	return e;
}

static void fields_come_out_in_the_order_they_went_in(void **state)
{
	AUTO(ends) e = connected();
	struct message m;

	(void)state;
	put_int(message_begin(&e.a, 7), -5);
	put_str(&e.a.out, STR("text"));
	put_real(&e.a.out, 0.25);
	message_end(&e.a);
	message_begin(&e.a, 8);
	message_end(&e.a);
	assert_int_equal(channel_flush(&e.a), 1);
	assert_int_equal(channel_fill(&e.b), 1);
	assert_int_equal(message_next(&e.b, &m), 1);
	assert_int_equal(m.type, 7);
	assert_int_equal(take_int(&m), -5);
	assert_str(take_str(&m), "text");
	assert_true(take_real(&m) == 0.25);
	assert_false(m.bad);
	take_int(&m); /* there is none left */
	assert_true(m.bad);
	assert_int_equal(message_next(&e.b, &m), 1);
	assert_int_equal(m.type, 8);
	assert_int_equal(message_next(&e.b, &m), 0);
	assert_int_equal(channel_fill(&e.b), 0);
}

static void a_large_message_comes_in_pieces(void **state)
{
	AUTO(ends) e = connected();
	AUTO(buf) body = BUF_INIT(8 << 20);
	struct message m;
	int sent = 0, got = 0;

	(void)state;
	memset(buf_room(&body, 8 << 20), 'x', 8 << 20);
	body.n = 8 << 20;
	put_str(message_begin(&e.a, 1), buf_str(&body));
	message_end(&e.a);
	while (got == 0) {
		sent = channel_flush(&e.a);
		assert_true(sent >= 0);
		assert_true(channel_fill(&e.b) >= 0);
		got = message_next(&e.b, &m);
	}
	assert_int_equal(got, 1);
	assert_int_equal(take_str(&m).n, 8 << 20);
}

static void a_message_beyond_its_ceiling_is_taken_back(void **state)
{
	AUTO(ends) e = connected();
	AUTO(buf) body = BUF_INIT(LIMIT_MESSAGE);
	struct message m;

	(void)state;
	memset(buf_room(&body, LIMIT_MESSAGE), 'x', LIMIT_MESSAGE);
	body.n = LIMIT_MESSAGE;
	put_str(message_begin(&e.a, 1), buf_str(&body)); /* its length comes on top */
	assert_int_equal(message_end(&e.a), E_LIMIT);
	message_begin(&e.a, 1);
	for (int i = 0; i < 3; i++)
		put_str(&e.a.out, buf_str(&body));
	assert_int_equal(message_end(&e.a), E_LIMIT);
	put_int(message_begin(&e.a, 2), 5);
	assert_int_equal(message_end(&e.a), 0);
	assert_int_equal(channel_flush(&e.a), 1);
	assert_int_equal(channel_fill(&e.b), 1);
	assert_int_equal(message_next(&e.b, &m), 1);
	assert_int_equal(m.type, 2);
}

static void a_peer_that_lies_is_noticed(void **state)
{
	static const struct {
		const char *why;
		struct str bytes;
		int next;
		bool bad;
	} rows[] = {
		{ "a length beyond the ceiling", { "\xff\xff\xff\x7f\1\0\0\0", 8 }, E_BAD, false },
		{ "an unknown type", { "\0\0\0\0\xff\xff\0\0", 8 }, E_BAD, false },
		{ "a string longer than its message", { "\x0a\0\0\0\1\0\0\0\xff\0\0\0\0\0\0\0hi", 18 }, 1, true },
		{ "a negative length", { "\x0a\0\0\0\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xffhi", 18 }, 1, true },
		{ "a header cut short", { "\0\0\0", 3 }, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(ends) e = connected();
		struct message m;

		assert_int_equal(send(e.a.fd, rows[i].bytes.p, rows[i].bytes.n, 0), rows[i].bytes.n);
		channel_fill(&e.b);
		if (message_next(&e.b, &m) != rows[i].next)
			fail_msg("%s", rows[i].why);
		if (rows[i].next == 1) {
			assert_int_equal(take_str(&m).n, 0);
			assert_int_equal(m.bad, rows[i].bad);
		}
	}
}

static void the_end_of_the_peer_is_seen_after_its_last_message(void **state)
{
	AUTO(ends) e = connected();
	struct message m;

	(void)state;
	message_begin(&e.a, 3);
	message_end(&e.a);
	assert_int_equal(channel_flush(&e.a), 1);
	channel_release(&e.a);
	assert_int_equal(channel_fill(&e.b), 1);
	assert_int_equal(message_next(&e.b, &m), 1);
	assert_int_equal(channel_fill(&e.b), E_IO);
	message_begin(&e.b, 3);
	message_end(&e.b);
	assert_int_equal(channel_flush(&e.b), E_IO);
}

static void a_control_carries_descriptors(void **state)
{
	struct control c = { .type = 2, .slot = 3, .fds = { -1, -1 } }, got;
	struct err err = { 0 };
	int ends[2], pipes[2];
	char byte = 0;

	(void)state;
	assert_int_equal(control_pair(ends, &err), 0);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(control_receive(ends[1], &got), 0);
	c.fds[0] = pipes[1];
	assert_int_equal(control_send(ends[0], &c), 0);
	assert_int_equal(control_receive(ends[1], &got), 1);
	assert_int_equal(got.slot, 3);
	assert_int_equal(write(got.fds[0], "x", 1), 1);
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(got.fds[0]);
	close(ends[0]);
	assert_int_equal(control_receive(ends[1], &got), E_IO);
	close(ends[1]);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_come_out_in_the_order_they_went_in),
		cmocka_unit_test(a_large_message_comes_in_pieces),
		cmocka_unit_test(a_message_beyond_its_ceiling_is_taken_back),
		cmocka_unit_test(a_peer_that_lies_is_noticed),
		cmocka_unit_test(the_end_of_the_peer_is_seen_after_its_last_message),
		cmocka_unit_test(a_control_carries_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
