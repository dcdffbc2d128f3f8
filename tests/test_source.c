/* test_source.c - site definitions, right and wrong */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "crawler/source.h"

static int read_sources(struct arena *a, const char *text, const char *folder, struct source **sources, size_t *n,
			struct err *err)
{
	const struct yaml *list = yaml_parse(a, str_of(text), "sources.yaml", err);

	return list ? sources_read(list, folder, a, sources, n, err) : E_USAGE;
}

static void every_key_is_read(void **state)
{
	static const char text[] =
		"- name: a.b-c_1\n  url: https://example.com/\n  listing: '{url}/new'\n  feed: '{url}/feed'\n"
		"  files: [https://example.com/1, https://example.com/2]\n  links: //a/@href\n  next: //b\n"
		"  raw: '{url}/raw/{key}'\n  post:\n    item: //i\n    key: k\n    author: a\n    title: t\n"
		"    date: d\n    text: x\n    url: u\n  soft_404: [//e, //f]\n  every: 30s\n  pace: 250ms\n"
		"  pages: 7\n  identity: quiet\n  user_agent: Mozilla/5.0\n  allow_private: true\n"
		"  ignore_robots: asked by the owner\n  operator: desk\n  enabled: false\n";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	if (read_sources(a, text, NULL, &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(n, 1);
	assert_str(s->name.text, "a.b-c_1");
	assert_str(s->listing.text, "https://example.com/new");
	assert_str(s->feed.text, "https://example.com/feed");
	assert_str(s->raw.text, "https://example.com/raw/{key}");
	assert_int_equal(s->files.n, 2);
	assert_str(s->links.text, "//a/@href");
	assert_str(s->next.text, "//b");
	assert_str(s->post.item.text, "//i");
	assert_str(s->post.key.text, "k");
	assert_str(s->post.author.text, "a");
	assert_str(s->post.title.text, "t");
	assert_str(s->post.date.text, "d");
	assert_str(s->post.text.text, "x");
	assert_str(s->post.url.text, "u");
	assert_int_equal(s->soft_404.n, 2);
	assert_int_equal(s->every_ms, 30000);
	assert_int_equal(s->pace_ms, 250);
	assert_int_equal(s->pages, 7);
	assert_int_equal(s->identity, IDENTITY_QUIET);
	assert_str(s->user_agent.text, "Mozilla/5.0");
	assert_true(s->allow_private);
	assert_str(s->ignore_robots.text, "asked by the owner");
	assert_str(s->operator_name.text, "desk");
	assert_false(s->enabled);
}

static void what_is_not_said_has_a_default(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct source *s;
	size_t n;

	(void)state;
	assert_int_equal(read_sources(a, "- name: a\n  feed: https://example.com/f\n", NULL, &s, &n, NULL), 0);
	assert_int_equal(s->every_ms, 300000);
	assert_int_equal(s->pace_ms, 1000);
	assert_int_equal(s->pages, 1);
	assert_int_equal(s->identity, IDENTITY_OPEN);
	assert_true(s->enabled);
	assert_false(s->allow_private);
	assert_int_equal(s->links.text.n, 0);
	assert_int_equal(read_sources(a, "[]", NULL, &s, &n, NULL), 0);
	assert_int_equal(n, 0);
}

static void a_mistake_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "- feed: https://example.com/\n", "sources.yaml:1: name is missing, expected" },
		{ "- name: a\n", "sources.yaml:1: a has no address to start from, expected listing, feed or files" },
		{ "- name: A b\n  feed: https://example.com/\n", "sources.yaml:1: name is \"A b\", expected" },
		{ "- name: ..\n  feed: https://example.com/\n", "sources.yaml:1: name is \"..\", expected" },
		{ "- name: a\n  feeds: https://example.com/\n",
		  "sources.yaml:2: unknown key feeds, expected one of: name, use" },
		{ "- name: a\n  feed: ftp://example.com/\n", "sources.yaml:2: feed is no address" },
		{ "- name: a\n  feed: '{url}/x'\n", "sources.yaml:1: url is missing, expected" },
		{ "- name: a\n  listing: https://example.com/\n", "sources.yaml:2: a listing without links, expected" },
		{ "- name: a\n  listing: https://example.com/\n  links: //a\n",
		  "sources.yaml:3: links lead nowhere, expected raw" },
		{ "- name: a\n  listing: https://example.com/\n  links: //a[\n  raw: https://example.com/{key}\n",
		  "sources.yaml:3: links: \"//a[\" is no XPath 1.0" },
		{ "- name: a\n  listing: https://example.com/\n  links: //a\n  post: { item: //p, date: 'contain(.)' }\n",
		  "sources.yaml:4: post.date: XPath 1.0 has no function contain(), expected an XPath 1.0" },
		{ "- name: a\n  feed: https://example.com/\n  soft_404: [//a, '//b(']\n", "sources.yaml:3: soft_404: " },
		{ "- name: a\n  listing: https://example.com/\n  links: //a\n  post: { text: //p }\n",
		  "sources.yaml:3: links lead nowhere, expected" },
		{ "- name: a\n  feed: https://example.com/\n  raw: https://example.com/raw\n",
		  "sources.yaml:3: raw is the same for every post, expected {key}" },
		{ "- name: a\n  feed: https://example.com/\n  ignore_robots: why not\n",
		  "sources.yaml:3: robots.txt is overridden by nobody, expected operator" },
		{ "- name: a\n  feed: https://example.com/\n  every: 0\n", "sources.yaml:1: every is 0, expected" },
		{ "- name: a\n  feed: https://example.com/\n  every: often\n",
		  "sources.yaml:3: every is \"often\", expected a duration" },
		{ "- name: a\n  feed: https://example.com/\n  pages: 0\n", "sources.yaml:3: pages is 0, expected 1 to 1000" },
		{ "- name: a\n  feed: https://example.com/\n  identity: rude\n",
		  "sources.yaml:3: identity is \"rude\", expected one of: open" },
		{ "- name: a\n  feed: https://example.com/\n- name: a\n  feed: https://example.org/\n",
		  "sources.yaml:3: two sources are called a, expected" },
		{ "- use: nosuch\n", "sources.yaml:1: no source is called nosuch, expected one of: fossil, mybb" },
		{ "- use: ../mybb\n", "sources.yaml:1: use is \"../mybb\", expected" },
		{ "- use: mybb\n", "sources.yaml:1: url is missing, expected" },
		{ "name: a\n", "sources.yaml:1: sources is not a list, expected" },
		{ "- a\n", "sources.yaml:1: this is not a mapping, expected" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct err err = { 0 };
		struct source *s;
		size_t n;

		assert_int_equal(read_sources(a, rows[i].text, NULL, &s, &n, &err), E_USAGE);
		if (strncmp(err.text, rows[i].error, strlen(rows[i].error)) != 0)
			fail_msg("\"%s\" is not \"%s\"", err.text, rows[i].error);
	}
}

static void a_shipped_source_is_used_and_overridden(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	if (read_sources(
		    a,
		    "- use: fossil\n  url: http://127.0.0.1:8080/\n- use: mybb\n  name: board\n  url: https://example.com\n"
		    "  listing: '{url}/forumdisplay.php?fid=2'\n  pages: 3\n  post: { author: .//b }\n",
		    NULL, &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(n, 2);
	assert_str(s[0].name.text, "fossil");
	assert_true(str_starts(s[0].listing.text, STR("http://127.0.0.1:8080/")));
	assert_false(str_starts(s[0].listing.text, STR("http://127.0.0.1:8080//")));
	assert_str(s[1].name.text, "board");
	assert_str(s[1].listing.text, "https://example.com/forumdisplay.php?fid=2");
	assert_int_equal(s[1].pages, 3);
	assert_str(s[1].post.author.text, ".//b");
	assert_true(s[1].post.item.text.n > 0); /* still the shipped one */
}

static void every_shipped_source_is_valid(void **state)
{
	const struct embed *shipped;
	size_t i;

	(void)state;
	for (i = 0; (shipped = embed_below("crawler/sources/", i)); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		const char *name = strrchr(shipped->path, '/') + 1;
		struct str text = arena_printf(a, "- use: %.*s\n  url: https://example.com/\n", (int)strcspn(name, "."), name);
		struct err err = { 0 };
		struct source *s;
		size_t n;

		if (read_sources(a, text.p, NULL, &s, &n, &err) < 0)
			fail_msg("%s", err.text);
	}
	assert_true(i >= 2);
}

static void a_definition_of_ones_own_comes_first(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char folder[] = "/tmp/watchdesk-sources-XXXXXX";
	struct err err = { 0 };
	struct source *s;
	size_t n;
	struct str path;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = arena_printf(a, "%s/mybb.yaml", folder);
	assert_int_equal(file_replace(path.p, STR("feed: '{url}/own'\n"), 0600, &err), 0);
	assert_int_equal(read_sources(a, "- use: mybb\n  url: https://example.com\n", folder, &s, &n, &err), 0);
	assert_str(s->feed.text, "https://example.com/own");
	assert_int_equal(file_replace(path.p, STR("feed: '{url}/own'\nuse: fossil\n"), 0600, &err), 0);
	assert_int_equal(read_sources(a, "- use: mybb\n  url: https://example.com\n", folder, &s, &n, &err), E_USAGE);
	assert_non_null(strstr(err.text, "mybb.yaml:2: a definition uses another"));
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

static void the_addresses_to_start_from_are_all_told(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct source_start start;
	struct source *s;
	size_t n;

	(void)state;
	assert_int_equal(
		read_sources(a,
			     "- name: a\n  listing: https://example.com/l\n  links: //a\n  raw: https://example.com/{key}\n"
			     "  feed: https://example.com/f\n  files: [https://example.com/1, https://example.com/2]\n",
			     NULL, &s, &n, NULL),
		0);
	assert_int_equal(source_start(s, 0, a, &start), 1);
	assert_int_equal(start.kind, PAGE_LISTING);
	assert_int_equal(source_start(s, 1, a, &start), 1);
	assert_int_equal(start.kind, PAGE_FEED);
	assert_int_equal(source_start(s, 3, a, &start), 1);
	assert_int_equal(start.kind, PAGE_FILE);
	assert_str(start.url, "https://example.com/2");
	assert_int_equal(source_start(s, 4, a, &start), 0);
	assert_string_equal(page_kind_names[PAGE_FILE], "file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(what_is_not_said_has_a_default),
		cmocka_unit_test(a_mistake_is_told_with_its_line),
		cmocka_unit_test(a_shipped_source_is_used_and_overridden),
		cmocka_unit_test(every_shipped_source_is_valid),
		cmocka_unit_test(a_definition_of_ones_own_comes_first),
		cmocka_unit_test(the_addresses_to_start_from_are_all_told),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
