/* test_json_page.c - JSON sources: documents into posts and addresses, and what strangers may do to them */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/extract.h"

/* One source of the list that `yaml` is. */
static const struct source *source_of(struct arena *a, struct str yaml)
{
	struct err err = { 0 };
	const struct yaml *list = yaml_parse(a, yaml, "test.yaml", &err);
	struct source *s = NULL;
	size_t n;

	if (!list || sources_read(list, NULL, a, &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	return s;
}

static int extract(struct arena *a, const struct source *s, enum page_kind kind, const char *url, struct str body,
		   struct page *out, struct err *err)
{
	struct str copy = exact_copy(body);
	struct reply r = { .url = str_of(url),
			   .content_type = STR("application/json"),
			   .body = arena_copy(a, copy),
			   .kind = kind,
			   .at_us = clock_from_civil(2026, 11, 26, 12, 0, 0) };

	free((char *)copy.p);
	return extract_page(s, &r, a, out, err);
}

static struct page page_of(struct arena *a, const struct source *s, enum page_kind kind, const char *url, struct str body)
{
	struct err err = { 0 };
	struct page page = { 0 };

	if (extract(a, s, kind, url, body, &page, &err) < 0)
		fail_msg("%s", err.text);
	return page;
}

/* Ends of lines as ~, so that one row of a table holds a text. */
static void add_flat(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, s.p[i] == '\n' ? '~' : s.p[i]);
}

static void add_post(struct buf *out, const struct post *p)
{
	char at[CLOCK_TEXT] = "-";

	if (p->precision != PRECISION_NONE)
		clock_rfc3339(p->posted_at, at);
	buf_printf(out, "%.*s | %.*s | %.*s | %.*s | %s%s | %.*s\n", STR_ARG(p->key), STR_ARG(p->author), STR_ARG(p->author_id),
		   STR_ARG(p->title), at, p->zone_known || p->precision == PRECISION_NONE ? "" : " zone?", STR_ARG(p->url));
	buf_printf(out, "\t");
	add_flat(out, p->text);
	buf_printf(out, "\n");
	if (p->edited.n)
		buf_printf(out, "\tedited %.*s\n", STR_ARG(p->edited));
	if (p->quoted.n) {
		buf_printf(out, "\tquotes ");
		add_flat(out, p->quoted);
		buf_printf(out, "\n");
	}
}

static void add_page(struct buf *out, const struct page *page)
{
	for (size_t i = 0; i < page->n_posts; i++)
		add_post(out, &page->posts[i]);
	for (size_t i = 0; i < page->n_next; i++)
		buf_printf(out, "-> %s %.*s%s%.*s\n", page_kind_names[page->next[i].kind], STR_ARG(page->next[i].url),
			   page->next[i].activity.n ? " at " : "", STR_ARG(page->next[i].activity));
	if (page->problem.n)
		buf_printf(out, "problem: %.*s\n", STR_ARG(page->problem));
	if (page->cut)
		buf_printf(out, "cut\n");
}

static void assert_page(const struct page *page, const char *why, const char *expected)
{
	AUTO(buf) shown = BUF_INIT(LIMIT_BODY);

	add_page(&shown, page);
	if (!str_eq(buf_str(&shown), str_of(expected)))
		fail_msg("%s:\n%.*s\nis not\n%s", why, STR_ARG(buf_str(&shown)), expected);
}

/* Written anew in the shape that each engine's `origin` names. */
static void engines_read_their_software(void **state)
{
	static const struct {
		const char *engine, *site, *file;
		enum page_kind kind;
		const char *url, *expected;
	} rows[] = {
		{ "discourse", "https://forum.example.net", "posts", PAGE_JSON, "https://forum.example.net/posts.json",
		  "9041 | ada | 17 | Where is the list? | 2026-11-24T09:15:02Z | "
		  "https://forum.example.net/t/where-is-the-list/311/3\n"
		  "\tIt is on the paste site <https://paste.example.net/x1> since Monday.\n"
		  "\tquotes brix:~~> Has anyone seen the list?\n"
		  "9040 | brix | 23 | Carriers <b> & co | 2026-11-24T09:10:40Z | https://forum.example.net/t/carriers/312/1\n"
		  "\tAT&T < us\n"
		  "-> json https://forum.example.net/posts.json?before=9039\n" },
		{ "discourse", "https://forum.example.net/", "latest", PAGE_JSON, "https://forum.example.net/latest.json",
		  "-> thread https://forum.example.net/t/where-is-the-list/311.json at 3\n"
		  "-> thread https://forum.example.net/t/carriers/312.json at 1\n" },
		{ "discourse", "https://forum.example.net", "topic", PAGE_THREAD,
		  "https://forum.example.net/t/where-is-the-list/311.json",
		  "9012 | cal | 31 | Where is the list? | 2026-11-23T20:00:00Z | "
		  "https://forum.example.net/t/where-is-the-list/311/1\n"
		  "\tFirst line~second line~~root:x:0:0\n"
		  "9020 | brix | 23 | Where is the list? | 2026-11-23T21:30:00Z | "
		  "https://forum.example.net/t/where-is-the-list/311/2\n"
		  "\tHas anyone seen the list?\n" },
		{ "nodebb", "https://forum.example.net/sub", "recent", PAGE_JSON, "https://forum.example.net/sub/api/recent",
		  "-> thread https://forum.example.net/sub/api/topic/71/fire-water at 2\n"
		  "-> thread https://forum.example.net/sub/api/topic/70/hello at 1\n"
		  "-> json https://forum.example.net/sub/api/recent?page=2\n" },
		{ "nodebb", "https://forum.example.net", "topic", PAGE_THREAD,
		  "https://forum.example.net/api/topic/71/fire-water?page=2",
		  "200 | dora | 4 | Fire & water | 2025-11-24T08:00:00Z | https://forum.example.net/post/200\n"
		  "\tWhich one wins?~~- fire~- water\n"
		  "201 | emil | 5 | Fire & water | 2025-11-24T09:00:00Z | https://forum.example.net/post/201\n"
		  "\tWater, then.\n"
		  "\tquotes Which one wins?\n" },
		{ "flarum", "https://flarum.example.net", "posts", PAGE_JSON,
		  "https://flarum.example.net/api/posts?sort=-createdAt&page%5Blimit%5D=50",
		  "88 | fay | 3 | Places & times | 2026-11-20T18:02:11Z | https://flarum.example.net/d/12/4\n"
		  "\tDon't \"meet\" there.\n"
		  "\tquotes Old words\n"
		  "86 |  |  | Other | 2026-11-20T17:00:00Z | https://flarum.example.net/d/13/1\n"
		  "\tGone user\n"
		  "-> json https://flarum.example.net/api/posts?sort=-createdAt&page%5Blimit%5D=50&page%5Boffset%5D=50\n" },
		{ "lemmy", "https://lemmy.example.net", "posts", PAGE_JSON,
		  "https://lemmy.example.net/api/v3/post/list?type_=All&sort=New&limit=50",
		  "post 501 | gus | https://lemmy.example.net/u/gus | Dump of a shop | 2026-11-22T07:08:09Z | "
		  "https://lemmy.example.net/post/501\n"
		  "\tDump of a shop~~It has **names**~~> and what they said\n"
		  "post 500 | hal | https://other.example.org/u/hal | A picture | 2026-11-22T07:00:00Z | "
		  "https://other.example.org/post/7\n"
		  "\tA picture~~https://example.org/a.png\n"
		  "-> json https://lemmy.example.net/api/v3/post/list?type_=All&sort=New&limit=50&page_cursor=P1f4\n" },
		{ "lemmy", "https://lemmy.example.net", "comments", PAGE_JSON,
		  "https://lemmy.example.net/api/v3/comment/list?type_=All&sort=New&limit=50",
		  "comment 7001 | hal | https://other.example.org/u/hal | Dump of a shop | 2026-11-22T08:00:00Z | "
		  "https://other.example.org/comment/66\n"
		  "\tIs <that> real?\n" },
		{ "mastodon", "https://social.example.net", "public", PAGE_JSON,
		  "https://social.example.net/api/v1/timelines/public?limit=40",
		  "115600000000000002 | ivy | 44 |  | 2026-11-25T10:00:00Z | "
		  "https://social.example.net/@ivy/115600000000000002\n"
		  "\ta warning~~Stay away from #cinema <https://social.example.net/tags/cinema>.~~Tell your friends\n"
		  "115600000000000001 | jon@far.example.org | 45 |  | 2026-11-25T09:59:00Z | https://far.example.org/notes/9x\n"
		  "\tfish & chips\n"
		  "-> json https://social.example.net/api/v1/timelines/public?limit=40&max_id=115600000000000000\n" },
		{ "hackernews", "https://hn.algolia.com", "search", PAGE_JSON,
		  "https://hn.algolia.com/api/v1/search_by_date?tags=(story,comment)&hitsPerPage=100",
		  "46000009 | kim | kim | Keys of AT&T found | 2026-11-26T08:00:01Z | "
		  "https://news.ycombinator.com/item?id=46000009\n"
		  "\tThey don't rotate keys.~~See https://example.com/a\n"
		  "46000001 | lea | lea | Keys of AT&T found | 2026-11-26T07:00:00Z | "
		  "https://news.ycombinator.com/item?id=46000001\n"
		  "\tKeys of AT&T found~~https://example.com/keys\n"
		  "46000000 | mo | mo | Ask HN: tools | 2026-11-26T06:00:00Z | https://news.ycombinator.com/item?id=46000000\n"
		  "\tAsk HN: tools~~Which one?\n"
		  "-> json https://hn.algolia.com/api/v1/search_by_date?tags=(story,comment)&hitsPerPage=100&page=1\n" },
		{ "vichan", "https://chan.example.net/b", "catalog", PAGE_JSON, "https://chan.example.net/b/catalog.json",
		  "-> thread https://chan.example.net/b/res/4100.json at 1795610000\n"
		  "-> thread https://chan.example.net/b/res/4090.json at 1795500000\n"
		  "-> thread https://chan.example.net/b/res/4001.json at 1795000000\n" },
		{ "vichan", "https://chan.example.net/b", "thread", PAGE_THREAD, "https://chan.example.net/b/res/4100.json",
		  "4100 | Anonymous | f00d1e | Meet & greet | 2026-11-25T09:46:40Z | "
		  "https://chan.example.net/b/res/4100.html#4100\n"
		  "\tWhere?~Say it now\n"
		  "4101 | Nan!abcdef | !abcdef | Meet & greet | 2026-11-25T12:33:20Z | "
		  "https://chan.example.net/b/res/4100.html#4101\n"
		  "\t>>4100~>now~At the \"usual\" place\n" },
		{ "4chan", "https://a.4cdn.org/biz", "thread", PAGE_THREAD, "https://a.4cdn.org/biz/thread/900100.json",
		  "900100 | Anonymous | Ab12Cd34 | Shop lists | 2026-11-26T10:00:00Z | "
		  "https://boards.4chan.org/biz/thread/900100#p900100\n"
		  "\tWho has them?\n"
		  "900101 | Anonymous | Xy98Zw76 | Shop lists | 2026-11-26T10:01:00Z | "
		  "https://boards.4chan.org/biz/thread/900100#p900101\n"
		  "\t>>900100~I do\n" },
		{ "reddit", "https://www.reddit.com/r/example", "new", PAGE_JSON,
		  "https://www.reddit.com/r/example/new.json?limit=100&raw_json=1",
		  "t3_1p0bbbb | nel | t2_nn | Be careful <tonight> | 2026-11-25T09:46:40Z | "
		  "https://www.reddit.com/r/example/comments/1p0bbbb/be_careful_tonight/\n"
		  "\tBe careful <tonight>~~They said *stay away* & meant it.\n"
		  "t3_1p0aaaa | ola | t2_oo | A link | 2026-11-25T07:00:00Z | "
		  "https://www.reddit.com/r/example/comments/1p0aaaa/a_link/\n"
		  "\tA link~~https://example.com/story\n"
		  "-> json https://www.reddit.com/r/example/new.json?limit=100&raw_json=1&after=t3_1p0aaaa\n" },
		{ "reddit", "https://www.reddit.com/r/example", "comments", PAGE_JSON,
		  "https://www.reddit.com/r/example/comments.json?limit=100&raw_json=1",
		  "t1_kx1 | pam | t2_pp | A link | 2026-11-25T07:16:40Z | "
		  "https://www.reddit.com/r/example/comments/1p0aaaa/a_link/kx1/\n"
		  "\t> a link~~No.\n" },
		{ "mediawiki", "https://wiki.example.net/w", "changes", PAGE_JSON,
		  "https://wiki.example.net/w/api.php?action=query",
		  "5512 | Quin | 8 | Staff list | 2026-11-25T10:20:30Z | https://wiki.example.net/w/index.php?oldid=5512\n"
		  "\tadded Rae~~== Staff ==~* Rae, <ref>mail</ref> rae@example.com\n"
		  "5513 | 192.0.2.7 | 0 | Talk:Staff list | 2026-11-25T10:21:00Z | "
		  "https://wiki.example.net/w/index.php?oldid=5513\n"
		  "\tWhy?\n"
		  "-> json "
		  "https://wiki.example.net/w/"
		  "api.php?action=query&format=json&formatversion=2&generator=recentchanges&grctype=edit%7Cnew&grclimit=50&"
		  "prop=revisions&rvprop=ids%7Ctimestamp%7Cuser%7Cuserid%7Ccomment%7Ccontent&rvslots=main&grccontinue="
		  "20261125101500|8801\n" },
		{ "ransomware-live", "https://api.ransomware.live", "recentvictims", PAGE_JSON,
		  "https://api.ransomware.live/v2/recentvictims",
		  "https://www.ransomware.live/id/U2hvcEBleGFtcGxlZ3JvdXA= | examplegroup | examplegroup | Shop Example | "
		  "2026-11-25T11:22:33Z zone? | https://www.ransomware.live/id/U2hvcEBleGFtcGxlZ3JvdXA=\n"
		  "\tShop Example~shop.example.com~~Sells shoes; 40 GB are ready.\n"
		  "othergroup/Mill Example/2026-11-24 01:02:03.000004 | othergroup | othergroup | Mill Example | "
		  "2026-11-24T01:02:03Z zone? | https://api.ransomware.live/v2/recentvictims\n"
		  "\tMill Example\n" },
		{ "ransomlook", "https://www.ransomlook.io", "recent", PAGE_JSON, "https://www.ransomlook.io/api/recent",
		  "examplegroup/mill.example.org/2026-11-26 04:05:06.789012 | examplegroup | examplegroup | mill.example.org | "
		  "2026-11-26T04:05:06Z zone? | https://www.ransomlook.io/group/examplegroup\n"
		  "\tmill.example.org~~Flour, and all of its mail.\n"
		  "other group/Harbour Example/2026-11-26 03:00:00.000001 | other group | other group | Harbour Example | "
		  "2026-11-26T03:00:00Z zone? | https://www.ransomlook.io/group/other%20group\n"
		  "\tHarbour Example~harbour.example.org\n" },
		{ "jsonfeed", "https://blog.example.net/feed.json", "feed", PAGE_JSON, "https://blog.example.net/feed.json",
		  "https://blog.example.net/2 | Tess | https://blog.example.net/tess | Two | 2026-11-21T15:00:00Z | "
		  "https://blog.example.net/2\n"
		  "\tSecond note\n"
		  "1 | Sam |  |  | 2026-11-20T10:00:00Z | https://example.com/one\n"
		  "\tFirst note\n"
		  "0 | Old Style |  | Only a title | - | https://blog.example.net/feed.json\n"
		  "\tOnly a title\n"
		  "-> json https://blog.example.net/feed.json?page=2\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) body = BUF_INIT(LIMIT_BODY);
		const struct source *s = source_of(a, arena_printf(a, "- name: x\n  engine: %s\n  url: %s\n  enabled: true\n",
								   rows[i].engine, rows[i].site));
		char path[200];
		struct page page;

		snprintf(path, sizeof(path), "tests/pages/%s/%s.json", rows[i].engine, rows[i].file);
		read_fixture(path, &body);
		page = page_of(a, s, rows[i].kind, rows[i].url, buf_str(&body));
		snprintf(path, sizeof(path), "%s/%s", rows[i].engine, rows[i].file);
		assert_page(&page, path, rows[i].expected);
	}
}

static void a_recorded_thread_and_catalog_of_4chan_are_read(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) body = BUF_INIT(LIMIT_BODY);
	const struct source *s = source_of(a, STR("- name: po\n  engine: 4chan\n  url: https://a.4cdn.org/po\n"));
	struct page page;
	char path[300], at[CLOCK_TEXT];

	(void)state;
	if (!shared_data("pages/4chan/Threads_4.json", path, sizeof(path)))
		skip();
	read_fixture(path, &body);
	page = page_of(a, s, PAGE_THREAD, "https://a.4cdn.org/po/thread/570368.json", buf_str(&body));
	assert_int_equal(page.n_posts, 3);
	assert_int_equal(page.n_next, 0);
	assert_str(page.posts[2].key, "570371");
	assert_str(page.posts[2].author, "Anonymous");
	assert_str(page.posts[2].title, "Welcome to /po/!");
	assert_str(page.posts[2].url, "https://boards.4chan.org/po/thread/570368#p570371");
	assert_string_equal(clock_rfc3339(page.posts[2].posted_at, at), "2018-12-31T22:21:29Z");
	assert_true(str_starts(page.posts[2].text, STR("FAQs about origami\n\nWhere do I begin")));
	assert_true(str_find(page.posts[2].text, STR("<br>")) < 0 && str_find(page.posts[2].text, STR("&gt;")) < 0);
	assert_true(shared_data("pages/4chan/Catalog_1.json", path, sizeof(path)));
	buf_clear(&body);
	read_fixture(path, &body);
	page = page_of(a, s, PAGE_JSON, "https://a.4cdn.org/po/catalog.json", buf_str(&body));
	assert_page(&page, "the catalog",
		    "-> thread https://a.4cdn.org/po/thread/570368.json at 1546294897\n-> thread "
		    "https://a.4cdn.org/po/thread/574933.json at 1566530948\n"
		    "-> thread https://a.4cdn.org/po/thread/568362.json at 1566367619\n-> thread "
		    "https://a.4cdn.org/po/thread/568442.json at 1566367473\n");
}

#define API "https://api.example.net/list"

/* A source of one's own, a few lines each. */
static void a_source_says_where_its_json_has_what(void **state)
{
	static const struct {
		const char *why, *selectors, *json, *expected;
	} rows[] = {
		{ "an address, when there is no key", "  post: {item: '$[*]', text: '@.t', url: '@.u'}\n",
		  "[{\"t\":\"a\",\"u\":\"/p/1\"}]",
		  "https://api.example.net/p/1 |  |  |  | - | https://api.example.net/p/1\n\ta\n" },
		{ "an item may be the text itself", "  post: {item: '$.lines[*]', text: '@', key: '@'}\n",
		  "{\"lines\":[\"a\",\"b\"]}", "a |  |  |  | - | " API "\n\ta\nb |  |  |  | - | " API "\n\tb\n" },
		{ "items that are members", "  post: {item: '$.*', text: '@.t', key: '@.k'}\n",
		  "{\"one\":{\"t\":\"a\",\"k\":1},\"two\":{\"t\":\"b\",\"k\":2}}",
		  "1 |  |  |  | - | " API "\n\ta\n2 |  |  |  | - | " API "\n\tb\n" },
		{ "dates", "  post: {item: '$[*]', text: 'x', key: '@.k', date: '@.d'}\n",
		  "[{\"k\":1,\"d\":1795600000},{\"k\":2,\"d\":1795600000123},{\"k\":3,\"d\":\"1795600000\"},{\"k\":4,\"d\":"
		  "1795600000.5},"
		  "{\"k\":5,\"d\":\"Thu, 26 Nov 2026 05:06:07 +0100\"},{\"k\":6,\"d\":\"2026-11-26T05:06:07.5+01:00\"},"
		  "{\"k\":7,\"d\":\"2026-11-26 "
		  "05:06:07\"},{\"k\":8,\"d\":99999999999999999999},{\"k\":9,\"d\":true},{\"k\":10,\"d\":[1]}]",
		  "1 |  |  |  | 2026-11-25T09:46:40Z | " API "\n\tx\n2 |  |  |  | 2026-11-25T09:46:40Z | " API "\n\tx\n"
		  "3 |  |  |  | 2026-11-25T09:46:40Z | " API "\n\tx\n4 |  |  |  | 2026-11-25T09:46:40Z | " API "\n\tx\n"
		  "5 |  |  |  | 2026-11-26T04:06:07Z | " API "\n\tx\n6 |  |  |  | 2026-11-26T04:06:07Z | " API "\n\tx\n"
		  "7 |  |  |  | 2026-11-26T05:06:07Z zone? | " API "\n\tx\n8 |  |  |  | - | " API "\n\tx\n"
		  "9 |  |  |  | - | " API "\n\tx\n10 |  |  |  | - | " API "\n\tx\n" },
		{ "HTML where there are tags", "  post: {item: '$[*]', text: '@.t', key: '@.k'}\n",
		  "[{\"k\":1,\"t\":\"<p>a &amp; b</p><p>c\"},{\"k\":2,\"t\":\"a &amp; 1 < 2\"}]",
		  "1 |  |  |  | - | " API "\n\ta & b~~c\n2 |  |  |  | - | " API "\n\ta &amp; 1 < 2\n" },
		{ "a tag that would hide the rest is text", "  post: {item: '$[*]', text: '@.t', key: '@.k'}\n",
		  "[{\"k\":1,\"t\":\"<b>a</b> <SCRIPT> b@example.com:c\"},{\"k\":2,\"t\":\"<!-- d "
		  "-->\"},{\"k\":3,\"t\":\"<style>e\"}]",
		  "1 |  |  |  | - | " API "\n\t<b>a</b> <SCRIPT> b@example.com:c\n2 |  |  |  | - | " API "\n\t<!-- d -->\n"
		  "3 |  |  |  | - | " API "\n\t<style>e\n" },
		{ "always", "  post: {item: '$[*]', text: '@.t', key: '@.k', author: '@.a', format: html}\n",
		  "[{\"k\":1,\"t\":\"it&#39;s\",\"a\":\"<b>A</b> &amp; B\"}]", "1 | A & B |  |  | - | " API "\n\tit's\n" },
		{ "never", "  post: {item: '$[*]', text: '@.t', key: '@.k', author: '@.a', format: text}\n",
		  "[{\"k\":1,\"t\":\"<p>user:pass &amp;\",\"a\":\"<i>\"}]",
		  "1 | <i> |  |  | - | " API "\n\t<p>user:pass &amp;\n" },
		{ "a sum, and an address that lacks a part",
		  "  next: '" API "?page={$.page+1}'\n  post: {item: '$.p[*]', text: '@'}\n  "
		  "links: '$.items[*] -> /t/{@.id}'\n",
		  "{\"page\":9,\"items\":[{\"id\":1},{},{\"id\":null},{\"id\":\"a b#c+d\"},{\"id\":1}]}",
		  "-> thread https://api.example.net/t/1\n-> thread https://api.example.net/t/a%20b%23c%2Bd\n-> json " API
		  "?page=10\n" },
		{ "no next when the number is none",
		  "  next: '" API "?page={$.page+1}'\n  post: {item: '$.p[*]', text: '@', key: '@'}\n",
		  "{\"page\":\"last\",\"p\":[\"a\"]}", "a |  |  |  | - | " API "\n\ta\n" },
		{ "an address that leads to itself", "  next: $.next\n  post: {item: '$.p[*]', text: '@', key: '@'}\n",
		  "{\"next\":\"" API "\",\"p\":[\"a\"]}", "a |  |  |  | - | " API "\n\ta\n" },
		{ "addresses as they stand", "  next: $.next\n  links: $..u\n  raw: '{href}'\n",
		  "{\"next\":\"?c=a+b%20c#d\",\"l\":[{\"u\":\"https://raw.example.org/"
		  "x?y=1&z=2\"},{\"u\":\"javascript:alert(1)\"},"
		  "{\"u\":7},{\"u\":\"file:///etc/passwd\"}]}",
		  "-> raw https://raw.example.org/x?y=1&z=2\n-> raw https://api.example.net/7\n-> json " API "?c=a+b%20c#d\n" },
		{ "rules, a line each",
		  "  links: |\n    $.a[*] -> /a/{@}\n    $.b[*] -> /b/{@}\n  post: {item: '$.p[*]', text: '@'}\n",
		  "{\"a\":[1],\"b\":[2,3]}",
		  "-> thread https://api.example.net/a/1\n-> thread https://api.example.net/b/2\n"
		  "-> thread https://api.example.net/b/3\n" },
		{ "one or the other", "  post: {item: '$[*]', key: '@.k', text: '{@.a} {@.b} || @.c || none'}\n",
		  "[{\"k\":1,\"a\":1,\"b\":2,\"c\":3},{\"k\":2,\"a\":1,\"c\":3},{\"k\":3,\"b\":\"\"}]",
		  "1 |  |  |  | - | " API "\n\t1 2\n2 |  |  |  | - | " API "\n\t3\n3 |  |  |  | - | " API "\n\tnone\n" },
		{ "what a JSON:API document includes, and does not",
		  "  post: {item: '$.data[*]', key: '@.id', text: '{@.by => @.name} || nobody'}\n",
		  "{\"data\":[{\"id\":1,\"by\":{\"type\":\"u\",\"id\":\"7\"}},{\"id\":2,\"by\":{\"type\":\"g\",\"id\":\"7\"}},"
		  "{\"id\":3,\"by\":null},{\"id\":4,\"by\":{}}],\"included\":[5,{\"type\":\"u\"},{\"type\":\"u\",\"id\":\"7\","
		  "\"name\":\"A\"}]}",
		  "1 |  |  |  | - | " API "\n\tA\n2 |  |  |  | - | " API "\n\tnobody\n3 |  |  |  | - | " API
		  "\n\tnobody\n4 |  |  |  | - | " API "\n\tnobody\n" },
		{ "segments of the page's address", "  post: {item: '$[*]', key: '@', text: '{/1}-{/2}'}\n", "[1]",
		  "1 |  |  |  | - | " API "\n\tlist-\n" },
		{ "a failure that comes with 200", "  post: {item: '$.p[*]', text: '@'}\n  soft_404: [$.error, $.errors]\n",
		  "{\"p\":[\"a\"],\"error\":\"no such list\"}", "problem: soft 404\n" },
		{ "no failure", "  post: {item: '$.p[*]', key: '@', text: '@'}\n  soft_404: [$.error, $.errors]\n",
		  "{\"p\":[\"a\"],\"error\":false,\"errors\":[]}", "a |  |  |  | - | " API "\n\ta\n" },
		{ "nothing there", "  post: {item: '$.p[*]', text: '@'}\n", "{\"p\":[]}", "problem: empty listing\n" },
		{ "a guard's page in its place", "  post: {item: '$.p[*]', text: '@'}\n",
		  "<!DOCTYPE html><title>Just a moment...</title>", "problem: Cloudflare challenge\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		const struct source *s = source_of(a, arena_printf(a, "- name: x\n  json: " API "\n%s", rows[i].selectors));
		struct page page = page_of(a, s, PAGE_JSON, API, str_of(rows[i].json));

		assert_page(&page, rows[i].why, rows[i].expected);
	}
}

static const char posts_source[] =
	"- name: x\n  json: " API "\n  next: $.next\n  links: $.links[*]\n"
	"  post: {item: '$.p[*]', key: '@.k', author: '@.a', title: '@.s', date: '@.d', text: '@.t'}\n";

/* Wrong types, missing members, whatever a stranger may send: no post, or a post without that field, never worse. */
static void hostile_documents_lose_only_what_is_wrong(void **state)
{
	static const struct {
		const char *why, *json, *expected;
	} rows[] = {
		{ "nothing is what it should be",
		  "{\"p\":[1,\"a\",null,[],{},{\"t\":{}},{\"t\":[\"x\"]},{\"t\":null},{\"t\":\"\"},{\"t\":\" "
		  "\\n\"}],\"next\":[],\"links\":{}}",
		  "problem: empty listing\n" },
		{ "fields of other types", "{\"p\":[{\"t\":5,\"k\":true,\"a\":[\"x\"],\"s\":{\"x\":1},\"d\":{}}]}",
		  "true |  |  |  | - | " API "\n\t5\n" },
		{ "numbers that no machine holds", "{\"p\":[{\"t\":1e999,\"k\":123456789012345678901234567890,\"d\":-1e400}]}",
		  "123456789012345678901234567890 |  |  |  | - | " API "\n\t1e999\n" },
		{ "one name twice: the last counts",
		  "{\"p\":[{\"t\":\"first\",\"k\":1,\"t\":\"last\"}],\"p\":[{\"t\":\"x\",\"k\":2}]}",
		  "2 |  |  |  | - | " API "\n\tx\n" },
		{ "half a surrogate and U+0000 of one post leave the others alone",
		  "{\"p\":[{\"t\":\"\\ud83d\",\"k\":1},{\"t\":\"a\\u0000b\",\"k\":2},{\"t\":\"c\",\"k\":3}]}",
		  "1 |  |  |  | - | " API "\n\t\xef\xbf\xbd\n2 |  |  |  | - | " API "\n\ta\xef\xbf\xbd"
		  "b\n3 |  |  |  | - | " API "\n\tc\n" },
		{ "line ends in a title", "{\"p\":[{\"t\":\"x\",\"k\":\"a\\nb\",\"s\":\"two\\r\\nlines\",\"a\":\"\\u0007\"}]}",
		  "a b | \a |  | two lines | - | " API "\n\tx\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct page page = page_of(a, source_of(a, str_of(posts_source)), PAGE_JSON, API, str_of(rows[i].json));

		assert_page(&page, rows[i].why, rows[i].expected);
	}
}

static void json_is_utf8_whatever_a_post_says(void **state)
{
	static const struct {
		const char *why, *json, *text;
	} rows[] = {
		{ "a declaration in a post", "{\"p\":[{\"t\":\"<meta charset=windows-1251> \xc3\xa9\"}]}",
		  "<meta charset=windows-1251> \xc3\xa9" },
		{ "one letter is no ground to guess from", "{\"p\":[{\"t\":\"caf\xc3\xa9\"}]}", "caf\xc3\xa9" },
		{ "a byte of another encoding", "{\"p\":[{\"t\":\"caf\xe9\"}]}", "caf\xef\xbf\xbd" },
		{ "a byte order mark", "\xef\xbb\xbf{\"p\":[{\"t\":\"\xc3\xa9\"}]}", "\xc3\xa9" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct source s = *source_of(a, str_of(posts_source));
		struct page page;

		s.post.format = FORMAT_TEXT;
		page = page_of(a, &s, PAGE_JSON, API, str_of(rows[i].json));
		assert_int_equal(page.n_posts, 1);
		if (!str_eq(page.posts[0].text, str_of(rows[i].text)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(page.posts[0].text));
	}
}

static void a_thread_of_pictures_is_no_failure(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, str_of(posts_source));
	struct page page = page_of(a, s, PAGE_THREAD, API, STR("{\"p\":[{\"k\":1,\"file\":\"a.png\"}]}"));

	(void)state;
	assert_page(&page, "one picture", "");
	page = page_of(a, s, PAGE_THREAD, API, STR("{\"p\":[]}"));
	assert_page(&page, "nothing", "problem: empty thread\n");
	page = page_of(a, s, PAGE_JSON, API, STR("{\"p\":[{\"k\":1,\"body\":\"renamed\"}]}"));
	assert_page(&page, "a list of posts in which none has a text any more", "problem: empty listing\n");
}

static void what_is_no_json_is_an_error_with_its_place(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, str_of(posts_source));
	struct err err = { 0 };
	struct page page;

	(void)state;
	assert_int_equal(extract(a, s, PAGE_JSON, API, STR("{\"p\":[{\"t\":\"x\"}"), &page, &err), E_BAD);
	assert_string_equal(err.text, "not JSON at byte 15 of 15: expected , or ]");
	assert_int_equal(extract(a, s, PAGE_JSON, API, STR("<p>We moved."), &page, &err), E_BAD);
	assert_string_equal(err.text, "not JSON at byte 0 of 12: expected a value");
}

static void a_million_items_are_cut_and_said(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) json = BUF_INIT(LIMIT_DECODED);
	struct page page;

	(void)state;
	buf_add(&json, STR("{\"p\":["));
	for (int i = 0; i < 1000000; i++)
		buf_printf(&json, "%s{\"t\":1}", i ? "," : "");
	buf_add(&json, STR("]}"));
	page = page_of(a, source_of(a, str_of(posts_source)), PAGE_JSON, API, buf_str(&json));
	assert_int_equal(page.n_posts, LIMIT_POSTS);
	assert_true(page.cut);
	buf_clear(&json);
	buf_add(&json, STR("{\"links\":["));
	for (int i = 0; i < LIMIT_LINKS + 1; i++)
		buf_printf(&json, "%s\"/%d\"", i ? "," : "", i);
	buf_add(&json, STR("]}"));
	arena_clear(a);
	page = page_of(a, source_of(a, str_of(posts_source)), PAGE_JSON, API, buf_str(&json));
	assert_int_equal(page.n_next, LIMIT_LINKS);
	assert_true(page.cut);
}

static void more_values_than_memory_is_an_error(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) json = BUF_INIT(LIMIT_DECODED);
	struct err err = { 0 };
	struct page page;

	(void)state;
	buf_add(&json, STR("[0"));
	for (int i = 0; i < 7000000; i++)
		buf_add(&json, STR(",0"));
	buf_add(&json, STR("]"));
	assert_int_equal(extract(a, source_of(a, str_of(posts_source)), PAGE_JSON, API, buf_str(&json), &page, &err), E_LIMIT);
}

/* Each of 2,000 posts asks for something at the far end of a long list of members. */
static void paths_that_cost_too_much_are_stopped(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) json = BUF_INIT(LIMIT_DECODED);
	const struct source *s = source_of(
		a, STR("- name: x\n  json: " API "\n  post: {item: '$.p[*]', key: '@.k', title: $..none, text: '@.t'}\n"));
	struct err err = { 0 };
	struct page page;

	(void)state;
	buf_add(&json, STR("{\"p\":[0"));
	for (int i = 0; i < LIMIT_POSTS; i++)
		buf_printf(&json, ",{\"k\":%d,\"t\":\"x\"}", i);
	buf_add(&json, STR("]"));
	for (int i = 0; i < 20000; i++)
		buf_printf(&json, ",\"m%d\":{}", i);
	buf_add(&json, STR("}"));
	assert_int_equal(extract(a, s, PAGE_JSON, API, buf_str(&json), &page, &err), E_BAD);
	assert_string_equal(err.text, "the paths look at more than 16000000 values of this page");
}

static void a_mistake_in_a_source_is_told_with_its_line(void **state)
{
	static const struct {
		const char *selectors, *error;
	} rows[] = {
		{ "  post: {item: '$.p[', text: '@.t'}\n", "test.yaml:3: post.item: at byte 5 of \"$.p[\": expected *, a "
							   "number, a name in quotation marks or a filter (slices "
							   "are not read)" },
		{ "  post:\n    item: $[*]\n    text: '{@.t'\n",
		  "test.yaml:5: post.text: at byte 1 of \"{@.t\": expected } at the end of the hole" },
		{ "  post:\n    item: $[*]\n    url: '{href}'\n",
		  "test.yaml:5: post.url: the hole {href}: expected {@.path}, {$.path}, {url} or {/1}" },
		{ "  post:\n    item: $[*]\n    quotes: '//['\n",
		  "test.yaml:5: post.quotes: \"//[\" is no XPath 1.0, expected an XPath 1.0" },
		{ "  post:\n    item: $[*]\n    format: rtf\n",
		  "test.yaml:5: format is \"rtf\", expected one of: guessed, html, text, markdown" },
		{ "  links: $[*] => /t/{@}\n  raw: '{href}'\n",
		  "test.yaml:3: links: at byte 6 of \"$[*] => /t/{@}\": expected .name, [ or .." },
		{ "  next: $.n\n", "test.yaml:2: nothing is read from the JSON, expected post (with item) or links" },
		{ "  feed: " API "\n  post: {item: '$[*]'}\n",
		  "test.yaml:2: json stands beside listing or feed, expected a source for each" },
		{ "  soft_404: [error]\n  post: {item: '$[*]'}\n",
		  "test.yaml:3: soft_404: at byte 1 of \"error\": expected $ (the document) or @ (the item)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct str yaml = arena_printf(a, "- name: x\n  json: " API "\n%s", rows[i].selectors);
		struct err err = { 0 };
		const struct yaml *list = yaml_parse(a, yaml, "test.yaml", &err);
		struct source *s;
		size_t n;

		assert_non_null(list);
		assert_int_equal(sources_read(list, NULL, a, &s, &n, &err), E_USAGE);
		if (strcmp(err.text, rows[i].error) != 0)
			fail_msg("%s: %s", rows[i].selectors, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_read_their_software),
		cmocka_unit_test(a_recorded_thread_and_catalog_of_4chan_are_read),
		cmocka_unit_test(a_source_says_where_its_json_has_what),
		cmocka_unit_test(hostile_documents_lose_only_what_is_wrong),
		cmocka_unit_test(json_is_utf8_whatever_a_post_says),
		cmocka_unit_test(a_thread_of_pictures_is_no_failure),
		cmocka_unit_test(what_is_no_json_is_an_error_with_its_place),
		cmocka_unit_test(a_million_items_are_cut_and_said),
		cmocka_unit_test(more_values_than_memory_is_an_error),
		cmocka_unit_test(paths_that_cost_too_much_are_stopped),
		cmocka_unit_test(a_mistake_in_a_source_is_told_with_its_line),
	};

	extract_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
