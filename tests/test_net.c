/* test_net.c - each fault of the scripted site gives its own answer, ceilings hold, and the guard cannot be walked around */
#include "tests/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/net.h"

/* The site, and what talks to it. */
struct bench {
	pid_t site;
	char url[128], address[256];
	struct net *net;
	struct err err;
};

static int set_up(void **state)
{
	const char *program = getenv("SITE");
	struct bench *b = calloc(1, sizeof(*b));
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	b->site = fork();
	if (b->site == 0) {
		dup2(ends[1], 1);
		execl(program ? program : "build/gcc/site", "site", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	assert_true(read(ends[0], b->url, sizeof(b->url) - 1) > 8);
	b->url[strcspn(b->url, "\n")] = '\0';
	close(ends[0]);
	b->net = net_new(&b->err);
	assert_non_null(b->net);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	net_free(b->net);
	kill(b->site, SIGTERM);
	waitpid(b->site, NULL, 0);
	free(b);
	return 0;
}

/* A request for a path of the site; for an address of its own it begins with "http". */
static struct net_request request_for(struct bench *b, const char *path)
{
	snprintf(b->address, sizeof(b->address), "%s%s", strncmp(path, "http", 4) == 0 ? "" : b->url, path);
	return (struct net_request){ .url = str_of(b->address), .user_agent = STR("watchdesk-test"), .allow_private = true };
}

static struct capture *wait_for_one(struct bench *b)
{
	struct capture *c = NULL;

	while (!(c = net_next(b->net)))
		net_wait(b->net, NULL, 0, 1000);
	return c;
}

static struct capture *fetch(struct bench *b, const struct net_request *r)
{
	if (net_start(b->net, r, &b->err) < 0)
		fail_msg("%s", b->err.text);
	return wait_for_one(b);
}

static void each_fault_has_its_own_answer(void **state)
{
	static const struct {
		const char *why, *path;
		int status;
		enum net_failure failure;
	} rows[] = {
		{ "a page", "/archive", 200, NET_OK },
		{ "not there", "/no/such/page/at/all", 200, NET_OK }, /* a soft 404 is for the worker to see */
		{ "a thread that is not there", "/forum/thread/99", 404, NET_OK },
		{ "broken", "/fault/broken", 500, NET_OK },
		{ "too many requests", "/fault/always-busy", 429, NET_OK },
		{ "a redirect is not followed", "/fault/inside", 302, NET_OK },
		{ "less than was promised", "/fault/truncated", 200, NET_HTTP },
		{ "one huge header", "/fault/header", 200, NET_LIMIT },
		{ "nobody listens", "http://127.0.0.1:1/", 0, NET_CONNECT },
		{ "no such host (RFC 6761 6.4)", "http://nobody.invalid/", 0, NET_DNS },
		{ "link-local, whatever is allowed", "http://169.254.169.254/", 0, NET_DENIED },
		{ "the same, mapped to IPv6", "http://[::ffff:169.254.169.254]/", 0, NET_DENIED },
		{ "nobody's address", "http://0.0.0.0/", 0, NET_DENIED },
		{ "no scheme of ours", "file:///etc/hostname", 0, NET_HTTP },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_request r = request_for(b, rows[i].path);

		if (strstr(rows[i].path, "file:"))
			r.url = str_of(rows[i].path);
		{
			AUTO_FREE(capture) c = fetch(b, &r);

			if (c->failure != rows[i].failure || (rows[i].failure == NET_OK && c->status != rows[i].status))
				fail_msg("%s: %s, status %d: %s", rows[i].why, net_failure_names[c->failure], c->status,
					 c->failure_text);
			if (c->failure != NET_OK)
				assert_true(strlen(c->failure_text) > 10);
			assert_true(c->ended_at >= c->started_at);
		}
	}
}

static void a_bomb_stays_coded(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/fault/bomb");
	AUTO_FREE(capture) c = NULL;

	r.coded = true;
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_OK);
	assert_str(capture_header(c, "content-encoding"), "gzip");
	assert_true(c->body.n < MIB(1)); /* 128 MiB once opened, which is not ours to do */
	assert_memory_equal(c->body.p, "\x1f\x8b", 2);
}

static void a_body_larger_than_was_allowed_is_broken_off(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/archive");
	AUTO_FREE(capture) c = NULL;

	r.max_bytes = 100;
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_LIMIT);
	assert_true(c->body.n <= 100);
}

static void what_has_not_changed_comes_back_as_304(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) first = fetch(b, &r);
	AUTO_FREE(capture) by_tag = NULL;
	AUTO_FREE(capture) by_date = NULL;

	assert_int_equal(first->status, 200);
	r.etag = capture_header(first, "ETag");
	by_tag = fetch(b, &r);
	assert_int_equal(by_tag->status, 304);
	assert_int_equal(by_tag->body.n, 0);
	r.etag = (struct str){ 0 };
	r.last_modified = capture_header(first, "Last-Modified");
	by_date = fetch(b, &r);
	assert_int_equal(by_date->status, 304);
}

static void a_validator_that_would_end_its_line_is_not_sent(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) plain = fetch(b, &r);
	AUTO(buf) tag = BUF_INIT(200);
	AUTO_FREE(capture) c = NULL;

	buf_printf(&tag, "%.*s\r\nX-Injected: yes", STR_ARG(capture_header(plain, "ETag")));
	r.etag = buf_str(&tag);
	c = fetch(b, &r);
	assert_int_equal(c->status, 200); /* with the tag it would have been 304 */
}

static void a_private_address_needs_leave(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) c = NULL;

	r.allow_private = false;
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_DENIED);
	assert_int_equal(c->status, 0);
	assert_non_null(strstr(c->failure_text, "allow_private"));
}

/* The first leaves its connection open; the second would find it. */
static void a_connection_that_one_may_use_is_not_lent_to_who_may_not(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) allowed = fetch(b, &r);
	AUTO_FREE(capture) denied = NULL;
	AUTO_FREE(capture) again = NULL;

	assert_int_equal(allowed->failure, NET_OK);
	r.allow_private = false;
	denied = fetch(b, &r);
	assert_int_equal(denied->failure, NET_DENIED);
	assert_int_equal(denied->status, 0);
	assert_int_equal(denied->body.n, 0);
	r.allow_private = true;
	again = fetch(b, &r);
	assert_int_equal(again->failure, NET_OK);
}

static void the_environment_names_no_proxy_for_us(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	{
		AUTO_FREE(capture) c = fetch(b, &r);

		unsetenv("http_proxy");
		assert_int_equal(c->failure, NET_OK);
	}
}

static void as_many_at_once_as_the_ceiling_says_and_no_more(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/archive");
	int owners[LIMIT_CONNECTIONS] = { 0 };

	for (int i = 0; i < LIMIT_CONNECTIONS; i++) {
		r.owner = &owners[i];
		assert_int_equal(net_start(b->net, &r, &b->err), 0);
	}
	assert_int_equal(net_active(b->net), LIMIT_CONNECTIONS);
	assert_int_equal(net_start(b->net, &r, &b->err), E_BUSY);
	for (int i = 0; i < LIMIT_CONNECTIONS; i++) {
		AUTO_FREE(capture) c = wait_for_one(b);

		assert_int_equal(c->failure, NET_OK);
		assert_int_equal(++*(int *)c->owner, 1); /* each comes back once, to its owner */
	}
	assert_int_equal(net_active(b->net), 0);
	assert_null(net_next(b->net));
	assert_int_equal(net_start(b->net, &r, &b->err), 0); /* there is room again; it is broken off at the end */
}

static void an_address_that_is_none_is_refused_at_once(void **state)
{
	struct bench *b = *state;
	char url[LIMIT_URL + 2];
	struct net_request r = { 0 };

	assert_int_equal(net_start(b->net, &r, &b->err), E_BAD);
	memset(url, 'x', sizeof(url));
	r.url = (struct str){ url, LIMIT_URL + 1 };
	assert_int_equal(net_start(b->net, &r, &b->err), E_BAD);
	assert_int_equal(net_active(b->net), 0);
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
		struct capture c = { .headers = { .p = (char *)(uintptr_t)copy.p, .n = copy.n } };

		if (!str_eq(capture_header(&c, rows[i].name), str_of(rows[i].value)))
			fail_msg("%s", rows[i].why);
		free(c.headers.p);
	}
}

enum place { PUBLIC, PRIVATE, CLOSED };

static void addresses_are_public_private_or_closed(void **state)
{
	static const struct {
		const char *text;
		enum place place;
	} rows[] = {
		{ "93.184.216.34", PUBLIC },
		{ "1.1.1.1", PUBLIC },
		{ "9.255.255.255", PUBLIC },
		{ "11.0.0.0", PUBLIC },
		{ "100.63.255.255", PUBLIC },
		{ "100.128.0.0", PUBLIC },
		{ "172.15.255.255", PUBLIC },
		{ "172.32.0.0", PUBLIC },
		{ "192.0.1.0", PUBLIC },
		{ "198.17.255.255", PUBLIC },
		{ "198.20.0.0", PUBLIC },
		{ "223.255.255.255", PUBLIC },
		{ "10.0.0.0", PRIVATE },
		{ "10.255.255.255", PRIVATE },
		{ "100.64.0.1", PRIVATE }, /* RFC 6598 */
		{ "100.127.255.255", PRIVATE },
		{ "127.0.0.1", PRIVATE },
		{ "127.255.255.255", PRIVATE },
		{ "172.16.0.1", PRIVATE },
		{ "172.31.255.255", PRIVATE },
		{ "192.168.255.255", PRIVATE },
		{ "0.0.0.0", CLOSED },
		{ "0.255.255.255", CLOSED },
		{ "169.254.0.1", CLOSED },
		{ "169.254.169.254", CLOSED }, /* cloud metadata */
		{ "192.0.0.1", CLOSED },
		{ "192.0.2.1", CLOSED },
		{ "192.88.99.1", CLOSED },
		{ "198.18.0.1", CLOSED },
		{ "198.19.255.255", CLOSED },
		{ "198.51.100.1", CLOSED },
		{ "203.0.113.255", CLOSED },
		{ "224.0.0.1", CLOSED },
		{ "240.0.0.1", CLOSED },
		{ "255.255.255.255", CLOSED },
		{ "2606:4700:4700::1111", PUBLIC },
		{ "2a00:1450:4001::1", PUBLIC },
		{ "2001:200::1", PUBLIC },
		{ "::1", PRIVATE },
		{ "fc00::1", PRIVATE },
		{ "fdff:ffff::1", PRIVATE },
		{ "::", CLOSED },
		{ "::2", CLOSED },
		{ "fe80::1", CLOSED },
		{ "febf::1", CLOSED },
		{ "fec0::1", CLOSED },
		{ "ff02::1", CLOSED },
		{ "2001:db8::1", CLOSED },
		{ "2001:db8:ffff::1", CLOSED },
		{ "2001:0:1:2::3", CLOSED }, /* Teredo */
		{ "2001:2::1", CLOSED },     /* benchmarks */
		{ "2001:10::1", CLOSED },    /* ORCHID */
		{ "3fff::1", CLOSED },	     /* RFC 9637 */
		{ "3fff:fff::1", CLOSED },
		{ "4000::1", CLOSED },
		{ "100::1", CLOSED }, /* discard */
		{ "::ffff:127.0.0.1", CLOSED },
		{ "::ffff:169.254.169.254", CLOSED },
		{ "::ffff:1.1.1.1", CLOSED },
		{ "::127.0.0.1", CLOSED },
		{ "64:ff9b::1.1.1.1", PUBLIC }, /* NAT64 leads to what it carries */
		{ "64:ff9b::10.0.0.1", CLOSED },
		{ "64:ff9b::169.254.169.254", CLOSED },
		{ "64:ff9b:1::1.1.1.1", CLOSED }, /* RFC 8215: local use */
		{ "2002:101:101::1", PUBLIC },	  /* 6to4 of 1.1.1.1 */
		{ "2002:7f00:1::1", CLOSED },
		{ "2002:a9fe:a9fe::1", CLOSED },
		{ "2002:c0a8:101::1", CLOSED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sockaddr_storage a;
		const struct sockaddr *p = (const struct sockaddr *)&a;

		assert_true(address_read(rows[i].text, &a));
		if (address_is_public(p) != (rows[i].place == PUBLIC) || address_is_private(p) != (rows[i].place == PRIVATE))
			fail_msg("%s: public %d, private %d", rows[i].text, address_is_public(p), address_is_private(p));
	}
}

static void what_is_no_address_is_not_read_and_not_public(void **state)
{
	static const char *const rows[] = { "",	     "1.2.3",	    "1.2.3.4.5", "256.1.1.1", "0x7f.1",
					    "127.1", "example.com", "::g",	 "1.1.1.1 " };
	struct sockaddr_storage a = { .ss_family = AF_UNIX };

	(void)state;
	assert_false(address_is_public((const struct sockaddr *)&a));
	assert_false(address_is_private((const struct sockaddr *)&a));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (address_read(rows[i], &a))
			fail_msg("\"%s\" was read", rows[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_fault_has_its_own_answer),
		TEST(a_bomb_stays_coded),
		TEST(a_body_larger_than_was_allowed_is_broken_off),
		TEST(what_has_not_changed_comes_back_as_304),
		TEST(a_validator_that_would_end_its_line_is_not_sent),
		TEST(a_private_address_needs_leave),
		TEST(a_connection_that_one_may_use_is_not_lent_to_who_may_not),
		TEST(the_environment_names_no_proxy_for_us),
		TEST(as_many_at_once_as_the_ceiling_says_and_no_more),
		TEST(an_address_that_is_none_is_refused_at_once),
		cmocka_unit_test(the_last_of_repeated_headers_counts),
		cmocka_unit_test(addresses_are_public_private_or_closed),
		cmocka_unit_test(what_is_no_address_is_not_read_and_not_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
