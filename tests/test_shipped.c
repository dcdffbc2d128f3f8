/* test_shipped.c - the sources that ship: each says where it comes from and why it is off, and finds what its site's pages hold
 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/extract/extract.h"

enum { LEAST = 40, SECOND = 1000 };

/* The source that an entry makes; NULL with `err` when it is wrong. */
static const struct source *source_read(struct arena *a, struct str entry, struct err *err)
{
	const struct yaml *list = yaml_parse(a, entry, "test.yaml", err);
	struct source *s = NULL;
	size_t n;

	return list && sources_read(list, NULL, a, &s, &n, err) == 0 ? s : NULL;
}

/* A shipped source as a desk takes it, with more lines of its own; one that asks for an address is given one. */
static const struct source *use(struct arena *a, struct str name, const char *more, struct err *err)
{
	struct str entry = arena_printf(a, "- use: %.*s\n%s", STR_ARG(name), more);
	const struct source *s = source_read(a, entry, err);

	if (s || !strstr(err->text, "url is missing"))
		return s;
	*err = (struct err){ 0 };
	return source_read(a, arena_printf(a, "%.*s  url: https://example.com/\n", STR_ARG(entry)), err);
}

/* The i-th source that ships: 1 filled, 0 beyond the last. */
static int shipped_source(size_t i, struct arena *a, struct definition *out)
{
	struct err err = { 0 };

	for (size_t k = 0, sources = 0; definition_shipped(k, a, out, &err) > 0; k++)
		if (!out->engine && sources++ == i)
			return 1;
	if (err.code)
		fail_msg("%s", err.text);
	return 0;
}

/* A name for an engine, no more, needs no words of its own. */
static bool is_engine_alone(const struct definition *d, const struct source *s)
{
	return str_eq(s->engine.text, d->name) && d->origin.n == 0 && d->terms.n == 0 && d->off.n == 0;
}

static void every_source_says_where_its_shape_and_its_terms_come_from_and_when(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct definition d;

	(void)state;
	for (size_t i = 0; shipped_source(i, a, &d); i++) {
		struct err err = { 0 };
		const struct source *s = use(a, d.name, "", &err);

		if (!s)
			fail_msg("%.*s: %s", STR_ARG(d.name), err.text);
		if (is_engine_alone(&d, s))
			continue;
		if (d.about.n == 0 || d.origin.n == 0 || d.terms.n == 0)
			fail_msg("%.*s: about, origin or terms is missing", STR_ARG(d.name));
		if (str_find(d.origin, STR("20")) < 0)
			fail_msg("%.*s: its origin has no date", STR_ARG(d.name));
	}
}

static void a_source_is_on_or_says_why_it_is_off(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct source_start start;
	struct definition d;
	size_t on = 0, off = 0;

	(void)state;
	for (size_t i = 0; shipped_source(i, a, &d); i++) {
		struct err err = { 0 };
		const struct source *s = use(a, d.name, "", &err);

		if (!s)
			fail_msg("%.*s: %s", STR_ARG(d.name), err.text);
		if (s->enabled != (d.off.n == 0))
			fail_msg("%.*s: it is off and does not say why, or the reverse", STR_ARG(d.name));
		if (s->enabled && source_start(s, 0, a, &start) <= 0)
			fail_msg("%.*s is on and begins nowhere", STR_ARG(d.name));
		on += s->enabled;
		off += !s->enabled;
	}
	assert_true(on > 0 && off > 0);
}

static void a_desk_turns_a_source_on(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct definition d;

	(void)state;
	for (size_t i = 0; shipped_source(i, a, &d); i++) {
		struct err err = { 0 };
		const struct source *s = use(a, d.name, "  enabled: true\n", &err);

		if (!s && strstr(err.text, "has no address to start from")) { /* no public listing: the desk lists pastes */
			err = (struct err){ 0 };
			s = use(a, d.name, "  enabled: true\n  files: [https://example.com/1]\n", &err);
		}
		if (!s)
			fail_msg("%.*s: %s", STR_ARG(d.name), err.text);
		assert_true(s->enabled);
	}
}

static void no_source_is_read_too_fast(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct definition d;

	(void)state;
	for (size_t i = 0; shipped_source(i, a, &d); i++) {
		struct err err = { 0 };
		const struct source *s = use(a, d.name, "", &err);

		if (!s)
			fail_msg("%.*s: %s", STR_ARG(d.name), err.text);
		if (s->pace_ms < SECOND || s->every_ms < 60 * SECOND)
			fail_msg("%.*s: a request every %lld ms, a poll every %lld ms", STR_ARG(d.name), (long long)s->pace_ms,
				 (long long)s->every_ms);
		if (s->ignore_robots.text.n || s->allow_private)
			fail_msg("%.*s: what ships obeys robots.txt and stays outside", STR_ARG(d.name));
	}
}

static void there_are_forty_or_more_each_with_a_name_of_its_own(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str names[SECOND];
	struct definition d;
	size_t n;

	(void)state;
	for (n = 0; n < SECOND && shipped_source(n, a, &d); n++) {
		for (size_t k = 0; k < n; k++)
			if (str_eq(d.name, names[k]))
				fail_msg("two are called %.*s", STR_ARG(d.name));
		names[n] = d.name;
	}
	assert_true(n >= LEAST);
}

/* A page of a site's shape, invented, and what comes out: "-> KIND ADDRESS", "KEY | AUTHOR | TITLE | TIME | ADDRESS | TEXT". */
static const struct {
	const char *source, *more;
	enum page_kind kind;
	const char *url, *type, *body, *found;
} shapes[] = {
	{ "pastebin", "", PAGE_LISTING, "https://pastebin.com/archive", "text/html",
	  "<ul><li><a href='/zzzzzzzz'>side</a></ul><table class='maintable'><tr><th>Name</th></tr>"
	  "<tr><td><a href='/AbCd1234'>one</a></td><td>2 min</td><td><a href='/archive/bash'>Bash</a></td></tr>"
	  "<tr><td><a href='/EfGh5678'>two</a></td><td>3 min</td><td>-</td></tr></table>",
	  "-> raw https://pastebin.com/raw/AbCd1234\n-> raw https://pastebin.com/raw/EfGh5678\n" },
	{ "pastebin-scrape", "", PAGE_JSON, "https://scrape.pastebin.com/api_scraping.php?limit=100", "application/json",
	  "[{\"scrape_url\":\"https://scrape.pastebin.com/api_scrape_item.php?i=AbCd1234\","
	  "\"full_url\":\"https://pastebin.com/"
	  "AbCd1234\",\"date\":\"1700000000\",\"key\":\"AbCd1234\",\"title\":\"\",\"user\":\"\"}]",
	  "-> raw https://scrape.pastebin.com/api_scrape_item.php?i=AbCd1234\n" },
	{ "pastebin-scrape", "", PAGE_RAW, "https://scrape.pastebin.com/api_scrape_item.php?i=AbCd1234", "text/plain", "a text",
	  "AbCd1234 |  |  | - | https://scrape.pastebin.com/api_scrape_item.php?i=AbCd1234 | a text\n" },
	{ "gist", "", PAGE_JSON, "https://api.github.com/gists/public?per_page=100", "application/json",
	  "[{\"id\":\"0a1b\",\"files\":{\"a.txt\":{\"filename\":\"a.txt\",\"raw_url\":"
	  "\"https://gist.githubusercontent.com/someone/0a1b/raw/77/a.txt\"},\"b c.txt\":{\"raw_url\":"
	  "\"https://gist.githubusercontent.com/someone/0a1b/raw/88/b%20c.txt\"}},\"public\":true}]",
	  "-> raw https://gist.githubusercontent.com/someone/0a1b/raw/77/a.txt\n"
	  "-> raw https://gist.githubusercontent.com/someone/0a1b/raw/88/b%20c.txt\n" },
	{ "slexy", "", PAGE_LISTING, "https://slexy.org/recent", "text/html",
	  "<table><tr><td>10:00</td><td><a href='/view/s2AbC'>View paste</a></td></tr></table><a href='/about'>About</a>",
	  "-> raw https://slexy.org/raw/s2AbC\n" },
	{ "codepad", "", PAGE_LISTING, "http://codepad.org/recent", "text/html",
	  "<p><a href='http://codepad.org/aB3d'>view</a> <a href='http://codepad.org/aB3d/fork'>fork</a></p>",
	  "-> raw http://codepad.org/aB3d/raw.txt\n" },
	{ "ideone", "", PAGE_LISTING, "https://ideone.com/recent", "text/html",
	  "<a href='/login'>login</a><strong><a href='/aB3dEf'>#aB3dEf</a></strong>",
	  "-> raw https://ideone.com/plain/aB3dEf\n" },
	{ "ix-io", "", PAGE_LISTING, "http://ix.io/user/", "text/html",
	  "<div class=\"t\">anonymous <a href=\"/4aBc\">[r]</a> @ Mon Jan 1 <a href='/4aBc/'>[h]</a></div>",
	  "-> raw http://ix.io/4aBc\n" },
	{ "stikked", "  url: https://paste.example.net\n", PAGE_LISTING, "https://paste.example.net/lists", "text/html",
	  "<a href='https://paste.example.net/lists/rss'>RSS</a><table class='recent'><tr><th class='title'>Title</th></tr>"
	  "<tr class='odd'><td class='first'><a href='https://paste.example.net/view/1a2b3c4d'>Untitled</a></td><td>Tame Finch"
	  "</td><td>text</td></tr></table>",
	  "-> raw https://paste.example.net/view/raw/1a2b3c4d\n" },
	{ "lodgeit", "  url: https://paste.example.net\n", PAGE_LISTING, "https://paste.example.net/all/", "text/html",
	  "<ul class='paste_list'><li class='even'><p><a href='/show/123/'>Paste #123</a>, pasted on 2026-11-01</p>"
	  "<pre><a href='/show/9/'>not this</a></pre></li></ul>",
	  "-> raw https://paste.example.net/raw/123/\n" },
	{ "paste-debian", "", PAGE_LISTING, "https://paste.debian.net/", "text/html",
	  "<div id='menu'><h1>Recent Posts</h1><ul><li><a href='/1234567'>anonymous</a><br>1 minute(s) ago</li></ul>"
	  "<h1>Links</h1><ul><li><a href='/page/about'>About</a></li></ul></div>",
	  "-> raw https://paste.debian.net/plain/1234567\n" },
	{ "pastelink", "", PAGE_LISTING, "https://pastelink.net/read", "text/html",
	  "<table><thead><tr><td><a href='/login'>x</a></td></tr></thead><tbody><tr><td><a href='/ab12cd'>A title</a></td><td>"
	  "<a href='/u/someone'>someone</a></td></tr></tbody></table>",
	  "-> thread https://pastelink.net/ab12cd\n" },
	{ "pastebin-fi", "", PAGE_JSON, "https://api.pastebin.fi/pastes?limit=30&sorting=-date", "application/json",
	  "[{\"id\":\"aB3dEfG\",\"title\":\"One\",\"date\":\"2026-11-01T10:00:00.000Z\"}]",
	  "-> thread https://api.pastebin.fi/pastes/aB3dEfG?scrape\n" },
	{ "pastebin-fi", "", PAGE_THREAD, "https://api.pastebin.fi/pastes/aB3dEfG?scrape", "application/json",
	  "{\"id\":\"aB3dEfG\",\"title\":\"One\",\"date\":\"2026-11-01T10:00:00.000Z\",\"content\":\"a <b> text\","
	  "\"author\":{\"name\":\"someone\"}}",
	  "aB3dEfG | someone | One | 2026-11-01T10:00:00Z | https://pastebin.fi/p/aB3dEfG | a <b> text\n" },
	{ "telegram-preview", "  url: https://t.me/s/garden\n", PAGE_LISTING, "https://t.me/s/garden", "text/html",
	  "<div class='tgme_widget_message_wrap'><div class='tgme_widget_message js-widget_message' "
	  "data-post='garden/41'></div></div>"
	  "<div class='tgme_widget_message_wrap'><div class='tgme_widget_message js-widget_message' "
	  "data-post='garden/42'></div></div>",
	  "-> thread https://t.me/s/garden?before=43\n" },
	{ "telegram-preview", "  url: https://t.me/s/garden\n", PAGE_THREAD, "https://t.me/s/garden?before=43", "text/html",
	  "<div class='tgme_widget_message_wrap'><div class='tgme_widget_message js-widget_message' data-post='garden/42'>"
	  "<div class='tgme_widget_message_author'><a class='tgme_widget_message_owner_name' "
	  "href='https://t.me/garden'>Garden</a>"
	  "</div><div class='tgme_widget_message_text js-message_text'>Beans<br>and peas</div>"
	  "<div class='tgme_widget_message_footer'><a class='tgme_widget_message_date' href='https://t.me/garden/42'>"
	  "<time datetime='2026-11-01T10:00:00+00:00'>10:00</time></a></div></div></div>"
	  "<a class='tme_messages_more js-messages_more' data-before='42' href='/s/garden?before=42'></a>",
	  "garden/42 | Garden |  | 2026-11-01T10:00:00Z | https://t.me/garden/42 | Beans~and peas\n"
	  "-> thread https://t.me/s/garden?before=42\n" },
	{ "lemmy-feed", "  url: https://lemmy.example.net\n", PAGE_FEED, "https://lemmy.example.net/feeds/all.xml?sort=New",
	  "application/rss+xml",
	  "<rss version='2.0'><channel><item><title>Beans</title><link>https://lemmy.example.net/post/7</link>"
	  "<guid>https://lemmy.example.net/post/7</guid><pubDate>Sun, 01 Nov 2026 10:00:00 +0000</pubDate>"
	  "<description>&lt;p&gt;in rows&lt;/p&gt;</description></item></channel></rss>",
	  "https://lemmy.example.net/post/7 |  | Beans | 2026-11-01T10:00:00Z | https://lemmy.example.net/post/7 | in rows\n" },
};

static void add_post(struct buf *out, const struct post *p)
{
	char at[CLOCK_TEXT] = "-";

	if (p->precision != PRECISION_NONE)
		clock_rfc3339(p->posted_at, at);
	buf_printf(out, "%.*s | %.*s | %.*s | %s | %.*s | ", STR_ARG(p->key), STR_ARG(p->author), STR_ARG(p->title), at,
		   STR_ARG(p->url));
	for (size_t i = 0; i < p->text.n; i++)
		buf_add_char(out, p->text.p[i] == '\n' ? '~' : p->text.p[i]);
	buf_printf(out, "\n");
}

static void a_page_of_a_sites_shape_gives_its_links_and_posts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) found = BUF_INIT(LIMIT_TEXT);
		struct err err = { 0 };
		const struct source *s = use(a, str_of(shapes[i].source), shapes[i].more, &err);
		struct reply r = { .url = str_of(shapes[i].url),
				   .content_type = str_of(shapes[i].type),
				   .body = arena_copy(a, str_of(shapes[i].body)),
				   .kind = shapes[i].kind,
				   .at_us = clock_from_civil(2026, 11, 26, 12, 0, 0) };
		struct page page = { 0 };

		if (!s || extract_page(s, &r, a, &page, &err) < 0)
			fail_msg("%s: %s", shapes[i].source, err.text);
		for (size_t k = 0; k < page.n_posts; k++)
			add_post(&found, &page.posts[k]);
		for (size_t k = 0; k < page.n_next; k++)
			buf_printf(&found, "-> %s %.*s\n", page_kind_names[page.next[k].kind], STR_ARG(page.next[k].url));
		if (!str_eq(buf_str(&found), str_of(shapes[i].found)))
			fail_msg("%s, %s:\n%.*s", shapes[i].source, shapes[i].url, STR_ARG(buf_str(&found)));
	}
}

static int warm(void **state)
{
	(void)state;
	extract_warm_up();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_source_says_where_its_shape_and_its_terms_come_from_and_when),
		cmocka_unit_test(a_source_is_on_or_says_why_it_is_off),
		cmocka_unit_test(a_desk_turns_a_source_on),
		cmocka_unit_test(no_source_is_read_too_fast),
		cmocka_unit_test(there_are_forty_or_more_each_with_a_name_of_its_own),
		cmocka_unit_test(a_page_of_a_sites_shape_gives_its_links_and_posts),
	};

	return cmocka_run_group_tests_name("shipped", tests, warm, NULL);
}
