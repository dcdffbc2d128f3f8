/* test_search.c - one table of queries: full text on each engine, and a finding looked at in memory, answer alike */
#include "tests/stored.h"

#include "store/saved.h"
#include "store/search.h"
#include "store/wanted.h"

#define DAY INT64_C(86400000000)

/* What is stored; `key` stands for the post in the table below. */
static const struct {
	const char *key, *author, *title, *text, *asset, *category, *language;
	int severity; /* below 20: no finding */
	int64_t day;
} posts[] = {
	{ "a", "ann", "premiere", "keep away from the premiere of The Interlude, keep your distance", "The Interlude",
	  "violence", "en", 95, 20000 },
	{ "b", "bob", "a dump", "mails of the studio: away we keep them, password*** and more", "Example Pictures", "leak",
	  "en", 60, 20010 },
	{ "c", "ann", "weather", "the weather keeps away the rain", "", "leak", "", 0, 20020 },
	{ "d", "eve", "\xe6\x98\xa0\xe7\x94\xbb\xe9\xa4\xa8",
	  "\xe6\x98\xa0\xe7\x94\xbb\xe9\xa4\xa8\xe3\x82\x92\xe7\x88\x86\xe7\xa0\xb4\xe3\x81\x99\xe3\x82\x8b", "The Interlude",
	  "violence", "ja", 80, 20030 },
	{ "e", "Bob M.", "stra\xc3\x9f\x65", "Caf\xc3\xa9 and so on", "Example Pictures", "dox", "de", 30, 20040 },
};

enum { POSTS = sizeof(posts) / sizeof(posts[0]) };

static const struct {
	const char *why, *query, *fits; /* the keys, in the order of the table */
} queries[] = {
	{ "a word", "away", "abc" },
	{ "two words", "away premiere", "a" },
	{ "a phrase", "\"keep away\"", "a" },
	{ "a phrase over the border of title and text", "\"premiere keep\"", "" },
	{ "a prefix", "premi*", "a" },
	{ "a prefix of a word that stands in full, too", "keep*", "abc" },
	{ "a phrase whose last word only begins", "\"keep aw\"*", "a" },
	{ "excluded", "away -premiere", "bc" },
	{ "no spaces between words", "\xe7\x88\x86\xe7\xa0\xb4", "d" },
	{ "accents and case", "CAFE strasse", "e" },
	{ "the author is a text too", "eve", "d" },
	{ "an asset", "asset:\"The Interlude\"", "ad" },
	{ "whatever its case", "asset:\"the interlude\"", "ad" },
	{ "an asset that begins so", "asset:Exam*", "be" },
	{ "a category", "category:violence", "ad" },
	{ "but one", "category:violence -language:ja", "a" },
	{ "an author", "author:ann", "ac" },
	{ "an author with a space", "author:\"bob m.\"", "e" },
	{ "severity above", "severity:>60", "ad" },
	{ "severity from", "severity:>=60", "abd" },
	{ "severity below: only findings have one", "severity:<60", "e" },
	{ "severity up to", "severity:<=60", "be" },
	{ "severity is", "severity:95", "a" },
	{ "since a day", "after:2024-10-20", "cde" },
	{ "before a day", "before:2024-10-20", "ab" },
	{ "between", "after:2024-10-10T12:00:00Z before:2024-10-24", "b" },
	{ "words and fields", "away severity:>50 site:pastes", "ab" },
	{ "another site", "away site:elsewhere", "" },
	{ "not of this site", "away -site:pastes", "" },
	{ "no verdict", "verdict:none", "abde" },
	{ "excluded words with fields alone", "-away category:violence", "d" },
	{ "no field: two words, one behind the other", "studio:away", "b" },
	{ "signs are nothing", "away ???", "abc" },
	{ "no syntax of an engine", "away OR NEAR(x", "" },
};

static void put(struct stored *b, size_t i)
{
	struct stored_post p = { .source_id = b->source,
				 .key = str_of(posts[i].key),
				 .url = str_of(posts[i].key),
				 .author = str_of(posts[i].author),
				 .title = str_of(posts[i].title),
				 .text = str_of(posts[i].text),
				 .assessment = { .classifier_id = b->classifier,
						 .category = str_of(posts[i].category),
						 .asset = str_of(posts[i].asset),
						 .language = str_of(posts[i].language),
						 .severity = posts[i].severity } };
	struct stored_result result;

	OK(store_begin(b->store, &b->err));
	OK(store_post(b->store, &p, posts[i].day * DAY, &result, &b->err));
	OK(store_commit(b->store, &b->err));
}

static struct search *indexed(struct stored *b)
{
	struct search *x;

	for (size_t i = 0; i < POSTS; i++)
		put(b, i);
	x = search_open(b->store, true, &b->err);
	assert_non_null(x);
	while (search_index(x, 100, &b->err) > 0)
		;
	return x;
}

/* Does the table's post fit, by what is known of it in memory? */
static bool fits(struct stored *b, size_t i, const char *query, struct words *words)
{
	const struct str texts[] = { str_of(posts[i].title), str_of(posts[i].author), str_of(posts[i].text) };
	const struct wanted_post p = { .source = STR("pastes"),
				       .author = str_of(posts[i].author),
				       .first_seen = posts[i].day * DAY,
				       .is_finding = posts[i].severity >= FINDING_SEVERITY,
				       .asset = str_of(posts[i].asset),
				       .category = str_of(posts[i].category),
				       .language = str_of(posts[i].language),
				       .verdict = STR("none"),
				       .severity = posts[i].severity };
	struct str copy = exact_copy(str_of(query));
	struct wanted w;
	bool its;

	OK(wanted_parse(copy, b->a, &w, &b->err));
	free((char *)(uintptr_t)copy.p);
	its = wanted_fits(&w, &p) && wanted_holds(&w, words, texts, 3);
	return its;
}

static bool is_among(const struct search_answer *answer, const char *key)
{
	for (size_t i = 0; i < answer->n; i++)
		if (str_eq(answer->rows[i].url, str_of(key)))
			return true;
	return false;
}

static void the_index_and_the_memory_answer_alike(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(search) x = indexed(b);
	AUTO_FREE(words) words = words_new();

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct search_answer answer;

		OK(search_look(x, &(struct search_wish){ str_of(queries[i].query), 10, false }, b->a, &answer, &b->err));
		for (size_t k = 0; k < POSTS; k++) {
			bool wanted = strchr(queries[i].fits, posts[k].key[0]) != NULL;

			if (is_among(&answer, posts[k].key) != wanted)
				fail_msg("%s: the index, post %s", queries[i].why, posts[k].key);
			if (fits(b, k, queries[i].query, words) != wanted)
				fail_msg("%s: in memory, post %s", queries[i].why, posts[k].key);
		}
	}
}

static void what_cannot_be_asked_is_said(void **state)
{
	static const struct {
		const char *query, *says;
	} rows[] = {
		{ "", "nothing to look for" },	  { "-away", "nothing to look for" },
		{ "???", "nothing to look for" }, { "category:crime", "expected violence" },
		{ "severity:high", "0 to 100" },  { "severity:>101", "0 to 100" },
		{ "after:yesterday", "a date" },  { "verdict:wrong", "false-positive" },
		{ "severity:>", "0 to 100" },
	};
	struct stored *b = *state;
	AUTO_FREE(search) x = indexed(b);
	struct search_answer answer;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (search_look(x, &(struct search_wish){ str_of(rows[i].query), 10, false }, b->a, &answer, &b->err) !=
			    E_USAGE ||
		    !strstr(b->err.text, rows[i].says))
			fail_msg("%s: %s", rows[i].query, b->err.text);
	}
}

static void the_most_severe_stand_first_then_what_is_about_it(void **state)
{
	struct stored *b = *state;
	AUTO_FREE(search) x = indexed(b);
	struct search_answer answer;

	OK(search_look(x, &(struct search_wish){ STR("away"), 10, false }, b->a, &answer, &b->err));
	assert_true(answer.ranked);
	assert_true(str_eq(answer.rows[0].url, STR("a")) && str_eq(answer.rows[2].url, STR("c")));
	OK(search_look(x, &(struct search_wish){ STR("away"), 1, true }, b->a, &answer, &b->err));
	assert_int_equal(answer.n, 1);
	assert_false(answer.ranked);
	assert_true(str_eq(answer.rows[0].url, STR("c")));
}

static void an_excerpt_marks_the_words_and_the_phrases(void **state)
{
	static const struct {
		const char *query, *marked;
	} rows[] = {
		{ "\"keep away\"", "keep away" },
		{ "premi*", "premiere" },
		{ "interlude", "Interlude" },
		{ "\xe7\x88\x86\xe7\xa0\xb4", NULL }, /* somewhere in a text without spaces */
	};
	struct stored *b = *state;
	AUTO_FREE(search) x = indexed(b);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct search_answer answer;
		const struct search_row *r;

		OK(search_look(x, &(struct search_wish){ str_of(rows[i].query), 10, false }, b->a, &answer, &b->err));
		assert_int_equal(answer.n, 1);
		r = &answer.rows[0];
		assert_true(r->n_marks > 0 && r->marks[0].end <= r->excerpt.n && r->marks[0].start < r->marks[0].end);
		if (rows[i].marked &&
		    !str_eq(str_slice(r->excerpt, r->marks[0].start, r->marks[0].end), str_of(rows[i].marked)))
			fail_msg("%s marks \"%.*s\"", rows[i].query,
				 STR_ARG(str_slice(r->excerpt, r->marks[0].start, r->marks[0].end)));
	}
}

static void a_search_is_kept_by_its_name(void **state)
{
	struct stored *b = *state;
	struct saved_search kept = { STR("threats"), STR("category:violence"), STR("analyst"), 10 }, *rows, got;
	size_t n;

	assert_int_equal(saved_check(STR("two words"), &b->err), E_USAGE);
	OK(saved_check(kept.name, &b->err));
	OK(store_begin(b->store, &b->err));
	OK(saved_put(b->store, &kept, &b->err));
	kept.query = STR("category:dox");
	OK(saved_put(b->store, &kept, &b->err));
	OK(saved_list(b->store, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 1);
	assert_int_equal(saved_get(b->store, kept.name, b->a, &got, &b->err), 1);
	assert_true(str_eq(got.query, kept.query));
	assert_int_equal(saved_forget(b->store, kept.name, STR("analyst"), 20, &b->err), 1);
	assert_int_equal(saved_forget(b->store, kept.name, STR("analyst"), 20, &b->err), 0);
	OK(store_commit(b->store, &b->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_index_and_the_memory_answer_alike),
		cmocka_unit_test(what_cannot_be_asked_is_said),
		cmocka_unit_test(the_most_severe_stand_first_then_what_is_about_it),
		cmocka_unit_test(an_excerpt_marks_the_words_and_the_phrases),
		cmocka_unit_test(a_search_is_kept_by_its_name),
	};

	return stored_run("search", tests, sizeof(tests) / sizeof(tests[0]));
}
