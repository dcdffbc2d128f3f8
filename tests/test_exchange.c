/* test_exchange.c - a capture as bytes and back, every cut of it refused, and headers looked up */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/exchange.h"
#include "base/limits.h"

static const char leaf[] = "0123456789abcdef0123456789abcdef";

static const struct exchange moved = {
	.url = { "http://paste.example/old", 24 },
	.request = { "GET /old HTTP/1.1\r\nHost: paste.example\r\n\r\n", 43 },
	.headers = { "HTTP/1.1 302 Found\r\nLocation: /raw/Ab\r\n\r\n", 42 },
	.protocol = { "http/1.1", 8 },
	.address = { "192.0.2.7", 9 },
	.clock = { "synchronised, within 1200 us", 28 },
	.status = 302,
	.bare = true,
	.started_at = INT64_C(1418752800000000),
	.ended_at = INT64_C(1418752800040000),
};

static const struct exchange page = {
	.url = { "https://paste.example/raw/Ab", 28 },
	.request = { "GET /raw/Ab HTTP/2\r\n\r\n", 22 },
	.headers = { "HTTP/2 200 \r\ncontent-type: text/plain\r\n\r\n", 41 },
	.body = { "any\0bytes\xff", 10 },
	.protocol = { "h2", 2 },
	.address = { "2001:db8::7", 11 },
	.tls = { "TLSv1.3 TLS_AES_256_GCM_SHA384", 30 },
	.chain = { "-----BEGIN CERTIFICATE-----\n", 28 },
	.leaf = { leaf, 32 },
	.status = 200,
	.started_at = INT64_C(1418752800050000),
	.ended_at = INT64_C(1418752800090000),
};

static void put(struct buf *out, size_t n)
{
	struct exchange exchanges[LIMIT_REDIRECTS + 2];
	const struct trail t = { exchanges, n };

	for (size_t i = 0; i < n; i++)
		exchanges[i] = i + 1 < n ? moved : page;
	trail_put(out, &t);
}

static void assert_same(const struct exchange *a, const struct exchange *b)
{
	assert_true(str_eq(a->url, b->url));
	assert_true(str_eq(a->request, b->request));
	assert_true(str_eq(a->headers, b->headers));
	assert_true(str_eq(a->body, b->body));
	assert_true(str_eq(a->protocol, b->protocol));
	assert_true(str_eq(a->address, b->address));
	assert_true(str_eq(a->tls, b->tls));
	assert_true(str_eq(a->chain, b->chain));
	assert_true(str_eq(a->leaf, b->leaf));
	assert_true(str_eq(a->clock, b->clock));
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->bare, b->bare);
	assert_int_equal(a->started_at, b->started_at);
	assert_int_equal(a->ended_at, b->ended_at);
}

static void redirects_and_page_come_out_as_they_went_in(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(1));
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct trail t;
	struct message m;
	struct str copy;

	(void)state;
	put(&out, 3);
	copy = exact_copy(buf_str(&out));
	m = (struct message){ .fields = copy };
	trail_take(&m, a, &t);
	assert_false(m.bad);
	assert_int_equal(m.fields.n, 0);
	assert_int_equal(t.n, 3);
	assert_same(&t.exchanges[0], &moved);
	assert_same(&t.exchanges[1], &moved);
	assert_same(&t.exchanges[2], &page);
	free((char *)(uintptr_t)copy.p);
}

static void every_cut_of_a_trail_is_refused(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(1));
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	put(&out, 2);
	for (size_t n = 0; n < out.n; n++) {
		struct str copy = exact_copy(str_slice(buf_str(&out), 0, n));
		struct message m = { .fields = copy };
		struct trail t;

		trail_take(&m, a, &t);
		if (!m.bad)
			fail_msg("the first %zu of %zu bytes were taken for a trail", n, out.n);
		free((char *)(uintptr_t)copy.p);
		arena_clear(a);
	}
}

static void a_trail_has_one_exchange_and_no_more_than_the_redirects_allow(void **state)
{
	static const struct {
		const char *why;
		size_t n;
		bool bad;
	} rows[] = {
		{ "no exchange is no capture", 0, true },
		{ "the page alone", 1, false },
		{ "all redirects that are followed", LIMIT_REDIRECTS + 1, false },
		{ "one more", LIMIT_REDIRECTS + 2, true },
	};
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(MIB(1));
		struct message m;
		struct trail t;

		put(&out, rows[i].n);
		m = (struct message){ .fields = buf_str(&out) };
		trail_take(&m, a, &t);
		if (m.bad != rows[i].bad)
			fail_msg("%s", rows[i].why);
	}
}

static void a_digest_of_another_length_is_refused(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(1));
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct exchange x = page;
	const struct trail t = { &x, 1 };
	struct message m;
	struct trail taken;

	(void)state;
	x.leaf.n = 31;
	trail_put(&out, &t);
	m = (struct message){ .fields = buf_str(&out) };
	trail_take(&m, a, &taken);
	assert_true(m.bad);
}

static void the_last_of_repeated_headers_counts(void **state)
{
	static const struct {
		const char *why, *headers, *name, *value;
	} rows[] = {
		{ "the last one", "HTTP/1.1 200 OK\r\nA: 1\r\na:  2 \r\nB: 3\r\n\r\n", "A", "2" },
		{ "whole names only", "Content-Type-Options: x\r\nX-Content-Type: y\r\n", "Content-Type", "" },
		{ "an empty value", "A: 1\r\nA:\r\n", "A", "" },
		{ "no header", "", "A", "" },
		{ "no line end", "A: 1", "A", "1" },
		{ "the name alone", "A", "A", "" },
		{ "a colon in the value", "Location: http://x:80/\n", "location", "http://x:80/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str copy = exact_copy(str_of(rows[i].headers));

		if (!str_eq(exchange_header(copy, rows[i].name), str_of(rows[i].value)))
			fail_msg("%s", rows[i].why);
		free((char *)(uintptr_t)copy.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redirects_and_page_come_out_as_they_went_in),
		cmocka_unit_test(every_cut_of_a_trail_is_refused),
		cmocka_unit_test(a_trail_has_one_exchange_and_no_more_than_the_redirects_allow),
		cmocka_unit_test(a_digest_of_another_length_is_refused),
		cmocka_unit_test(the_last_of_repeated_headers_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
