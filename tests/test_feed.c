/* test_feed.c - RSS, RDF and Atom as they come */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/limits.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/scrub.h"

static int read_feed(struct arena *a, struct str xml, struct feed *out, struct err *err)
{
	struct str copy = exact_copy(xml);
	int result = feed_read(copy, STR("https://example.com/feeds/all"), a, out, err);

	free((char *)copy.p);
	return result;
}

static void the_kinds_are_told_apart(void **state)
{
	static const struct {
		const char *xml, *kind;
	} rows[] = {
		{ "<rss version='0.91'><channel><title>t</title><item><title>a</title></item></channel></rss>", "rss" },
		{ "<rss version='2.0'><channel><title>t</title><item><title>a</title></item></channel></rss>", "rss" },
		{ "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
		  "<channel><title>t</title></channel><item><title>a</title></item></rdf:RDF>",
		  "rdf" },
		{ "<rdf:RDF><channel><title>t</title></channel><item><title>a</title></item></rdf:RDF>", "rdf" },
		{ "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>a</title></entry></feed>", "atom" },
		{ "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>t</title><entry><title>a</title></entry></feed>",
		  "atom" },
		{ "<a:feed "
		  "xmlns:a='http://www.w3.org/2005/Atom'><a:title>t</a:title><a:entry><a:title>a</a:title></a:entry></a:feed>",
		  "atom" },
		{ "\n <?xml version='1.0' encoding='koi8-r'?><!DOCTYPE rss [<!ENTITY x 'y'>]><rss><channel><title>t</title>"
		  "<item><title>a</title></item></channel></rss>",
		  "rss" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct feed feed;

		assert_int_equal(read_feed(a, str_of(rows[i].xml), &feed, NULL), 0);
		assert_str(feed.kind, rows[i].kind);
		assert_str(feed.title, "t");
		assert_int_equal(feed.n, 1);
		assert_str(feed.entries[0].title, "a");
	}
}

/* An item of RSS 2.0 with these children. */
static struct feed_entry item(struct arena *a, const char *children)
{
	struct str xml = arena_printf(
		a, "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item>%s</item></channel></rss>", children);
	struct feed feed = { 0 };

	assert_int_equal(read_feed(a, xml, &feed, NULL), 0);
	assert_int_equal(feed.n, 1);
	return feed.entries[0];
}

static void an_item_of_rss_is_read(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct feed_entry e = item(a,
				   "<guid isPermaLink='false'>g1</guid><link> /p/1 </link><title><![CDATA[a <b>&]]></title>"
				   "<dc:creator>c</dc:creator><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>"
				   "<description>&lt;p&gt;d</description><content:encoded><![CDATA[<p>e]]></content:encoded>");

	(void)state;
	assert_str(e.id, "g1");
	assert_str(e.link, "https://example.com/p/1");
	assert_str(e.title, "a <b>&");
	assert_str(e.author, "c");
	assert_str(e.published, "Mon, 23 Nov 2026 10:00:00 GMT");
	assert_str(e.summary, "<p>d");
	assert_str(e.content, "<p>e"); /* its prefix was never declared */
	assert_str(item(a, "<guid>https://example.com/2</guid>").link, "https://example.com/2");
	assert_str(item(a, "<guid isPermaLink='false'>https://example.com/2</guid>").link, "");
	assert_str(item(a, "<description>a <i>b</i></description>").summary, "a <i>b</i>");
	assert_str(item(a, "<media:title xmlns:media='https://example.com/m'>no</media:title><title>yes</title>").title, "yes");
	assert_str(item(a, "<dc:title>second</dc:title><title>first</title>").title, "first");
}

static void an_entry_of_atom_is_read(void **state)
{
	static const char xml[] =
		"<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>&lt;b&gt;t</title><entry><id> tag:x </id>"
		"<link rel='self' href='s'/><link href='../l'/><title type='xhtml'><div "
		"xmlns='http://www.w3.org/1999/xhtml'>x</div></title>"
		"<author><email>m@example.com</email><name>n</name></author><published>2026-11-23T10:00:00Z</published>"
		"<updated>2026-11-23T11:00:00Z</updated><summary>s</summary><content "
		"type='html'>&lt;p&gt;c</content></entry></feed>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct feed feed;

	(void)state;
	assert_int_equal(read_feed(a, str_of(xml), &feed, NULL), 0);
	assert_str(feed.title, "<b>t");
	assert_str(feed.entries[0].id, "tag:x");
	assert_str(feed.entries[0].link, "https://example.com/l");
	assert_str(feed.entries[0].author, "n");
	assert_str(feed.entries[0].published, "2026-11-23T10:00:00Z");
	assert_str(feed.entries[0].updated, "2026-11-23T11:00:00Z");
	assert_str(feed.entries[0].summary, "s");
	assert_str(feed.entries[0].content, "<p>c");
}

static void characters_that_xml_does_not_know_are_written_out(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	assert_str(item(a, "<title>a & b &eacute; &hellip; &unknown; &amp; &#233; &#xe9; AT&T &</title>").title,
		   "a & b \xc3\xa9 \xe2\x80\xa6 &unknown; & \xc3\xa9 \xc3\xa9 AT&T &");
	assert_str(item(a, "<title>a\x0b\x01z</title>").title, "az");
	assert_str(item(a, "<title><![CDATA[&eacute;\x02]]></title>").title, "&eacute;");
}

static void what_is_no_feed_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *xml, *why;
	} rows[] = {
		{ "<!DOCTYPE html><html><body>Log in</body></html>", "HTML" },
		{ " <HTML><body>x", "HTML" },
		{ "<html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML" },
		{ "<opml><body/></opml>", "<opml>" },
		{ "{\"a\":1}", "no XML" },
		{ "", "no XML" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct err err = { 0 };
		struct feed feed;

		assert_int_equal(read_feed(a, str_of(rows[i].xml), &feed, &err), E_BAD);
		assert_non_null(strstr(err.text, rows[i].why));
	}
}

static void entities_are_never_expanded(void **state)
{
	static const char xml[] =
		"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d SYSTEM 'file:///etc/passwd'>]>"
		"<rss><channel><item><title>&c;</title><description>&d;</description></item></channel></rss>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct feed feed;

	(void)state;
	assert_int_equal(read_feed(a, str_of(xml), &feed, NULL), 0);
	assert_str(feed.entries[0].title, "&c;");
	assert_str(feed.entries[0].summary, "&d;");
}

static void a_broken_feed_yields_what_can_be_read(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct feed feed;

	(void)state;
	assert_int_equal(read_feed(a, STR("<rss><channel><item><title>one</title></item><item><title>two"), &feed, NULL), 0);
	assert_int_equal(feed.n, 2);
	assert_str(feed.entries[1].title, "two");
	assert_int_equal(read_feed(a, STR("<rss><channel><item><title>a<br>b</title></item></channel></rss>"), &feed, NULL), 0);
	assert_int_equal(feed.n, 1);
}

static void a_hostile_feed_stays_within_its_ceilings(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) xml = BUF_INIT(2 * LIMIT_FEED);
	struct err err = { 0 };
	struct feed feed;

	(void)state;
	buf_add(&xml, STR("<rss><channel>"));
	for (int i = 0; i < 50000; i++)
		buf_add(&xml, STR("<item><title>a</title></item>"));
	assert_int_equal(read_feed(a, buf_str(&xml), &feed, NULL), 0);
	assert_int_equal(feed.n, LIMIT_POSTS);
	xml.n = 0;
	for (int i = 0; i < 1000000; i++)
		buf_add(&xml, STR("<item>"));
	assert_true(read_feed(a, buf_str(&xml), &feed, &err) < 0);
	while (buf_add(&xml, STR("<item>")) == 0)
		;
	assert_int_equal(read_feed(a, buf_str(&xml), &feed, &err), E_LIMIT);
}

static void nothing_leaks_when_the_arena_is_full(void **state)
{
	AUTO(buf) xml = BUF_INIT(LIMIT_FEED);
	struct err err = { 0 };
	struct feed feed;

	(void)state;
	buf_add(&xml, STR("<rss><channel>"));
	for (int i = 0; i < 200; i++)
		buf_add(&xml, STR("<item><title>aaaa</title><description>a<b>c</b></description></item>"));
	for (size_t room = 1000; room < 120000; room += 5000) {
		AUTO_FREE(arena) a = arena_new(room);

		if (read_feed(a, buf_str(&xml), &feed, &err) < 0)
			assert_int_equal(err.code, E_LIMIT);
	}
}

static void relative_links_follow_xml_base(void **state)
{
	static const char xml[] =
		"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/a/'><entry xml:base='b/'><link href='c'/>"
		"</entry></feed>";
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct feed feed;

	(void)state;
	assert_int_equal(read_feed(a, str_of(xml), &feed, NULL), 0);
	assert_str(feed.entries[0].link, "https://example.com/a/b/c");
}

/* The member that a key of the public suite's JSON stands for. */
static struct str member(const struct feed_entry *e, const char *key)
{
	const struct {
		const char *key;
		struct str value;
	} rows[] = {
		{ "title", e->title },	   { "link", e->link },		  { "guid", e->id },
		{ "id", e->id },	   { "content", e->content },	  { "description", e->summary },
		{ "summary", e->summary }, { "published", e->published }, { "pubDate", e->published },
		{ "updated", e->updated },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].key, key) == 0)
			return rows[i].value;
	return (struct str){ NULL, SIZE_MAX };
}

static bool entry_matches(const struct feed_entry *e, json_t *expected)
{
	const char *key;
	json_t *value;

	json_object_foreach(expected, key, value)
	{
		struct str got = member(e, key);

		if (json_is_object(value) && json_object_get(value, "value"))
			value = json_object_get(value, "value");
		if (got.n == SIZE_MAX || !json_is_string(value) || json_string_length(value) == 0)
			continue;
		if (!str_eq(str_trim(str_of(json_string_value(value))), got)) {
			print_message("  %s: \"%.*s\", expected \"%s\"\n", key, STR_ARG(str_slice(got, 0, 200)),
				      json_string_value(value));
			return false;
		}
	}
	return true;
}

static bool feed_matches(const char *path, json_t *expected)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) body = BUF_INIT(LIMIT_BODY);
	json_t *items = json_object_get(expected, "items"), *entries = json_object_get(expected, "entries");
	const char *title = json_string_value(json_object_get(expected, "title"));
	struct charset charset;
	struct feed feed;
	struct err err = { 0 };

	read_fixture(path, &body);
	charset = charset_of(buf_str(&body), STR("text/xml"));
	if (feed_read(charset_decode(a, buf_str(&body), &charset), (struct str){ 0 }, a, &feed, &err) < 0) {
		print_message("  %s\n", err.text);
		return false;
	}
	items = items ? items : entries;
	if (feed.n != json_array_size(items)) {
		print_message("  %zu entries, expected %zu\n", feed.n, json_array_size(items));
		return false;
	}
	if (title && !str_eq(feed.title, str_trim(str_of(title)))) {
		print_message("  title: \"%.*s\", expected \"%s\"\n", STR_ARG(feed.title), title);
		return false;
	}
	for (size_t i = 0; i < feed.n; i++)
		if (!entry_matches(&feed.entries[i], json_array_get(items, i)))
			return false;
	return true;
}

static void count_folder(const char *folder, int *right, int *files)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char path[1024], json[1024];
		size_t n = strlen(entry->d_name);
		json_t *expected;

		if (n < 5 || strcmp(entry->d_name + n - 4, ".xml") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		snprintf(json, sizeof(json), "%s/%.*s.json", folder, (int)n - 4, entry->d_name);
		expected = json_load_file(json, 0, NULL);
		if (!expected)
			continue;
		++*files;
		if (feed_matches(path, expected))
			++*right;
		else
			print_message("%s\n", path);
		json_decref(expected);
	}
	closedir(dir);
}

static void the_public_pairs_agree(void **state)
{
	static const char *const folders[] = { "parser/rss", "parser/atom", "translator/rss", "translator/atom" };
	char path[256];
	int right = 0, files = 0;

	(void)state;
	if (!shared_data("feeds/gofeed", path, sizeof(path)))
		skip();
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "../shared/data/feeds/gofeed/%s", folders[i]);
		count_folder(path, &right, &files);
	}
	print_message("feeds: %d of %d pairs\n", right, files);
	assert_true(right * 100 >= files * 94); /* the rest: addresses inside markup, and fallbacks of another reader's own */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kinds_are_told_apart),
		cmocka_unit_test(an_item_of_rss_is_read),
		cmocka_unit_test(an_entry_of_atom_is_read),
		cmocka_unit_test(characters_that_xml_does_not_know_are_written_out),
		cmocka_unit_test(what_is_no_feed_is_refused_with_a_reason),
		cmocka_unit_test(entities_are_never_expanded),
		cmocka_unit_test(a_broken_feed_yields_what_can_be_read),
		cmocka_unit_test(a_hostile_feed_stays_within_its_ceilings),
		cmocka_unit_test(nothing_leaks_when_the_arena_is_full),
		cmocka_unit_test(relative_links_follow_xml_base),
		cmocka_unit_test(the_public_pairs_agree),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
