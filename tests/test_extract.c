/* test_extract.c - replies into posts, further addresses and named failures */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <seccomp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/date.h"
#include "crawler/extract/extract.h"

/* One source of the list that `yaml` is. */
static const struct source *source_of(struct arena *a, const char *yaml)
{
	struct err err = { 0 };
	const struct yaml *list = yaml_parse(a, str_of(yaml), "test.yaml", &err);
	struct source *s = NULL;
	size_t n;

	if (!list || sources_read(list, NULL, a, &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	return s;
}

static const char paste_site[] = "- name: pastes\n  listing: https://paste.example.net/archive\n"
				 "  links: //table[@class='maintable']//td[1]/a/@href\n  next: //a[@rel='next']\n"
				 "  raw: https://paste.example.net/raw/{key}\n  soft_404: [\"//h1[. = 'Gone']\"]\n";
static const char some_feed[] = "- name: feed\n  feed: https://example.com/feed\n";

static int extract(struct arena *a, const struct source *s, enum page_kind kind, const char *url, const char *type,
		   struct str body, struct page *out, struct err *err)
{
	struct str copy = exact_copy(body);
	struct str kept = arena_copy(a, copy);
	struct reply r = { .url = str_of(url),
			   .content_type = str_of(type),
			   .body = kept,
			   .kind = kind,
			   .at_us = clock_from_civil(2026, 11, 23, 12, 0, 0) };
	int result = extract_page(s, &r, a, out, err);

	free((char *)copy.p);
	return result;
}

static struct page page_of(struct arena *a, const struct source *s, enum page_kind kind, const char *url, struct str body)
{
	struct err err = { 0 };
	struct page page = { 0 };

	if (extract(a, s, kind, url, "text/html; charset=utf-8", body, &page, &err) < 0)
		fail_msg("%s", err.text);
	return page;
}

static struct page page_of_file(struct arena *a, const struct source *s, enum page_kind kind, const char *url, const char *file)
{
	AUTO(buf) body = BUF_INIT(LIMIT_BODY);

	read_fixture(file, &body);
	return page_of(a, s, kind, url, buf_str(&body));
}

static void assert_time(const struct post *post, const char *time)
{
	char text[CLOCK_TEXT];

	assert_true(post->precision != PRECISION_NONE);
	assert_string_equal(clock_rfc3339(post->posted_at, text), time);
}

static void a_raw_text_is_one_post_and_stays_as_it_is(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, paste_site);
	struct err err = { 0 };
	struct page page;

	(void)state;
	assert_int_equal(extract(a, s, PAGE_RAW, "https://paste.example.net/raw/AbC12", "text/plain; charset=utf-8",
				 STR("  user:pass\r\n<b>not HTML</b>\n"), &page, &err),
			 0);
	assert_int_equal(page.n_posts, 1);
	assert_str(page.posts[0].key, "AbC12");
	assert_str(page.posts[0].url, "https://paste.example.net/raw/AbC12");
	assert_str(page.posts[0].text, "  user:pass\r\n<b>not HTML</b>\n");
	assert_int_equal(page.posts[0].precision, PRECISION_NONE);
	assert_str(page.encoding, "utf-8");
	assert_str(page.encoding_from, "http");
	assert_int_equal(page.problem.n, 0);
}

static void a_key_comes_from_the_address(void **state)
{
	static const struct {
		const char *why, *raw, *url, *key;
	} rows[] = {
		{ "the template read backwards", "https://example.com/get.php?id={key}&raw=1",
		  "https://example.com/get.php?id=77&raw=1", "77" },
		{ "a folder behind it", "https://example.com/{key}/raw", "https://example.com/x9/raw", "x9" },
		{ "another address than the template's", "https://example.com/raw/{key}", "https://example.org/y/z/", "z" },
		{ "a script's first parameter", "https://example.com/raw/{key}", "https://example.org/show.php?id=5&x=6", "5" },
		{ "the link itself in the template", "{href}/raw", "https://example.com/p/ab/raw", "ab" },
		{ "a query that is no key", "https://example.com/raw/{key}", "https://example.org/ab?from=list", "ab" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct source s = { .raw = { .text = str_of(rows[i].raw) } };
		struct page page;

		assert_int_equal(extract(a, &s, PAGE_RAW, rows[i].url, "text/plain", STR("x"), &page, NULL), 0);
		if (!str_eq(page.posts[0].key, str_of(rows[i].key)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(page.posts[0].key));
	}
}

static void raw_text_in_any_encoding_becomes_clean_utf8(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, paste_site);
	struct page page;

	(void)state;
	assert_int_equal(extract(a, s, PAGE_RAW, "https://paste.example.net/raw/1", "text/plain; charset=windows-1251",
				 STR("\xcf\xf0\xe8\xe2\xe5\xf2"), &page, NULL),
			 0);
	assert_str(page.posts[0].text, "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82");
	assert_int_equal(extract(a, s, PAGE_FILE, "https://paste.example.net/raw/1", "text/plain", (struct str){ "a\0\xff", 3 },
				 &page, NULL),
			 0);
	assert_true(utf8_is_clean(page.posts[0].text));
	assert_str(page.posts[0].key, "https://paste.example.net/raw/1");
}

static void a_listing_leads_to_raw_texts_each_once(void **state)
{
	static const char html[] = "<table class=maintable><tr><td><a href='/AbC'>a</a><td>x<tr><td><a href='/AbC#c'>again</a>"
				   "<tr><td><a href='/d/E?from=list'>b</a><tr><td><a href='mailto:x'>no</a></table>"
				   "<a rel=next href='/archive?p=2'>next</a>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct page page = page_of(a, source_of(a, paste_site), PAGE_LISTING, "https://paste.example.net/archive",
				   str_of(html));

	(void)state;
	assert_int_equal(page.n_posts, 0);
	assert_int_equal(page.n_next, 3);
	assert_int_equal(page.next[0].kind, PAGE_RAW);
	assert_str(page.next[0].url, "https://paste.example.net/raw/AbC");
	assert_str(page.next[1].url, "https://paste.example.net/raw/E");
	assert_int_equal(page.next[2].kind, PAGE_LISTING);
	assert_str(page.next[2].url, "https://paste.example.net/archive?p=2");
	assert_int_equal(page.problem.n, 0);
}

static void pages_that_are_none_are_named(void **state)
{
	static const struct {
		enum page_kind kind;
		const char *html, *problem;
	} rows[] = {
		{ PAGE_LISTING, "<table class=maintable></table>", "empty listing" },
		{ PAGE_LISTING, "", "empty listing" },
		{ PAGE_LISTING, "<h1>Gone</h1>", "soft 404" },
		{ PAGE_LISTING, "<form>Log in <input type=PassWord name=p></form>", "login page" },
		{ PAGE_LISTING, "<title>Just a moment...</title><body>", "Cloudflare challenge" },
		{ PAGE_LISTING, "<p>Checking your browser before accessing example.net", "Cloudflare challenge" },
		{ PAGE_RAW, "<h1>Gone</h1>", "soft 404" },
		{ PAGE_RAW, "<p>Please verify you are human", "captcha" },
		{ PAGE_RAW, "<form><input type=password></form>", "login page" },
		{ PAGE_RAW, "", "empty page" },
		{ PAGE_THREAD, "<p>x", "empty thread" },
		{ PAGE_FEED, "<rss><channel/></rss>", "empty feed" },
		{ PAGE_LISTING, "<input type=password><table class=maintable><tr><td><a href=/x>x</a></table>", "" },
		{ PAGE_LISTING, "<p>Checking your browser<table class=maintable><tr><td><a href=/x>x</a></table>", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct page page = page_of(a, source_of(a, paste_site), rows[i].kind, "https://paste.example.net/x",
					   str_of(rows[i].html));

		if (!str_eq(page.problem, str_of(rows[i].problem)))
			fail_msg("%s: %.*s", rows[i].html, STR_ARG(page.problem));
		assert_int_equal(page.n_posts, 0);
	}
}

/* Statuses that say that it is no page come with one that says why. */
static void what_comes_with_a_refusal_is_named(void **state)
{
	static const struct {
		int status;
		const char *body, *problem;
		enum problem class;
	} rows[] = {
		{ 403, "<title>Just a moment...</title>", "Cloudflare challenge (status 403)", PROBLEM_CAPTCHA },
		{ 403, "<title>Attention Required! | Cloudflare</title>", "Cloudflare block (status 403)", PROBLEM_BLOCKED },
		{ 401, "<form><input type=password>", "login page (status 401)", PROBLEM_LOGIN },
		{ 403, "<h1>Forbidden</h1>", "status 403", PROBLEM_HTTP },
		{ 500, "", "status 500", PROBLEM_HTTP },
		{ 503, "{\"error\":\"down\"}", "status 503", PROBLEM_HTTP },
		{ 429, "<title>Too Many Requests</title>", "rate limit (status 429)", PROBLEM_BLOCKED },
		{ 200, "<table class=maintable><tr><td><a href=/x>x</a></table>", "", PROBLEM_CONTENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct reply r = { .url = STR("https://paste.example.net/x"),
				   .content_type = STR("text/html"),
				   .kind = PAGE_LISTING,
				   .status = rows[i].status,
				   .body = str_of(rows[i].body) };
		struct page page = { 0 };

		assert_int_equal(extract_page(source_of(a, paste_site), &r, a, &page, NULL), 0);
		assert_str(page.problem, rows[i].problem);
		assert_int_equal(page.problem_class, rows[i].class);
	}
}

/* The target of a takedown is all that its page says, and what the page seems to be in case that the text is not on it. */
static void a_target_is_all_of_its_page_and_what_that_seems_to_be(void **state)
{
#define LONG "<p>word word word word word word word word word word word word word word word word word word word word"
#define FILL LONG LONG LONG LONG LONG LONG LONG LONG LONG
	static const struct {
		const char *why, *type, *body;
		int status;
		const char *has, *problem;
		enum problem class;
	} rows[] = {
		{ "a page", "text/html", "<title>t</title><nav>home</nav><p>we will come<p>more", 200, "we will come", "",
		  PROBLEM_CONTENT },
		{ "plain text, tags and all", "text/plain", "a <b> c", 200, "a <b> c", "", PROBLEM_CONTENT },
		{ "what the source knows", "text/html", "<h1>Gone</h1>", 200, "Gone", "soft 404", PROBLEM_GONE },
		{ "a page whose status is left to who asked", "text/html", "<h1>Away</h1>", 410, "Away", "", PROBLEM_CONTENT },
		{ "says it with 200", "text/html", "<title>Oops</title><p>This paste has been removed.", 200, "removed",
		  "a page that says that it was removed", PROBLEM_GONE },
		{ "says it in its title", "text/html", "<title>Not Found</title><p>x", 200, "x",
		  "a page that says that it is not there", PROBLEM_GONE },
		{ "says it in plain text", "text/plain", "Error 404", 200, "Error 404", "a page that says that it is not there",
		  PROBLEM_GONE },
		{ "somebody says so on a long page", "text/html", FILL "<p>his post has been removed" FILL FILL FILL FILL FILL,
		  200, "has been removed", "", PROBLEM_CONTENT },
		{ "a challenge", "text/html", "<title>Just a moment...</title>", 200, "", "Cloudflare challenge",
		  PROBLEM_CAPTCHA },
		{ "a captcha and nothing else", "text/html", "<div class=g-recaptcha></div>hello", 200, "hello", "captcha",
		  PROBLEM_CAPTCHA },
		{ "a captcha in the foot of a page", "text/html", FILL "<div class=g-recaptcha></div>", 200, "word", "",
		  PROBLEM_CONTENT },
		{ "a way in and nothing else", "text/html", "<form><input type=password>Name", 200, "Name", "login page",
		  PROBLEM_LOGIN },
		{ "a way in beside a page", "text/html", FILL "<form><input type=password></form>", 200, "word", "",
		  PROBLEM_CONTENT },
		{ "nothing", "text/html", "", 200, "", "", PROBLEM_CONTENT },
	};
#undef LONG
#undef FILL
	struct source s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct reply r = { .url = STR("https://paste.example.net/x"),
				   .content_type = str_of(rows[i].type),
				   .kind = PAGE_TARGET,
				   .status = rows[i].status,
				   .body = str_of(rows[i].body) };
		struct page page = { 0 };

		s = *source_of(a, paste_site);
		if (extract_page(&s, &r, a, &page, NULL) < 0 || page.n_posts != 1 ||
		    str_find(page.posts[0].text, str_of(rows[i].has)) < 0 || !str_eq(page.problem, str_of(rows[i].problem)) ||
		    (page.problem.n && page.problem_class != rows[i].class))
			fail_msg("%s: %.*s (%.*s)", rows[i].why, STR_ARG(page.problem), STR_ARG(page.posts[0].text));
	}
}

static void a_thread_of_fossil_is_read(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, "- use: fossil\n  url: http://127.0.0.1:8080\n");
	struct page page = page_of_file(a, s, PAGE_THREAD, "http://127.0.0.1:8080/info/157125d31dd79751",
					"tests/extract/fossil_thread.html");

	(void)state;
	assert_int_equal(page.n_posts, 2);
	assert_str(page.posts[0].key, "157125d31d");
	assert_str(page.posts[0].url, "http://127.0.0.1:8080/forumpost/157125d31dd79751");
	assert_str(page.posts[0].author, "desk");
	assert_str(page.posts[0].title, "Second thread");
	assert_str(page.posts[0].posted_raw, "2026-11-23 10:32:35");
	assert_time(&page.posts[0], "2026-11-23T10:32:35Z");
	assert_false(page.posts[0].zone_known);
	assert_int_equal(page.posts[0].precision, PRECISION_SECOND);
	assert_str(page.posts[0].text, "Hello all, see mirror <https://files.example.net/d>\n\n- one\n- two\n\n> quoted");
	assert_str(page.posts[1].key, "3fc9977923"); /* the post that was edited */
	assert_str(page.posts[1].url, "http://127.0.0.1:8080/forumpost/3ecb3851fc2c8d85");
	assert_time(&page.posts[1], "2026-11-23T10:34:55Z");
	assert_str(page.posts[1].text, "A reply");
}

static void the_lists_of_fossil_lead_to_threads(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, "- use: fossil\n  url: http://127.0.0.1:8080\n");
	struct page page = page_of_file(a, s, PAGE_LISTING, "http://127.0.0.1:8080/timeline?y=f&n=2",
					"tests/extract/fossil_timeline.html");

	(void)state;
	assert_int_equal(page.n_next, 3);
	assert_int_equal(page.next[0].kind, PAGE_THREAD);
	assert_str(page.next[0].url, "http://127.0.0.1:8080/info/204c4778bf768c81");
	assert_int_equal(page.next[2].kind, PAGE_LISTING);
	assert_str(page.next[2].url, "http://127.0.0.1:8080/timeline?n=2&y=f&b=2026-11-23+10:32:36");
	page = page_of_file(a, s, PAGE_LISTING, "http://127.0.0.1:8080/forum", "tests/extract/fossil_forum.html");
	assert_int_equal(page.n_next, 3);
	assert_str(page.next[0].url, "http://127.0.0.1:8080/forumpost/204c4778bf");
	assert_str(page.next[0].activity, "2 posts spanning 2 seconds");
	assert_str(page.next[1].activity, "no replies");
	assert_str(page.next[2].url, "http://127.0.0.1:8080/forum?x=2&n=2");
}

/* What stands beside a link tells of something new behind it. */
static void a_listing_says_of_each_thread_what_changes_with_a_new_post(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, "- name: forum\n  listing: https://forum.example.net/\n  links: //td/a/@href\n"
					      "  activity: ../../following-sibling::td[1]\n  post: { item: //p }\n");
	AUTO(buf) html = BUF_INIT(LIMIT_BODY);
	struct page page;

	(void)state;
	buf_add(&html, STR("<table><tr><td><a href=/1>One</a><td>\n 3 <b>posts</b><tr><td><a href=/2>Two</a>"));
	for (int i = 0; i < 2; i++) {
		buf_printf(&html, "<tr><td><a href=/long%d>Long</a><td>%d", i, i);
		for (int k = 0; k < LIMIT_FIELD; k++)
			buf_add_char(&html, 'x');
	}
	page = page_of(a, s, PAGE_LISTING, "https://forum.example.net/", buf_str(&html));
	assert_int_equal(page.n_next, 4);
	assert_str(page.next[0].activity, "3 posts");
	assert_int_equal(page.next[1].activity.n, 0);
	assert_int_equal(page.next[2].activity.n, 32); /* a digest: only whether it changes matters */
	assert_false(str_eq(page.next[2].activity, page.next[3].activity));
}

static void of_links_without_number_the_first_are_followed(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(
		a, "- name: list\n  listing: https://list.example.net/\n  links: //a/@href\n  raw: '{href}'\n"
		   "  next: //a[@rel='next']/@href\n");
	AUTO(buf) html = BUF_INIT(LIMIT_BODY);
	struct page page;

	(void)state;
	for (int i = 0; i < 60000; i++)
		buf_printf(&html, "<p><a href=/%d?PHPSESSID=%d>x</a>", i % 50000, i);
	buf_add(&html, STR("<a rel=next href=/older>"));
	page = page_of(a, s, PAGE_LISTING, "https://list.example.net/", buf_str(&html));
	assert_int_equal(page.n_next, LIMIT_LINKS);
	assert_str(page.next[0].url, "https://list.example.net/0?PHPSESSID=0");
}

static void a_thread_of_mybb_is_read(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, "- use: mybb\n  url: https://board.example.net\n");
	struct page page = page_of_file(a, s, PAGE_THREAD, "https://board.example.net/showthread.php?tid=5",
					"tests/extract/mybb_thread.html");

	(void)state;
	assert_int_equal(page.n_posts, 2);
	assert_str(page.posts[0].key, "5");
	assert_str(page.posts[0].author, "first");
	assert_str(page.posts[0].title, "A thread of two pages");
	assert_str(page.posts[0].url, "https://board.example.net/showthread.php?tid=5&pid=5#pid5");
	assert_str(page.posts[0].posted_raw, "11-23-2026, 06:06 AM");
	assert_time(&page.posts[0], "2026-11-23T06:06:00Z");
	assert_str(page.posts[0].text, "Fresh text\nCode:\none:two\nthree:four\nbehind");
	assert_str(page.posts[0].quoted, "old");
	assert_str(page.posts[0].author_id, "2");
	assert_time(&page.posts[1], "2026-11-22T00:30:00Z");
	assert_int_equal(page.n_next, 1);
	assert_int_equal(page.next[0].kind, PAGE_THREAD);
	assert_str(page.next[0].url, "https://board.example.net/showthread.php?tid=5&page=2");
	page = page_of_file(a, s, PAGE_THREAD, "https://board.example.net/showthread.php?tid=999",
			    "tests/extract/mybb_gone.html");
	assert_int_equal(page.n_posts, 0);
	assert_str(page.problem, "soft 404");
}

/* The pages that real software sent; facts from them are in the fixtures above. */
static void recorded_pages_are_read(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, "- use: mybb\n  url: http://127.0.0.1:8211\n");
	char path[256];
	struct page page;

	(void)state;
	if (!shared_data("pages/mybb/thread_p1.html", path, sizeof(path)))
		skip();
	page = page_of_file(a, s, PAGE_THREAD, "http://127.0.0.1:8211/showthread.php?tid=5", path);
	assert_int_equal(page.n_posts, 10);
	for (size_t i = 0; i < page.n_posts; i++)
		assert_true(page.posts[i].author.n && page.posts[i].precision == PRECISION_MINUTE);
	shared_data("pages/mybb/forum_p1.html", path, sizeof(path));
	page = page_of_file(a, s, PAGE_LISTING, "http://127.0.0.1:8211/forumdisplay.php?fid=2", path);
	assert_int_equal(page.n_next, 21);
	assert_str(page.next[0].activity, "0");
	shared_data("pages/mybb/notfound.html", path, sizeof(path));
	assert_str(page_of_file(a, s, PAGE_THREAD, "http://127.0.0.1:8211/showthread.php?tid=0", path).problem, "soft 404");
	shared_data("pages/mybb/rss2.xml", path, sizeof(path));
	page = page_of_file(a, source_of(a, some_feed), PAGE_FEED, "http://127.0.0.1:8211/syndication.php", path);
	assert_true(page.n_posts > 5);
	assert_true(page.posts[0].author.n && str_find(page.posts[0].author, STR("<")) < 0); /* it was markup */
}

static void a_post_without_a_key_gets_one_that_stays(void **state)
{
	static const char html[] =
		"<div><p class=t>same</p></div><div><p class=t>other</p><a href='/p/2'>#</a></div><div></div>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, "- name: a\n  listing: https://example.com/\n  links: //a\n"
					      "  post: { item: //div, text: p, url: a }\n");
	struct page one = page_of(a, s, PAGE_THREAD, "https://example.com/t", str_of(html));
	struct page two = page_of(a, s, PAGE_THREAD, "https://example.com/t", str_of(html));

	(void)state;
	assert_int_equal(one.n_posts, 2); /* the third says nothing */
	assert_int_equal(one.posts[0].key.n, 32);
	assert_true(str_eq(one.posts[0].key, two.posts[0].key));
	assert_str(one.posts[0].url, "https://example.com/t");
	assert_str(one.posts[1].key, "https://example.com/p/2");
}

static void what_others_said_is_kept_apart(void **state)
{
	static const struct {
		const char *why, *html, *text, *quoted;
	} rows[] = {
		{ "between two parts", "<p>one</p><blockquote>they</blockquote><p>two</p>", "one\n\ntwo", "they" },
		{ "in the middle of a line", "one<blockquote>they</blockquote>two", "one\n\ntwo", "they" },
		{ "at the beginning, as most do", "<blockquote>they<br>say</blockquote>mine", "mine", "they\nsay" },
		{ "at the end", "mine<blockquote>they</blockquote>", "mine", "they" },
		{ "a quotation in a quotation", "<blockquote>they<blockquote>he</blockquote></blockquote>mine", "mine",
		  "they\n\n> he" },
		{ "two", "<blockquote>a</blockquote>b<blockquote>c</blockquote>d", "b\n\nd", "a\n\nc" },
		{ "in a list", "<ul><li>a<blockquote>b</blockquote><li>c</ul>", "- a\n\n- c", "b" },
		{ "in a preformatted text", "<pre>a\n  b\n<blockquote>&gt; c\n&gt; d\n</blockquote>e\n  f</pre>",
		  "a\n  b\ne\n  f", "> c\n> d" },
		{ "nothing but a quotation", "<blockquote>they</blockquote>", "", "they" },
		{ "a quotation hidden in a script is none", "<script>x</script>mine", "mine", "" },
		{ "none", "mine", "mine", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		const struct source *s = source_of(a,
						   "- name: a\n  listing: https://example.com/\n  links: //a\n  post: { item: "
						   "//section, text: div, quotes: './/blockquote', author_id: i/@data-id }\n");
		struct str html = arena_printf(a,
					       "<section><blockquote>outside</blockquote><i data-id=' 7 "
					       "'></i><div>%s</div><blockquote>behind</section>",
					       rows[i].html);
		struct page page = page_of(a, s, PAGE_THREAD, "https://example.com/t", html);

		assert_int_equal(page.n_posts, 1);
		assert_str(page.posts[0].author_id, "7");
		if (!str_eq(page.posts[0].text, str_of(rows[i].text)) || !str_eq(page.posts[0].quoted, str_of(rows[i].quoted)))
			fail_msg("%s: \"%.*s\" and \"%.*s\"", rows[i].why, STR_ARG(page.posts[0].text),
				 STR_ARG(page.posts[0].quoted));
	}
}

static void a_post_is_read_as_its_site_lays_it_out(void **state)
{
	static const struct {
		const char *why, *post, *html, *text, *url;
	} rows[] = {
		{ "white space as the style sheet keeps it", "text: div, preformatted: true", "<div>a\n  b\n\n\nc</div>",
		  "a\n  b\n\n\nc", "" },
		{ "else it flows", "text: div", "<div>a\n  b\n\n\nc</div>", "a b c", "" },
		{ "a text whose element is a quotation's", "text: blockquote",
		  "<blockquote>a<blockquote>b</blockquote></blockquote>", "a\n\n> b", "" },
		{ "an address without the visitor's session", "text: p, url: .//a",
		  "<p>x<a href='/t?sid=0123456789abcdef0123456789abcdef&p=2#p2'>", "x", "https://example.com/t?p=2#p2" },
		{ "and without a fragment", "text: p, url: .//a", "<p>x<a href='/t?PHPSESSID=1'>", "x",
		  "https://example.com/t" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct str yaml = arena_printf(a,
					       "- name: a\n  listing: https://example.com/\n  links: //a\n"
					       "  post: { item: //section, %s }\n",
					       rows[i].post);
		struct str html = arena_printf(a, "<section>%s</section>", rows[i].html);
		struct page page = page_of(a, source_of(a, yaml.p), PAGE_THREAD, "https://example.com/", html);

		assert_int_equal(page.n_posts, 1);
		if (!str_eq(page.posts[0].text, str_of(rows[i].text)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(page.posts[0].text));
		if (rows[i].url[0])
			assert_str(page.posts[0].url, rows[i].url);
	}
}

static void an_entry_of_a_feed_is_told_from_what_it_quotes(void **state)
{
	static const char xml[] = "<rss><channel><item><guid>1</guid><title>t</title><description>"
				  "&lt;p&gt;mine&lt;blockquote&gt;they&lt;/blockquote&gt;</description></item>"
				  "<item><guid>2</guid><title>t</title><description>&lt;blockquote&gt;they</description></item>"
				  "<item><guid>3</guid><title>t</title><description>plain</description></item>"
				  "<item><guid>4</guid><title>only a title</title></item></channel></rss>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a,
					   "- name: a\n  feed: https://example.com/feed\n  post: { quotes: //blockquote }\n");
	struct page page = page_of(a, s, PAGE_FEED, "https://example.com/feed", str_of(xml));

	(void)state;
	assert_int_equal(page.n_posts, 4);
	assert_str(page.posts[0].text, "mine");
	assert_str(page.posts[0].quoted, "they");
	assert_str(page.posts[1].text, "");
	assert_str(page.posts[1].quoted, "they");
	assert_str(page.posts[2].text, "plain");
	assert_str(page.posts[3].text, "only a title");
}

static void many_quotations_cost_no_more_than_their_page(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	const struct source *s = source_of(a, "- name: a\n  listing: https://example.com/\n  links: //a\n"
					      "  post: { item: //section, quotes: './/b' }\n");
	struct page page;

	(void)state;
	buf_add(&html, STR("<section>mine"));
	for (int i = 0; i < LIMIT_QUOTES + 1; i++)
		buf_printf(&html, "<b>%d</b> ", i);
	page = page_of(a, s, PAGE_THREAD, "https://example.com/t", buf_str(&html));
	assert_int_equal(page.n_posts, 1);
	assert_str(page.posts[0].text, "mine\n\n1000"); /* beyond the ceiling it is a text like others */
	html.n = 0;
	buf_add(&html, STR("<section>mine"));
	for (int i = 0; i < 100000; i++)
		buf_add(&html, STR("<b>x"));
	page = page_of(a, s, PAGE_THREAD, "https://example.com/t", buf_str(&html));
	assert_str(page.posts[0].text, "mine");
	assert_true(page.posts[0].quoted.n >= 500);
}

static void entries_of_a_feed_are_posts(void **state)
{
	static const char xml[] =
		"<rss><channel><item><guid>g</guid><link>/1</link><title>A &amp;amp; B</title><author>w</author>"
		"<pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate><description>&lt;p&gt;one&lt;p&gt;two</description></item>"
		"<item><link>https://example.com/2</link><description>plain</description></item><item><title>t</title></item>"
		"</channel></rss>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct page page = page_of(a, source_of(a, some_feed), PAGE_FEED, "https://example.com/feed", str_of(xml));

	(void)state;
	assert_int_equal(page.n_posts, 3);
	assert_str(page.posts[0].key, "g");
	assert_str(page.posts[0].url, "https://example.com/1");
	assert_str(page.posts[0].title, "A & B");
	assert_str(page.posts[0].author, "w");
	assert_str(page.posts[0].text, "one\n\ntwo");
	assert_time(&page.posts[0], "2026-11-23T09:00:00Z");
	assert_true(page.posts[0].zone_known);
	assert_str(page.posts[1].key, "https://example.com/2");
	assert_int_equal(page.posts[2].key.n, 32);
	assert_str(page.posts[2].text, "t"); /* all that it says */
	page = page_of(a, source_of(a, "- name: a\n  feed: https://example.com/feed\n  raw: '{href}/raw'\n"), PAGE_FEED,
		       "https://example.com/feed", str_of(xml));
	assert_int_equal(page.n_posts, 0);
	assert_int_equal(page.n_next, 2);
	assert_str(page.next[0].url, "https://example.com/1/raw");
	assert_int_equal(page.next[0].kind, PAGE_RAW);
}

static void an_entry_named_by_white_space_has_a_key(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct page page = page_of(a, source_of(a, some_feed), PAGE_FEED, "https://example.com/feed",
				   STR("<rdf:RDF><item rdf:about=' '><title>a</title></item></rdf:RDF>"));

	(void)state;
	assert_int_equal(page.n_posts, 1);
	assert_int_equal(page.posts[0].key.n, 32);
}

static void what_cannot_be_read_is_refused_with_a_reason(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, some_feed);
	struct err err = { 0 };
	struct page page = { .n_posts = 77 };
	struct reply r = { .url = STR("https://example.com/feed"),
			   .content_encoding = STR("gzip"),
			   .body = STR("\x1f\x8b no"),
			   .kind = PAGE_FEED };

	(void)state;
	assert_int_equal(extract_page(s, &r, a, &page, &err), E_BAD);
	assert_non_null(strstr(err.text, "damaged"));
	assert_int_equal(extract(a, s, PAGE_FEED, "https://example.com/feed", "text/html", STR("<html>Log in"), &page, &err),
			 E_BAD);
	assert_int_equal(page.n_posts, 77); /* untouched */
}

static void fields_have_ceilings(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	const struct source *s = source_of(a, "- name: a\n  listing: https://example.com/\n  links: //a/@href\n"
					      "  post: { item: //div, key: b, author: i, title: u, text: p }\n");
	struct page page;

	(void)state;
	buf_add(&html, STR("<div><b>"));
	for (int i = 0; i < 1000; i++)
		buf_add(&html, STR("\xe2\x82\xac"));
	buf_add(&html, STR("</b><i>"));
	for (int i = 0; i < 1000; i++)
		buf_add(&html, STR("\xe2\x82\xac"));
	buf_add(&html, STR("</i><p>"));
	while (html.n < LIMIT_TEXT + 10000)
		buf_add(&html, STR("\xe2\x82\xac\xe2\x82\xac "));
	page = page_of(a, s, PAGE_THREAD, "https://example.com/t", buf_str(&html));
	assert_int_equal(page.n_posts, 1);
	assert_int_equal(page.posts[0].key.n, 1023); /* between characters */
	assert_int_equal(page.posts[0].author.n, 1023);
	assert_true(page.posts[0].text.n <= LIMIT_TEXT && page.posts[0].text.n > LIMIT_TEXT - 8);
	assert_true(utf8_is_clean(page.posts[0].text));
	html.n = 0;
	for (int i = 0; i < 3000; i++)
		buf_printf(&html, "<div><b>%d</b><p>x</div>", i);
	assert_int_equal(page_of(a, s, PAGE_THREAD, "https://example.com/t", buf_str(&html)).n_posts, LIMIT_POSTS);
	html.n = 0;
	for (int i = 0; i < 100000; i++)
		buf_printf(&html, "<a href=/%d>l</a>", i);
	assert_int_equal(page_of(a, s, PAGE_LISTING, "https://example.com/t", buf_str(&html)).n_next, LIMIT_LINKS);
}

static void selectors_share_one_budget(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(LIMIT_DECODED);
	const struct source *s = source_of(a, "- name: a\n  listing: https://example.com/\n  links: //a/@href\n"
					      "  post: { item: //div, author: './/b[.=1]', title: './/i[.=2]', text: u }\n");
	struct err err = { 0 };
	struct page page;

	(void)state;
	for (int i = 0; i < 500; i++)
		buf_add(&html, STR("<div><u>x</u>"));
	for (int i = 0; i < 100000; i++)
		buf_add(&html, STR("<b>a</b>"));
	assert_int_equal(extract(a, s, PAGE_THREAD, "https://example.com/t", "text/html", buf_str(&html), &page, &err), E_BAD);
	assert_non_null(strstr(err.text, "XPath"));
}

static void a_page_beyond_the_arena_leaks_nothing(void **state)
{
	AUTO_FREE(arena) forever = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(forever, "- use: fossil\n  url: http://127.0.0.1:8080\n");
	AUTO(buf) body = BUF_INIT(LIMIT_BODY);
	struct err err = { 0 };
	struct page page;

	(void)state;
	read_fixture("tests/extract/fossil_thread.html", &body);
	for (size_t room = 1000; room < 400000; room += 3000) {
		AUTO_FREE(arena) a = arena_new(room);
		struct reply r = { .url = STR("http://127.0.0.1:8080/info/1"), .body = buf_str(&body), .kind = PAGE_THREAD };

		if (extract_page(s, &r, a, &page, &err) < 0)
			assert_int_equal(err.code, E_LIMIT);
		else
			assert_int_equal(page.n_posts, 2);
	}
}

static void dates_are_read_as_sites_write_them(void **state)
{
	static const struct {
		const char *text, *time;
		enum precision precision;
		bool zone;
		const char *at; /* the site's zone */
	} rows[] = {
		{ "2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z", PRECISION_SECOND, true },
		{ "2026-11-23T10:00:00.123+01:00", "2026-11-23T09:00:00Z", PRECISION_SECOND, true },
		{ "2026-11-23 10:00", "2026-11-23T10:00:00Z", PRECISION_MINUTE, false },
		{ "2026-11-23", "2026-11-23T00:00:00Z", PRECISION_DAY, false },
		{ "Mon, 23 Nov 2026 10:00:00 GMT", "2026-11-23T10:00:00Z", PRECISION_SECOND, true },
		{ "Mon, 23 Nov 2026 10:00:00 -0500", "2026-11-23T15:00:00Z", PRECISION_SECOND, true },
		{ "11-23-2026, 06:06 AM", "2026-11-23T06:06:00Z", PRECISION_MINUTE, false },
		{ "11-23-2026, 12:06 AM", "2026-11-23T00:06:00Z", PRECISION_MINUTE, false },
		{ "11-23-2026, 12:06 PM", "2026-11-23T12:06:00Z", PRECISION_MINUTE, false },
		{ "23.11.2026 10:00", "2026-11-23T10:00:00Z", PRECISION_MINUTE, false },
		{ "05.11.2026", "2026-11-05T00:00:00Z", PRECISION_DAY, false },
		{ "23/11/2026", "2026-11-23T00:00:00Z", PRECISION_DAY, false },
		{ "Nov 23, 2026 at 10:00 PM", "2026-11-23T22:00:00Z", PRECISION_MINUTE, false },
		{ "23rd of November 2026", "2026-11-23T00:00:00Z", PRECISION_DAY, false },
		{ "Posted on Monday, November 23, 2026 - 10:00", "2026-11-23T10:00:00Z", PRECISION_MINUTE, false },
		{ "1795428000", "2026-11-23T10:00:00Z", PRECISION_SECOND, true },
		{ "1795428000123", "2026-11-23T10:00:00Z", PRECISION_SECOND, true },
		{ "2026", "2026-01-01T00:00:00Z", PRECISION_YEAR, false },
		{ "5 minutes ago", "2026-11-23T11:55:00Z", PRECISION_MINUTE, true },
		{ "an hour ago", "2026-11-23T11:00:00Z", PRECISION_DAY, true },
		{ "Less than 1 minute ago", "2026-11-23T11:59:00Z", PRECISION_MINUTE, true },
		{ "Yesterday, 10:30 PM", "2026-11-22T22:30:00Z", PRECISION_MINUTE, false },
		{ "today", "2026-11-23T00:00:00Z", PRECISION_DAY, false },
		{ "Thu Nov 19, 2026 5:07 pm", "2026-11-19T17:07:00Z", PRECISION_MINUTE, false },       /* phpBB 3 */
		{ "November 19, 2026, 05:07:09 PM", "2026-11-19T17:07:09Z", PRECISION_SECOND, false }, /* SMF */
		{ "Today at 05:07:09 AM", "2026-11-23T05:07:09Z", PRECISION_SECOND, false },	       /* SMF */
		{ "Yesterday at 5:07 PM", "2026-11-22T17:07:00Z", PRECISION_MINUTE, false },	       /* XenForo */
		{ "Thursday at 5:07 PM", "2026-11-19T17:07:00Z", PRECISION_MINUTE, false }, /* XenForo: of the last week */
		{ "Monday at 5:07 PM", "2026-11-16T17:07:00Z", PRECISION_MINUTE,
		  false }, /* today is a Monday, and would be called today */
		{ "A moment ago", "2026-11-23T12:00:00Z", PRECISION_MINUTE, true },	     /* XenForo */
		{ "Just now", "2026-11-23T12:00:00Z", PRECISION_MINUTE, true },		     /* Invision */
		{ "1 hour, 5 minutes ago", "2026-11-23T10:55:00Z", PRECISION_MINUTE, true }, /* parts are added up */
		{ "Latest reply an hour ago", "2026-11-23T11:00:00Z", PRECISION_DAY,
		  true },							/* a word that begins like a unit elsewhere */
		{ "2 Weeks Ago", "2026-11-09T12:00:00Z", PRECISION_DAY, true }, /* vBulletin */
		{ "Today 12:05 AM", "2026-11-23T00:05:00Z", PRECISION_MINUTE, false },	      /* midnight */
		{ "Nov. 19, 2026, 5 p.m.", "2026-11-19T17:00:00Z", PRECISION_MINUTE, false }, /* Django, the full hour */
		{ "Nov. 19, 2026, noon", "2026-11-19T12:00:00Z", PRECISION_MINUTE, false },   /* Django */
		{ "Thursday, 19 November 2026 5:07 p.m.", "2026-11-19T17:07:00Z", PRECISION_MINUTE, false }, /* HyperKitty */
		{ "19-11-2026 5:07\xe2\x80\xaf"
		  "PM",
		  "2026-11-19T17:07:00Z", PRECISION_MINUTE, false },			      /* a narrow space before PM */
		{ "19 ноября 2026, 17:07", "2026-11-19T17:07:00Z", PRECISION_MINUTE, false }, /* Russian */
		{ "19 МАЯ 2026", "2026-05-19T00:00:00Z", PRECISION_DAY, false },	      /* capitals */
		{ "Сегодня в 10:07", "2026-11-23T10:07:00Z", PRECISION_MINUTE, false },	      /* today */
		{ "вчера, 10:07", "2026-11-22T10:07:00Z", PRECISION_MINUTE, false },	      /* yesterday */
		{ "5 минут назад", "2026-11-23T11:55:00Z", PRECISION_MINUTE, true },	      /* ago */
		{ "час назад", "2026-11-23T11:00:00Z", PRECISION_DAY, true },		      /* without a number */
		{ "Gestern um 10:07", "2026-11-22T10:07:00Z", PRECISION_MINUTE, false },      /* German */
		{ "vor 5 Minuten", "2026-11-23T11:55:00Z", PRECISION_MINUTE, true },	      /* German */
		{ "19. März 2026, 17:07", "2026-03-19T17:07:00Z", PRECISION_MINUTE, false },  /* German */
		{ "mardi 17 novembre 2026 17:07", "2026-11-17T17:07:00Z", PRECISION_MINUTE,
		  false }, /* a Tuesday that begins like March */
		{ "Aujourd'hui à 10:07", "2026-11-23T10:07:00Z", PRECISION_MINUTE, false },	      /* French */
		{ "11-19-2026, 05:07 PM", "2026-11-19T15:07:00Z", PRECISION_MINUTE, true, "+02:00" }, /* the site's offset */
		{ "11-19-2026, 05:07 PM", "2026-11-19T22:07:00Z", PRECISION_MINUTE, true,
		  "America/New_York" }, /* the site's zone, in winter */
		{ "07-19-2026, 05:07 PM", "2026-07-19T21:07:00Z", PRECISION_MINUTE, true,
		  "America/New_York" }, /* and in summer */
		{ "2026-11-19T17:07:09Z", "2026-11-19T17:07:09Z", PRECISION_SECOND, true,
		  "+02:00" },								  /* a time with a zone of its own */
		{ "2026-11-19", "2026-11-19T00:00:00Z", PRECISION_DAY, false, "+02:00" }, /* a day stays a day */
		{ "5 minutes ago", "2026-11-23T11:55:00Z", PRECISION_MINUTE, true, "+02:00" }, /* says nothing of a clock */
		{ "Today, 12:30 AM", "2026-11-23T11:30:00Z", PRECISION_MINUTE, true,
		  "+13:00" }, /* where it is tomorrow already */
		{ "Yesterday, 11:02 PM", "2026-11-23T04:02:00Z", PRECISION_MINUTE, true, "-05:00" }, /* behind UTC */
		{ "999999 years ago", NULL, PRECISION_NONE, false },			    /* before there were forums */
		{ "99999 years 99999 years 99999 years ago", NULL, PRECISION_NONE, false }, /* more than a number holds */
		{ "soon", NULL, PRECISION_NONE, false },
		{ "", NULL, PRECISION_NONE, false },
		{ "13-32-2026", NULL, PRECISION_NONE, false },
		{ "2026-11-23 25:00", NULL, PRECISION_NONE, false },
		{ "12", NULL, PRECISION_NONE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str copy = exact_copy(str_of(rows[i].text));
		struct date date = { 0 };
		char text[CLOCK_TEXT] = "";
		int result = date_read(copy, clock_from_civil(2026, 11, 23, 12, 0, 0), str_of(rows[i].at ? rows[i].at : ""),
				       &date);

		free((char *)copy.p);
		if (result != (rows[i].time != NULL))
			fail_msg("%s: %d", rows[i].text, result);
		if (!result)
			continue;
		if (strcmp(clock_rfc3339(date.at_us, text), rows[i].time) != 0 || date.precision != rows[i].precision ||
		    date.zone_known != rows[i].zone)
			fail_msg("%s: %s, precision %d, zone %d", rows[i].text, text, date.precision, date.zone_known);
	}
}

/* What a worker's filter forbids ends the child with SIGSYS. */
static int read_everything_confined(void)
{
	static const char *const encodings[] = { "utf-8",	"windows-1251", "koi8-r",  "shift_jis", "euc-jp",
						 "iso-2022-jp", "gb18030",	"big5",	   "euc-kr",	"utf-16le",
						 "iso-8859-16", "ibm866",	"klingon", "hz-gb-2312" };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct source *s = source_of(a, paste_site), *feed = source_of(a, some_feed);
	const struct source *zoned = source_of(a, "- name: zoned\n  feed: https://example.com/\n  zone: America/St_Johns\n");
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	const int forbidden[] = { SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(socket), SCMP_SYS(stat), SCMP_SYS(newfstatat) };
	struct page page;

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, forbidden[i], 0);
	if (seccomp_load(filter) < 0)
		return 0; /* where a filter cannot be loaded, nothing can be said */
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
		struct str type = arena_printf(a, "text/html; charset=%s", encodings[i]);

		extract(a, s, PAGE_LISTING, "https://paste.example.net/", type.p, STR("<p>\x82\xa0\xcf\xf0\x1b$B$\"&eacute;"),
			&page, NULL);
	}
	extract(a, s, PAGE_RAW,
		"https://b\xc3\xbc"
		"cher.example/raw/1",
		"text/plain", STR("\xcf\xf0\xe8\xe2\xe5\xf2"), &page, NULL);
	extract(a, feed, PAGE_FEED, "https://example.com/", "",
		STR("<?xml version='1.0' encoding='euc-kr'?><!DOCTYPE a SYSTEM 'x.dtd'>"
		    "<rss><channel><item><title>&x;</title></item></channel></rss>"),
		&page, NULL);
	extract(a, feed, PAGE_FEED, "https://example.com/", "", STR("no feed"), &page, NULL);
	extract(a, zoned, PAGE_FEED, "https://example.com/", "",
		STR("<rss><channel><item><title>a</title><pubDate>Today, 10:00</pubDate></item></channel></rss>"), &page, NULL);
	return 0;
}

static void after_the_warm_up_no_file_is_opened(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(read_everything_confined());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
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
		cmocka_unit_test(a_raw_text_is_one_post_and_stays_as_it_is),
		cmocka_unit_test(a_key_comes_from_the_address),
		cmocka_unit_test(raw_text_in_any_encoding_becomes_clean_utf8),
		cmocka_unit_test(a_listing_leads_to_raw_texts_each_once),
		cmocka_unit_test(pages_that_are_none_are_named),
		cmocka_unit_test(what_comes_with_a_refusal_is_named),
		cmocka_unit_test(a_target_is_all_of_its_page_and_what_that_seems_to_be),
		cmocka_unit_test(a_thread_of_fossil_is_read),
		cmocka_unit_test(the_lists_of_fossil_lead_to_threads),
		cmocka_unit_test(a_listing_says_of_each_thread_what_changes_with_a_new_post),
		cmocka_unit_test(of_links_without_number_the_first_are_followed),
		cmocka_unit_test(a_thread_of_mybb_is_read),
		cmocka_unit_test(recorded_pages_are_read),
		cmocka_unit_test(a_post_without_a_key_gets_one_that_stays),
		cmocka_unit_test(what_others_said_is_kept_apart),
		cmocka_unit_test(a_post_is_read_as_its_site_lays_it_out),
		cmocka_unit_test(an_entry_of_a_feed_is_told_from_what_it_quotes),
		cmocka_unit_test(many_quotations_cost_no_more_than_their_page),
		cmocka_unit_test(entries_of_a_feed_are_posts),
		cmocka_unit_test(an_entry_named_by_white_space_has_a_key),
		cmocka_unit_test(what_cannot_be_read_is_refused_with_a_reason),
		cmocka_unit_test(fields_have_ceilings),
		cmocka_unit_test(selectors_share_one_budget),
		cmocka_unit_test(a_page_beyond_the_arena_leaks_nothing),
		cmocka_unit_test(after_the_warm_up_no_file_is_opened),
		cmocka_unit_test(dates_are_read_as_sites_write_them),
	};

	return cmocka_run_group_tests_name("extract", tests, warm, NULL);
}
