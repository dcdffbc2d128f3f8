/* test_route.c - which way leads to a source, and what is never asked for on it */
#include "tests/support.h"

#include <stdlib.h>

#include "base/limits.h"
#include "crawler/route.h"

static void a_proxy_is_one_that_looks_names_up_itself(void **state)
{
	static const struct {
		const char *why, *proxy, *wrong;
	} rows[] = {
		{ "Tor's", "socks5h://127.0.0.1:9050", NULL },
		{ "IPv6", "socks5h://[::1]:9050", NULL },
		{ "a name", "http://proxy.example.com:3128", NULL },
		{ "names would be looked up here", "socks5://127.0.0.1:9050", "names up here" },
		{ "the same", "socks4://127.0.0.1:9050", "names up here" },
		{ "the same", "socks4a://127.0.0.1:9050", "names up here" },
		{ "no port", "socks5h://127.0.0.1", "expected socks5h://HOST:PORT" },
		{ "no port either", "socks5h://127.0.0.1:", "expected socks5h://HOST:PORT" },
		{ "a port that is none", "socks5h://127.0.0.1:0", "expected socks5h://HOST:PORT" },
		{ "a port that is none", "socks5h://127.0.0.1:65536", "expected socks5h://HOST:PORT" },
		{ "no host", "socks5h://:9050", "expected socks5h://HOST:PORT" },
		{ "a secret in the configuration", "socks5h://me:secret@127.0.0.1:9050", "without a password" },
		{ "a path", "http://127.0.0.1:3128/x", "expected socks5h://HOST:PORT" },
		{ "TLS to the proxy", "https://127.0.0.1:3128", "expected socks5h://HOST:PORT" },
		{ "no scheme", "127.0.0.1:9050", "expected socks5h://HOST:PORT" },
		{ "a line more", "http://a:1\r\nX: y:2", "expected socks5h://HOST:PORT" },
		{ "nothing", "", "expected socks5h://HOST:PORT" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str copy = exact_copy(str_of(rows[i].proxy));
		struct err err = { 0 };
		int result = route_check_proxy((struct yaml_text){ copy, "w.yaml", 3 }, "tor", &err);

		if ((result == 0) != !rows[i].wrong || (rows[i].wrong && !strstr(err.text, rows[i].wrong)) ||
		    strstr(err.text, "secret"))
			fail_msg("%s: %s", rows[i].why, err.text);
		free((void *)(uintptr_t)copy.p);
	}
}

static const struct yaml_text tor = { { "socks5h://127.0.0.1:9050", 24 }, "w.yaml", 2 };

static void a_quiet_source_goes_through_tor_unless_it_says_otherwise(void **state)
{
	static const struct {
		const char *why, *proxy;
		int identity;
		const char *settled;
	} rows[] = {
		{ "open, says nothing", "", IDENTITY_OPEN, "" },
		{ "quiet, says nothing", "", IDENTITY_QUIET, "socks5h://127.0.0.1:9050" },
		{ "quiet, and none", "none", IDENTITY_QUIET, "" },
		{ "open, and none", "none", IDENTITY_OPEN, "" },
		{ "quiet, its own", "http://p:1", IDENTITY_QUIET, "http://p:1" },
		{ "open, its own", "http://p:1", IDENTITY_OPEN, "http://p:1" },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source s = { .proxy = { str_of(rows[i].proxy), "w.yaml", 1 },
				    .identity = rows[i].identity,
				    .enabled = true };

		assert_int_equal(route_settle(&s, tor, a, NULL), 0);
		assert_str(s.proxy.text, rows[i].settled);
	}
}

static void an_onion_needs_a_socks_proxy(void **state)
{
	static const struct {
		const char *why, *address, *proxy;
		bool off, right;
	} rows[] = {
		{ "no proxy", "http://abcdef.onion/new", "", false, false },
		{ "below a name, upper case, a dot", "http://www.ABCDEF.ONION./new", "", false, false },
		{ "one that would look it up", "http://abcdef.onion/new", "http://127.0.0.1:3128", false, false },
		{ "Tor", "http://abcdef.onion/new", "socks5h://127.0.0.1:9050", false, true },
		{ "off", "http://abcdef.onion/new", "", true, true },
		{ "no onion", "http://onion.example.com/", "", false, true },
		{ "no onion either", "http://shallonion/", "", false, true },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source s = { .name = { STR("a"), "w.yaml", 7 },
				    .feed = { str_of(rows[i].address), "w.yaml", 8 },
				    .proxy = { str_of(rows[i].proxy), "w.yaml", 9 },
				    .enabled = !rows[i].off };
		struct err err = { 0 };

		if ((route_settle(&s, (struct yaml_text){ 0 }, a, &err) == 0) != rows[i].right ||
		    (!rows[i].right && !strstr(err.text, "w.yaml:7: a has an .onion address")))
			fail_msg("%s: %s", rows[i].why, err.text);
	}
}

static void what_lies_behind_a_proxy_is_judged_by_its_name(void **state)
{
	static const struct {
		const char *address, *proxy;
		bool allow_private, strayed, refused;
	} rows[] = {
		{ "http://example.com/", "", false, false, false },
		{ "http://127.0.0.1/", "", false, false, false }, /* seen when it is connected to: net.c */
		{ "http://abc.onion/", "", true, false, true },
		{ "http://abc.onion./", "", false, false, true },
		{ "http://abc.onion/", "http://p:1", false, false, true },
		{ "http://abc.onion/", "socks5h://p:1", false, true, false },
		{ "http://example.com/", "socks5h://p:1", false, false, false },
		{ "http://1.1.1.1/", "socks5h://p:1", false, false, false },
		{ "http://127.0.0.1/", "socks5h://p:1", false, false, true },
		{ "http://127.1/", "http://p:1", false, false, true }, /* shorthand */
		{ "http://2130706433/", "http://p:1", false, false, true },
		{ "http://0x7f.1/", "http://p:1", false, false, true },
		{ "http://10.0.0.1:8080/", "socks5h://p:1", false, false, true },
		{ "http://192.168.1.1/", "socks5h://p:1", false, false, true },
		{ "http://169.254.169.254/", "socks5h://p:1", false, false, true },
		{ "http://[::1]/", "socks5h://p:1", false, false, true },
		{ "http://[fe80::1]/", "socks5h://p:1", false, false, true },
		{ "http://[::ffff:127.0.0.1]/", "socks5h://p:1", false, false, true },
		{ "http://[2606:4700:4700::1111]/", "socks5h://p:1", false, false, false },
		{ "http://localhost/", "socks5h://p:1", false, false, true },
		{ "http://LOCALHOST./", "socks5h://p:1", false, false, true },
		{ "http://a.localhost/", "http://p:1", false, false, true },
		{ "http://notlocalhost/", "http://p:1", false, false, false },
		{ "http://localhost/", "socks5h://p:1", true, false, false },
		{ "http://127.0.0.1/", "socks5h://p:1", true, false, false },
		{ "http://169.254.169.254/", "socks5h://p:1", true, false, true },
		{ "http://127.0.0.1/", "socks5h://p:1", true, true, true }, /* where a redirect led */
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct source s = { .proxy = { .text = str_of(rows[i].proxy) }, .allow_private = rows[i].allow_private };
		struct url url;
		const char *why;

		assert_int_equal(url_parse(a, str_of(rows[i].address), (struct str){ 0 }, &url, NULL), 0);
		why = route_refuses(&s, rows[i].strayed, &url);
		if (!why != !rows[i].refused)
			fail_msg("%s through \"%s\": %s", rows[i].address, rows[i].proxy, why ? why : "not refused");
	}
}

static void a_source_knows_the_hosts_that_it_reads(void **state)
{
	static const struct {
		const char *why, *url;
		bool known;
	} rows[] = {
		{ "its listing", "https://paste.example.net/archive", true },
		{ "another page there", "https://paste.example.net/x#y", true },
		{ "before it had TLS", "http://paste.example.net/x", true },
		{ "where its texts are", "https://raw.example.org/1", true },
		{ "another port", "https://paste.example.net:8443/x", false },
		{ "a name below", "https://www.paste.example.net/x", false },
		{ "its name in a path", "https://example.com/paste.example.net", false },
	};
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct source s = { .listing = { .text = STR("https://paste.example.net/archive") },
			    .raw = { .text = STR("https://raw.example.org/{key}") } },
		      inbox = s;

	(void)state;
	inbox.answers = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct url url;

		assert_int_equal(url_parse(a, str_of(rows[i].url), (struct str){ 0 }, &url, NULL), 0);
		if (route_knows(a, &s, &url) != rows[i].known)
			fail_msg("%s", rows[i].why);
		assert_false(route_knows(a, &inbox, &url));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proxy_is_one_that_looks_names_up_itself),
		cmocka_unit_test(a_quiet_source_goes_through_tor_unless_it_says_otherwise),
		cmocka_unit_test(an_onion_needs_a_socks_proxy),
		cmocka_unit_test(what_lies_behind_a_proxy_is_judged_by_its_name),
		cmocka_unit_test(a_source_knows_the_hosts_that_it_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
