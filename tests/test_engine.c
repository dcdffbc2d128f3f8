/* test_engine.c - the engines that ship, each on pages of its software's shape: exactly these posts and links */
#include "tests/support.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/extract/extract.h"

static const char *const precisions[] = { "none", "year", "day", "minute", "second" };

static void write_post(struct buf *out, const struct post *p)
{
	char time[CLOCK_TEXT];

	buf_printf(out, "post %.*s\nurl %.*s\nauthor %.*s", STR_ARG(p->key), STR_ARG(p->url), STR_ARG(p->author));
	if (p->author_id.n)
		buf_printf(out, " (%.*s)", STR_ARG(p->author_id));
	buf_printf(out, "\ntitle %.*s\ntime %s %s, zone %s\ntext\n%.*s\n", STR_ARG(p->title), clock_rfc3339(p->posted_at, time),
		   precisions[p->precision], p->zone_known ? "known" : "not known", STR_ARG(p->text));
	if (p->edited.n)
		buf_printf(out, "edited %.*s\n", STR_ARG(p->edited));
	if (p->quoted.n)
		buf_printf(out, "quoted\n%.*s\n", STR_ARG(p->quoted));
	buf_add(out, STR(".\n"));
}

static void write_page(struct buf *out, const struct page *page)
{
	if (page->problem.n)
		buf_printf(out, "problem %.*s\n", STR_ARG(page->problem));
	for (size_t i = 0; i < page->n_posts; i++)
		write_post(out, &page->posts[i]);
	for (size_t i = 0; i < page->n_next; i++)
		buf_printf(out, "%s %.*s%s%.*s\n", page_kind_names[page->next[i].kind], STR_ARG(page->next[i].url),
			   page->next[i].activity.n ? " activity " : "", STR_ARG(page->next[i].activity));
}

static const struct source *source_on(struct arena *a, const char *engine)
{
	struct str text = arena_printf(a, "- name: a\n  engine: %s\n  url: https://forum.example.net\n  zone: Europe/Berlin\n",
				       engine);
	struct err err = { 0 };
	const struct yaml *list = yaml_parse(a, text, "test.yaml", &err);
	struct source *s = NULL;
	size_t n;

	if (!list || sources_read(list, NULL, a, &s, &n, &err) < 0)
		fail_msg("%s", err.text);
	return s;
}

/* What tests/pages/ENGINE/FILE yields stands in a file beside it that ends with .txt. */
static void pages_yield_exactly_these_posts_and_links(void **state)
{
	static const struct {
		const char *engine, *file;
		enum page_kind kind;
		const char *url;
	} rows[] = {
		{ "phpbb3", "list.html", PAGE_LISTING, "search.php?search_id=active_topics" },
		{ "phpbb3", "thread.html", PAGE_THREAD, "viewtopic.php?t=7" },
		{ "phpbb3", "thread_31.html", PAGE_THREAD, "viewtopic.php?t=7" },
		{ "smf2", "list.html", PAGE_LISTING, "index.php?action=recent" },
		{ "smf2", "board.html", PAGE_LISTING, "index.php?board=1.0" },
		{ "smf2", "thread.html", PAGE_THREAD, "index.php?topic=7.0" },
		{ "smf2", "thread_20.html", PAGE_THREAD, "index.php?topic=7.0" },
		{ "xenforo2", "list.html", PAGE_LISTING, "whats-new/posts/15/" },
		{ "xenforo2", "thread.html", PAGE_THREAD, "threads/seeds-for-a-cold-frame.7/" },
		{ "xenforo1", "list.html", PAGE_LISTING, "forums/vegetables.2/" },
		{ "xenforo1", "thread.html", PAGE_THREAD, "threads/seeds-for-a-cold-frame.7/" },
		{ "telegram", "channel.html", PAGE_THREAD, "s/gardenboard?before=23" },
		{ "sitemap", "urls.xml", PAGE_LISTING, "sitemap-1.xml" },
		{ "sitemap", "index.xml", PAGE_LISTING, "sitemap.xml" },
		{ "dokuwiki", "feed.xml", PAGE_FEED, "feed.php" },
		{ "vbulletin3", "list.html", PAGE_LISTING, "forumdisplay.php?f=2" },
		{ "vbulletin3", "thread.html", PAGE_THREAD, "showthread.php?t=7" },
		{ "vbulletin5", "list.html", PAGE_LISTING, "forum/vegetables" },
		{ "vbulletin5", "thread.html", PAGE_THREAD, "forum/vegetables/7-seeds-for-a-cold-frame" },
		{ "vbulletin4", "list.html", PAGE_LISTING, "forumdisplay.php?f=2" },
		{ "vbulletin4", "thread.html", PAGE_THREAD, "showthread.php?t=7" },
		{ "invision4", "list.html", PAGE_LISTING, "forum/2-vegetables/" },
		{ "invision4", "thread.html", PAGE_THREAD, "topic/7-seeds-for-a-cold-frame/" },
		{ "vanilla", "list.html", PAGE_LISTING, "discussions" },
		{ "vanilla", "thread.html", PAGE_THREAD, "discussion/7/seeds-for-a-cold-frame" },
		{ "hyperkitty", "feed.xml", PAGE_FEED, "archives/list/garden@lists.example.net/feed/" },
		{ "hyperkitty", "message.html", PAGE_THREAD, "archives/list/garden@lists.example.net/message/ZXCVBN/" },
		{ "public-inbox", "feed.xml", PAGE_FEED, "garden/new.atom" },
	};
	int differ = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) body = BUF_INIT(LIMIT_BODY);
		AUTO(buf) wanted = BUF_INIT(LIMIT_BODY);
		AUTO(buf) got = BUF_INIT(LIMIT_BODY);
		struct str file = arena_printf(a, "tests/pages/%s/%s", rows[i].engine, rows[i].file);
		struct str beside = arena_printf(a, "%.*s.txt", (int)str_find(file, STR(".")), file.p);
		struct str url = arena_printf(a, "https://forum.example.net/%s", rows[i].url);
		struct reply r = { .url = url, .kind = rows[i].kind, .at_us = clock_from_civil(2026, 11, 23, 12, 0, 0) };
		struct page page = { 0 };
		struct err err = { 0 };
		struct str copy;

		read_fixture(file.p, &body);
		read_fixture(beside.p, &wanted);
		copy = exact_copy(buf_str(&body));
		r.body = copy;
		if (extract_page(source_on(a, rows[i].engine), &r, a, &page, &err) < 0)
			fail_msg("%s: %s", file.p, err.text);
		write_page(&got, &page);
		free((char *)copy.p);
		if (!str_eq(buf_str(&got), buf_str(&wanted))) {
			print_error("%s is not what this yields:\n%.*s", beside.p, STR_ARG(buf_str(&got)));
			differ++;
		}
	}
	assert_int_equal(differ, 0);
}

static void a_page_without_posts_is_named_for_what_it_is(void **state)
{
	static const struct {
		const char *why, *engine, *html, *problem;
	} rows[] = {
		{ "a topic that is gone", "phpbb3",
		  "<body><div class='panel' id='message'><div class='inner'><h2 "
		  "class='message-title'>Information</h2><p>Gone.</p>",
		  "soft 404" },
		{ "a topic that is gone", "smf2",
		  "<div id='fatal_error'><div class='cat_bar'><h3 class='catbg'>An error</h3></div><div class='windowbg'>Gone.",
		  "soft 404" },
		{ "what only members may read", "xenforo2",
		  "<div class='blockMessage'>Log in</div><form action='/login/login'><input name='login'><input "
		  "type='password'>",
		  "login page" },
		{ "a board that asks who one is", "vbulletin4", "<title>Just a moment...</title><p>Checking your browser",
		  "Cloudflare challenge" },
		{ "another theme, or another software", "invision4", "<article id='post-1'><p>Hello", "empty thread" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct reply r = { .url = STR("https://forum.example.net/x"),
				   .kind = PAGE_THREAD,
				   .body = str_of(rows[i].html) };
		struct page page = { 0 };
		struct err err = { 0 };

		if (extract_page(source_on(a, rows[i].engine), &r, a, &page, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(page.n_posts, 0);
		if (!str_eq(page.problem, str_of(rows[i].problem)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(page.problem));
	}
}

static void an_engine_dates_its_origin(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct definition d;

	(void)state;
	for (size_t i = 0; definition_shipped(i, a, &d, NULL) > 0; i++)
		if (d.engine && str_find(d.origin, STR(" 202")) < 0)
			fail_msg("%.*s: its origin has no date", STR_ARG(d.name));
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
		cmocka_unit_test(pages_yield_exactly_these_posts_and_links),
		cmocka_unit_test(a_page_without_posts_is_named_for_what_it_is),
		cmocka_unit_test(an_engine_dates_its_origin),
	};

	return cmocka_run_group_tests_name("engine", tests, warm, NULL);
}
