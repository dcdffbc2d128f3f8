/* test_follow.c - the texts elsewhere that a post links to */
#include "tests/support.h"

#include <stdlib.h>

#include "base/limits.h"
#include "crawler/extract/follow.h"

static const struct source sources[] = {
	{ .raw = { .text = { "https://elsewhere.example/raw/{key}", 35 } } }, /* not followed */
	{ .raw = { .text = { "https://paste.example.net/raw/{key}", 35 } }, .followed = true },
	{ .raw = { .text = { "http://127.0.0.1:8080/{key}.txt", 31 } }, .followed = true },
	{ .raw = { .text = { "{href}/plain", 12 } }, .followed = true }, /* any place: nothing says where */
};

static void a_link_is_found_as_people_write_it(void **state)
{
	static const struct {
		const char *why, *text, *expected;
	} rows[] = {
		{ "an address", "see https://paste.example.net/AbC1", "https://paste.example.net/raw/AbC1 " },
		{ "without its scheme", "paste.example.net/AbC1", "https://paste.example.net/raw/AbC1 " },
		{ "with www", "http://www.paste.example.net/AbC1", "https://paste.example.net/raw/AbC1 " },
		{ "in any case", "HTTPS://PASTE.Example.NET/AbC1", "https://paste.example.net/raw/AbC1 " },
		{ "its raw text", "https://paste.example.net/raw/AbC1", "https://paste.example.net/raw/AbC1 " },
		{ "at the end of a sentence", "It is at paste.example.net/AbC1.", "https://paste.example.net/raw/AbC1 " },
		{ "in brackets", "(paste.example.net/AbC1), <paste.example.net/d2>",
		  "https://paste.example.net/raw/AbC1 https://paste.example.net/raw/d2 " },
		{ "twice the same", "paste.example.net/a paste.example.net/raw/a", "https://paste.example.net/raw/a " },
		{ "at a port", "http://127.0.0.1:8080/k9", "http://127.0.0.1:8080/k9.txt " },
		{ "another port", "http://127.0.0.1:8081/k9", "" },
		{ "a source that is not followed", "https://elsewhere.example/AbC1", "" },
		{ "the site itself", "https://paste.example.net/", "" },
		{ "the site without a path", "paste.example.net", "" },
		{ "another host that ends so", "https://notpaste.example.net/AbC1", "" },
		{ "a host below it", "https://x.paste.example.net/AbC1", "" },
		{ "another host that begins so", "https://paste.example.net.evil.example/AbC1", "" },
		{ "a mail address", "me@paste.example.net/AbC1", "" },
		{ "deep in the site", "https://paste.example.net/a/b/c/d", "" },
		{ "in other words", "\xd0\xbf\xd0\xb0\xd1\x81\xd1\x82\xd0\xb0 paste.example.net/AbC1\xe3\x80\x82",
		  "https://paste.example.net/raw/AbC1%E3%80%82 " },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) got = BUF_INIT(10000);
		struct str copy = exact_copy(str_of(rows[i].text));
		struct followed found[LIMIT_FOLLOWED];
		size_t n = follow_links(sources, sizeof(sources) / sizeof(sources[0]), copy, a, found, LIMIT_FOLLOWED);

		for (size_t k = 0; k < n; k++)
			buf_printf(&got, "%.*s ", STR_ARG(found[k].url));
		if (!str_eq(buf_str(&got), str_of(rows[i].expected)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&got)));
		free((char *)(uintptr_t)copy.p);
	}
}

static void no_more_than_a_few_are_followed(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) text = BUF_INIT(100000);
	struct followed found[LIMIT_FOLLOWED];

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "paste.example.net/k%d 127.0.0.1:8080/k%d\n", i, i);
	assert_int_equal(follow_links(sources, 4, buf_str(&text), a, found, LIMIT_FOLLOWED), LIMIT_FOLLOWED);
	assert_int_equal(follow_links(sources, 4, buf_str(&text), a, found, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_is_found_as_people_write_it),
		cmocka_unit_test(no_more_than_a_few_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
