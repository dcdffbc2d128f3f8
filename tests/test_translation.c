/* test_translation.c - a translation is data: no word of a report stands anywhere but in the file of words */
#include "tests/support.h"

#include <gumbo.h>
#include <stdio.h>
#include <string.h>

#include "base/net.h"
#include "classify/classify.h"
#include "classify/severity.h"
#include "crawler/signs.h"
#include "store/custody.h"
#include "tests/filled.h"

/* ---- words that are seen to be ours ---- */

static struct str marked(struct arena *a, struct str english)
{
	bool x = str_find(english, STR("{x}")) >= 0, n = str_find(english, STR("{n}")) >= 0;

	return arena_printf(a, "\xe2\x9f\xa6%s\xe2\x9f\xa7", x ? "{x}" : n ? "{n}" : "");
}

/* Each word is a pair of brackets, so that a letter that is left is of no word. */
static const struct words *marked_words(struct arena *a)
{
	struct words *w = arena_alloc(a, sizeof(*w));

	w->language = STR("en");
	for (int i = 0; i < WORDS; i++)
		w->text[i] = marked(a, words_english.text[i]);
	return w;
}

/* ---- what a reader sees ---- */

/* A text from outside, and the words of it that are marked: what its marks are called is ours. */
static bool is_from_outside(const GumboNode *text)
{
	const GumboNode *parent = text->parent;

	if (parent->type != GUMBO_NODE_ELEMENT)
		return false;
	if (parent->v.element.tag == GUMBO_TAG_MARK)
		parent = parent->parent;
	return parent->v.element.tag == GUMBO_TAG_BDI;
}

/* A time, a command; and what is no text. */
static bool is_data(const GumboElement *e)
{
	static const char *const tags[] = { "code", "time", "kbd", "script", "style" };
	const char *tag = gumbo_normalized_tagname(e->tag);

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strcmp(tag, tags[i]) == 0)
			return true;
	return false;
}

static void add_attributes(const GumboElement *e, struct buf *out)
{
	static const char *const said[] = { "aria-label", "data-label", "title", "alt", "placeholder" };

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const GumboAttribute *a = gumbo_get_attribute(&e->attributes, said[i]);

		if (a)
			buf_printf(out, "%s\n", a->value);
	}
}

static const GumboVector *children_of(const GumboNode *n)
{
	if (n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE)
		return is_data(&n->v.element) ? NULL : &n->v.element.children;
	return NULL;
}

static const GumboNode *next_node(const GumboNode *n)
{
	const GumboVector *children = children_of(n);

	if (children && children->length)
		return children->data[0];
	for (; n->parent && n->parent->type != GUMBO_NODE_DOCUMENT; n = n->parent) {
		const GumboVector *siblings = &n->parent->v.element.children;

		if (n->index_within_parent + 1 < siblings->length)
			return siblings->data[n->index_within_parent + 1];
	}
	return NULL;
}

static void read_visible(const struct buf *page, struct buf *out)
{
	GumboOutput *o = gumbo_parse_with_options(&kGumboDefaultOptions, page->p, page->n);

	for (const GumboNode *n = o->root; n; n = next_node(n)) {
		if (n->type == GUMBO_NODE_TEXT && !is_from_outside(n))
			buf_printf(out, "%s\n", n->v.text.text);
		else if (n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE)
			add_attributes(&n->v.element, out);
	}
	gumbo_destroy_output(&kGumboDefaultOptions, o);
}

/* The text of the entries; the rest of a feed is for programs. */
static void read_contents(const struct buf *feed, struct buf *out)
{
	const struct str open = STR("<content type=\"text\">");
	struct str rest = buf_str(feed);

	for (ssize_t at; (at = str_find(rest, open)) >= 0;) {
		rest = str_slice(rest, (size_t)at + open.n, rest.n);
		buf_add(out, str_slice(rest, 0, (size_t)str_find(rest, STR("</content>"))));
		buf_add_char(out, '\n');
	}
}

/* ---- what of it is data ---- */

static const char *const data[] = {
	"watchdesk", WATCHDESK_VERSION, "TLP:AMBER+STRICT", "TLP:RED",	"The Interlude",	"Example Pictures",
	FILLED_ID,   FILLED_CASE,	"00112233",	    "ffeeddcc", "2026-11-23T09:38:36Z", "hxxps",
};

/* How many bytes of data the text begins with. */
static size_t data_at(struct str s)
{
	if (str_starts(s, STR("kanari"))) {
		size_t n = 0;

		while (n < s.n && (ascii_is_alnum(s.p[n]) || s.p[n] == '_'))
			n++;
		return n;
	}
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		if (str_starts(s, str_of(data[i])))
			return strlen(data[i]);
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Two letters in a row are a word that no translation reaches. */
static void check_text(const char *page, struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		size_t n = data_at(str_slice(s, i, s.n));

		if (n)
			i += n - 1;
		else if (is_letter(s.p[i]) && is_letter(s.p[i + 1]))
			fail_msg("%s says in no word of words.inc: ...%.*s", page,
				 STR_ARG(str_slice(s, i > 80 ? i - 80 : 0, i + 60)));
	}
}

/* ---- pages with nothing on them ---- */

static void bare_finding(const struct page_manner *m, struct buf *out)
{
	const struct finding_detail d = { .finding = { .public_id = STR(FILLED_ID), .severity = 20, .posted_precision = 3 } };

	page_finding(out, &(struct finding_page){ .manner = *m,
						  .home = "../index.html",
						  .detail = &d,
						  .duty = { .has_duty = true, .n_asked = 2, .asked = STR("kanaripolly") } });
}

static void bare_duty(const struct page_manner *m, struct buf *out)
{
	const struct finding_detail d = { .finding = { .public_id = STR(FILLED_ID), .severity = 50 } };

	page_finding(out, &(struct finding_page){
				  .manner = *m, .home = "../index.html", .detail = &d, .duty = { .has_duty = true } });
}

static void bare_list(const struct page_manner *m, struct buf *out)
{
	page_list(out, &(struct list_page){ .manner = *m, .place = { 1, 1 } });
}

static void bare_rows(const struct page_manner *m, struct buf *out)
{
	const struct finding f = { .public_id = STR(FILLED_ID), .severity = 70, .verdict = STR("duplicate") };

	page_list(out, &(struct list_page){ .manner = *m, .place = { 1, 1 }, .findings = &f, .n = 1 });
}

static void bare_picked(const struct page_manner *m, struct buf *out)
{
	page_picked(out, &(struct picked_page){ .manner = *m,
						.home = "index.html",
						.below = "",
						.title = page_name_text(m, NAMES_CATEGORY, STR("leak")) });
}

static void bare_index(const struct page_manner *m, struct buf *out)
{
	const struct overview_day day = { 0 };
	const int64_t hours[OVERVIEW_HOURS] = { 0 };

	page_index(out, &(struct index_page){ .manner = *m, .now = FILLED_NOW, .day = &day, .hours = hours });
}

/* A quiet day: everything is well. */
static void quiet_index(const struct page_manner *m, struct buf *out)
{
	const struct overview_day day = { 0 };
	const struct source_health well = { .source = STR("kanarisource"), .state = "ok", .last_success_at = FILLED_NOW };
	const int64_t hours[OVERVIEW_HOURS] = { 0 };

	page_index(out, &(struct index_page){ .manner = *m,
					      .now = FILLED_NOW,
					      .any = true,
					      .day = &day,
					      .hours = hours,
					      .sources = &well,
					      .n_sources = 1,
					      .has_round = true,
					      .last_round = { FILLED_NOW, FILLED_NOW, 1, 0, 0, 1, 0, 0 } });
}

static void bare_takedown(const struct page_manner *m, struct buf *out)
{
	const struct finding_detail d = { .finding = { .public_id = STR(FILLED_ID), .severity = 90 } };
	const struct takedown_row row = { .public_id = STR(FILLED_CASE), .grounds = STR("copyright"), .state = STR("back") };
	const struct takedown_target target = { .url = STR("kanariplace"), .state = STR("refused"), .returns = 1 };
	const struct case_target place = { .target = &target };

	page_takedown(out, &(struct takedown_page){ .manner = *m,
						    .home = "../index.html",
						    .row = &row,
						    .late = CASE_NOT_BEGUN,
						    .finding = &d,
						    .targets = &place,
						    .n_targets = 1 });
}

static void bare_takedowns(const struct page_manner *m, struct buf *out)
{
	const struct takedown_number none = { 0 };

	page_takedowns(out, &(struct takedowns_page){ .manner = *m, .now = FILLED_NOW, .all = &none });
}

static void bare_campaigns(const struct page_manner *m, struct buf *out)
{
	page_campaigns(out, &(struct campaigns_page){ .manner = *m, .now = FILLED_NOW });
}

static void bare_sources(const struct page_manner *m, struct buf *out)
{
	page_sources(out, &(struct sources_page){ .manner = *m, .now = FILLED_NOW });
}

static void sources_of_all_states(const struct page_manner *m, struct buf *out)
{
	static const char *const states[] = { "ok", "failing", "silent", "thin", "no canary", "gaps" };
	enum { N = sizeof(states) / sizeof(states[0]) };
	static struct coverage coverage[N];
	struct source_health all[N] = { 0 };
	struct source_line lines[N];

	for (size_t i = 0; i < N; i++) {
		all[i] = (struct source_health){ .source = STR("kanarisource"), .state = states[i], .posts = 1, .fetched = 1 };
		lines[i] = (struct source_line){ &all[i], &coverage[i], 1 };
	}
	page_sources(out, &(struct sources_page){ .manner = *m,
						  .now = FILLED_NOW,
						  .place = page_place("sources", 2, 3),
						  .lines = lines,
						  .n = N,
						  .all = N,
						  .ill = N - 1 });
}

static void bare_assets(const struct page_manner *m, struct buf *out)
{
	page_assets(out, &(struct assets_page){ .manner = *m });
}

static void bare_about(const struct page_manner *m, struct buf *out)
{
	page_about(out, &(struct about_page){ .manner = *m, .now = FILLED_NOW });
}

static void bare_purged(const struct page_manner *m, struct buf *out)
{
	page_purged(out, &(struct purged_page){ .manner = *m, .now = FILLED_NOW });
}

static void purged_by_no_rule(const struct page_manner *m, struct buf *out)
{
	const struct purged_row row = { .day = FILLED_NOW };

	page_purged(out, &(struct purged_page){ .manner = *m, .now = FILLED_NOW, .rows = &row, .n = 1 });
}

static const struct filled_page bare_pages[] = {
	{ "a finding with nothing known of it", bare_finding, 0, 0 },
	{ "a finding that nobody was asked about", bare_duty, 0, 0 },
	{ "an empty list", bare_list, 0, 0 },
	{ "a list of a finding with nothing known of it", bare_rows, 0, 0 },
	{ "an empty category", bare_picked, 0, 0 },
	{ "the first page of an empty store", bare_index, 0, 0 },
	{ "the first page of a quiet day", quiet_index, 0, 0 },
	{ "a takedown that was just opened", bare_takedown, 0, 0 },
	{ "no takedowns", bare_takedowns, 0, 0 },
	{ "no campaigns", bare_campaigns, 0, 0 },
	{ "no sources", bare_sources, 0, 0 },
	{ "sources of all states", sources_of_all_states, 0, 0 },
	{ "no assets", bare_assets, 0, 0 },
	{ "about an empty store", bare_about, 0, 0 },
	{ "nothing purged", bare_purged, 0, 0 },
	{ "purged by no rule", purged_by_no_rule, 0, 0 },
};

/* ---- tests ---- */

static void check_page(const struct filled_page *page, const struct audience *who, const struct words *words)
{
	const struct page_manner m = { words, who, STR("Example Pictures"), { 0 } };
	AUTO(buf) out = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) text = BUF_INIT(LIMIT_PAGE);

	if (page->put == fill_rows_of_json || page->put == fill_table || page->put == fill_json_feed)
		return; /* for programs; JSON Feed says what Atom says */
	page->put(&m, &out);
	if (page->put == fill_atom)
		read_contents(&out, &text);
	else
		read_visible(&out, &text);
	assert_true(str_find(buf_str(&text), STR("\xe2\x9f\xa6")) >= 0);
	check_text(page->name, buf_str(&text));
}

static void every_word_that_is_seen_is_a_word_of_the_report(void **state)
{
	static const struct audience sees_all = { STR("x"), TLP_RED, SEES_ALL, FINDING_SEVERITY },
				     sees_nothing = { STR("x"), TLP_RED, 0, FINDING_SEVERITY };
	AUTO_FREE(arena) a = arena_new(MIB(1));
	const struct words *words = marked_words(a);

	(void)state;
	for (size_t i = 0; i < FILLED_PAGES + sizeof(bare_pages) / sizeof(bare_pages[0]); i++) {
		const struct filled_page *page = i < FILLED_PAGES ? &filled_pages[i] : &bare_pages[i - FILLED_PAGES];

		check_page(page, &sees_all, words);
		check_page(page, &sees_nothing, words);
	}
}

static void every_name_of_ours_that_is_stored_has_a_word(void **state)
{
	static const struct audience who = { STR("x"), TLP_RED, SEES_ALL, FINDING_SEVERITY };
	const struct page_manner m = { &words_english, &who, { 0 }, { 0 } };
	const struct {
		enum page_names of;
		const char *const *names;
		size_t first, n;
	} rows[] = {
		{ NAMES_CATEGORY, category_names, 0, CATEGORIES }, { NAMES_VERDICT, verdict_names, 0, 5 },
		{ NAMES_ACT, custody_acts, 0, CUSTODY_KINDS },	   { NAMES_FAILURE, net_failure_names, 1, 9 }, /* 0: none */
		{ NAMES_FAILURE, problem_names, 0, PROBLEMS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t k = rows[i].first; k < rows[i].n; k++)
			if (!page_name_text(&m, rows[i].of, str_of(rows[i].names[k])).n)
				fail_msg("no word for %s", rows[i].names[k]);
}

static void what_ships_leaves_no_word_in_english(void **state)
{
	static const char *const same[] = {
		/* in both languages */
		"Filter", "Atom", "JSON Feed", "Takedowns", "Takedown",	    "Takedown {x}", "Takedown: {x}", "Text", "SHA-256",
		"DNS",	  "TLS",  "HTTP",      "Captcha",   "Organisation", "{n} min",	    "{n} h",	     "{x}"
	};
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct words german;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(words_shipped(STR("xx"), a, &german, &err), 0);
	if (words_shipped(STR("de"), a, &german, &err) != 1)
		fail_msg("%s", err.text);
	assert_str(german.language, "de");
	for (int i = 0; i < WORDS; i++) {
		bool may_be = !str_eq(german.text[i], words_english.text[i]);

		for (size_t k = 0; !may_be && k < sizeof(same) / sizeof(same[0]); k++)
			may_be = str_eq_nocase(german.text[i], str_of(same[k]));
		if (!may_be)
			fail_msg("\"%.*s\" has no German in web/words/de.yaml", STR_ARG(words_english.text[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_that_is_seen_is_a_word_of_the_report),
		cmocka_unit_test(every_name_of_ours_that_is_stored_has_a_word),
		cmocka_unit_test(what_ships_leaves_no_word_in_english),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
