/* test_fetch.c - a job on its way: the trail holds each hop, its ceiling is kept, and the receipt is for it */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "desk/fetch.h"
#include "desk/receipt.h"

static const unsigned char key[DIGEST_KEY_BYTES] = "a key that only two processes ha";

static void fill(struct buf *b, size_t n)
{
	memset(buf_room(b, n), 'x', n);
	b->n += n;
}

/* A capture as net.h gives it. */
static struct capture *capture_of(const char *url, int status, size_t n_body)
{
	struct capture *c = calloc(1, sizeof(*c));

	*c = (struct capture){ .url = BUF_INIT(LIMIT_URL),
			       .request = BUF_INIT(LIMIT_HEADERS),
			       .headers = BUF_INIT(LIMIT_HEADERS),
			       .body = BUF_INIT(LIMIT_BODY),
			       .chain = BUF_INIT(LIMIT_CHAIN),
			       .status = status,
			       .protocol = "http/1.1",
			       .address = "192.0.2.7",
			       .started_at = 1000 + status,
			       .ended_at = 2000 + status };
	buf_add(&c->url, str_of(url));
	buf_add(&c->headers, STR("HTTP/1.1 200 OK\r\n\r\n"));
	fill(&c->body, n_body);
	return c;
}

static struct fetch *fetch_of(const char *url)
{
	const struct job job = { .id = 7, .ticket = 9, .kind = PAGE_RAW, .url = str_of(url), .title = STR("a link") };

	return fetch_new(&job, job.url, STR("watchdesk-test"));
}

/* Deliver, and take the message apart as a worker does. It stays in the channel. */
static void deliver(const struct fetch *x, struct channel *c, struct arena *a, struct delivery *d)
{
	struct message m;

	channel_open(c, -1, false);
	fetch_deliver(x, key, c);
	c->in = c->out;
	c->out = (struct buf)BUF_INIT(LIMIT_MESSAGE);
	assert_int_equal(message_next(c, &m), 1);
	assert_int_equal(m.type, MESSAGE_CAPTURE);
	delivery_take(&m, 1, a, d);
	assert_false(m.bad);
	assert_int_equal(m.fields.n, 0);
}

static void the_trail_holds_the_redirects_and_then_the_page(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(channel) c;
	struct fetch *x = fetch_of("http://a.example/one");
	struct receipt receipt;
	struct delivery d;

	(void)state;
	x->capture = capture_of("http://a.example/one", 301, 100);
	fetch_follow(x, STR("http://b.example/two"));
	assert_str(buf_str(&x->url), "http://b.example/two");
	assert_null(x->capture);
	x->capture = capture_of("http://b.example/two", 302, 0);
	fetch_follow(x, STR("http://c.example/three"));
	x->capture = capture_of("http://c.example/three", 200, 30);
	deliver(x, &c, a, &d);

	assert_int_equal(d.trail.n, 3);
	assert_str(d.trail.exchanges[0].url, "http://a.example/one");
	assert_int_equal(d.trail.exchanges[0].status, 301);
	assert_int_equal(d.trail.exchanges[0].body.n, 100);
	assert_str(d.trail.exchanges[1].url, "http://b.example/two");
	assert_str(d.trail.exchanges[2].url, "http://c.example/three");
	assert_int_equal(d.trail.exchanges[2].body.n, 30);
	assert_str(d.job.url, "http://a.example/one");
	assert_str(d.job.title, "a link");

	assert_true(receipt_take(d.receipt, key, &receipt));
	assert_true(receipt_is_of(&receipt, d.trail_bytes));
	assert_int_equal(receipt.job, 7);
	assert_int_equal(receipt.ticket, 9);
	assert_int_equal(receipt.hops, 2);
	assert_int_equal(receipt.status, 200);
	assert_str(receipt.asked_url, "http://a.example/one");
	assert_str(receipt.url, "http://c.example/three");
	assert_true(receipt.started_at == 1301 && receipt.ended_at == 2200);
	fetch_free(x);
}

static void what_is_tried_again_leaves_no_mark(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(channel) c;
	struct fetch *x = fetch_of("http://a.example/one");
	struct delivery d;

	(void)state;
	x->capture = capture_of("http://a.example/one", 429, 10);
	fetch_restart(x);
	x->capture = capture_of("http://a.example/one", 200, 30);
	deliver(x, &c, a, &d);
	assert_int_equal(d.trail.n, 1);
	assert_int_equal(d.trail.exchanges[0].status, 200);
	fetch_free(x);
}

static void redirects_with_large_bodies_lose_them_and_say_so(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(channel) c;
	struct fetch *x = fetch_of("http://a.example/");
	static const struct {
		const char *why;
		size_t n, kept;
		bool bare;
	} rows[] = {
		{ "one that fits", KIB(200), KIB(200), false },	       { "one that does not, with it", KIB(100), 0, true },
		{ "a small one still does", KIB(20), KIB(20), false }, { "one without a body lost none", 0, 0, false },
		{ "one larger than all may be", MIB(1), 0, true },
	};
	struct delivery d;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		x->capture = capture_of("http://a.example/", 302, rows[i].n);
		fetch_follow(x, STR("http://a.example/"));
	}
	assert_true(fetch_size(x) <= LIMIT_REDIRECT_BODIES);
	x->capture = capture_of("http://a.example/", 200, MIB(1));
	deliver(x, &c, a, &d);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (d.trail.exchanges[i].body.n != rows[i].kept || d.trail.exchanges[i].bare != rows[i].bare)
			fail_msg("%s: %zu bytes", rows[i].why, d.trail.exchanges[i].body.n);
	assert_int_equal(d.trail.exchanges[5].body.n, MIB(1)); /* the page is never without */
	assert_false(d.trail.exchanges[5].bare);
	fetch_free(x);
}

/* Everything as large as its ceiling lets it be. */
static struct capture *largest(int status, size_t n_body)
{
	struct capture *c = capture_of("", status, n_body);

	fill(&c->url, LIMIT_URL);
	fill(&c->request, LIMIT_HEADERS);
	fill(&c->headers, LIMIT_HEADERS - c->headers.n);
	fill(&c->chain, LIMIT_CHAIN);
	memset(c->tls, 'x', sizeof(c->tls) - 1);
	memset(c->address, 'x', sizeof(c->address) - 1);
	memset(c->clock, 'x', sizeof(c->clock) - 1);
	return c;
}

static void the_largest_trail_there_can_be_is_delivered(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(channel) c;
	struct fetch *x = fetch_of("http://a.example/");
	struct delivery d;

	(void)state;
	for (int i = 0; i < LIMIT_REDIRECTS; i++) {
		x->capture = largest(302, LIMIT_REDIRECT_BODIES / LIMIT_REDIRECTS);
		fetch_follow(x, STR("http://a.example/"));
	}
	x->capture = largest(200, LIMIT_BODY);
	deliver(x, &c, a, &d);
	assert_true(d.trail_bytes.n <= LIMIT_TRAIL);
	assert_true(d.receipt.n <= LIMIT_RECEIPT);
	assert_int_equal(d.trail.n, LIMIT_REDIRECTS + 1);
	assert_int_equal(d.trail.exchanges[LIMIT_REDIRECTS].body.n, LIMIT_BODY);
	fetch_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_trail_holds_the_redirects_and_then_the_page),
		cmocka_unit_test(what_is_tried_again_leaves_no_mark),
		cmocka_unit_test(redirects_with_large_bodies_lose_them_and_say_so),
		cmocka_unit_test(the_largest_trail_there_can_be_is_delivered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
