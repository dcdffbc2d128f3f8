/* test_source.c - site definitions, right and wrong */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
		"  raw: '{url}/raw/{key}'\n  post:\n    item: //i\n    key: k\n    author: a\n    author_id: n\n    title: t\n"
		"    date: d\n    text: x\n    quotes: q\n    preformatted: true\n    url: u\n  zone: Europe/Berlin\n  "
		"soft_404: [//e, //f]\n  every: "
		"30s to 2h\n  hours: 22:00-06:30 Europe/Berlin\n  canary: we are here\n  canary_within: 2d\n  pace: 250ms\n"
		"  pages: 7\n  identity: quiet\n  user_agent: Mozilla/5.0\n  allow_private: true\n"
		"  proxy: socks5h://127.0.0.1:9050\n  login: {url: '{url}/in', user: me, password: 'env:WORD', form: //f, "
		"signed_in: //o, "
		"wall: //w}\n"
		"  ca: ca.pem\n  pin: "
		"sha256//2SW7YAhBT04C29hISYKXBq56eAQP7jXgRN/aqFMvJLU=;sha256//2SW7YAhBT04C29hISYKXBq56eAQP7jXgRN/"
		"aqFMvJLU=\n"
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
	assert_str(s->post.author_id.text, "n");
	assert_str(s->post.quotes.text, "q");
	assert_true(s->post.preformatted);
	assert_str(s->zone.text, "Europe/Berlin");
	assert_int_equal(s->soft_404.n, 2);
	assert_int_equal(s->every_ms, 30000);
	assert_int_equal(s->slowest_ms, 7200000);
	assert_int_equal(s->hours.from, 22 * 60);
	assert_int_equal(s->hours.until, 6 * 60 + 30);
	assert_str(s->hours.zone, "Europe/Berlin");
	assert_str(s->canary.text, "we are here");
	assert_int_equal(s->canary_ms, 172800000);
	assert_int_equal(s->pace_ms, 250);
	assert_int_equal(s->pages, 7);
	assert_int_equal(s->identity, IDENTITY_QUIET);
	assert_str(s->user_agent.text, "Mozilla/5.0");
	assert_true(s->allow_private);
	assert_str(s->ca.text, "ca.pem");
	assert_str(s->proxy.text, "socks5h://127.0.0.1:9050");
	assert_str(s->login.url.text, "https://example.com/in");
	assert_str(s->login.user.text, "me");
	assert_str(s->login.password.text, "env:WORD");
	assert_str(s->login.form.text, "//f");
	assert_str(s->login.signed_in.text, "//o");
	assert_str(s->login.wall.text, "//w");
	assert_int_equal(s->pin.text.n, 2 * 52 + 1);
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
	assert_int_equal(s->every_ms, 60000);
	assert_int_equal(s->slowest_ms, 300000);
	assert_int_equal(s->hours.until, 0);
	assert_int_equal(s->canary.text.n, 0);
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
		{ "- name: a\n",
		  "sources.yaml:1: a has no address to start from, expected listing, feed, json, files, folder or file" },
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
		{ "- name: a\n  json: https://example.com/\n  post: { item: '$[*]', attachments: //a }\n",
		  "sources.yaml:3: post.attachments stands in a JSON source, expected it in one of HTML" },
		{ "- name: a\n  listing: https://example.com/\n  links: //a\n  post: { item: //p, edited: '//b[' }\n",
		  "sources.yaml:4: post.edited: " },
		{ "- name: a\n  feed: https://example.com/\n  activity: .\n",
		  "sources.yaml:3: activity stands beside no link" },
		{ "- name: a\n  listing: https://example.com/\n  links: //a\n  raw: '{href}'\n  activity: '../b['\n",
		  "sources.yaml:5: activity: " },
		{ "- name: a\n  json: https://example.com/\n  links: $[*].url\n  raw: '{href}'\n  activity: '@.['\n",
		  "sources.yaml:5: activity: " },
		{ "- name: a\n  feed: https://example.com/\n  zone: Europe/Gotham\n",
		  "sources.yaml:3: zone is \"Europe/Gotham\", expected +hh:mm" },
		{ "- name: a\n  feed: https://example.com/\n  post: { item: //p, quotes: './/b[' }\n",
		  "sources.yaml:3: post.quotes: " },
		{ "- name: a\n  feed: https://example.com/\n  soft_404: [//a, '//b(']\n", "sources.yaml:3: soft_404: " },
		{ "- name: a\n  listing: https://example.com/\n  links: //a\n  post: { text: //p }\n",
		  "sources.yaml:3: links lead nowhere, expected" },
		{ "- name: a\n  feed: https://example.com/\n  raw: https://example.com/raw\n",
		  "sources.yaml:3: raw is the same for every post, expected {key}" },
		{ "- name: a\n  feed: https://example.com/\n  ignore_robots: why not\n",
		  "sources.yaml:3: robots.txt is overridden by nobody, expected operator" },
		{ "- name: a\n  feed: https://example.com/\n  every: 0\n",
		  "sources.yaml:3: every is \"0\", expected a duration" },
		{ "- name: a\n  feed: https://example.com/\n  every: 5m to 1m\n",
		  "sources.yaml:3: every is \"5m to 1m\", expected a duration such as 30s or 5m, or the shortest and the "
		  "longest" },
		{ "- name: a\n  feed: https://example.com/\n  hours: 8-20\n",
		  "sources.yaml:3: hours is \"8-20\", expected from and until" },
		{ "- name: a\n  feed: https://example.com/\n  hours: 08:00-24:01\n", "sources.yaml:3: hours is" },
		{ "- name: a\n  feed: https://example.com/\n  hours: 08:00-20:00 Nowhere/Town\n", "sources.yaml:3: hours is" },
		{ "- name: a\n  feed: https://example.com/\n  every: often\n",
		  "sources.yaml:3: every is \"often\", expected a duration" },
		{ "- name: a\n  feed: https://example.com/\n  pages: 0\n", "sources.yaml:3: pages is 0, expected 1 to 1000" },
		{ "- name: a\n  feed: https://example.com/\n  identity: rude\n",
		  "sources.yaml:3: identity is \"rude\", expected one of: open" },
		{ "- name: a\n  feed: https://example.com/\n- name: a\n  feed: https://example.org/\n",
		  "sources.yaml:3: two sources are called a, expected" },
		{ "- use: nosuch\n",
		  "sources.yaml:1: no source is called nosuch, expected one that `watchdesk source shipped` lists" },
		{ "- name: a\n  engine: nosuch\n", "sources.yaml:2: no engine is called nosuch, expected one of: " },
		{ "- name: a\n  engine: ../mybb\n", "sources.yaml:2: engine is \"../mybb\", expected" },
		{ "- engine: mybb\n  url: https://example.com\n", "sources.yaml:1: name is missing, expected" },
		{ "- name: a\n  engine: mybb\n", "sources.yaml:1: url is missing, expected" },
		{ "- name: a\n  feed: https://example.com/\n  verified: yes\n",
		  "sources.yaml:1: verified stands in a source, expected it in an engine" },
		{ "- name: a\n  feed: https://example.com/\n  recognise: //p\n",
		  "sources.yaml:1: recognise stands in a source, expected it in an engine" },
		{ "- name: a\n  feed: https://example.com/\n  verified: maybe\n",
		  "sources.yaml:3: verified is \"maybe\", expected one of: no, yes" },
		{ "- name: a\n  use: vanilla9\n",
		  "sources.yaml:2: no source is called vanilla9, expected one that `watchdesk source shipped` lists" },
		{ "- use: phpbb3\n", "sources.yaml:1: phpbb3 is an engine, expected engine: phpbb3" },
		{ "- use: ../mybb\n", "sources.yaml:1: use is \"../mybb\", expected" },
		{ "- use: mybb\n", "sources.yaml:1: url is missing, expected" },
		{ "- name: a\n  feed: https://example.com/\n  pin: sha256//2SW7YAhBT04C29hISYKXBq56eAQP7jXgRN/aqFMvJL\n",
		  "sources.yaml:3: pin is \"sha256//2SW7" },
		{ "- name: a\n  feed: https://example.com/\n  pin: "
		  "sha256//2SW7YAhBT04C29hISYKXBq56eAQP7jXgRN/aqFMvJLU=;md5//x\n",
		  "sources.yaml:3: pin is \"md5//x\", expected sha256//" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'env:P' }\n",
		  "sources.yaml:3: login.signed_in is missing, expected" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "hunter2, signed_in: //a }\n",
		  "sources.yaml:3: login.password does not say where the password is, expected env:NAME or file:PATH, never "
		  "itself" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'env:', signed_in: //a }\n",
		  "sources.yaml:3: login.password does not say where" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'env:A B', signed_in: //a }\n",
		  "sources.yaml:3: login.password does not say where" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'file:', signed_in: //a }\n",
		  "sources.yaml:3: login.password does not say where" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, signed_in: //a "
		  "}\n",
		  "sources.yaml:3: login.password does not say where" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', password: 'env:P', "
		  "signed_in: //a }\n",
		  "sources.yaml:3: login.user is missing, expected" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: 'env:', password: "
		  "'env:P', signed_in: //a }\n",
		  "sources.yaml:3: login.user names nothing, expected" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'http://example.com/in', user: me, password: "
		  "'env:P', signed_in: //a }\n",
		  "sources.yaml:3: login.url would send a password over plain http" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'env:P', signed_in: '//a[' }\n",
		  "sources.yaml:3: login.signed_in: \"//a[\" is no XPath" },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'env:P', signed_in: //a, wall: '//b(' }\n",
		  "sources.yaml:3: login.wall: " },
		{ "- name: a\n  feed: https://example.com/\n  login: { url: 'https://example.com/in', user: me, password: "
		  "'env:P', signed_in: //a, pass: x }\n",
		  "sources.yaml:3: unknown key pass, expected one of: url, user" },
		{ "- name: a\n  feed: https://example.com/\n  login: { user: me, password: 'env:P', signed_in: //a }\n",
		  "sources.yaml:1: login.url is missing, expected" },
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

static void everything_that_ships_is_valid(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct err err = { 0 };
	struct definition d;
	size_t engines = 0, sources = 0;

	(void)state;
	for (size_t i = 0; definition_shipped(i, a, &d, &err) > 0; i++) {
		struct str text = arena_printf(a, "- %s: %.*s\n  url: https://example.com/\n%s", d.engine ? "engine" : "use",
					       STR_ARG(d.name), d.engine ? "  name: a\n" : "");
		struct source *s;
		size_t n;

		if (read_sources(a, text.p, NULL, &s, &n, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(d.about.n > 0 && d.about.p[0] != '#');
		engines += d.engine;
		sources += !d.engine;
		if (d.engine)
			assert_true(s->enabled == d.verified && d.origin.n > 0 && str_eq(s->engine.text, d.name));
	}
	if (err.code)
		fail_msg("%s", err.text);
	assert_true(engines >= 2 && sources >= 2);
}

/* A folder of definitions: sources and engines, made anew. */
static struct str own_definitions(struct arena *a, char *folder)
{
	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < 2; i++) {
		struct str path = arena_printf(a, "%s/%s", folder, i ? "sources" : "engines");

		assert_int_equal(mkdir(path.p, 0700), 0);
	}
	return arena_printf(a, "%s/sources/", folder);
}

static void write_definition(struct arena *a, const char *folder, const char *name, const char *text)
{
	struct str path = arena_printf(a, "%s/%s.yaml", folder, name);
	struct err err = { 0 };

	if (file_replace(path.p, str_of(text), 0600, &err) < 0)
		fail_msg("%s", err.text);
}

static void a_definition_of_ones_own_comes_first(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char folder[] = "/tmp/watchdesk-sources-XXXXXX";
	struct str sources = own_definitions(a, folder);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	write_definition(a, folder, "sources/mybb", "feed: '{url}/own'\n");
	assert_int_equal(read_sources(a, "- use: mybb\n  url: https://example.com\n", sources.p, &s, &n, &err), 0);
	assert_str(s->feed.text, "https://example.com/own");
	assert_int_equal(s->post.item.text.n, 0);
	write_definition(a, folder, "sources/mybb", "feed: '{url}/own'\nuse: fossil\n");
	assert_int_equal(read_sources(a, "- use: mybb\n  url: https://example.com\n", sources.p, &s, &n, &err), E_USAGE);
	assert_non_null(strstr(err.text, "mybb.yaml:2: a definition uses another"));
	write_definition(a, folder, "engines/mybb", "feed: '{url}/engine'\norigin: here\nverified: yes\n");
	assert_int_equal(read_sources(a, "- name: a\n  engine: mybb\n  url: https://example.com\n", sources.p, &s, &n, &err),
			 0);
	assert_str(s->feed.text, "https://example.com/engine");
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

static void an_entry_overrides_its_definition_and_that_its_engine(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char folder[] = "/tmp/watchdesk-sources-XXXXXX";
	struct str sources = own_definitions(a, folder);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	write_definition(a, folder, "engines/e", "feed: '{url}/e'\npages: 2\nevery: 1m\norigin: here\nverified: yes\n");
	write_definition(a, folder, "sources/d", "engine: e\nurl: https://example.com\npages: 3\nevery: 2m\n");
	if (read_sources(a, "- use: d\n  every: 3m\n", sources.p, &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	assert_str(s->name.text, "d");
	assert_str(s->engine.text, "e");
	assert_true(s->verified);
	assert_str(s->feed.text, "https://example.com/e");
	assert_int_equal(s->pages, 3);
	assert_int_equal(s->every_ms, 180000);
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

static void an_engine_says_where_it_comes_from(void **state)
{
	static const struct {
		const char *why, *engine, *error;
	} rows[] = {
		{ "no origin", "feed: '{url}/e'\nverified: yes\n", "e.yaml:1: origin is missing, expected" },
		{ "not said whether verified", "feed: '{url}/e'\norigin: here\n",
		  "e.yaml:1: verified is missing, expected yes or no" },
		{ "an engine on an engine", "feed: '{url}/e'\norigin: here\nverified: yes\nengine: mybb\n",
		  "e.yaml:4: an engine runs on another, expected" },
		{ "a sign that is no XPath", "feed: '{url}/e'\norigin: here\nverified: yes\nrecognise: ['//a[']\n",
		  "e.yaml:4: recognise: " },
		{ "a sign that is no JSON path", "feed: '{url}/e'\norigin: here\nverified: yes\nrecognise: ['$.[']\n",
		  "e.yaml:4: recognise: " },
		{ "an engine that uses a source", "use: mybb\norigin: here\nverified: yes\n",
		  "e.yaml:1: a definition uses another" },
		{ "a wrong XPath", "listing: '{url}'\nlinks: //a[\norigin: here\nverified: no\n", "e.yaml:2: links: " },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char folder[] = "/tmp/watchdesk-sources-XXXXXX";
	struct str sources = own_definitions(a, folder);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_definition(a, folder, "engines/e", rows[i].engine);
		assert_int_equal(
			read_sources(a, "- name: a\n  engine: e\n  url: https://example.com\n", sources.p, &s, &n, &err),
			E_USAGE);
		if (!strstr(err.text, rows[i].error))
			fail_msg("%s: %s", rows[i].why, err.text);
	}
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

static void a_source_of_an_unverified_engine_is_off_unless_it_says_otherwise(void **state)
{
	static const struct {
		const char *entry;
		bool enabled;
	} rows[] = {
		{ "- name: a\n  engine: e\n", false },
		{ "- name: a\n  engine: e\n  enabled: true\n", true },
		{ "- use: d\n", true },
		{ "- use: d\n  enabled: false\n", false },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char folder[] = "/tmp/watchdesk-sources-XXXXXX";
	struct str sources = own_definitions(a, folder);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	write_definition(a, folder, "engines/e", "feed: https://example.com/\norigin: here\nverified: no\n");
	write_definition(a, folder, "sources/d", "engine: e\nenabled: true\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (read_sources(a, rows[i].entry, sources.p, &s, &n, &err) < 0)
			fail_msg("%s", err.text);
		assert_false(s->verified);
		if (s->enabled != rows[i].enabled)
			fail_msg("%s", rows[i].entry);
	}
	assert_int_equal(file_remove_folder(folder, &err), 0);
}

static void a_source_that_is_off_says_why_and_is_on_when_the_entry_says_so(void **state)
{
	static const struct {
		const char *why, *entry;
		bool enabled;
	} rows[] = {
		{ "off with a reason", "- use: d\n", false },
		{ "the entry turns it on", "- use: d\n  enabled: true\n", true },
		{ "the definition's own word is not enough", "- use: both\n", false },
		{ "an entry may say it itself", "- name: a\n  feed: https://example.com/\n  off: too slow\n", false },
		{ "no address is needed while it is off", "- use: unlisted\n", false },
		{ "with an address of the entry's", "- use: unlisted\n  enabled: true\n  files: [https://example.com/1]\n",
		  true },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char folder[] = "/tmp/watchdesk-sources-XXXXXX";
	struct str sources = own_definitions(a, folder);
	struct err err = { 0 };
	struct source *s;
	size_t n;

	(void)state;
	write_definition(a, folder, "sources/d", "feed: https://example.com/\noff: needs an API key\nterms: none\n");
	write_definition(a, folder, "sources/both", "feed: https://example.com/\noff: needs an API key\nenabled: true\n");
	write_definition(a, folder, "sources/unlisted", "raw: https://example.com/{key}\noff: no public listing\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (read_sources(a, rows[i].entry, sources.p, &s, &n, &err) < 0)
			fail_msg("%s: %s", rows[i].why, err.text);
		if (s->enabled != rows[i].enabled)
			fail_msg("%s", rows[i].why);
	}
	assert_int_equal(read_sources(a, "- use: unlisted\n  enabled: true\n", sources.p, &s, &n, &err), E_USAGE);
	assert_non_null(strstr(err.text, "unlisted has no address to start from, expected listing"));
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
		cmocka_unit_test(everything_that_ships_is_valid),
		cmocka_unit_test(a_definition_of_ones_own_comes_first),
		cmocka_unit_test(an_entry_overrides_its_definition_and_that_its_engine),
		cmocka_unit_test(an_engine_says_where_it_comes_from),
		cmocka_unit_test(a_source_of_an_unverified_engine_is_off_unless_it_says_otherwise),
		cmocka_unit_test(a_source_that_is_off_says_why_and_is_on_when_the_entry_says_so),
		cmocka_unit_test(the_addresses_to_start_from_are_all_told),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
