/* test_feeds.c - findings for programs: what they hold, who may see it, and that nothing in them acts */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "crawler/extract/feed.h"
#include "web/feed.h"
#include "web/html.h"

/* 2026-11-23T09:38:36Z */
#define NOW INT64_C(1795426716000000)

static const struct finding plain = {
	.public_id = STR("00112233445566778899aabbccddeeff"),
	.category = STR("leak"),
	.asset = STR("The Interlude"),
	.source = STR("smallpaste"),
	.title = STR("a title"),
	.author = STR("somebody"),
	.url = STR("https://paste.example/x"),
	.verdict = STR("none"),
	.severity = 71,
	.found_at = NOW,
	.changed_at = NOW + 1000000,
};

static const struct feed_form *form_of(const char *name)
{
	for (int i = 0; i < FEED_FORMS; i++)
		if (strcmp(feed_forms[i].name, name) == 0)
			return &feed_forms[i];
	fail_msg("no form %s", name);
	return NULL;
}

static void write_for(const struct audience *who, const char *name, const struct finding *f, size_t n, const char *address,
		      struct buf *out)
{
	const struct page_manner manner = { &words_english, who, STR("Example Pictures") };
	const struct feed_facts facts = { .manner = &manner, .address = str_of(address), .complete = true };
	struct feed_writer feed;

	feed_init(&feed, form_of(name), &facts);
	for (size_t i = 0; i < n; i++)
		feed_add(&feed, &f[i]);
	feed_finish(&feed, out);
	feed_release(&feed);
	assert_false(out->full);
}

static void write_one(const char *name, const struct finding *f, struct buf *out)
{
	write_for(&audiences[0], name, f, 1, "https://reports.example.com/desk/", out);
}

static void a_field_of_the_table_is_no_formula(void **state)
{
	static const struct {
		const char *why, *in, *wanted;
	} rows[] = {
		{ "usual", "a title", "\"a title\"" },
		{ "formula", "=HYPERLINK(\"//x\")", "\"'=HYPERLINK(\"\"//x\"\")\"" },
		{ "plus", "+1", "\"'+1\"" },
		{ "minus", "-1+cmd|' /C calc'!A0", "\"'-1+cmd|' /C calc'!A0\"" },
		{ "at", "@SUM(1)", "\"'@SUM(1)\"" },
		{ "tab in front", "\t=1", "\"'\xe2\x90\x89=1\"" },
		{ "line end in front", "\r\n=1", "\"'\xe2\x90\x8d\xe2\x90\x8a=1\"" },
		{ "full width",
		  "\xef\xbc\x9d"
		  "1",
		  "\"'\xef\xbc\x9d"
		  "1\"" },
		{ "in the middle it is none", "a=1", "\"a=1\"" },
		{ "quotes and commas", "a\",b", "\"a\"\",b\"" },
		{ "bidi", "a\xe2\x80\xae", "\"a[U+202E]\"" },
		{ "not UTF-8", "\xff", "\"\xef\xbf\xbd\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(MIB(1));
		AUTO(buf) wanted = BUF_INIT(1000);
		struct finding f = plain;

		f.title = exact_copy(str_of(rows[i].in));
		write_one("findings.csv", &f, &out);
		free((char *)f.title.p);
		buf_printf(&wanted, ",\"smallpaste\",%s,\"somebody\",", rows[i].wanted);
		if (str_find(buf_str(&out), buf_str(&wanted)) < 0)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
	}
}

#define HOSTILE                                                                                                      \
	"]]></title></content></entry></feed><script>alert(1)</script>\"'><a href=https://evil.example/>&amp;&#0;%s" \
	"\x1b[31m\xef\xbf\xbf\xe2\x80\xae\xff"

/* Read with our own reader of feeds, which tests/test_feed.c holds to real ones. */
static void atom_is_read_as_it_was_meant(void **state)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	AUTO(buf) out = BUF_INIT(MIB(1));
	struct finding f[2] = { plain, plain };
	struct feed read;
	struct err err = { 0 };

	(void)state;
	f[1].public_id = STR("ff112233445566778899aabbccddeeff");
	f[1].title = f[1].author = f[1].asset = f[1].category = f[1].source = f[1].verdict = STR(HOSTILE);
	f[1].url = STR("https://paste.example/\"><x>");
	write_for(&audiences[0], "feed.atom.xml", f, 2, "https://reports.example.com/desk/", &out);
	if (feed_read(buf_str(&out), STR("https://reports.example.com/"), a, &read, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(read.n, 2);
	assert_str(read.kind, "atom");
	assert_str(read.entries[0].title, "a title");
	assert_str(read.entries[0].link, "https://reports.example.com/desk/finding/00112233445566778899aabbccddeeff.html");
	assert_true(str_find(read.entries[0].content, STR("Address: hxxps://paste[.]example/x\nVerdict")) < 0);
	assert_true(str_starts(read.entries[1].title, STR("]]></title></content></entry></feed><script>alert(1)</script>")));
	assert_true(str_find(read.entries[1].title, STR("\xe2\x90\x9b[31m[U+FFFF][U+202E]\xef\xbf\xbd")) > 0);
}

static void json_is_read_as_it_was_meant(void **state)
{
	static const char *const names[] = { "feed.json", "findings.json" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		AUTO(buf) out = BUF_INIT(MIB(1));
		AUTO_FREE(json) j = NULL;
		struct finding f = plain;
		struct err err = { 0 };

		f.title = f.author = f.asset = f.category = f.source = f.verdict = STR(HOSTILE);
		write_one(names[i], &f, &out);
		j = json_parse(buf_str(&out), &err);
		if (!j)
			fail_msg("%s: %s", names[i], err.text);
		assert_int_equal(str_find(buf_str(&out), STR("\xe2\x80\xae")), -1);
		assert_true(str_find(buf_str(&out), STR("[U+202E]")) > 0);
	}
}

static void addresses_in_feeds_open_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < FEED_FORMS; i++) {
		AUTO(buf) out = BUF_INIT(MIB(1));

		write_one(feed_forms[i].name, &plain, &out);
		assert_int_equal(str_find(buf_str(&out), STR("paste.example")), -1);
		assert_true(str_find(buf_str(&out), STR("hxxps://paste[.]example/x")) > 0);
	}
}

static void a_feed_names_itself_only_where_it_knows_its_address(void **state)
{
	AUTO(buf) without = BUF_INIT(MIB(1));
	AUTO(buf) with = BUF_INIT(MIB(1));
	AUTO(buf) json = BUF_INIT(MIB(1));

	(void)state;
	write_for(&audiences[0], "feed.atom.xml", &plain, 1, "", &without);
	write_for(&audiences[0], "feed.json", &plain, 1, "", &json);
	write_one("feed.atom.xml", &plain, &with);
	assert_int_equal(str_find(buf_str(&without), STR("rel=\"self\"")), -1);
	assert_true(str_find(buf_str(&with), STR("rel=\"self\" type=\"application/atom+xml\" "
						 "href=\"https://reports.example.com/desk/feed.atom.xml\"")) > 0);
	assert_true(str_find(buf_str(&with), STR("href=\"https://reports.example.com/desk/finding/0011")) > 0);
	assert_int_equal(str_find(buf_str(&json), STR("_url\"")), -1);
}

static void ids_are_uuids_and_the_feeds_own_is_of_its_audience(void **state)
{
	AUTO(buf) desk = BUF_INIT(MIB(1));
	AUTO(buf) legal = BUF_INIT(MIB(1));

	(void)state;
	write_one("feed.atom.xml", &plain, &desk);
	write_for(&audiences[1], "feed.atom.xml", &plain, 1, "", &legal);
	assert_true(str_find(buf_str(&desk), STR("<id>urn:uuid:00112233-4455-6677-8899-aabbccddeeff</id>")) > 0);
	assert_true(memcmp(desk.p, legal.p, 200) != 0);
}

static void a_feed_holds_the_newest_and_says_whether_there_are_more(void **state)
{
	AUTO(buf) out = BUF_INIT(MIB(4));
	const struct page_manner manner = { &words_english, &audiences[0], STR("Example Pictures") };
	struct feed_facts facts = { .manner = &manner };
	struct feed_writer feed;
	size_t n = 0;

	(void)state;
	feed_init(&feed, form_of("feed.json"), &facts);
	while (feed_add(&feed, &plain))
		n++;
	assert_int_equal(n + 1, LIMIT_FEED_ENTRIES);
	assert_false(feed_add(&feed, &plain));
	feed_finish(&feed, &out);
	feed_release(&feed);
	buf_clear(&out);
	write_one("findings.json", &plain, &out);
	assert_true(str_find(buf_str(&out), STR("\"complete\":true")) > 0);
}

/* Whatever may stand in a million titles. */
static void long_fields_stay_below_the_ceiling(void **state)
{
	size_t room = LIMIT_REPORT_FEED;
	char *wide = malloc(LIMIT_URL);
	const struct page_manner manner = { &words_english, &audiences[0], STR("Example Pictures") };
	struct feed_facts facts = { .manner = &manner };
	struct finding f = plain;

	(void)state;
	memset(wide, '\'', LIMIT_URL);
	f.title = f.url = f.author = f.asset = f.source = f.category = (struct str){ wide, LIMIT_URL };
	for (int i = 0; i < FEED_FORMS; i++) {
		struct feed_writer feed;

		feed_init(&feed, &feed_forms[i], &facts);
		for (int k = 0; k < LIMIT_FEED_ROWS && feed_add(&feed, &f); k++)
			;
		assert_false(feed.body.full);
		assert_true(feed.body.n < room && feed.n > 50);
		feed_release(&feed);
	}
	free(wide);
}

static void nobody_reads_in_a_feed_what_he_may_not_see(void **state)
{
	static const struct {
		enum audience_sees what;
		const char *canary;
	} rows[] = { { SEES_TEXTS, "a title" },
		     { SEES_AUTHORS, "somebody" },
		     { SEES_ADDRESSES, "paste[.]example" },
		     { SEES_SOURCES, "smallpaste" } };

	(void)state;
	for (int i = 0; i < FEED_FORMS; i++)
		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
			struct audience who = audiences[0];
			AUTO(buf) seen = BUF_INIT(MIB(1));
			AUTO(buf) hidden = BUF_INIT(MIB(1));

			write_for(&who, feed_forms[i].name, &plain, 1, "", &seen);
			who.sees &= ~(unsigned)rows[k].what;
			write_for(&who, feed_forms[i].name, &plain, 1, "", &hidden);
			assert_true(str_find(buf_str(&seen), str_of(rows[k].canary)) > 0);
			assert_int_equal(str_find(buf_str(&hidden), str_of(rows[k].canary)), -1);
			assert_true(str_find(buf_str(&hidden), STR("TLP:AMBER+STRICT")) >= 0);
		}
}

static void a_reader_of_feeds_finds_them_by_the_first_page(void **state)
{
	const struct page_manner m = { &words_english, &audiences[0], STR("Example Pictures") };
	/* The way to the index, and to the feed from there: an exhibit stands in no report, and has none. */
	static const struct {
		const char *home, *link;
	} rows[] = { { "index.html", " href=\"feed.atom.xml\"" },
		     { "../index.html", " href=\"../feed.atom.xml\"" },
		     { "#main", NULL } };
	AUTO(buf) all = BUF_INIT(KIB(64));

	(void)state;
	page_feeds(&all, &m);
	for (int i = 0; i < FEED_FORMS; i++) {
		char href[64];

		snprintf(href, sizeof(href), "<a href=\"%s\">", feed_forms[i].name);
		assert_true(str_find(buf_str(&all), str_of(href)) >= 0);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct html_frame frame = { .manner = &m, .home = rows[i].home, .has_feeds = true };
		AUTO(buf) out = BUF_INIT(LIMIT_PAGE);

		html_open(&out, &frame);
		assert_int_equal(str_find(buf_str(&out), STR("<link rel=\"alternate\" type=\"application/atom+xml\"")) >= 0,
				 rows[i].link != NULL);
		assert_true(!rows[i].link || str_find(buf_str(&out), str_of(rows[i].link)) >= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_of_feeds_finds_them_by_the_first_page),
		cmocka_unit_test(a_field_of_the_table_is_no_formula),
		cmocka_unit_test(atom_is_read_as_it_was_meant),
		cmocka_unit_test(json_is_read_as_it_was_meant),
		cmocka_unit_test(addresses_in_feeds_open_nothing),
		cmocka_unit_test(a_feed_names_itself_only_where_it_knows_its_address),
		cmocka_unit_test(ids_are_uuids_and_the_feeds_own_is_of_its_audience),
		cmocka_unit_test(a_feed_holds_the_newest_and_says_whether_there_are_more),
		cmocka_unit_test(long_fields_stay_below_the_ceiling),
		cmocka_unit_test(nobody_reads_in_a_feed_what_he_may_not_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
