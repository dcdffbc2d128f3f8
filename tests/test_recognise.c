/* test_recognise.c - what a page of unknown kind is told to be */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/extract.h"
#include "crawler/extract/recognise.h"

static struct engine *engines;
static size_t n_engines;

/* What is told of a page; lives in `a`. */
static struct str told(struct arena *a, const char *url, struct str body, const struct str *asked, size_t n_asked)
{
	const struct probe probe = {
		.engines = engines, .n_engines = n_engines, .asked = asked, .n_asked = n_asked, .agent = STR("watchdesk")
	};
	const struct source s = { .probe = &probe };
	struct str copy = exact_copy(body);
	struct reply r = { .url = str_of(url), .kind = PAGE_UNKNOWN, .body = copy };
	struct page page = { 0 };
	struct err err = { 0 };
	int result = extract_page(&s, &r, a, &page, &err);
	struct str text;

	if (result < 0)
		fail_msg("%s: %s", url, err.text);
	assert_int_equal(page.n_posts, 1);
	assert_true(utf8_is_clean(page.posts[0].text));
	text = arena_copy(a, page.posts[0].text);
	free((char *)copy.p);
	return text;
}

static struct str line_of(struct str text, const char *key)
{
	struct str line = { 0 };

	while (str_split(&text, '\n', &line))
		if (str_starts(line, str_of(key)) && str_starts(str_slice(line, strlen(key), line.n), STR(": ")))
			return str_slice(line, strlen(key) + 2, line.n);
	return (struct str){ 0 };
}

static void expect_line(const char *why, struct str text, const char *key, const char *wanted)
{
	if (!str_eq(line_of(text, key), str_of(wanted)))
		fail_msg("%s: %s is not \"%s\" in\n%.*s", why, key, wanted, STR_ARG(text));
}

static void the_pages_of_an_engine_are_told_from_those_of_all_others(void **state)
{
	static const struct {
		const char *engine, *file, *url, *site, *listing;
	} rows[] = {
		{ "phpbb3", "list.html", "https://forum.example.net/b/search.php?search_id=active_topics",
		  "https://forum.example.net/b", "" },
		{ "phpbb3", "thread.html", "https://forum.example.net/b/viewtopic.php?t=7", "https://forum.example.net/b", "" },
		{ "phpbb3", "list.html", "https://forum.example.net/viewforum.php?f=2", "https://forum.example.net",
		  "https://forum.example.net/viewforum.php?f=2" },
		{ "smf2", "list.html", "https://forum.example.net/index.php?action=recent", "https://forum.example.net", "" },
		{ "smf2", "board.html", "https://forum.example.net/b/index.php/board,1.0",
		  "https://forum.example.net/b/index.php", NULL },
		{ "xenforo2", "list.html", "https://forum.example.net/whats-new/posts/15/", "https://forum.example.net", NULL },
		{ "xenforo2", "thread.html", "https://forum.example.net/threads/a.7/", "https://forum.example.net", "" },
		{ "xenforo1", "list.html", "https://forum.example.net/forums/vegetables.2/", "https://forum.example.net",
		  "https://forum.example.net/forums/vegetables.2/" },
		{ "xenforo1", "thread.html", "https://forum.example.net/threads/seeds.7/", "https://forum.example.net", "" },
		{ "vbulletin3", "list.html", "https://forum.example.net/forumdisplay.php?f=2", "https://forum.example.net",
		  "https://forum.example.net/forumdisplay.php?f=2" },
		{ "vbulletin4", "list.html", "https://forum.example.net/forumdisplay.php?f=2", "https://forum.example.net",
		  "https://forum.example.net/forumdisplay.php?f=2" },
		{ "vbulletin5", "list.html", "https://forum.example.net/forum/vegetables", "https://forum.example.net",
		  "https://forum.example.net/forum/vegetables" },
		{ "invision4", "thread.html", "https://forum.example.net/topic/7-seeds/", NULL, "" },
		{ "vanilla", "list.html", "https://forum.example.net/discussions", "https://forum.example.net", "" },
		{ "hyperkitty", "message.html", "https://forum.example.net/archives/list/a@b.example.net/message/X/", NULL,
		  "" },
		{ "telegram", "channel.html", "https://t.me/s/gardenboard", "https://t.me/s/gardenboard", NULL },
		{ "sitemap", "urls.xml", "https://forum.example.net/sitemap.xml?x=1",
		  "https://forum.example.net/sitemap.xml?x=1", "" },
		{ "sitemap", "index.xml", "https://forum.example.net/sitemap.xml", "https://forum.example.net/sitemap.xml",
		  "" },
		{ "rss", "dokuwiki/feed.xml", "https://forum.example.net/feed", "https://forum.example.net/feed", "" },
		{ "atom", "public-inbox/feed.xml", "https://forum.example.net/new", "https://forum.example.net/new", "" },
		{ "4chan", "4chan/catalog.json", "https://a.4cdn.org/biz/catalog.json", "https://a.4cdn.org/biz", "" },
		{ "vichan", "catalog.json", "https://chan.example.net/b/catalog.json", "https://chan.example.net/b", "" },
		{ "discourse", "latest.json", "https://forum.example.net/latest.json", "https://forum.example.net", "" },
		{ "discourse", "posts.json", "https://forum.example.net/f/posts.json", "https://forum.example.net/f", "" },
		{ "nodebb", "recent.json", "https://forum.example.net/api/recent", "https://forum.example.net", "" },
		{ "flarum", "posts.json", "https://forum.example.net/api/posts?sort=-createdAt", "https://forum.example.net",
		  "" },
		{ "lemmy", "posts.json", "https://lemmy.example.net/api/v3/post/list", "https://lemmy.example.net", "" },
		{ "lemmy", "comments.json", "https://lemmy.example.net/api/v3/comment/list", "https://lemmy.example.net", "" },
		{ "mastodon", "public.json", "https://social.example.net/api/v1/timelines/public?limit=40",
		  "https://social.example.net", "" },
		{ "mediawiki", "changes.json", "https://wiki.example.net/w/api.php?action=query", "https://wiki.example.net/w",
		  "" },
		{ "hackernews", "search.json", "https://hn.algolia.com/api/v1/search_by_date", NULL, "" },
		{ "jsonfeed", "feed.json", "https://blog.example.net/feed.json", "https://blog.example.net/feed.json", "" },
		{ "ransomlook", "recent.json", "https://www.ransomlook.io/api/recent", "", "" },
		{ "reddit", "new.json", "https://www.reddit.com/r/a/new.json", "https://www.reddit.com/r/a", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) body = BUF_INIT(LIMIT_BODY);
		struct str file = arena_printf(a, "tests/pages/%s%s%s", strchr(rows[i].file, '/') ? "" : rows[i].engine,
					       strchr(rows[i].file, '/') ? "" : "/", rows[i].file);
		struct str text;

		read_fixture(file.p, &body);
		text = told(a, rows[i].url, buf_str(&body), NULL, 0);
		expect_line(file.p, text, "by", "engine");
		expect_line(file.p, text, "engine", rows[i].engine);
		if (rows[i].site)
			expect_line(file.p, text, "url", rows[i].site);
		if (rows[i].listing)
			expect_line(file.p, text, "listing", rows[i].listing);
		assert_true(line_of(text, "sign").n > 0);
	}
}

static void a_front_page_shows_its_software_and_where_the_site_is(void **state)
{
	static const struct {
		const char *engine, *url, *site, *html;
	} rows[] = {
		{ "discourse", "https://forum.example.net/f/t/a/1", "https://forum.example.net/f",
		  "<meta name=generator content='Discourse 3.2.0'><meta id=data-discourse-setup data-base-uri=/f>" },
		{ "nodebb", "https://forum.example.net/topic/1/a", "https://forum.example.net",
		  "<meta name=generator content=NodeBB>" },
		{ "flarum", "https://forum.example.net/d/1-a", "https://forum.example.net",
		  "<script id='flarum-json-payload' type='application/json'>{}</script>" },
		{ "lemmy", "https://lemmy.example.net/c/a", "https://lemmy.example.net", "<div id=app class='lemmy-site'>" },
		{ "mastodon", "https://social.example.net/about", "https://social.example.net",
		  "<div class='app-holder' id='mastodon'>" },
		{ "mediawiki", "https://wiki.example.net/wiki/A", "https://wiki.example.net/w",
		  "<meta name=generator content='MediaWiki 1.39.17'><link rel=EditURI "
		  "href='//wiki.example.net/w/api.php?action=rsd'>" },
		{ "dokuwiki", "https://wiki.example.net/d/doku.php?id=a", "https://wiki.example.net/d",
		  "<meta name=generator content=DokuWiki><link rel=start href=/d/>"
		  "<link rel=alternate type='application/rss+xml' href=/d/feed.php>" },
		{ "mybb", "https://forum.example.net/b/showthread.php?tid=1", "https://forum.example.net/b",
		  "<script src='https://forum.example.net/b/jscripts/general.js?ver=1827'></script>"
		  "<div id=logo><div class=wrapper><a href='https://forum.example.net/b/index.php'><img></a></div></div>" },
		{ "vbulletin5", "https://forum.example.net/forum/general/1-a", "https://forum.example.net",
		  "<base href='https://forum.example.net/'><meta name=generator content='vBulletin 5.6.4'><body "
		  "id=vb-page-body>" },
		{ "invision4", "https://forum.example.net/b/topic/1-a/", "https://forum.example.net/b",
		  "<div class='ipsLayout_container'><a href='https://forum.example.net/b/' id='elLogo' accesskey='1'>" },
		{ "fossil", "https://code.example.net/r/forumpost/1", "https://code.example.net/r",
		  "<link rel=stylesheet href='/r/style.css?id=5'><body class='forum rpage-forumpost cpage-forum'>" },
		{ "public-inbox", "https://lists.example.net/garden/", "https://lists.example.net/garden",
		  "<link rel=alternate href=https://lists.example.net/garden/new.atom type='application/atom+xml'>" },
		{ "xenforo2", "https://forum.example.net/", "https://forum.example.net",
		  "<html id=XF lang=en data-app=public>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct str text = told(a, rows[i].url, str_of(rows[i].html), NULL, 0);

		expect_line(rows[i].engine, text, "engine", rows[i].engine);
		expect_line(rows[i].engine, text, "url", rows[i].site);
	}
}

static void what_no_engine_knows_is_a_feed_that_it_names_or_a_guess(void **state)
{
	static const struct {
		const char *why, *html, *key, *value;
	} rows[] = {
		{ "a feed beside the page", "<link rel=alternate type='application/rss+xml' href=/feed><p>Hi", "url",
		  "https://site.example.net/feed" },
		{ "of two feeds Atom, which says more",
		  "<link rel=alternate type='application/rss+xml' href=/r><link rel=alternate type='application/atom+xml' "
		  "href=/a>",
		  "engine", "atom" },
		{ "pastes in a table, with their authors beside them",
		  "<nav><ul><li><a href=/x1>1</a><li><a href=/x2>2</a><li><a href=/x3>3</a><li><a href=/x4>4</a><li><a "
		  "href=/x5>5</a>"
		  "</ul></nav><table><tr><td><a href=/p/Ab1>a</a><td><a href=/u/ada>ada</a><tr><td><a href=/p/Cd2>b</a><td><a "
		  "href=/u/ada>ada</a><tr><td><a href=/p/Ef3>c</a><td><a href=/u/ada>ada</a><tr><td><a "
		  "href=/p/Gh4>d</a></table>",
		  "links", "//tbody/tr/td/a[starts-with(@href, '/p/')]/@href" },
		{ "scripts are told by their parameters",
		  "<ul><li><a href='show.php?id=1&x=2'>1</a><li><a href='show.php?id=2&x=2'>2</a><li><a "
		  "href='show.php?id=3&x=2'>3</a>"
		  "<li><a href='show.php?id=4&x=2'>4</a><li><a href='login.php?to=5'>in</a></ul>",
		  "links", "//body/ul/li/a[starts-with(@href, 'show.php?id=')]/@href" },
		{ "slugs that differ in every part",
		  "<ul><li><a href=/t/one/1>1</a><li><a href=/t/two/2>2</a><li><a href=/t/three/3>3</a><li><a "
		  "href=/t/four/4>4</a></ul>",
		  "links", "//body/ul/li/a[starts-with(@href, '/t/')]/@href" },
		{ "other people's sites are no list of this one",
		  "<ul><li><a href=https://a.example.com/1>1</a><li><a href=https://a.example.com/2>2</a><li><a "
		  "href=https://a.example.com/3>3</a><li><a href=https://a.example.com/4>4</a></ul>",
		  "by", "nothing" },
		{ "an address ten times is one",
		  "<ul><li><a href=/1>1</a><li><a href=/1>1</a><li><a href=/1>1</a><li><a href=/1>1</a>", "by", "nothing" },
		{ "both quotes in what they share",
		  "<ul><li><a href=\"/p'&quot;/1\">1</a><li><a href=\"/p'&quot;/2\">2</a><li><a "
		  "href=\"/p'&quot;/3\">3</a><li><a "
		  "href=\"/p'&quot;/4\">4</a>",
		  "links", "//body/ul/li/a[starts-with(@href, \"/p'\")]/@href" },
		{ "elements that no XPath can name",
		  "<o:p{><x-y><li><a href=/p/1>1</a><li><a href=/p/2>2</a><li><a href=/p/3>3</a><li><a href=/p/4>4</a>",
		  "links", "//*/*/li/a[starts-with(@href, '/p/')]/@href" },
		{ "a text", "Hello", "by", "nothing" },
		{ "an empty page", "", "by", "nothing" },
		{ "JSON of nobody's", "{\"a\":[1,2]}", "by", "nothing" },
		{ "what only looks like JSON", "[ x", "by", "nothing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

		expect_line(rows[i].why, told(a, "https://site.example.net/", str_of(rows[i].html), NULL, 0), rows[i].key,
			    rows[i].value);
	}
}

static void robots_txt_answers_for_each_address_that_is_asked_about(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct str asked[] = { STR("https://a.example.net/search.php?x"), STR("https://a.example.net/list") };
	struct str text = told(a, "https://a.example.net/robots.txt",
			       STR("User-agent: *\nDisallow: /search.php\nCrawl-delay: 10\n"), asked, 2);

	(void)state;
	assert_str(text,
		   "rule: forbidden by line 2, disallow: /search.php\nrule: allowed, no rule speaks of it\ndelay: 10.000\n");
}

/* Neither lines nor keys of its own can a page put into what is told. */
static void a_page_cannot_say_more_than_its_place(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct str text = told(
		a, "https://a.example.net/",
		STR("<link rel=alternate type='application/rss+xml' href='/x\nengine: evil\n\xe2\x80\xa8raw: y'>"), NULL, 0);

	(void)state;
	expect_line("a feed", text, "engine", "rss");
	assert_int_equal(line_of(text, "raw").n, 0);
}

static void links_without_number_are_looked_at_up_to_a_ceiling(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_printf(&html, "<li><a href=/%d/%d>x</a>", i, i);
	expect_line("many", told(a, "https://a.example.net/", buf_str(&html), NULL, 0), "by", "nothing"); /* no two are alike */
}

static int prepare(void **state)
{
	static struct arena *a;
	struct err err = { 0 };

	extract_warm_up();
	a = arena_new(LIMIT_ARENA);
	*state = a;
	return engines_read(NULL, a, &engines, &n_engines, &err);
}

static int drop(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pages_of_an_engine_are_told_from_those_of_all_others),
		cmocka_unit_test(a_front_page_shows_its_software_and_where_the_site_is),
		cmocka_unit_test(what_no_engine_knows_is_a_feed_that_it_names_or_a_guess),
		cmocka_unit_test(robots_txt_answers_for_each_address_that_is_asked_about),
		cmocka_unit_test(a_page_cannot_say_more_than_its_place),
		cmocka_unit_test(links_without_number_are_looked_at_up_to_a_ceiling),
	};

	return cmocka_run_group_tests_name("recognise", tests, prepare, drop);
}
